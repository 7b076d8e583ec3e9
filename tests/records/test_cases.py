"""One current case a conversation: facts, assessment, route and the next date."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

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
    kept = cases.load("web-1", url=url)
    assert kept
    assert kept.facts == {"urgent": True}


def test_pydantic_models_are_kept_as_plain_json(url: str) -> None:
    cases.save("web-1", "web", Facts(denial_letter_date=TODAY), {}, TODAY, url=url)
    kept = cases.load("web-1", url=url)
    assert kept
    assert kept.facts == {"denial_letter_date": "2026-11-23"}


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


def dates(*days: str) -> dict[str, object]:
    """An assessment with these dates to file by."""
    deadlines = [{"code": f"code_{number}", "kind": "file_by", "date": day} for number, day in enumerate(days)]
    return {"route": "plan_grievance", "deadlines": deadlines}


def age(url: str) -> datetime:
    """Make the case look old; returns since when it has not moved."""
    with transaction(url) as session:
        session.execute(sa.update(Case).values(updated_at=datetime(2020, 1, 1, tzinfo=UTC)))
    return datetime(2020, 1, 1, tzinfo=UTC)


def test_what_was_given_out_is_kept_and_nothing_else_of_the_case_changes(url: str) -> None:
    cases.save("web-1", "web", FACTS, ASSESSMENT, TODAY, url=url)
    moved = age(url)
    revisions = cases.give_out("web-1", ASSESSMENT, TODAY, url=url)
    assert revisions == {name: {**one, "given": True} for name, one in KEPT.revisions.items()}
    assert cases.load("web-1", url=url) == replace(KEPT, revisions=revisions)
    with transaction(url) as session:
        assert session.scalars(sa.select(Case.updated_at)).one() == moved


def test_a_date_that_time_took_and_that_comes_back_has_a_third_number(url: str) -> None:
    cases.save("web-1", "web", FACTS, dates("2027-04-02"), TODAY, url=url)
    for found in (dates("2027-04-02"), dates(), dates("2027-04-02")):
        kept = cases.give_out("web-1", found, TODAY, url=url)
    assert kept == {"code_0/file_by": {"date": "2027-04-02", "sequence": 2, "gone": False, "given": True}}


def test_what_was_given_out_stays_known_when_the_talk_goes_on(url: str) -> None:
    cases.save("web-1", "web", FACTS, dates("2027-04-02"), TODAY, url=url)
    cases.give_out("web-1", dates("2027-04-02"), TODAY, url=url)
    cases.save("web-1", "web", FACTS, dates("2027-05-03"), TODAY, url=url)
    kept = cases.load("web-1", url=url)
    assert kept
    assert kept.revisions == {"code_0/file_by": {"date": "2027-05-03", "sequence": 1, "gone": False, "given": True}}


def test_two_who_count_at_the_same_moment_count_both(url: str) -> None:
    days = [f"2027-04-{day:02}" for day in range(1, 17)]
    cases.save("web-1", "web", FACTS, dates("2027-03-31"), TODAY, url=url)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda day: cases.give_out("web-1", dates(day), TODAY, url=url), days))
    kept = cases.load("web-1", url=url)
    assert kept
    assert kept.revisions["code_0/file_by"]["sequence"] == len(days)


@pytest.mark.parametrize("sender", ["web-1", "nobody"])
def test_where_there_is_no_case_nothing_is_given_out(sender: str, url: str) -> None:
    conversations.start("web-1", "web", url=url)
    assert cases.give_out(sender, ASSESSMENT, TODAY, url=url) is None


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


@pytest.mark.parametrize(
    ("route", "day"), [("emergency", TODAY), ("expedited_grievance_and_dmhc", TODAY), ("plan_grievance", None)]
)
def test_a_path_for_the_very_day_is_sorted_by_it_and_has_no_date_to_remind_of(route: str, day: date | None) -> None:
    assert cases.day_to_act({"route": route}, TODAY) == day
    assert cases.next_date({"route": route}, TODAY) is None
