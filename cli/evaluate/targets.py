"""What understanding must reach, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.evaluate.latency import Latency
from cli.evaluate.scores import Scored, Tally

TELLING_FACTS = ("plan_type", "denial_reasons", "grievance_status")


@dataclass(frozen=True)
class Target:
    """One figure beside what it must be: at least `bar`, or at most when `most` is true. Shares run from 0 to 1,
    times are milliseconds (`unit` "ms"), counts and grades plain numbers ("number")."""

    name: str
    figure: float
    bar: float
    most: bool = False
    unit: str = "%"

    @property
    def met(self) -> bool:
        """Whether the figure, rounded as it is shown, reaches the bar."""
        figure = round(self.figure, 3 if self.unit == "%" else 1)
        return figure <= self.bar if self.most else figure >= self.bar

    @property
    def shown(self) -> str:
        """The figure as people read it."""
        if self.unit == "number":
            return f"{self.figure:.4g}"
        return f"{self.figure:.1%}" if self.unit == "%" else f"{self.figure:.1f} ms"

    @property
    def asked(self) -> str:
        """The bar as people read it."""
        bar = {"%": f"{self.bar:.0%}", "ms": f"{self.bar:.0f} ms"}.get(self.unit, f"{self.bar:g}")
        return f"{bar} or {'less' if self.most else 'more'}"


def targets(scored: Scored, latency: Latency | None = None) -> list[Target]:
    """Every target with what this run gives. Times only when they were measured."""
    return [*_shares(scored), *(_times(latency) if latency else ())]


def _shares(scored: Scored) -> Iterator[Target]:
    yield Target("intent, right when answered", scored.intents.answered_right, 0.93)
    yield Target("intent, not answered", scored.intents.unanswered, 0.08, most=True)
    yield Target("facts, F1 over all", scored.facts.get("all", Tally()).f1, 0.92)
    for name in TELLING_FACTS:
        yield Target(f"facts, F1 of {name}", scored.facts.get(name, Tally()).f1, 0.90)
    yield Target(f"dates, exact to the day (of {scored.dates.exact_count})", scored.dates.exact, 0.97)
    yield Target(f"dates, role right (of {scored.dates.role_count} found)", scored.dates.role, 0.93)
    yield Target(f"danger, noticed (of {scored.safety.dangers})", scored.safety.recall, 0.98)
    yield Target(f"danger, wrongly fired (of {scored.safety.others})", scored.safety.false_fires, 0.02, most=True)


def _times(latency: Latency) -> Iterator[Target]:
    yield Target("reading, p50, up to 60 words", latency.p50, 10, most=True, unit="ms")
    yield Target("reading, p95, up to 60 words", latency.p95, 25, most=True, unit="ms")
    yield Target("reading, letter of 2,000 characters", latency.letter, 120, most=True, unit="ms")
