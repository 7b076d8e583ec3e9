"""Made conversations: rows as the assistant writes them, many at once, for measuring and for tests.

The words are those of the training data, the cases decided by the law room; nothing is of a person.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import yaml

from cli.bench.logic import OWN_CASES, read_cases
from imr_logic import Assessment, CaseFacts, assess
from records import search_words
from records.cases import next_date
from records.console_models import ConversationWord
from records.engine import engine
from records.models import FLAGS, Case, Conversation, RasaEvent
from settings import ROOT

AT_ONCE = 2000
DAYS = 80  # how far back they began
LONG_EVERY = 50
LONG_TURNS = 40
SHORT_TURNS = 2
CRISIS_EVERY, FLAG_EVERY = 200, 15
TABLES = (Conversation, Case, RasaEvent, ConversationWord)


class Decided(NamedTuple):
    """A case and what the law says to it."""

    facts: CaseFacts
    found: Assessment


def fill(url: str, count: int, today: date, seed: int = 0) -> Iterator[int]:
    """Write `count` conversations; gives how many are written, for showing progress."""
    chance = random.Random(seed)
    sentences, cases = _sentences(), [Decided(facts, assess(facts)) for facts in read_cases(OWN_CASES)]
    for first in range(1, count + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count + 1))
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in TABLES}
        for number in numbers:
            for table, some in _conversation(number, today, chance, sentences, chance.choice(cases)).items():
                rows[table] += some
        with engine(url).begin() as connection:
            for table in TABLES:
                connection.execute(table.__table__.insert(), rows[table])
        yield numbers[-1]


def _conversation(
    number: int, today: date, chance: random.Random, sentences: list[str], case: Decided
) -> dict[Any, list[dict[str, Any]]]:
    begun = datetime.combine(today, time(), UTC) - timedelta(minutes=chance.randrange(DAYS * 24 * 60))
    turns = LONG_TURNS if number % LONG_EVERY == 0 else SHORT_TURNS
    said = [chance.choice(sentences) for _ in range(turns)]
    sender = f"{'sms' if number % 4 == 0 else 'web'}-{number:032x}"
    assessment = case.found.model_dump(mode="json")
    flags = {
        flag: number % (CRISIS_EVERY if flag == "crisis" else FLAG_EVERY + at) == 0 for at, flag in enumerate(FLAGS)
    }
    conversation = {
        "id": number,
        "sender_id": sender,
        "channel": sender[:3],
        "language": "en",
        "created_at": begun,
        "updated_at": begun + timedelta(minutes=turns),
        "route": case.found.route,
        "next_date": next_date(assessment, today),
        "messages": turns,
        "questions": turns,
        "answered_at": begun + timedelta(minutes=1),
        "preview": said[0][:160],
        "status": ("new", "in_review", "done")[number % 3],
        **flags,
    }
    kept = {"conversation_id": number, "facts": case.facts.as_plain(), "assessment": assessment, "begun_at": begun}
    words = search_words.words_of(" ".join(said))
    return {
        Conversation: [conversation],
        Case: [kept],
        RasaEvent: list(_events(sender, begun, said, case)),
        ConversationWord: [{"conversation_id": number, "word": word} for word in words],
    }


def _events(sender: str, begun: datetime, said: list[str], case: Decided) -> Iterator[dict[str, Any]]:
    facts = {name: {"value": value, "source": "said"} for name, value in case.facts.as_plain().items()}
    asks = next(iter(case.found.missing), "urgent")
    for at, text in enumerate(said):
        moment = (begun + timedelta(minutes=at)).timestamp()
        yield _event(sender, "user", moment, user_event(text, moment))
        yield _event(sender, "slot", moment + 0.05, {"name": "case", "value": {"facts": facts, "tries": 0}})
        yield _event(sender, "bot", moment + 0.06, bot_event(case.found.steps[0].text, asks))


def user_event(text: str, moment: float, intent: str = "give_details", **more: Any) -> dict[str, Any]:
    """A person's message as Rasa stores it, a word of it read as a fact."""
    end = len(text.split(" ")[0])
    entity = {"entity": "carrier", "value": "kaiser", "start": 0, "end": end, "extractor": "DenialFactReader"}
    ranking = [{"name": intent, "confidence": 0.91}, {"name": "report_denial", "confidence": 0.06}]
    reading = {"intent": ranking[0], "entities": [entity], "text": text, "intent_ranking": ranking}
    return {"text": text, "parse_data": reading, "metadata": {"expecting": None}, "input_channel": "web", **more}


def bot_event(text: str, asks: str | None, **custom: Any) -> dict[str, Any]:
    """A message of the assistant as Rasa stores it."""
    told = {"asks": asks, "input": "text", "assessment": None, "card": None, "papers": [], **custom}
    return {"text": text, "data": {"buttons": None, "custom": told}}


def _event(sender: str, kind: str, moment: float, data: dict[str, Any]) -> dict[str, Any]:
    plain = json.dumps({"event": kind, "timestamp": moment, **data})
    intent = (data.get("parse_data") or {}).get("intent", {}).get("name")
    return {"sender_id": sender, "type_name": kind, "timestamp": moment, "intent_name": intent, "data": plain}


def _sentences() -> list[str]:
    """What people write, from the training data."""
    found: list[str] = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [line.removeprefix("- ") for line in str(one.get("examples")).splitlines()]
    return [text for text in found if len(text.split()) > 3]
