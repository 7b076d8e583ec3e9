"""What was measured: printed as a table, kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from settings import CALIFORNIA


@dataclass(frozen=True)
class Row:
    """One figure of both sides (None: not measured). `at_most` is the target of the ratio ours / stock, `at_least`
    one that should be reached or exceeded."""

    name: str
    unit: str
    ours: float
    stock: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours against stock."""
        return self.ours / self.stock if self.stock else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is; None without one, or without the other side."""
        if self.ratio is None or (self.at_most is None and self.at_least is None):
            return None
        return self.ratio <= self.at_most if self.at_most is not None else self.ratio >= float(self.at_least or 0)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` percent of the values do not exceed."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    width = max(len(row.name) for row in rows)
    print(f"\n{'':{width}}  {'':6}{'ours':>10}{'stock Rasa':>12}{'ratio':>8}  target")
    for row in rows:
        stock = "" if row.stock is None else _number(row.stock)
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        figures = f"{_number(row.ours):>10}{stock:>12}{ratio:>8}"
        print(f"{row.name:{width}}  {row.unit:6}{figures}  {_target(row)}".rstrip())


def keep(name: str, rows: Sequence[Row], file: Path) -> None:
    """Write rows, machine and moment as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {"bench": name, **machine(), "rows": [{**asdict(row), "ratio": row.ratio} for row in rows]}
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"\nkept: {file}")


def machine() -> dict[str, str | int | None]:
    """What it was measured on, and when."""
    moment = datetime.now(CALIFORNIA).isoformat(timespec="minutes")
    return {"at": moment, "cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _target(row: Row) -> str:
    wanted = f"at most {row.at_most}" if row.at_most is not None else f"at least {row.at_least}"
    return "" if row.is_met is None else f"{wanted}: {'met' if row.is_met else 'MISSED'}"
