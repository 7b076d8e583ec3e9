"""Rates that may be shown: never without their number and years, nothing under 30 reviews, recent years first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from imr_logic.facts import NOT_KNOWN, CaseFacts
from imr_logic.outcomes.data import Group, about, group_named, group_of, types_of
from imr_logic.outcomes.table import Count, Table

Precision = Literal["exact", "rounded"]
CATEGORIES = (("treatments", "treatment_category"), ("diagnoses", "diagnosis_category"))


class Interval(NamedTuple):
    """Two shares, 0 to 1, between which the true one is thought to be."""

    low: float
    high: float


@lru_cache(maxsize=1024)
def wilson(overturned: int, decided: int) -> Interval:
    """The 95 % score interval of a share (E. B. Wilson, "Probable Inference, the Law of Succession, and
    Statistical Inference", Journal of the American Statistical Association 22, 1927, 209-212). It stays within
    0 to 1 and holds for small numbers. Raises ValueError unless 0 <= overturned <= decided and decided > 0.
    """
    if decided < 1 or not 0 <= overturned <= decided:
        raise ValueError(f"{overturned} of {decided} is no share; allowed: 0 to {decided} of 1 or more")
    z = NormalDist().inv_cdf((1 + about()["show"]["level"]) / 2)
    share, weight = overturned / decided, 1 + z * z / decided
    centre = (share + z * z / (2 * decided)) / weight
    reach = z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided)) / weight
    return Interval(max(0.0, min(centre - reach, share)), min(1.0, max(centre + reach, share)))


class Rate(BaseModel):
    """How many reviews of a kind were decided for the patient, in which years.

    `type` is an official type, `category` a group of ours or an official category name; both are empty for all
    reviews. `precision` is "rounded" when `overturned` was worked out from a published rate. `part_year`: the last
    year is not whole. `all_years`: every year there is, not only recent ones.
    """

    model_config = ConfigDict(frozen=True)

    dimension: str
    type: str = ""
    category: str = ""
    decided: int = Field(ge=1)
    overturned: int = Field(ge=0)
    first_year: int
    last_year: int
    precision: Precision = "exact"
    part_year: bool = False
    all_years: bool = False

    @model_validator(mode="after")
    def _is_a_share(self) -> Rate:
        wilson(self.overturned, self.decided)
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float:
        """Overturned of decided, 0 to 1."""
        return self.overturned / self.decided

    @computed_field  # type: ignore[prop-decorator]
    @property
    def low(self) -> float:
        """The lower end of the 95 % Wilson interval."""
        return wilson(self.overturned, self.decided).low

    @computed_field  # type: ignore[prop-decorator]
    @property
    def high(self) -> float:
        """The upper end of the 95 % Wilson interval."""
        return wilson(self.overturned, self.decided).high


class _Cells(NamedTuple):
    """Cells of one meaning: a dimension whose levels are the year and then one of `names`."""

    dimension: str
    names: tuple[tuple[str, ...], ...] = ((),)
    type: str = ""
    category: str = ""


def _enough(decided: int) -> bool:
    return decided >= int(about()["show"]["fewest"])


def _in_year(table: Table, cells: _Cells, year: int) -> list[Count]:
    found = (table.get(cells.dimension, year, *names) for names in cells.names)
    return [count for count in found if count]


def _rate(cells: _Cells, by_year: dict[int, list[Count]], table: Table, all_years: bool = False) -> Rate:
    counts = [count for found in by_year.values() for count in found]
    return Rate(
        dimension=cells.dimension,
        type=cells.type,
        category=cells.category,
        decided=sum(count.decided for count in counts),
        overturned=sum(count.overturned for count in counts),
        first_year=min(by_year),
        last_year=max(by_year),
        precision="exact" if all(count.exact for count in counts) else "rounded",
        part_year=max(by_year) in table.part_years,
        all_years=all_years,
    )


def _recent(table: Table, cells: _Cells) -> Rate | None:
    """The newest whole year, and years before it one by one until there are enough reviews; else None.

    How far back it reaches depends on how many reviews there were, never on how they went.
    """
    latest = table.latest_full_year
    by_year: dict[int, list[Count]] = {}
    for year in range(latest, latest - about()["show"]["recent_years"], -1) if latest else ():
        by_year |= {year: found} if (found := _in_year(table, cells, year)) else {}
        if _enough(sum(count.decided for counts in by_year.values() for count in counts)):
            return _rate(cells, by_year, table)
    return None


def _of_type(name: str) -> _Cells:
    return _Cells("year_x_type", ((name,),), type=name)


def _of_category(column: str, group: Group) -> _Cells:
    return _Cells(f"year_x_{column}", tuple((name,) for name in group.names), category=group.name)


def _of_both(column: str, group: Group, type: str) -> _Cells:
    names = tuple((type, name) for name in group.names)
    return _Cells(f"year_x_type_x_{column}", names, type, group.name)


def _all_years(table: Table, column: str, group: Group) -> Rate | None:
    """A category over every year: all that the shipped table has of categories."""
    dimension = f"{column}_top15"
    found = [count for name in group.names if (count := table.get(dimension, name))]
    if not _enough(sum(count.decided for count in found)):
        return None
    span = {table.years[0]: found, table.years[-1]: []}
    return _rate(_Cells(dimension, category=group.name), span, table, all_years=True)


def _category(table: Table, service: str | None, types: tuple[str, ...]) -> Rate | None:
    """The one category worth showing: recent years before all years, treatment before diagnosis."""
    groups = [(column, group_of(part, service)) for part, column in CATEGORIES]
    known = [(column, group) for column, group in groups if group]
    crossed = (_recent(table, _of_both(column, group, types[0])) for column, group in known if len(types) == 1)
    alone = (_recent(table, _of_category(column, group)) for column, group in known)
    every = (_all_years(table, column, group) for column, group in known)
    return next((rate for tried in (crossed, alone, every) for rate in tried if rate), None)


def _present(rates: Iterable[Rate | None]) -> tuple[Rate, ...]:
    return tuple(rate for rate in rates if rate)


def rates_for(facts: CaseFacts, table: Table) -> tuple[Rate, ...]:
    """The rates worth showing for a case, in the order to show them: all reviews of the latest whole year, then
    the types that the reasons for the denial say, then the kind of care. Nothing under 30 reviews; a part year
    never stands alone. Whether they are figures for this path at all is said by `coverage`.
    """
    reasons = tuple(one for one in facts.get("denial_reasons") or () if one not in NOT_KNOWN)
    types = types_of(reasons)
    service = facts.get("service_category")
    of_types = [_recent(table, _of_type(name)) for name in types]
    return _present([_recent(table, _Cells("year")), *of_types, _category(table, service, types)])


def overview(table: Table) -> tuple[Rate, ...]:
    """What the table holds that may be shown: recent years one by one, the part year, types and categories."""
    first = (table.latest_full_year or 0) - about()["show"]["recent_years"] + 1
    years = (_rate(_Cells("year"), {year: [table.counts["year", str(year)]]}, table) for year in table.years)
    types = (_recent(table, _of_type(name)) for name in about()["types"])
    shown = [rate for rate in years if rate.last_year >= first and _enough(rate.decided)]
    return _present([*shown, *types, *_categories(table)])


def _categories(table: Table) -> Iterator[Rate]:
    """Every category with enough reviews, most reviews first, treatments before diagnoses."""
    for part, column in CATEGORIES:
        written = (*table.levels(f"year_x_{column}", 2), *table.levels(f"{column}_top15"))
        groups = dict.fromkeys(group_named(part, name) for name in written)
        found = [_recent(table, _of_category(column, one)) or _all_years(table, column, one) for one in groups]
        yield from sorted(_present(found), key=lambda rate: -rate.decided)
