"""What kind of coverage the pieces of a story amount to: Medicare with Medi-Cal, an HMO through a job. The rows
are data: _kinds.yml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nlu.facts.data import yaml_file
from nlu.facts.found import Found
from nlu.facts.patterns import SURE

Pieces = dict[str, Found]


def name_kind(found: list[Found]) -> list[Found]:
    """The finds, with the plan type that the first fitting row names, unless a stronger one is stated."""
    pieces = _pieces(found)
    rows = yaml_file("_kinds.yml")
    rest = [one for one in found if one.fact != "_part"]
    for row in rows["rows"]:
        if _fits(row, pieces) and not _overruled(row["kind"], rest):
            return [*_without_plainer(rest, row), _named(row, pieces)]
    return rest


def likely_kind(found: list[Found], before: list[Found]) -> Iterator[Found]:
    """The plan type that a company or a bare programme makes likely. `before` are the finds with their pieces."""
    likely = yaml_file("_kinds.yml")["likely"]
    for fact, source, name in (("carrier", found, "carrier"), ("_part", before, "part")):
        for one in source:
            entry = likely[name].get(one.value) if one.fact == fact else None
            if entry:
                rule = f"plan_type/likely/{one.value}"
                yield Found(
                    "plan_type", entry["kind"], one.start, one.end, rule, one.sentence, confidence=entry["confidence"]
                )
                return


def _pieces(found: list[Found]) -> Pieces:
    pieces: Pieces = {}
    for one in found:
        for name in _names(one):
            pieces.setdefault(name, one)
    return pieces


def _names(one: Found) -> Iterator[str]:
    rows = yaml_file("_kinds.yml")
    if one.fact in ("_part", "plan_type") and one.confidence == SURE:
        yield str(one.value)
    elif one.fact == "product":
        yield f"product={one.value}"
    elif one.fact == "regulator":
        yield "regulator"
    elif one.fact == "carrier":
        yield "carrier"
        if one.value in rows["cohs_carriers"]:
            yield "cohs_carrier"
        if rows["likely"]["carrier"].get(one.value, {}).get("kind", "").startswith("medi_cal"):
            yield "likely_medi_cal"


def _fits(row: dict[str, Any], pieces: Pieces) -> bool:
    return all(piece in pieces for piece in row["pieces"]) and not any(
        piece in pieces for piece in row.get("without", ())
    )


def _overruled(kind: str, rest: list[Found]) -> bool:
    stronger = yaml_file("_kinds.yml")["stronger"]
    stated = {one.value for one in rest if one.fact == "plan_type" and one.confidence == SURE}
    return bool(stated & set(stronger)) and kind not in ("medicare_medi_cal_dual", "medi_cal_cohs")


def _without_plainer(rest: list[Found], row: dict[str, Any]) -> list[Found]:
    return [one for one in rest if one.fact != "plan_type" or one.value == row["kind"]]


def _named(row: dict[str, Any], pieces: Pieces) -> Found:
    one = pieces[row["pieces"][0]]
    return Found("plan_type", row["kind"], one.start, one.end, f"plan_type/{'+'.join(row['pieces'])}", one.sentence)
