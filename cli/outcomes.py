"""`./imr outcomes`: the rates in use, and newer ones from the state's official file.

A new table replaces the old one only when it was downloaded whole, counted and read back; whatever goes wrong
before leaves the old one in place, and says so.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from cli.fetch import FetchError, checked_address, fetch_file, fetch_json
from imr_logic.language import words
from imr_logic.outcomes import (
    FILE_NAME,
    BadTable,
    Rate,
    Table,
    about,
    current_table,
    load_table,
    overview,
    read_table,
    say_category,
    say_type,
    table_text,
)
from imr_logic.outcomes.official import Counted, OfficialFormatError, count, table_of
from settings import SettingsError, settings

BAD_INPUT, FAILED = 2, 1


class NotUpdatedError(RuntimeError):
    """No new table was written; the text is one line that says why, `code` the exit code."""

    def __init__(self, problem: str, code: int) -> None:
        super().__init__(problem)
        self.code = code


@dataclass(frozen=True)
class Source:
    """Where the official file comes from: a file, else an address, else what the state's catalogue names. `force`:
    its counts are used although they look odd."""

    file: Path | None = None
    url: str | None = None
    as_of: date | None = None
    catalogue: str | None = None
    force: bool = False


def table_path() -> Path:
    """Where the operator's own table is kept."""
    return settings().var_dir / FILE_NAME


# Showing.


def show(as_json: bool) -> int:
    """Prints the rates in use. Returns the exit code."""
    try:
        table = current_table(table_path())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    _warn_of_bad_table()
    print(json.dumps(_as_plain(table), indent=2, ensure_ascii=False) if as_json else _as_text(table))
    return 0


def _warn_of_bad_table() -> None:
    """The shipped counts stand in for a table that cannot be read: whoever looks should know."""
    try:
        load_table(table_path())
    except FileNotFoundError:
        pass
    except (BadTable, OSError) as error:
        print(f"{table_path()} cannot be used ({error}); the counts that come with the program are", file=sys.stderr)


def _as_plain(table: Table) -> dict[str, Any]:
    source = about()["source"]
    return {
        "source": source["title"],
        "publisher": source["publisher"],
        "licence": source["licence"],
        "as_of": table.as_of,
        "updated": table.updated,
        "reviews": table.reviews,
        "part_years": sorted(table.part_years),
        "rates": [rate.model_dump() for rate in overview(table)],
        "note": words()["outcomes"]["not_a_prediction"],
    }


# Beyond these a file is taken for another one, or for one that was misread.
MOST_SKIPPED = 0.1
LEAST_OF_SHIPPED = 0.5
HEAD = ("what", "years", "decided", "to the patient", "share", "95 % interval", "precision")


def _as_text(table: Table) -> str:
    source, said = about()["source"], words()["outcomes"]
    rows = [HEAD, *(_row(rate) for rate in overview(table))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    origin = f"{source['title']}, {source['publisher']}, {source['licence']}; {_described(table)}."
    shown = lines if len(rows) > 1 else [str(said["too_few"])]
    return "\n".join([origin, "", *shown, "", f"{said['range']} {said['not_a_prediction']}"])


def _row(rate: Rate) -> tuple[str, ...]:
    what = " ".join(part for part in (say_category(rate.category), say_type(rate.type)) if part) or "all reviews"
    years = str(rate.first_year) if rate.first_year == rate.last_year else f"{rate.first_year} to {rate.last_year}"
    interval = f"{rate.low:.1%} to {rate.high:.1%}"
    year = f"{years} (part)" if rate.part_year else years
    return what, year, f"{rate.decided:,}", f"{rate.overturned:,}", f"{rate.share:.1%}", interval, rate.precision


def _described(table: Table) -> str:
    kind = "updated counts" if table.updated else "the counts that come with the program"
    return f"{kind}, {table.reviews:,} reviews, as of {table.as_of or 'an unknown day'}"


# Updating.


def update(source: Source, today: date) -> int:
    """Makes a new table from the official file. Returns the exit code: 0, 2 for bad input, 1 for other failures."""
    try:
        _check(source, today)
        before = current_table(table_path())
        table = _new_table(source, today)
        if not source.force:
            _refuse_odd(table)
        _warn_of_odd(table, before)
        _write_whole(table_path(), table_text(table))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except NotUpdatedError as error:
        print(f"Not updated: {error}", file=sys.stderr)
        print(f"Still in use: {_described(current_table(table_path()))}.", file=sys.stderr)
        return error.code
    print(f"Now in use: {_described(table)}, in {table_path()}.")
    return 0


def _check(source: Source, today: date) -> None:
    """Raises NotUpdatedError for what was asked for and cannot be done."""
    if source.file and source.url:
        raise NotUpdatedError("--file and --url were both given; allowed: one of them", BAD_INPUT)
    if source.as_of and source.as_of > today:
        raise NotUpdatedError(f"--as-of {source.as_of} is after today; allowed: a day up to {today}", BAD_INPUT)
    try:
        checked_address(source.url or source.catalogue or _catalogue())
    except FetchError as error:
        raise NotUpdatedError(str(error), BAD_INPUT) from None


def _new_table(source: Source, today: date) -> Table:
    """The table of the official file, read back as it will be read. Raises NotUpdatedError."""
    try:
        with _opened(source, today) as (lines, as_of):
            counted = count(lines, today.year)
        _report(counted)
        if not source.force and counted.skipped.total() > counted.rows * MOST_SKIPPED:
            raise NotUpdatedError(_odd("more than one row in ten was skipped"), BAD_INPUT)
        if counted.cut_off and source.file is None:
            raise NotUpdatedError("the download ends in the middle of a row, so it is not whole", FAILED)
        return read_table(io.StringIO(table_text(table_of(counted, as_of))), updated=True)
    except OfficialFormatError as error:
        if error.counted:
            _report(error.counted)
        raise NotUpdatedError(str(error), BAD_INPUT) from None
    except FetchError as error:
        raise NotUpdatedError(str(error), FAILED) from None


@contextmanager
def _opened(source: Source, today: date) -> Iterator[tuple[io.TextIOWrapper, date]]:
    """The official file as lines, and the day it is as new as. Raises NotUpdatedError, FetchError."""
    try:
        with _local(source.file) if source.file else tempfile.TemporaryFile(dir=_var_dir()) as file:
            changed = _changed(source.file) if source.file else _download(source, file)
            file.seek(0)
            as_of = source.as_of or min(changed or today, today)
            yield io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline=""), as_of
    except OSError as error:
        code = BAD_INPUT if source.file else FAILED
        raise NotUpdatedError(f"{error.filename or _var_dir()}: {error.strerror or error}", code) from None


