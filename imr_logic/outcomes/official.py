"""Reads the state's official file of reviews, row by row, and counts exact cross-tables.

The file holds one review a row, with a long text of findings in quotes that may span lines. It is read as it comes,
so that memory does not grow with it; findings are never kept, shown or logged. A row that cannot be used is skipped,
and its line and the reason are noted.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from imr_logic.outcomes.data import about, plain
from imr_logic.outcomes.table import Count, Table

EXAMPLES = 20  # skipped rows that are named one by one


class OfficialFormatError(ValueError):
    """The file is not of the official format, or holds no usable row; the text is one line that says why.
    `counted` holds what was skipped, when rows were read."""

    def __init__(self, problem: str, counted: Counted | None = None) -> None:
        super().__init__(problem)
        self.counted = counted


class Skipped(NamedTuple):
    """A row that was not counted: the line that it starts on, from 1, and the key of the reason."""

    line: int
    reason: str


@dataclass
class Counted:
    """What a file came to. `cells` holds decided and overturned by dimension and levels, `names` the written form
    of each level, `skipped` how often each reason was met, `examples` the first rows skipped. `cut_off`: the file
    ends in the middle of a row, as after a transfer that broke off."""

    rows: int = 0
    good: int = 0
    cells: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    examples: list[Skipped] = field(default_factory=list)

    @property
    def cut_off(self) -> bool:
        """Whether the file ends in the middle of a row."""
        return "cut_off" in self.skipped

    def skip(self, line: int, reason: str) -> None:
        """Notes a row that is not counted."""
        self.skipped[reason] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(Skipped(line, reason))

    def add(self, review: _Review) -> None:
        """Counts one review in every cross-table it belongs to."""
        self.good += 1
        for dimension, *levels in review.cells():
            if not all(levels):
                continue
            self.names |= {plain(level): level for level in levels if plain(level) not in self.names}
            cell = self.cells.setdefault((dimension, *map(plain, levels)), [0, 0])
            cell[0] += 1
            cell[1] += review.overturned


class _Review(NamedTuple):
    """What is kept of one row while it is counted."""

    year: str
    type: str
    treatment: str
    diagnosis: str
    overturned: bool

    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The cross-tables: a dimension and its levels; one with an empty level is not counted there."""
        return (
            ("total",),
            ("year", self.year),
            ("type", self.type),
            ("year_x_type", self.year, self.type),
            ("year_x_treatment_category", self.year, self.treatment),
            ("year_x_diagnosis_category", self.year, self.diagnosis),
            ("year_x_type_x_treatment_category", self.year, self.type, self.treatment),
        )


class _Lines:
    """The lines of a file, watched: whether there are more, and whether the last one was a whole line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.at_end = False
        self.whole = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.at_end = True
            raise StopIteration
        self.whole = line.endswith(("\n", "\r"))
        return line


class _Row(NamedTuple):
    """One row as it stands: the line it starts on and its fields, None when unreadable. `open`: the file ended
    within its quotation marks; `whole`: its line came to an end."""

    line: int
    fields: list[str] | None
    open: bool
    whole: bool


def _rows(lines: Iterable[str]) -> Iterator[_Row]:
    """The rows of a CSV file that are not empty. The reader asks for a line after the last one only within
    quotation marks. A mark that is never closed is given up at the csv library's longest field."""
    watched = _Lines(lines)
    reader = csv.reader(watched)
    while True:
        start = reader.line_num + 1
        try:
            fields: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = None
        if fields is None or any(fields):
            yield _Row(start, fields, watched.at_end, watched.whole)


