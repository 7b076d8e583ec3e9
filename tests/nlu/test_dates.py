"""What counts as a date in a frightened person's message, and which days it may mean.

The tables in `date_corpus` are read on Monday 2026-11-23.
"""

from __future__ import annotations

from datetime import date, timedelta

import dateparser
import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.dates import DateMention, find_dates
from nlu.dates.calendar_words import holiday, width_days
from nlu.dates.lexicon import Lexicon
from nlu.dates.patterns import patterns
from nlu.dates.tokens import fold, read_words
from tests.nlu.date_rows import TODAY, lines, rows, shown, words

DAY_ROWS = rows("days.txt")
NOT_DATES = list(lines("not_dates.txt"))
PAST_DAYS = st.dates(TODAY - timedelta(days=360), TODAY)
FORMS = [
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%Y-%m-%d",
    "%B %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%m/%d/%y",
    "%b. %d, %Y",
    "%A, %B %d",
]
FORMS_WITHOUT_YEAR = ["%m/%d", "%B %d", "%b %d"]
# Words that make dates in many ways when they are thrown together.
WORDS = st.sampled_from(
    words(
        "the of in on last next this early end a few two 3 12th 31st Oct May march 10/5 2026 '26 week weeks month "
        "day ago after before between and or to - , . Monday sat Thanksgiving eve hace half since about I think not "
        "until 5 10/5/26 2026-02-30 2/30 yesterday later same spring year from June"
    )
)


def read(text: str, today: date = TODAY) -> str:
    return " + ".join(shown(mention) for mention in find_dates(text, today))


def only(text: str, today: date = TODAY) -> DateMention:
    (mention,) = find_dates(text, today)
    return mention


def assert_well_formed(text: str, mentions: list[DateMention]) -> None:
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end
        if mention.precision == "impossible":
            assert (mention.earliest, mention.latest) == (None, None)
        else:
            assert mention.earliest <= mention.latest
            assert mention.precision != "exact" or mention.earliest == mention.latest


@pytest.mark.parametrize(("text", "days"), DAY_ROWS, ids=[text for text, _ in DAY_ROWS])
def test_a_text_names_these_days(text: str, days: str) -> None:
    assert read(text) == days


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, TODAY) == []


@pytest.mark.parametrize("text", [text for text, _ in DAY_ROWS])
def test_mentions_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    assert_well_formed(text, find_dates(text, TODAY))


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert_well_formed(text, find_dates(text, TODAY))


@given(st.lists(WORDS, max_size=25).map(" ".join), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
@settings(max_examples=400, deadline=None)
def test_any_heap_of_date_words_is_read_without_an_error_on_any_day(text: str, today: date) -> None:
    assert_well_formed(text, find_dates(text, today))


@given(PAST_DAYS, st.sampled_from(FORMS + FORMS_WITHOUT_YEAR))
@settings(max_examples=200, deadline=None)
def test_a_past_day_written_in_any_usual_form_comes_back_exactly(day: date, form: str) -> None:
    mention = only(f"the letter is dated {day.strftime(form)} and says no")
    assert (mention.earliest, mention.latest, mention.precision) == (day, day, "exact")


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.sampled_from(FORMS[:8]))
@settings(max_examples=100, deadline=None)
def test_a_full_date_means_the_same_day_to_dateparser(day: date, form: str) -> None:
    written = day.strftime(form)
    theirs = dateparser.parse(written, languages=["en"], settings={"DATE_ORDER": "MDY"})
    assert theirs is not None
    assert only(written).earliest == theirs.date()


@given(st.integers(1, 6))
def test_so_many_days_ago_is_one_certain_day(days: int) -> None:
    assert only(f"{days} days ago").earliest == only(f"exactly {days} days ago").latest == TODAY - timedelta(days)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_further_back_the_wider_the_interval(days: int, more: int) -> None:
    assert width_days(days) <= width_days(days + more)


FEDERAL = {
    "New Year's Day": "new_year",
    "Martin Luther King Jr. Day": "mlk",
    "Washington's Birthday": "presidents",
    "Memorial Day": "memorial",
    "Juneteenth National Independence Day": "juneteenth",
    "Independence Day": "july_4",
    "Labor Day": "labor",
    "Columbus Day": "indigenous",
    "Veterans Day": "veterans",
    "Thanksgiving Day": "thanksgiving",
    "Christmas Day": "christmas",
}


@pytest.mark.parametrize("year", range(2022, 2032))
def test_the_federal_holidays_fall_where_the_holidays_library_has_them(year: int) -> None:
    theirs = {name: day for day, name in holidays.country_holidays("US", years=year, observed=False).items()}
    assert {name: theirs[name] for name in FEDERAL} == {name: holiday(ours, year) for name, ours in FEDERAL.items()}


@pytest.mark.parametrize("name", patterns("dates")["holidays"])
def test_every_holiday_has_a_day_and_a_spelling(name: str) -> None:
    assert holiday(name, 2026) is not None
    assert patterns("dates")["days"]["holiday"].get(name) or name == "july_4"


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("the letter of February 29", date(2024, 3, 5), "2024-02-29"),
        ("the letter of February 29", date(2026, 3, 5), "?2024-02-29"),
        ("on the 31st", date(2026, 3, 5), "?2026-01-31"),
        ("denied on December 31", date(2026, 1, 2), "2025-12-31"),
        ("last Tuesday", date(2026, 11, 24), "2026-11-17"),
        ("on Tuesday", date(2026, 11, 24), "2026-11-17"),
        ("last month", date(2026, 1, 15), "~2025-12-01..2025-12-31"),
        ("a month ago today", date(2026, 3, 31), "2026-02-28"),
        ("last week", date(2026, 11, 22), "~2026-11-09..2026-11-21"),
        ("this weekend they wrote", date(2026, 11, 21), "~2026-11-21"),
        ("end of February", date(2028, 4, 1), "~2028-02-19..2028-02-29"),
        ("10/5/35", TODAY, "2035-10-05"),
        ("10/5/54", TODAY, "1954-10-05"),
    ],
)
def test_the_day_of_writing_decides(text: str, today: date, days: str) -> None:
    assert read(text, today) == days


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        " ",
        "oct 5 ",
        "three weeks ago ",
        "1-",
        "1/",
        "the ",
        "1.",
        "oct 5 and ",
        "may ",
        ",",
        "\n",
        "'",
        "half a ",
    ],
)
def test_ten_thousand_characters_are_read_to_the_end(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    assert_well_formed(text, find_dates(text, TODAY))


@pytest.mark.parametrize("text", ["10/5 İstanbul’da ﬁle ß 10/6", "Oct\u00a05, 2026 — día", "…\u200boct 5"])
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert_well_formed(text, find_dates(text, TODAY))


@pytest.mark.parametrize(
    ("typed", "meant"), [("wendesday", "wednesday"), ("yesterady", "yesterday"), ("there", "there")]
)
def test_swapped_letters_are_put_right_in_listed_words_only(typed: str, meant: str) -> None:
    assert [word.text for word in read_words(typed)] == [meant]


def test_a_spelling_belongs_to_one_class_only() -> None:
    with pytest.raises(ValueError, match="two classes"):
        Lexicon({"one": ["some day"], "other": ["some day"]})
