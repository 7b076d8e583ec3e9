"""`./imr understand`: one message or many, as JSON, without Rasa."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from cli import understand as command
from nlu.ear import Heard
from nlu.intents import FALLBACK, ModelFilesError, Prediction
from nlu.reading import DateReading, Reading
from nlu.understand import Understander, Understood, model_in_archive, without_tensorflow
from tests.nlu import tiny

TODAY = date(2026, 11, 23)
KEYS = ["intent", "facts", "implied", "dates", "evidence", "safety"]
Shown = Callable[[], tuple[list[dict[str, Any]], str]]


@lru_cache(maxsize=1)
def understander() -> Understander:
    return Understander(tiny.encoder(), tiny.model(), tiny.ear())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A trained archive as Rasa packs one, with a very small intent model in it."""
    inner = tmp_path / "components" / "train_IntentClassifier3"
    inner.mkdir(parents=True)
    tiny.model().save(inner)
    tiny.ear().save(inner)
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "components", arcname="components")
    return tmp_path / "model.tar.gz"


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    """What was printed so far: the JSON lines, and the text on standard error."""

    def read() -> tuple[list[dict[str, Any]], str]:
        printed = capsys.readouterr()
        return [json.loads(line) for line in printed.out.splitlines()], printed.err

    return read


@pytest.fixture(autouse=True)
def quick_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command answers from the very small model."""
    monkeypatch.setattr(
        command, "opened", lambda: lambda text, today: understander().understand(text, today).as_json()
    )


def write(folder: Path, *lines: Any) -> str:
    """A file of lines; what is not text already is written as JSON."""
    path = folder / "messages.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return str(path)


def test_a_message_is_read_whole() -> None:
    said = understander().understand("Kaiser denied my MRI, the letter is dated 10/5/2026", TODAY).as_json()
    assert list(said) == KEYS
    assert said["intent"]["name"] == "report_denial"
    assert said["facts"]["carrier"] == "kaiser"
    assert said["facts"]["denial_letter_date"] == "2026-10-05"


def test_a_date_shows_its_interval_and_its_fact() -> None:
    said = understander().understand("the denial letter is dated October 5, 2026", TODAY).as_json()
    assert said["dates"] == [
        {
            "fact": "denial_letter_date",
            "text": "October 5, 2026",
            "earliest": "2026-10-05",
            "latest": "2026-10-05",
            "precision": "exact",
        }
    ]


def test_a_danger_decides_the_intent() -> None:
    said = understander().understand("hello, I want to kill myself", TODAY).as_json()
    assert said["intent"] == {"name": "crisis_self_harm", "confidence": 1.0}
    assert said["safety"] == "self_harm"
    assert said["facts"]["immediate_danger"] is True


def test_what_only_the_ear_hears_sets_intent_and_safety_but_no_fact() -> None:
    understood = Understood(Prediction((("greet", 0.9),), answered=True), Reading(), Heard("self_harm", 0.8))
    said = understood.as_json()
    assert said["intent"] == {"name": "crisis_self_harm", "confidence": 0.8}
    assert (said["safety"], said["facts"]) == ("self_harm", {})


def test_a_rule_is_believed_before_the_ear() -> None:
    understood = Understood(Prediction(), Reading(safety="medical_emergency"), Heard("self_harm", 0.8))
    assert (understood.safety, understood.intent) == ("medical_emergency", ("medical_emergency", 1.0))


def test_without_an_ear_the_rules_still_notice() -> None:
    said = Understander(tiny.encoder(), tiny.model()).understand("I want to die", TODAY).as_json()
    assert said["safety"] == "self_harm"


def test_an_unsure_model_gives_no_intent() -> None:
    understood = Understood(Prediction((("greet", 0.2),), answered=False), Reading())
    assert understood.as_json()["intent"] is None
    assert understood.prediction.name == FALLBACK


def test_an_impossible_day_has_no_interval() -> None:
    day = DateReading(
        fact=None,
        text="June 31",
        start=0,
        end=7,
        earliest=None,
        latest=None,
        precision="impossible",
        rule="r",
        confidence=1,
    )
    said = Understood(Prediction(), Reading(dates=[day])).as_json()
    assert (said["dates"][0]["earliest"], said["dates"][0]["precision"]) == (None, "impossible")


@pytest.mark.parametrize("text", ["", " ", "\U0001f62d", "\u202e", "<b>", "/greet{}", "1" * 3000, "a" * 3000])
def test_any_message_gets_an_answer_that_json_can_carry(text: str) -> None:
    said = understander().understand(text, TODAY).as_json()
    assert list(json.loads(json.dumps(said))) == KEYS


def test_the_model_is_read_out_of_the_trained_archive(archive: Path) -> None:
    assert model_in_archive(archive).labels == tiny.model().labels


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_an_archive_that_cannot_be_read_is_one_clear_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFilesError, match="cannot be read"):
        model_in_archive(path)


def test_an_archive_without_intent_model_is_one_clear_error(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz"):
        pass
    with pytest.raises(ModelFilesError, match="train it again"):
        model_in_archive(tmp_path / "model.tar.gz")


def test_tensorflow_is_hidden_and_then_seen_again() -> None:
    before = "tensorflow" in sys.modules
    with without_tensorflow():
        hidden = sys.modules.get("tensorflow") is None
    assert hidden or before
    assert ("tensorflow" in sys.modules) == before


def test_understanding_imports_neither_rasa_nor_tensorflow(archive: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path; "
        "from nlu.understand import Understander; "
        f"Understander.open(Path({str(archive)!r})).understand('denied on 10/5', date(2026, 11, 23)); "
        "print(sorted({'rasa', 'tensorflow', 'sklearn', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_text_is_printed_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run("hello", None, TODAY) == 0
    assert list(json.loads(capsys.readouterr().out)) == KEYS


@pytest.mark.parametrize(("text", "jsonl"), [(None, None), ("hello", "-")])
def test_one_text_or_one_file_is_asked_for(text: str | None, jsonl: str | None, shown: Shown) -> None:
    assert command.run(text, jsonl, TODAY) == 2
    assert "--jsonl" in shown()[1]


def test_lines_are_answered_in_order_with_their_ids(tmp_path: Path, shown: Shown) -> None:
    path = write(tmp_path, {"id": "b", "text": "hello"}, "", {"id": 7, "text": "yes"})
    assert command.run(None, path, TODAY) == 0
    answers, errors = shown()
    assert [list(answer) for answer in answers] == [["id", *KEYS]] * 2
    assert ([answer["id"] for answer in answers], errors) == (["b", 7], "")


def test_a_line_may_bring_its_own_day(tmp_path: Path, shown: Shown) -> None:
    path = write(tmp_path, {"id": 1, "text": "denied yesterday", "today": "2026-03-02"})
    command.run(None, path, TODAY)
    assert shown()[0][0]["dates"][0]["earliest"] == "2026-03-01"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "not JSON"),
        ("[1]", "a list; allowed: one object"),
        ("null", "a NoneType"),
        ({"text": "hi"}, "id: missing"),
        ({"id": True, "text": "hi"}, "id: missing or of another type"),
        ({"id": 1}, "text: missing; allowed: a text"),
        ({"id": 1, "text": 5}, "text: a int; allowed: a text"),
        ({"id": 1, "text": "hi", "today": "11/23/2026"}, "today: '11/23/2026' is no day"),
        ({"id": 1, "text": "hi", "today": "2026-02-30"}, "allowed: a day written YYYY-MM-DD"),
        ({"id": 1, "text": "hi", "today": "20261123"}, "is no day"),
        ({"id": 1, "text": "hi", "today": 5}, "today: a int"),
        ({"id": 1, "text": "hi", "day": "x"}, "day: not known; allowed: id, text, today"),
    ],
)
def test_a_bad_line_gets_its_error_and_the_others_their_answers(
    tmp_path: Path, shown: Shown, line: Any, named: str
) -> None:
    path = write(tmp_path, {"id": "a", "text": "hi"}, line, {"id": "c", "text": "yes"})
    assert command.run(None, path, TODAY) == 2
    answers, errors = shown()
    assert [answer.get("id", answer.get("line")) for answer in answers] == ["a", 2, "c"]
    assert named in answers[1]["error"]
    assert errors.count("\n") == 1


def test_half_a_character_is_no_reason_to_stop(tmp_path: Path, shown: Shown) -> None:
    path = write(tmp_path, '{"id": 1, "text": "denied \\ud83d"}')
    assert command.run(None, path, TODAY) == 0
    assert shown()[0][0]["id"] == 1


def test_a_file_that_is_not_there_is_named(shown: Shown) -> None:
    assert command.run(None, "/no/such/file", TODAY) == 2
    assert "/no/such/file: No such file" in shown()[1]
