"""Which fact each date of a message tells, and what becomes of dates that are taken back.

The tables in `date_corpus` are read on Monday 2026-11-23.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.dates import find_dates, read_dates
from nlu.dates.patterns import patterns
from tests.nlu.date_rows import TODAY, RoleRow, role_rows, told, words

FACTS = {
    "denial_letter_date",
    "denial_received_date",
    "verbal_denial_date",
    "request_date",
    "change_effective_date",
    "care_end_date",
    "grievance_filed_date",
    "grievance_decision_date",
    "grievance_decision_received_date",
    "appealed_to_medical_group_date",
    "imr_decision_date",
    "imr_decision_received_date",
}
ROWS = role_rows("roles.txt")
LATER_ROWS = role_rows("roles_later.txt")
WORD_ROWS = role_rows("roles_words.txt")
SIDE_ROWS = role_rows("roles_side.txt")
# Words that make stories in many ways when they are thrown together.
WORDS = st.sampled_from(
    words(
        "I they Kaiser my doctor denied appealed filed sent got letter grievance appeal IMR decision dated came "
        "upheld on not no sorry wait after until by phone told surgery hospital ends effective will again . , ? and "
        "the October 5 10/12 yesterday the 12th next Friday two weeks ago later"
    )
)


def rules(text: str, expecting: str | None = None) -> dict[str, str]:
    return {one.mention.text: one.rule for one in read_dates(text, TODAY, expecting)}


def facts(text: str, today: date = TODAY, expecting: str | None = None) -> list[tuple[str | None, date | None]]:
    return [(one.fact, one.mention.earliest) for one in read_dates(text, today, expecting)]


@pytest.mark.parametrize("row", ROWS, ids=[row.text for row in ROWS])
def test_a_message_tells_these_facts(row: RoleRow) -> None:
    assert told(read_dates(row.text, TODAY, row.expecting)) == row.told


@pytest.mark.parametrize("row", LATER_ROWS, ids=[row.text for row in LATER_ROWS])
def test_a_message_written_after_the_rules_tells_these_facts(row: RoleRow) -> None:
    assert told(read_dates(row.text, TODAY, row.expecting)) == row.told


@pytest.mark.parametrize("row", WORD_ROWS, ids=[row.text for row in WORD_ROWS])
def test_a_message_in_rarer_words_tells_these_facts(row: RoleRow) -> None:
    assert told(read_dates(row.text, TODAY, row.expecting)) == row.told


@pytest.mark.parametrize("row", SIDE_ROWS, ids=[row.text for row in SIDE_ROWS])
def test_a_message_of_more_than_one_thing_tells_these_facts(row: RoleRow) -> None:
    assert told(read_dates(row.text, TODAY, row.expecting)) == row.told


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_bare_day_answers_the_question_that_was_asked(fact: str) -> None:
    assert facts("October 5, 2026", expecting=fact) == [(fact, date(2026, 10, 5))]


def test_a_bare_day_tells_nothing_when_nothing_was_asked() -> None:
    assert facts("October 5, 2026") == [(None, date(2026, 10, 5))]


def test_the_words_themselves_win_over_the_question() -> None:
    assert facts("I filed my grievance October 12", expecting="denial_letter_date") == [
        ("grievance_filed_date", date(2026, 10, 12))
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("sorry it was october 12 not october 5", "october 5"),
        ("the letter is dated October 5, no wait, October 12", "October 5"),
        ("I said October 5 but the letter is dated October 12", "October 5"),
        ("I filed October 5. Actually I filed October 12.", "October 5"),
        ("denied on the 5th... I mean the 12th", "the 5th"),
    ],
)
def test_a_date_that_is_taken_back_tells_no_fact(text: str, wrong: str) -> None:
    assert rules(text, "denial_letter_date")[wrong] == "taken back"


def test_the_same_day_said_twice_is_told_once() -> None:
    assert facts("denied October 5. Yes, they denied it on 10/5.") == [("denial_letter_date", date(2026, 10, 5))]


def test_two_letters_of_different_days_are_both_kept() -> None:
    assert len(read_dates("denial letters dated October 5 and October 26", TODAY)) == 2


def test_a_letter_dated_in_the_future_with_its_year_stays_as_said() -> None:
    assert facts("the denial letter is dated January 5, 2027") == [("denial_letter_date", date(2027, 1, 5))]


def test_what_is_yet_to_be_done_has_not_happened() -> None:
    assert facts("I will file my grievance next Monday") == [(None, date(2026, 11, 30))]


@pytest.mark.parametrize(
    ("text", "today", "told_facts"),
    [
        ("my hours are cut starting January 2", date(2026, 12, 30), [("change_effective_date", date(2027, 1, 2))]),
        ("Kaiser denied it on January 2", date(2026, 12, 30), [("denial_letter_date", date(2026, 1, 2))]),
        ("they discharge her Friday", date(2026, 11, 25), [("care_end_date", date(2026, 11, 27))]),
    ],
)
def test_past_events_lie_behind_and_changes_to_come_lie_ahead(
    text: str, today: date, told_facts: list[tuple[str | None, date | None]]
) -> None:
    assert facts(text, today) == told_facts


def test_an_impossible_day_keeps_its_fact_and_has_no_days() -> None:
    (one,) = read_dates("letter dated June 31", TODAY)
    assert (one.fact, one.mention.precision, one.mention.earliest) == ("denial_letter_date", "impossible", None)


@pytest.mark.parametrize("row", [*ROWS, *LATER_ROWS, *WORD_ROWS, *SIDE_ROWS][::7], ids=lambda row: row.text)
def test_every_date_with_a_role_is_one_that_the_grammar_found(row: RoleRow) -> None:
    found = {(one.start, one.end) for one in find_dates(row.text, TODAY)}
    dates = read_dates(row.text, TODAY, row.expecting)
    assert {(one.mention.start, one.mention.end) for one in dates} <= found
    assert all(0 <= one.confidence <= 1 and one.rule for one in dates)


def test_every_fact_of_the_pattern_file_is_in_the_vocabulary() -> None:
    data = patterns("date_roles")
    named = {fact for facts in data["facts"].values() for fact in facts.values()} - {"nothing"}
    asked = {fact for facts in data["asked_about"].values() for fact in facts}
    assert named == FACTS
    assert asked | set(data["may_lie_ahead"]) <= FACTS


def test_every_event_tells_a_kind_that_is_explained() -> None:
    data = patterns("date_roles")
    assert {event["tells"] for event in data["events"]} <= {*data["facts"], "nothing", "vague", "sent", "begun"}


@given(st.text(max_size=200), st.sampled_from([None, *sorted(FACTS)]))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_an_error(text: str, expecting: str | None) -> None:
    assert all(one.fact is None or one.fact in FACTS for one in read_dates(text, TODAY, expecting))


@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from([None, *sorted(FACTS)]))
@settings(max_examples=300, deadline=None)
def test_any_heap_of_story_words_is_read_without_an_error(text: str, expecting: str | None) -> None:
    spans = [(one.mention.start, one.mention.end) for one in read_dates(text, TODAY, expecting)]
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "piece", ["I filed Oct 5 and ", "denied 10/5, ", "not October 5 but the 12th. ", "letter of Oct 3, "]
)
def test_ten_thousand_characters_of_story_are_read_to_the_end(piece: str) -> None:
    assert read_dates((piece * 1_000)[:10_000], TODAY)
