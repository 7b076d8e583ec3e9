"""Small tables of counts, and short ways to ask for the rates of a case and to weigh their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import textstat

from imr_logic import CaseFacts, outcomes
from imr_logic.outcomes import Table

TODAY = "2026-11-23"
HEAD = "dimension,level1,level2,level3,n,overturned,upheld,overturn_rate,precision"


def case(**facts: Any) -> CaseFacts:
    return CaseFacts.model_validate({"today": TODAY, **facts})


def table(*rows: str, part: Iterable[int] = ()) -> Table:
    """A table of some rows such as "year 2025 100 60": dimension, levels, decided, overturned."""
    lines = [HEAD, "as_of,2026-11-20,,,,,,,", *(f"part_year,{year},,,,,,," for year in part)]
    for row in rows:
        *levels, decided, won = re.findall(r'"[^"]*"|\S+', row)
        padded = [*levels, *[""] * (4 - len(levels))]
        lines.append(",".join([*padded, decided, won, str(int(decided) - int(won)), "", "exact"]))
    return outcomes.read_table(lines, updated=True)


def spoken(facts: CaseFacts, chosen: Table | None = None) -> list[str]:
    found = outcomes.rates_for(facts, chosen or outcomes.current_table())
    return [outcomes.say_rate(rate) for rate in found]


def grade(text: str) -> float:
    """The school grade of a text; figures and an agency's letters, which are in no dictionary, as short words."""
    return float(textstat.flesch_kincaid_grade(re.sub(r"\d[\d,]*", "ten", text.replace("DMHC", "state"))))