class _Columns:
    """Where the wanted columns stand. Raises OfficialFormatError when one is missing."""

    def __init__(self, heading: list[str]) -> None:
        wanted: dict[str, str] = about()["official"]["columns"]
        places = {plain(name): place for place, name in reversed(list(enumerate(heading)))}
        missing = [name for name in wanted.values() if plain(name) not in places]
        if missing:
            raise OfficialFormatError(
                f"no column {', '.join(missing)}; needed in the first line: {', '.join(wanted.values())}"
            )
        self.width = len(heading)
        self.places = {key: places[plain(name)] for key, name in wanted.items()}

    def of(self, fields: list[str]) -> dict[str, str]:
        """The wanted fields of a row, with blanks made single."""
        return {key: " ".join(fields[place].split()) for key, place in self.places.items()}


class _Reader:
    """Judges rows one by one and counts the good ones."""

    def __init__(self, columns: _Columns, last_year: int) -> None:
        official = about()["official"]
        self.columns = columns
        self.years = range(official["first_year"], last_year + 1)
        self.outcomes = {plain(official["overturned"]): True, plain(official["upheld"]): False}
        self.seen: set[str] = set()
        self.found = Counted()

    def take(self, row: _Row) -> None:
        """One row: counted, or skipped for a reason."""
        self.found.rows += 1
        judged = self._judge(row)
        if isinstance(judged, str):
            self.found.skip(row.line, judged)
        else:
            self.found.add(judged)

    def _judge(self, row: _Row) -> _Review | str:
        """The review in a row, or the key of the reason why it cannot be used."""
        short = row.fields is None or len(row.fields) < self.columns.width
        if row.open or (short and not row.whole):
            return "cut_off"
        if row.fields is None or short:
            return "unreadable" if row.fields is None else "short_row"
        given = self.columns.of(row.fields)
        problem = self._problem(given)
        if problem:
            return problem
        self.seen.add(given["reference"])
        overturned = self.outcomes[plain(given["determination"])]
        return _Review(str(int(given["year"])), given["type"], given["treatment"], given["diagnosis"], overturned)

    def _problem(self, given: Mapping[str, str]) -> str | None:
        year = given["year"]
        if not given["reference"]:
            return "no_reference_id"
        if not year:
            return "no_year"
        if not (year.isascii() and year.isdigit() and int(year[:9]) in self.years):
            return "year_out_of_range"
        if plain(given["determination"]) not in self.outcomes:
            return "unknown_determination"
        return "repeated" if given["reference"] in self.seen else None


def count(lines: Iterable[str], last_year: int) -> Counted:
    """Counts the reviews in the lines of the official file, up to the report year `last_year`.

    Lines come as from a file opened with `newline=""`. Raises OfficialFormatError when a column is missing or no
    row could be used.
    """
    rows = _rows(lines)
    first = next(rows, None)
    heading = [name.removeprefix("\ufeff") for name in (first.fields or ())] if first else []
    reader = _Reader(_Columns(heading), last_year)
    for row in rows:
        reader.take(row)
    if not reader.found.good:
        problem = f"{reader.found.rows} rows and none of them usable; needed: one review a row"
        raise OfficialFormatError(problem, reader.found)
    return reader.found


def part_years(reviews: Mapping[int, int], as_of: date) -> frozenset[int]:
    """The years that are not whole yet in counts as new as `as_of`, by the number of reviews of each year."""
    rule = about()["whole_year"]
    settled = (as_of - relativedelta(months=rule["months_after_its_end"])).year
    newest = max(reviews)
    before = reviews.get(newest - 1, 0)
    small = before >= rule["for_years_of_at_least"] and reviews[newest] < rule["share_of_year_before"] * before
    return frozenset(year for year in reviews if year >= settled or (small and year == newest))


def table_of(counted: Counted, as_of: date) -> Table:
    """The exact table of what was counted in a file as new as `as_of`."""
    counts = {key: Count(decided, overturned) for key, (decided, overturned) in counted.cells.items()}
    by_year = {int(key[1]): count.decided for key, count in counts.items() if key[0] == "year"}
    return Table(as_of.isoformat(), part_years(by_year, as_of), counts, dict(counted.names), updated=True)
