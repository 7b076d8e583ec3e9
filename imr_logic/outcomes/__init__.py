"""What became of earlier reviews: counts as data, rates with their number, years and interval, and their words.

The counts are the state's. They are of Independent Medical Reviews by the DMHC and say nothing of other paths, and
never what will become of one case.
"""

from imr_logic.outcomes.data import FILE_NAME, about, types_of
from imr_logic.outcomes.rates import Interval, Rate, overview, rates_for, wilson
from imr_logic.outcomes.table import BadTable, Count, Table, current_table, load_table, read_table, table_text
from imr_logic.outcomes.words import (
    Coverage,
    coverage,
    not_a_prediction,
    say_category,
    say_not_covered,
    say_outcomes,
    say_rate,
    say_rates,
    say_type,
    say_years,
)

__all__ = [
    "FILE_NAME",
    "BadTable",
    "Count",
    "Coverage",
    "Interval",
    "Rate",
    "Table",
    "about",
    "coverage",
    "current_table",
    "load_table",
    "not_a_prediction",
    "overview",
    "rates_for",
    "read_table",
    "say_category",
    "say_not_covered",
    "say_outcomes",
    "say_rate",
    "say_rates",
    "say_type",
    "say_years",
    "table_text",
    "types_of",
    "wilson",
]