def _local(path: Path) -> BinaryIO:
    return path.open("rb")


def _changed(path: Path) -> date:
    return date.fromtimestamp(path.stat().st_mtime)


def _var_dir() -> Path:
    folder = table_path().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _download(source: Source, target: BinaryIO) -> date | None:
    """Downloads the official file; gives the day it was last changed, when that is told."""
    address, changed = (source.url, None) if source.url else _catalogued(source.catalogue or _catalogue())
    served = fetch_file(address, target, about()["source"]["largest_bytes"])
    return changed or served


def _catalogue() -> str:
    return str(about()["source"]["catalogue"])


def _catalogued(catalogue: str) -> tuple[str, date | None]:
    """What the state's catalogue (CKAN, action `resource_show`) says: the file's address and its last change."""
    answer = fetch_json(catalogue)
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict) or not isinstance(address := result.get("url"), str):
        raise FetchError(f"{catalogue} names no address of the file; give one with --url")
    try:
        return address, date.fromisoformat(str(result.get("last_modified"))[:10])
    except ValueError:
        return address, None


def _report(counted: Counted) -> None:
    """What was read, and what was skipped and why; never what a row says."""
    reasons = words()["outcomes"]["skipped"]
    print(f"Read {counted.rows:,} rows: {counted.good:,} counted, {counted.skipped.total():,} skipped.")
    for reason, times in counted.skipped.most_common():
        print(f"  skipped {times:,}: {reasons[reason]}")
    for skipped in counted.examples:
        print(f"  line {skipped.line}: {reasons[skipped.reason]}")
    unnamed = counted.skipped.total() - len(counted.examples)
    if unnamed:
        print(f"  and {unnamed:,} more")


def _refuse_odd(table: Table) -> None:
    """Counts that people would be misled by. Raises NotUpdatedError."""
    shipped = load_table().reviews
    if table.reviews < shipped * LEAST_OF_SHIPPED:
        raise NotUpdatedError(_odd(f"{table.reviews:,} reviews, where the program comes with {shipped:,}"), BAD_INPUT)
    if any(rate.overturned in (0, rate.decided) for rate in overview(table)):
        raise NotUpdatedError(_odd("one of the two decisions is missing"), BAD_INPUT)


def _odd(problem: str) -> str:
    return f"{problem}; look at the file, or say --force"


def _warn_of_odd(table: Table, before: Table) -> None:
    """What is allowed and yet worth a look."""
    if table.reviews < before.reviews:
        print(f"Note: fewer reviews than before ({table.reviews:,}, were {before.reviews:,}).", file=sys.stderr)
    if not overview(table):
        print(f"Note: {words()['outcomes']['too_few']} No rate will be shown.", file=sys.stderr)


def _write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all. Raises NotUpdatedError."""
    try:
        handle, draft = tempfile.mkstemp(dir=_var_dir(), prefix=f"{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, 0o644)  # public figures, and the server may run as somebody else
            os.replace(draft, path)
        except OSError:
            os.unlink(draft)
            raise
    except OSError as error:
        raise NotUpdatedError(f"{path}: {error.strerror or error}", FAILED) from None
