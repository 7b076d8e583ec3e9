"""The state's official file of reviews: what is counted, what is skipped and why, and what is refused."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_logic.language import words
from imr_logic.outcomes import read_table, table_text
from imr_logic.outcomes.data import about
from imr_logic.outcomes.official import EXAMPLES, Counted, OfficialFormatError, count, part_years, table_of

COLUMNS = (
    "Reference ID",
    "Report Year",
    "Diagnosis Category",
    "Diagnosis Sub Category",
    "Treatment Category",
    "Treatment Sub Category",
    "Determination",
    "Type",
    "Age Range",
    "Patient Gender",
    "Findings",
)
HEAD = ",".join(COLUMNS)
WON, LOST = "Overturned Decision of Health Plan", "Upheld Decision of Health Plan"
SECRET = "a made-up finding"
GOOD = f"MN25-1,2025,Cancer,Other,Cancer Care,Other,{WON},Medical Necessity,41 to 50,Female,{SECRET}"


def lines(*rows: str, head: str = HEAD) -> io.StringIO:
    return io.StringIO("\r\n".join([head, *rows]) + "\r\n", newline="")


def counted(*rows: str, head: str = HEAD) -> Counted:
    return count(lines(*rows, head=head), 2026)


def review(
    reference: str, year: Any, won: bool, kind: str = "Medical Necessity", care: str = "Pharmacy"
) -> list[str]:
    outcome = WON if won else LOST
    return [
        reference,
        str(year),
        "Cancer",
        "",
        care,
        "",
        outcome,
        kind,
        "41 to 50",
        "Male",
        f'{SECRET}, "quoted"\nand more',
    ]


def file_of(reviews: list[list[str]]) -> io.StringIO:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([COLUMNS, *reviews])
    written.seek(0)
    return written


# What is counted.


def test_one_review_is_counted_in_every_cross_table() -> None:
    cells = table_of(counted(GOOD), date(2026, 11, 25))
    for levels in (
        ("total",),
        ("year", 2025),
        ("type", "Medical Necessity"),
        ("year_x_type", 2025, "Medical Necessity"),
        ("year_x_treatment_category", 2025, "Cancer Care"),
        ("year_x_diagnosis_category", 2025, "Cancer"),
        ("year_x_type_x_treatment_category", 2025, "Medical Necessity", "Cancer Care"),
    ):
        found = cells.get(str(levels[0]), *levels[1:])
        assert found is not None
        assert tuple(found) == (1, 1, True)


REVIEWS = st.lists(
    st.tuples(
        st.integers(2001, 2026),
        st.booleans(),
        st.sampled_from(["Medical Necessity", "Experimental/Investigational", "Urgent Care"]),
        st.sampled_from(["Pharmacy", "Cancer Care", "MLTSS"]),
    ),
    min_size=1,
    max_size=60,
)


@given(REVIEWS)
def test_the_cross_tables_are_what_counting_by_hand_gives(reviews: list[tuple[int, bool, str, str]]) -> None:
    found = count(file_of([review(f"R{number}", *one) for number, one in enumerate(reviews)]), 2026)
    table = table_of(found, date(2026, 11, 25))
    for (year, kind, care), decided in Counter((year, kind, care) for year, _, kind, care in reviews).items():
        won = sum(one == (year, True, kind, care) for one in reviews)
        cell = table.get("year_x_type_x_treatment_category", year, kind, care)
        assert cell is not None
        assert cell == (decided, won, True)
    assert table.reviews == len(reviews) == found.good == found.rows
    assert read_table(table_text(table).splitlines(keepends=True), updated=True) == table


def test_findings_over_several_lines_and_with_commas_are_one_row() -> None:
    found = counted(
        f'{GOOD[: -len(SECRET)]}"{SECRET},\r\n\r\n""quoted"", and more\nlines"', GOOD.replace("MN25-1", "2")
    )
    assert (found.rows, found.good) == (2, 2)


@pytest.mark.parametrize(
    "head",
    [
        f"\ufeff{HEAD}",
        HEAD.upper(),
        HEAD.replace(" ", ""),
        HEAD.replace(" ", "_").lower(),
        HEAD.replace("Reference ID", '"Reference ID"'),
        f"{HEAD},IMR Type",
    ],
)
def test_the_heading_may_be_written_in_several_ways(head: str) -> None:
    extra = ",Standard" if head.endswith("IMR Type") else ""
    assert counted(GOOD + extra, head=head).good == 1


def test_the_columns_may_stand_in_any_order_and_others_may_be_missing() -> None:
    head = "Type,Determination,Report Year,Treatment Category,Diagnosis Category,Reference ID"
    found = counted(f"Urgent Care,{LOST},2025,Pharmacy,Cancer,1", head=head)
    assert found.cells["year_x_type", "2025", "urgentcare"] == [1, 0]


def test_names_written_with_other_blanks_and_case_are_one_name() -> None:
    found = counted(
        GOOD,
        GOOD.replace("MN25-1", "2").replace("Cancer Care", " CANCER  care "),
        GOOD.replace("MN25-1", "3").replace(WON, WON.upper()),
    )
    assert found.cells["year_x_treatment_category", "2025", "cancercare"] == [3, 3]
    assert found.names["cancercare"] == "Cancer Care"


def test_a_row_without_a_category_counts_in_its_year_and_in_no_category() -> None:
    found = counted(GOOD.replace("Cancer Care", "").replace("Medical Necessity", " "))
    assert {key[0] for key in found.cells} == {"total", "year", "year_x_diagnosis_category"}


def test_a_last_row_without_a_line_end_is_counted() -> None:
    assert count(io.StringIO(f"{HEAD}\n{GOOD}", newline=""), 2026).good == 1


def test_empty_lines_are_no_rows() -> None:
    found = counted("", GOOD, "", ",,,,,,,,,,", "")
    assert (found.rows, found.good) == (1, 1)


# What is skipped.


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD, "repeated"),
        (GOOD.replace(WON, LOST), "repeated"),
        (GOOD.replace("MN25-1", " "), "no_reference_id"),
        (GOOD.replace("MN25-1,2025", "2,"), "no_year"),
        (GOOD.replace("MN25-1,2025", "2,soon"), "year_out_of_range"),
        (GOOD.replace("MN25-1,2025", "2,2000"), "year_out_of_range"),
        (GOOD.replace("MN25-1,2025", "2,2027"), "year_out_of_range"),
        (GOOD.replace("MN25-1,2025", "2,-2025"), "year_out_of_range"),
        (GOOD.replace("MN25-1,2025", f"2,{'9' * 5000}"), "year_out_of_range"),
        (GOOD.replace("MN25-1", "2").replace(WON, "Withdrawn"), "unknown_determination"),
        (GOOD.replace("MN25-1", "2").replace(WON, ""), "unknown_determination"),
        ("2,2025,Cancer", "short_row"),
        (f'{GOOD.replace("MN25-1", "2")[: -len(SECRET)]}"{"x" * 140_000}"', "unreadable"),
    ],
)
def test_a_bad_row_is_skipped_and_its_line_and_reason_are_named(row: str, reason: str) -> None:
    found = counted(GOOD, row, GOOD.replace("MN25-1", "3"))
    assert found.examples == [(3, reason)]
    assert found.skipped == {reason: 1}
    assert found.good == 2


def test_the_line_named_is_the_one_on_which_the_row_starts() -> None:
    long = f'{GOOD[: -len(SECRET)]}"two\nlines"'
    assert counted(long, "2,2025,Cancer").examples == [(4, "short_row")]


@pytest.mark.parametrize("rest", ['"begun and never', "2,2025,Can"])
def test_a_file_that_ends_in_the_middle_of_a_row_is_seen_to_be_cut_off(rest: str) -> None:
    row = rest if rest.startswith("2") else GOOD.replace("MN25-1", "2").replace(SECRET, rest)
    found = count(io.StringIO(f"{HEAD}\n{GOOD}\n{row}", newline=""), 2026)
    assert found.cut_off
    assert found.good == 1


def test_only_some_of_many_bad_rows_are_named_and_all_are_counted() -> None:
    found = counted(GOOD, *["x,2025,Cancer"] * 500)
    assert len(found.examples) == EXAMPLES
    assert found.skipped.total() == 500


def test_nothing_that_a_row_says_is_kept_but_names_of_categories() -> None:
    found = counted(GOOD, GOOD.replace("MN25-1", "2").replace(WON, SECRET))
    assert SECRET not in repr(found)
    assert "MN25-1" not in repr(found)


def test_every_reason_has_words_and_no_words_are_for_nothing() -> None:
    rows = [
        GOOD,
        GOOD,
        GOOD.replace("MN25-1", ""),
        GOOD.replace("MN25-1,2025", "2,"),
        GOOD.replace("MN25-1,2025", "2,1"),
        GOOD.replace("MN25-1", "3").replace(WON, ""),
        "4,2025",
        f'"{"x" * 140_000}"',
        '"open',
    ]
    assert set(counted(*rows).skipped) == set(words()["outcomes"]["skipped"])


# What is refused.


@pytest.mark.parametrize("missing", about()["official"]["columns"].values())
def test_a_file_without_a_needed_column_is_refused_by_its_name(missing: str) -> None:
    with pytest.raises(OfficialFormatError, match=f"no column {missing}; needed"):
        counted(GOOD, head=HEAD.replace(missing, "Something"))


@pytest.mark.parametrize("text", ["", "\n\n", "<!doctype html><html></html>\n", '{"success": false}'])
def test_what_is_not_the_file_at_all_is_refused(text: str) -> None:
    with pytest.raises(OfficialFormatError, match="no column Reference ID"):
        count(io.StringIO(text, newline=""), 2026)


def test_a_file_without_a_usable_row_is_refused_and_says_what_was_skipped() -> None:
    with pytest.raises(OfficialFormatError, match="0 rows and none of them usable"):
        counted()
    with pytest.raises(OfficialFormatError, match="1 rows and none of them usable") as refused:
        counted(GOOD.replace(WON, "Withdrawn"))
    assert refused.value.counted is not None
    assert refused.value.counted.examples == [(2, "unknown_determination")]


@given(st.text(max_size=300))
def test_no_text_whatever_does_more_than_be_counted_skipped_or_refused(text: str) -> None:
    found = counted(GOOD, text)
    assert found.good + found.skipped.total() == found.rows
    with pytest.raises(OfficialFormatError):
        count(io.StringIO(text, newline=""), 2026)


# Part years and size.


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 2, 1), {2025, 2026}),
        (date(2026, 3, 31), {2025, 2026}),
        (date(2026, 4, 1), {2026}),
        (date(2026, 12, 31), {2026}),
        (date(2027, 4, 1), set()),
    ],
)
def test_a_year_is_whole_some_months_after_its_end(as_of: date, expected: set[int]) -> None:
    assert part_years({2024: 40, 2025: 40, 2026: 40}, as_of) == expected


@pytest.mark.parametrize(("newest", "expected"), [(546, {2026}), (2500, set())])
def test_a_newest_year_that_is_far_too_small_is_a_part_year_however_new_the_file(
    newest: int, expected: set[int]
) -> None:
    assert part_years({2025: 2730, 2026: newest}, date(2028, 1, 1)) == expected


def test_memory_does_not_grow_with_the_length_of_the_file() -> None:
    def endless(rows: int) -> Iterator[str]:
        yield HEAD + "\n"
        for number in range(rows):
            yield f'{number},2025,Cancer,,Pharmacy,,{WON},Medical Necessity,,,"{"x" * 2000}"\n'

    tracemalloc.start()
    found = count(endless(10_000), 2026)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.good == 10_000
    assert peak < 4_000_000  # the file would be 20 MB
