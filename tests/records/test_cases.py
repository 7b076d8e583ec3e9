"""One current case a conversation: facts, assessment, route and the next date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from records import cases, conversations
from records.engine import transaction
from records.models import Case, Conversation

TODAY = date(2026, 11, 23)
FACTS = {"plan_type": "commercial", "grievance_status": "not_filed"}
ASSESSMENT = {
    "route": "plan_grievance",
    "deadlines": [
        {"code": "plan_grievance", "kind": "file_by", "date": "2027-04-02"},
        {"code": "plan_grievance", "kind": "legal_last_day", "date": "2027-04-05"},
    ],
}


KEPT = cases.SavedCase(
    FACTS,
    ASSESSMENT,
    "plan_grievance",
    date(2027, 4, 2),
    {
        "plan_grievance/file_by": {"date": "2027-04-02", "sequence": 0, "gone": False},
        "plan_grievance/legal_last_day": {"date": "2027-04-05", "sequence": 0, "gone": False},
    },
)


class Facts(BaseModel):
    """Stands for any pydantic model: a day in it is kept as its ISO text."""

    denial_letter_date: date


def file_by(*days: str | None) -> dict[str, object]:
    return {"deadlines": [{"kind": "file_by", "date": day} for day in days]}


def test_what_was_saved_is_loaded(url: str) -> None:
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    assert cases.load("web-1", url=url) == KEPT


def test_a_conversation_without_a_case_has_none(url: str) -> None:
    assert cases.load("web-1", url=url) is None


def test_the_newer_case_takes_the_place_of_the_older(url: str) -> None:
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    cases.save("web-1", "web", {}, {"route": "dmhc_imr_standard"}, TODAY, url=url)
    gone = {name: {**one, "sequence": 1, "gone": True} for name, one in KEPT.revisions.items()}
    after = cases.SavedCase({}, {"route": "dmhc_imr_standard"}, "dmhc_imr_standard", None, gone)
    assert cases.load("web-1", url=url) == after


def test_conversations_do_not_mix(url: str) -> None:
    cases.save("web-1", "web", {"urgent": True}, ASSESSMENT, TODAY, url=url)
    cases.save("web-2", "web", {"urgent": False}, ASSESSMENT, TODAY, url=url)
    assert cases.load("web-1", url=url).facts == {"urgent": True}


def test_pydantic_models_are_kept_as_plain_json(url: str) -> None:
    cases.save("web-1", "web", Facts(denial_letter_date=TODAY), {}, TODAY, url=url)
    assert cases.load("web-1", url=url).facts == {"denial_letter_date": "2026-11-23"}


def test_saving_notes_that_the_conversation_moved(url: str) -> None:
    conversations.start("web-1", "web", url=url)
    with transaction(url) as session:
        session.execute(sa.update(Conversation).values(updated_at=datetime(2020, 1, 1, tzinfo=UTC)))
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    with transaction(url) as session:
        assert session.scalars(sa.select(Conversation)).one().updated_at.year > 2020


def test_starting_a_conversation_twice_makes_one(url: str) -> None:
    assert conversations.start("web-1", "web", url=url) == conversations.start("web-1", "web", url=url)


def test_a_case_goes_when_its_conversation_goes(url: str) -> None:
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    with transaction(url) as session:
        session.execute(sa.delete(Conversation))
    with transaction(url) as session:
        assert session.scalars(sa.select(Case)).all() == []


def test_an_erased_case_is_gone_and_the_conversation_stays(url: str) -> None:
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    cases.save("web-2", "web", FACTS, ASSESSMENT, TODAY, url=url)
    assert cases.erase("web-1", url=url)
    assert cases.load("web-1", url=url) is None
    assert cases.load("web-2", url=url) == KEPT
    with transaction(url) as session:
        assert len(session.scalars(sa.select(Conversation)).all()) == 2


@pytest.mark.parametrize("sender", ["web-1", "nobody"])
def test_where_there_is_no_case_nothing_is_erased(sender: str, url: str) -> None:
    conversations.start("web-1", "web", url=url)
    assert not cases.erase(sender, url=url)


@pytest.mark.parametrize(
    ("days", "sequence"),
    [
        (["2027-04-02"], 0),
        (["2027-04-02", "2027-04-02"], 0),
        (["2027-04-02", "2027-04-30"], 1),
        (["2027-04-02", "2027-04-30", "2027-04-02"], 2),
        (["2027-04-02", None, "2027-04-02"], 2),
        (["2027-04-02", None, None, "2027-04-30"], 2),
    ],
)
def test_a_date_counts_its_changes_also_when_it_went_away_and_came_back(
    days: list[str | None], sequence: int, url: str
) -> None:
    for day in days:
        deadlines = [{"code": "dmhc_imr", "kind": "file_by", "date": day}] if day else []
        cases.save("web-1", "web", {}, {"deadlines": deadlines}, TODAY, url=url)
    kept = cases.load("web-1", url=url)
    assert kept
    assert kept.revisions == {"dmhc_imr/file_by": {"date": days[-1], "sequence": sequence, "gone": False}}


def test_a_date_that_went_away_is_kept_with_its_last_day() -> None:
    once = cases.revised({}, file_by("2027-04-02"))
    twice = cases.revised(cases.revised(once, {}), {})
    assert list(twice.values()) == [{"date": "2027-04-02", "sequence": 1, "gone": True}]


def test_a_deadline_to_be_read_off_a_letter_has_no_revision() -> None:
    assert cases.revised({}, {"deadlines": [{"code": "dmhc_imr", "kind": "confirm_on_letter", "date": None}]}) == {}


@given(st.lists(st.dates(), min_size=1))
def test_the_sequence_is_how_often_the_date_differed_from_the_one_before(days: list[date]) -> None:
    revisions: cases.Revisions = {}
    for day in days:
        revisions = cases.revised(revisions, file_by(day.isoformat()))
    changes = sum(a != b for a, b in pairwise(days))
    assert list(revisions.values()) == [{"date": days[-1].isoformat(), "sequence": changes, "gone": False}]


def fail_half_way(url: str) -> None:
    with transaction(url) as session:
        session.add(Conversation(sender_id="web-1", channel="web"))
        session.flush()
        raise ZeroDivisionError


def test_what_fails_half_way_is_not_kept(url: str) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_half_way(url)
    with transaction(url) as session:
        assert session.scalars(sa.select(Conversation)).all() == []


def test_a_moment_comes_back_as_the_same_moment(url: str) -> None:
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=-8)))
    with transaction(url) as session:
        session.add(Conversation(sender_id="web-1", channel="web", created_at=moment))
    with transaction(url) as session:
        kept = session.scalars(sa.select(Conversation)).one().created_at
    assert kept == moment
    assert kept.tzinfo is UTC


@pytest.mark.parametrize(
    ("assessment", "expected"),
    [
        ({}, None),
        ({"deadlines": None}, None),
        (file_by("2026-11-22"), None),
        (file_by("2026-11-23"), date(2026, 11, 23)),
        (file_by("2027-04-02", "2026-12-01", "2026-01-01"), date(2026, 12, 1)),
        (file_by(None), None),
        ({"deadlines": [{"kind": "decision_due", "date": "2026-12-01"}]}, None),
    ],
)
def test_the_next_date_is_the_earliest_day_to_file_by_that_is_not_past(
    assessment: dict[str, object], expected: date | None
) -> None:
    assert cases.next_date(assessment, TODAY) == expected


@given(st.lists(st.dates()), st.dates())
def test_the_next_date_is_never_past_and_no_other_is_nearer(days: list[date], today: date) -> None:
    found = cases.next_date(file_by(*(day.isoformat() for day in days)), today)
    assert found == min((day for day in days if day >= today), default=None)
