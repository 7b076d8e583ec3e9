"""Outcomes in words, and for which paths they are figures at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from imr_logic.case import Case
from imr_logic.facts import CaseFacts
from imr_logic.language import DEFAULT, words
from imr_logic.outcomes.data import about
from imr_logic.outcomes.rates import Rate, rates_for
from imr_logic.outcomes.table import Table
from imr_logic.regulator import INSURED, regulator_of

Coverage = Literal["yes", "open", "no"]


def coverage(route: str, also: Iterable[str] = (), facts: CaseFacts | None = None) -> Coverage:
    """Whether the figures are for a path. They count reviews by the DMHC and no others.

    `also` are the routes named beside it; `facts` tell of the plan, whatever the route. "open": the path may lead
    to such a review, and it is not known yet.
    """
    if facts is not None and never_reviewed(facts):
        return "no"
    known, beside = about()["coverage"], set(also)
    before, unsettled = set(known["before_a_review"]), set(known["unsettled"])
    if route in known["reviews"]:
        return "yes"
    if route not in unsettled and beside & set(known["reviews"]):
        return "yes"
    elsewhere = beside - before - unsettled - {*known["reviews"], *known["says_nothing"]}
    may_lead = route in unsettled or (route in before and not elsewhere)
    return "open" if may_lead else "no"


def never_reviewed(facts: CaseFacts) -> bool:
    """Whether the plan is one whose denials the DMHC never reviews."""
    never, plan = about()["never_reviewed"], facts.get("plan_type")
    insured = plan is None or plan in INSURED
    return plan in never["plan_types"] or (
        insured and regulator_of(Case(facts.known, facts.today)).name in never["regulators"]
    )


def say_type(name: str, language: str = DEFAULT) -> str:
    """An official type as part of a sentence: "where the plan called the care experimental"."""
    said = words(language)["outcomes"]
    return str(said["types"].get(name) or said["other_category"].format(name=name)) if name else ""


def say_category(name: str, language: str = DEFAULT) -> str:
    """A category as part of a sentence: "on cancer care"; one that we have no words for by its official name."""
    said = words(language)["outcomes"]
    return str(said["categories"].get(name) or said["other_category"].format(name=name)) if name else ""


def say_years(rate: Rate, language: str = DEFAULT) -> str:
    """The years of a rate: "in 2025", "from 2021 to 2025"; a part year says so."""
    form = "one" if rate.first_year == rate.last_year else "many"
    template: str = words(language)["outcomes"]["when"][f"part_{form}" if rate.part_year else form]
    return template.format(first=rate.first_year, last=rate.last_year)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _template(rate: Rate, said: dict[str, Any]) -> str:
    form = "all_years" if rate.all_years else "rate" if rate.precision == "exact" else "rounded"
    return str(said[form])


def say_rate(rate: Rate, language: str = DEFAULT) -> str:
    """One rate with its number, years and 95 % interval: "Of 2,730 reviews decided in 2025, 72 % (71 to 74 %)
    went to the patient." What is shown to a person ends with `not_a_prediction`; `say_rates` sees to it.
    """
    said = words(language)["outcomes"]
    parts = (say_category(rate.category, language), say_type(rate.type, language))
    return _template(rate, said).format(
        decided=f"{rate.decided:,}".replace(",", said["thousands"]),
        when=say_years(rate, language),
        which="".join(f" {part}" for part in parts if part),
        share=_percent(rate.share),
        low=_percent(rate.low),
        high=_percent(rate.high),
    )


def not_a_prediction(language: str = DEFAULT) -> str:
    """The sentence that every showing of a rate ends with."""
    return str(words(language)["outcomes"]["not_a_prediction"])


def say_rates(rates: Iterable[Rate], language: str = DEFAULT, *, unsettled: bool = False) -> str:
    """Some rates as one text: whose counts they are, each rate on a line, and that they predict nothing.

    `unsettled` adds that they count only if the path leads to a review by the DMHC.
    """
    said = words(language)["outcomes"]
    lines = [say_rate(rate, language) for rate in rates]
    if not lines:
        return str(said["too_few"])
    intro = f"{said['intro']} {said['if_reviewed']}" if unsettled else str(said["intro"])
    return "\n".join([intro, *lines, f"{said['range']} {not_a_prediction(language)}"])


def say_not_covered(route: str, also: Iterable[str] = (), language: str = DEFAULT) -> str:
    """That the figures are not for a path, which is named: a grievance leads to the route beside it."""
    leads_on = route in about()["coverage"]["before_a_review"]
    path = next((one for one in also if one not in about()["coverage"]["says_nothing"]), route) if leads_on else route
    said = words(language)["outcomes"]
    if path in about()["coverage"]["unsettled"]:
        return str(said["not_covered_plan"])
    return str(said["not_covered"]).format(route=words(language)["routes"][path]["title"])


def say_outcomes(facts: CaseFacts, route: str, also: Iterable[str], table: Table, language: str = DEFAULT) -> str:
    """The whole answer to "what are my chances?": the rates for a case, or that there are none for its path."""
    beside = tuple(also)
    known = coverage(route, beside, facts)
    if known == "no":
        return say_not_covered(route, beside, language)
    return say_rates(rates_for(facts, table), language, unsettled=known == "open")
