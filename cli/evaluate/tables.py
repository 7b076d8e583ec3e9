"""The tables of `./imr evaluate nlu`, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cli.evaluate.calibration import bins, expected_error, guesses
from cli.evaluate.messages import Outcome
from cli.evaluate.scores import Scored, Tally, agrees, confusions, share
from cli.evaluate.targets import Target

WORST = 10  # confusions that are shown
SHOWN_CHARACTERS = 160


def report(name: str, outcomes: Sequence[Outcome], scored: Scored, reached: Sequence[Target]) -> None:
    """Print the figures of one evaluation set."""
    report_targets(f"{name}: {len(outcomes)} messages", reached)
    line("intent, right if it always guessed", scored.intents.guessed_right)
    line(f"dates, approximate and overlapping (of {scored.dates.approximate_count})", scored.dates.approximate)
    report_tallies("fact", scored.facts)
    report_tallies("intent", scored.intent_tallies)
    report_groups(outcomes)
    report_calibration(outcomes)
    report_confusions(outcomes)


def report_targets(title: str, reached: Sequence[Target]) -> None:
    """What must be reached, and what was."""
    heading(f"{title:<48}{'figure':>10}  target")
    for one in reached:
        print(f"{one.name:<48}{one.shown:>10}  {one.asked}{'' if one.met else '  MISSED'}")


def report_calibration(outcomes: Sequence[Outcome]) -> None:
    """How sure the model is beside how often it is right."""
    found = bins(guesses(outcomes))
    heading(f"{'how sure, by tenths':<34}{'number':>8}{'sure':>11}{'right':>9}")
    for one in found:
        print(f"{'':<34}{one.count:>8}{one.confidence:>11.1%}{one.right:>9.1%}")
    line("expected calibration error", expected_error(found))


def report_tallies(what: str, tallies: dict[str, Tally]) -> None:
    """Precision, recall and F1 of every fact or intent, the most frequent first."""
    rows = [
        (name, tally.right + tally.missed, tally.precision, tally.recall, tally.f1)
        for name, tally in sorted(tallies.items(), key=lambda item: -(item[1].right + item[1].missed))
    ]
    precision_table(what, rows)


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
        found = problems(outcome)
        if found:
            text = " ".join(outcome.case.text.split())
            shown = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
            print(f"{outcome.case.id} ({outcome.case.style}): {shown}")
            for problem in found:
                print(f"      {problem}")


def problems(outcome: Outcome) -> list[str]:
    """All that went wrong with one message, a line each."""
    return [*wrong_intent(outcome), *wrong_facts(outcome), *wrong_dates(outcome), *wrong_safety(outcome)]


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


def wrong_dates(outcome: Outcome) -> list[str]:
    """Dates whose day or role was not found; exact days with their fact are told as facts already."""
    lines = []
    for meant in outcome.case.dates:
        same = [found for found in outcome.dates if agrees(meant, found)]
        if not any(found["fact"] == meant["fact"] for found in same):
            roles = ", ".join(str(found["fact"]) for found in same) or "not found"
            lines.append(f"date {meant['text']!r}: {roles}, meant {meant['fact']}")
    return lines


def as_list(value: object) -> list[str]:
    """A fact's values in a fixed order: lists have none of their own."""
    return sorted(str(one) for one in value) if isinstance(value, list) else [str(value)]


def wrong_safety(outcome: Outcome) -> list[str]:
    """The alarm, when it differs."""
    if outcome.safety == outcome.case.safety:
        return []
    return [f"safety: {outcome.safety}, meant {outcome.case.safety}"]


def verdict(reached: Sequence[Target], fail_under: float | None) -> int:
    """0, or 1 when a share that should be high is under the bar (0 to 1). Times are not judged: they tell of the
    machine as well."""
    if fail_under is None:
        return 0
    low = [one for one in reached if one.unit == "%" and not one.most and one.figure < fail_under]
    for one in low:
        print(f"UNDER {fail_under:.1%}: {one.name} is {one.shown}")
    return 1 if low else 0


def line(name: str, figure: float) -> None:
    """One figure as a percentage."""
    print(f"{name:<48}{figure:>7.1%}")


def heading(text: str) -> None:
    """A heading with a rule under it."""
    print(f"\n{text}\n{'-' * len(text)}")
