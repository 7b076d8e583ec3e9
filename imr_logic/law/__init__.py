"""The law as data: every figure, contact and citation, dated and cited, read from the YAML files beside this.

Nothing else in the project may hold a figure of law. `periods.yml` holds what deadlines are counted by,
`holidays.yml` the days off, `rules.yml` the rules of triage, `reasons.yml` and `services.yml` what a reason or a
kind of care brings with it, `carriers.yml` who regulates whom, `contacts.yml` whom to reach, `routes.yml`
what each route asks of a person, `guidance.yml` what people ask on the way, `evidence.yml` what to gather and
`gathering.yml` for whom, `asks.yml` what letters ask for, `vocabulary.yml` the facts of a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

FOLDER = Path(__file__).parent
Unit = Literal["calendar_days", "calendar_months", "working_days"]
Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")


class UnknownRule(KeyError):
    """A rule, period or contact was asked for that the law files do not hold."""


@lru_cache
def load(name: str) -> dict[str, Any]:
    """One law file as a mapping. Read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (FOLDER / f"{name}.yml").open(encoding="utf-8") as file:
        data: dict[str, Any] = yaml.load(file, Loader=loader)
    return data


class Period(NamedTuple):
    """A period of law as it held on one day: `value` counted in `unit`."""

    name: str
    value: int
    unit: Unit
    authority: tuple[str, ...]
    confidence: Confidence


class Rule(NamedTuple):
    """A rule of triage: its id and what it rests on."""

    name: str
    authority: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class _Version:
    starts: date
    ends: date
    period: Period


@lru_cache
def _versions(name: str) -> tuple[_Version, ...]:
    try:
        entry = load("periods")[name]
    except KeyError:
        raise UnknownRule(f"no period named {name!r} in periods.yml") from None
    return tuple(
        _Version(
            value["from"],
            value.get("until", date.max),
            Period(name, value["value"], value["unit"], tuple(value["authority"]), value["confidence"]),
        )
        for value in entry["values"]
    )


def period(name: str, on: date) -> Period:
    """The period named `name` for an event on the day `on`; for events before the first version, the first.

    Raises UnknownRule for a name that the law files do not hold.
    """
    versions = _versions(name)
    for version in versions:
        if version.starts <= on <= version.ends:
            return version.period
    return versions[0].period


@lru_cache
def rule(name: str) -> Rule:
    """The rule of triage named `name`. Raises UnknownRule."""
    try:
        entry = load("rules")[name]
    except KeyError:
        raise UnknownRule(f"no rule named {name!r} in rules.yml") from None
    return Rule(name, tuple(entry["authority"]), entry["confidence"])


def weakest(confidences: list[Confidence]) -> Confidence:
    """The lowest of some confidences; high when there are none."""
    return min(confidences, key=CONFIDENCES.index, default="high")


def address_of(citation: str) -> str | None:
    """Where a citation can be read officially, or None when its code is not in citations.yml."""
    for code, address in load("citations").items():
        if citation.startswith(code + " "):
            words = citation[len(code) :].strip().split()
            section = words[0].split("(")[0].rstrip(",") if words else ""
            return str(address).format(section=section)
    return None


class LawEntry(NamedTuple):
    """One line of the law board: what it is, its value, what it rests on, when it was last verified."""

    id: str
    file: str
    value: str
    authority: tuple[str, ...]
    url: str | None
    verified: date | None
    confidence: str


def entries() -> Iterator[LawEntry]:
    """Every rule, period, holiday, reason, carrier, contact, paper to gather and ask of the law files."""
    yield from _period_entries()
    yield from _rule_entries("rules")
    yield from _rule_entries("reasons")
    yield from _rule_entries("services")
    yield from _rule_entries("evidence")
    yield from _rule_entries("asks")
    yield from _holiday_entries()
    yield from _carrier_entries()
    yield from _contact_entries()
    yield from _guidance_entries()
    yield from _texting_entries()


def _entry(id: str, file: str, value: str, data: dict[str, Any], verified: date | None = None) -> LawEntry:
    by_plan = (data.get(key, ()) for key in ("authority", "cdi", "erisa", "any"))
    authority = tuple(dict.fromkeys(citation for citations in by_plan for citation in citations))
    url = data.get("url") or (address_of(authority[0]) if authority else None)
    return LawEntry(id, file, value, authority, url, data.get("verified", verified), data.get("confidence", "high"))


def _period_entries() -> Iterator[LawEntry]:
    for name, data in load("periods").items():
        for value in data["values"]:
            until = f" until {value['until']}" if "until" in value else ""
            shown = f"{value['value']} {value['unit'].replace('_', ' ')} (from {value['from']}{until})"
            yield _entry(name, "periods", shown, value)


def _rule_entries(file: str) -> Iterator[LawEntry]:
    for name, data in load(file).items():
        yield _entry(name, file, str(data.get("track", "applies")), data, load("about")["verified"])


def _texting_entries() -> Iterator[LawEntry]:
    for name, data in load("texting").items():
        value = f"{data['from_hour']} to {data['until_hour']} o'clock" if "from_hour" in data else "applies"
        yield _entry(name, "texting", value, data)


def _guidance_entries() -> Iterator[LawEntry]:
    for name, data in load("guidance")["points"].items():
        value = (
            f"{data['value']} {data['unit'].replace('_', ' ')}" if "value" in data else data.get("period", "applies")
        )
        yield _entry(name, "guidance", value, data, load("about")["verified"])


def _holiday_entries() -> Iterator[LawEntry]:
    data = load("holidays")
    for day in data["days"]:
        source = {"authority": data["authority"], "confidence": day.get("confidence", "high")}
        yield _entry(day["id"], "holidays", f"{day['name']} ({', '.join(day['lists'])})", source, data["verified"])


def _carrier_entries() -> Iterator[LawEntry]:
    data = load("carriers")
    for name, carrier in data["carriers"].items():
        source = {"authority": data["authority"], "confidence": carrier.get("confidence", "high")}
        yield _entry(name, "carriers", carrier.get("regulator", "depends on the product"), source, data["verified"])


def _contact_entries() -> Iterator[LawEntry]:
    for name, contact in load("contacts").items():
        value = " · ".join(str(contact[key]) for key in ("phone", "fax", "mail", "url") if key in contact)
        yield _entry(name, "contacts", value, {**contact, "authority": [contact["name"]]})
