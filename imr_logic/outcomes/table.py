"""A table of outcomes: how many reviews of a kind were decided, and how many of them for the patient.

Two tables can be read: the one shipped beside this, and the one that `./imr outcomes update` writes. Both are CSV
with the columns dimension, level1, level2, level3 (newer tables only), n, overturned, upheld, overturn_rate and
precision; a row `as_of` says how new the counts are, rows `part_year` which years are not whole yet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from imr_logic.outcomes.data import FOLDER, plain

SHIPPED = FOLDER / "counts.csv"
NEEDED = ("dimension", "level1", "level2", "n", "overturned", "upheld", "precision")
COLUMNS = ("dimension", "level1", "level2", "level3", "n", "overturned", "upheld", "overturn_rate", "precision")
EXACT = "exact"


class BadTable(ValueError):
    """A table cannot be used; the text is one line that says where and why."""


class Count(NamedTuple):
    """How many reviews were decided and how many of them overturned the plan; `exact` or rounded from a rate."""

    decided: int
    overturned: int
    exact: bool = True


@dataclass(frozen=True)
class Table:
    """Counts by dimension and levels, and what is known of their age.

    `as_of` is how new they are in words or as an ISO day; `part_years` are not whole yet; `names` gives the
    written form of a level; `updated` is true for the operator's own table.
    """

    as_of: str
    part_years: frozenset[int]
    counts: Mapping[tuple[str, ...], Count]
    names: Mapping[str, str] = field(default_factory=dict)
    updated: bool = False

    def get(self, dimension: str, *levels: str | int) -> Count | None:
        """The count of one cell; None where the table has none. Names are compared without case and signs."""
        return self.counts.get((dimension, *(plain(str(level)) for level in levels)))

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the table, oldest first."""
        return tuple(sorted(int(key[1]) for key in self.counts if key[0] == "year"))

    @property
    def latest_full_year(self) -> int | None:
        """The newest year that is whole; None when there is none."""
        return max((year for year in self.years if year not in self.part_years), default=None)

    @property
    def reviews(self) -> int:
        """How many reviews the table counts."""
        return sum(count.decided for key, count in self.counts.items() if key[0] == "year")

    def levels(self, dimension: str, place: int = 1) -> tuple[str, ...]:
        """The written names at one place of a dimension's levels (1 is the first), each once."""
        found = dict.fromkeys(key[place] for key in self.counts if key[0] == dimension)
        return tuple(self.names.get(one, one) for one in found)


def read_table(lines: Iterable[str], updated: bool = False) -> Table:
    """The table that some CSV lines hold. Raises BadTable naming the line."""
    rows = csv.DictReader(lines)
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise BadTable(f"no column {', '.join(missing)}; needed: {', '.join(NEEDED)}")
    reading = _Reading()
    try:
        for row in rows:
            reading.take(row, rows.line_num)
    except csv.Error as error:
        raise BadTable(f"line {rows.line_num}: {error}") from None
    return reading.table(updated)


class _Reading:
    """A table while its rows are read."""

    def __init__(self) -> None:
        self.as_of = ""
        self.part_years: set[int] = set()
        self.counts: dict[tuple[str, ...], Count] = {}
        self.names: dict[str, str] = {}

    def take(self, row: dict[str, Any], line: int) -> None:
        """One row. Raises BadTable."""
        dimension = str(row["dimension"])
        if dimension == "as_of":
            self.as_of = str(row["level1"])
        elif dimension == "part_year":
            self.part_years.add(_whole(row["level1"], line))
        else:
            self._count(dimension, row, line)

    def _count(self, dimension: str, row: dict[str, Any], line: int) -> None:
        levels = [str(row[name]) for name in ("level1", "level2", "level3") if row.get(name)]
        self.names |= {plain(level): level for level in levels}
        key = (dimension, *map(plain, levels))
        if key in self.counts:
            raise BadTable(f"line {line}: {' / '.join((dimension, *levels))} is there twice")
        if dimension.startswith("year"):
            _whole(row["level1"], line)
        self.counts[key] = _count_of(row, line)

    def table(self, updated: bool) -> Table:
        """What was read. Raises BadTable when it holds no year."""
        table = Table(self.as_of, frozenset(self.part_years), self.counts, self.names, updated)
        if not table.years:
            raise BadTable("no row counts a year; needed: one row of the dimension year or more")
        return table


def _whole(text: Any, line: int) -> int:
    if not (isinstance(text, str) and text.isascii() and text.isdigit()):
        raise BadTable(f"line {line}: {text!r} is not a whole number")
    return int(text)


def _count_of(row: dict[str, Any], line: int) -> Count:
    decided, overturned, upheld = (_whole(row[name], line) for name in ("n", "overturned", "upheld"))
    if decided != overturned + upheld or not decided:
        raise BadTable(f"line {line}: {overturned} overturned and {upheld} upheld are not {decided} reviews")
    return Count(decided, overturned, row["precision"] == EXACT)


def table_text(table: Table) -> str:
    """A table as CSV, in the form that `read_table` reads."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerow(["as_of", table.as_of, *[""] * 7])
    rows.writerows(["part_year", year, *[""] * 7] for year in sorted(table.part_years))
    rows.writerows(_row(table, key, count) for key, count in sorted(table.counts.items()))
    return written.getvalue()


def _row(table: Table, key: tuple[str, ...], count: Count) -> list[str | int | float]:
    levels = [table.names.get(level, level) for level in key[1:]]
    share = round(count.overturned / count.decided, 4)
    kind = EXACT if count.exact else "overturned rounded from rate"
    filled = [*levels, *[""] * (3 - len(levels))]
    return [key[0], *filled, count.decided, count.overturned, count.decided - count.overturned, share, kind]


def load_table(path: Path | None = None) -> Table:
    """The table in a file, by default the shipped one. Read once as long as the file stays as it is.

    Raises BadTable for a file that is not such a table, OSError for one that cannot be read.
    """
    chosen = path or SHIPPED
    state = chosen.stat()
    return _load(chosen, path is not None, (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _load(path: Path, updated: bool, _: tuple[int, int, int]) -> Table:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return read_table(lines, updated)
    except UnicodeDecodeError:
        raise BadTable("not UTF-8 text") from None


def current_table(path: Path | None = None) -> Table:
    """The operator's table when `path` names one that can be read, else the shipped one. Never raises."""
    if path is not None:
        try:
            return load_table(path)
        except (BadTable, OSError):
            pass
    return load_table()
