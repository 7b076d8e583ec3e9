"""The tables of `./imr evaluate nlu`, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cli.evaluate.messages import Outcome
from cli.evaluate.scores import (
    DateScore,
    IntentScore,
    SafetyScore,
    Tally,
    confusions,
    date_score,
    fact_tallies,
    intent_score,
    percentile,
    safety_score,
    share,
)

WORST = 10  # confusions that are shown
SHOWN_CHARACTERS = 160


@dataclass(frozen=True)
class Scored:
    """All figures of one run."""

    intents: IntentScore
    facts: dict[str, Tally]
    dates: DateScore
    safety: SafetyScore


def score(outcomes: Sequence[Outcome]) -> Scored:
    """Count everything once."""
    return Scored(intent_score(outcomes), fact_tallies(outcomes), date_score(outcomes), safety_score(outcomes))


def report(name: str, outcomes: Sequence[Outcome], scored: Scored) -> None:
    """Print the figures of one evaluation set."""
    heading(f"{name}: {len(outcomes)} messages")
    intents = scored.intents
    line("intent, right when answered", intents.answered_right)
    line("intent, not answered", intents.unanswered)
    line("intent, right if it always guessed", intents.guessed_right)
    line("facts, F1 over all", scored.facts["all"].f1 if "all" in scored.facts else 1.0)
    dates = scored.dates
    line(f"dates, exact to the day (of {dates.exact_count})", dates.exact)
    line(f"dates, approximate and overlapping (of {dates.approximate_count})", dates.approximate)
    line(f"dates, role right (of {dates.role_count} found)", dates.role)
    line(f"safety, recall (of {scored.safety.dangers})", scored.safety.recall)
    line(f"safety, false fires (of {scored.safety.others})", scored.safety.false_fires)
    times = [outcome.milliseconds for outcome in outcomes]
    print(f"{'latency, p50 / p95':<48}{percentile(times, 50):6.1f} / {percentile(times, 95):.1f} ms")
    report_facts(scored.facts)
    report_groups(outcomes)
    report_confusions(outcomes)


def report_facts(tallies: dict[str, Tally]) -> None:
    """Precision, recall and F1 of every fact."""
    rows = [
        (name, tally.right + tally.missed, tally.precision, tally.recall, tally.f1)
        for name, tally in sorted(tallies.items(), key=lambda item: -(item[1].right + item[1].missed))
    ]
    precision_table("fact", rows)


def precision_table(what: str, rows: Iterable[tuple[str, int, float, float, float]]) -> None:
    """A table of name, number, precision, recall and F1."""
    heading(f"{what:<34}{'number':>8}{'precision':>11}{'recall':>9}{'F1':>8}")
    for name, number, precision, recall, f1 in rows:
        print(f"{name:<34}{number:>8}{precision:>11.1%}{recall:>9.1%}{f1:>8.1%}")


def report_groups(outcomes: Sequence[Outcome]) -> None:
    """Intent accuracy by style, the worst first."""
    heading(f"{'style':<34}{'number':>8}{'answered':>11}{'right':>9}")
    rows = []
    for style in {outcome.case.style for outcome in outcomes}:
        mine = [outcome for outcome in outcomes if outcome.case.style == style]
        answered = [outcome for outcome in mine if outcome.intent is not None]
        right = share(outcome.intent == outcome.case.intent for outcome in answered)
        rows.append((right, style, len(mine), len(answered) / len(mine)))
    for right, style, number, answered_share in sorted(rows):
        print(f"{style:<34}{number:>8}{answered_share:>11.1%}{right:>9.1%}")


def report_confusions(outcomes: Iterable[Outcome]) -> None:
    """The intents most often taken for another."""
    heading("most frequent confusions: meant -> understood")
    for (meant, understood), times in confusions(outcomes).most_common(WORST):
        print(f"{times:>4}  {meant} -> {understood}")


def report_errors(outcomes: Iterable[Outcome]) -> None:
    """Every message with a wrong intent, fact, date or alarm."""
    heading("wrong messages")
    for outcome in outcomes:
        problems = [*wrong_intent(outcome), *wrong_facts(outcome), *wrong_safety(outcome)]
        if problems:
            text = " ".join(outcome.case.text.split())
            shown = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
            print(f"{outcome.case.id} ({outcome.case.style}): {shown}")
            for problem in problems:
                print(f"      {problem}")


def wrong_intent(outcome: Outcome) -> list[str]:
    """The intent, when it is not the one meant."""
    if outcome.intent == outcome.case.intent:
        return []
    understood = outcome.intent or f"nothing (nearest: {outcome.best})"
    return [f"intent: {understood} ({outcome.confidence:.2f}), meant {outcome.case.intent}"]


def wrong_facts(outcome: Outcome) -> list[str]:
    """Facts that differ."""
    names = sorted({*outcome.case.facts, *outcome.facts})
    expected, found = outcome.case.facts, outcome.facts
    return [
        f"{name}: {found.get(name)}, meant {expected.get(name)}"
        for name in names
        if as_list(found.get(name)) != as_list(expected.get(name))
    ]


def as_list(value: object) -> list[str]:
    """A fact's values in a fixed order: lists have none of their own."""
    return sorted(str(one) for one in value) if isinstance(value, list) else [str(value)]


def wrong_safety(outcome: Outcome) -> list[str]:
    """The alarm, when it differs."""
    if outcome.safety == outcome.case.safety:
        return []
    return [f"safety: {outcome.safety}, meant {outcome.case.safety}"]


def verdict(scored: Scored, fail_under: float | None) -> int:
    """0, or 1 when a figure is under the bar (a share, 0 to 1)."""
    if fail_under is None:
        return 0
    figures = {
        "intent, right when answered": scored.intents.answered_right,
        "facts, F1 over all": scored.facts["all"].f1 if "all" in scored.facts else 1.0,
    }
    low = {name: figure for name, figure in figures.items() if figure < fail_under}
    for name, figure in low.items():
        print(f"UNDER {fail_under:.1%}: {name} is {figure:.1%}")
    return 1 if low else 0


def line(name: str, figure: float) -> None:
    """One figure as a percentage."""
    print(f"{name:<48}{figure:>7.1%}")


def heading(text: str) -> None:
    """A heading with a rule under it."""
    print(f"\n{text}\n{'-' * len(text)}")
