"""A conversation that left something in every store, in words that occur nowhere else, and the search for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from records import (
    consultations,
    corrections,
    notes,
    reminders,
    staff,
)
from records.corrections import Proposal
from records.engine import engine, transaction
from records.models import Consultation, Conversation
from records.short_links import mint
from tests.records.told import BEGAN, SENDER, tell_story

# Words that occur nowhere else: whatever is found of them is residue.
NAME, NUMBER, STORY_WORD, NOTE_WORD, FIX_WORD = (
    "Zebulonia Quartz",
    "(415) 555-0199",
    "xylophonitis",
    "marmaladium",
    "quixotropin",
)
SEEDS = (*NAME.split(), NUMBER, "5550199", STORY_WORD, NOTE_WORD, FIX_WORD)
STORY = f"Kaiser denied the treatment of my {STORY_WORD} with {FIX_WORD}"
PHONE = "+14155550199"


def seed(url: str, sender: str = SENDER, began: datetime = BEGAN) -> int:
    """Something in every store."""
    number = tell_story(url, sender, STORY, began)
    for part, value in (("name", NAME), ("reach", NUMBER), ("best_time", "mornings")):
        consultations.keep_part(sender, "web", part, value, url=url)  # type: ignore[arg-type]
    request = consultations.confirm(sender, "asked_for", at=began, url=url)
    author = staff.named("ana", url=url) or staff.add("ana", "reviewer", "a long password", url=url).member
    notes.add(number, author.id, f"{NAME}: {NOTE_WORD}", by="ana", consultation_id=request, url=url)
    wanted = Proposal(1, "good", STORY, began.date())
    corrections.propose(number, wanted, author.id, by="ana", intents=(), url=url)
    reminders.begin_by_code(sender, PHONE, lambda code: code, at=began, url=url)
    mint(sender, url=url)
    with transaction(url) as session:
        session.get(Conversation, number).updated_at = began
        session.get(Consultation, request).updated_at = began
    return number


def files_of(url: str, folder: Path) -> list[Path]:
    with engine(url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return [path for path in folder.rglob("*") if path.is_file()]


def residue(url: str, folder: Path) -> list[str]:
    """Which of the seeds can be found in any file."""
    everything = b"\n".join(path.read_bytes() for path in files_of(url, folder))
    return [one for one in SEEDS if one.encode().lower() in everything.lower()]
