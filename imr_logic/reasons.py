"""What the reasons for a denial add up to: a medical judgement, which reviewers decide, or something else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

from imr_logic.case import Case
from imr_logic.law import load

Track = Literal["imr", "complaint"]


class Reasons(NamedTuple):
    """`track` of the whole; `both`: the other way is worth knowing too; `known` is false without a reason."""

    track: Track
    both: bool
    known: bool
    authority: tuple[str, ...]


@lru_cache(maxsize=1024)
def weigh_reasons(reasons: tuple[str, ...]) -> Reasons:
    """HSC 1374.30(b): medical judgement "in whole or in part" makes the whole a review."""
    table = load("reasons")
    tracks: dict[str, Track] = {
        reason: "complaint" if set(table[reason].get("yields_to", ())) & set(reasons) else table[reason]["track"]
        for reason in reasons
    }
    track: Track = "imr" if "imr" in tracks.values() else "complaint"
    yielded = any(tracks[reason] != table[reason]["track"] for reason in reasons)
    beside = any(table[reason].get("beside") for reason in reasons)
    both = len(set(tracks.values())) > 1 or beside or yielded
    authority = tuple(dict.fromkeys(line for reason in reasons for line in table[reason]["authority"]))
    return Reasons(track, both, bool(reasons), authority)


def reason_of(reason: str) -> dict[str, Any]:
    """What the law files hold of one reason for a denial."""
    entry: dict[str, Any] = load("reasons").get(reason, {})
    return entry


def service_of(case: Case) -> dict[str, Any]:
    """What the law files hold of the kind of care that was denied."""
    entry: dict[str, Any] = load("services").get(case.get("service_category") or "", {})
    return entry


def weigh(case: Case) -> Reasons:
    """The reasons of a case. A dental plan's purely dental denial is never a review (HSC 1374.30(b))."""
    weighed = weigh_reasons(case.reasons())
    if case.get("plan_type") != "dental" or weighed.track != "imr":
        return weighed
    if service_of(case).get("medical_under_dental_plan"):
        return weighed._replace(both=True)
    return weighed._replace(track="complaint", both=False)
