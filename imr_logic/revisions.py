"""How often the dates of a case changed: calendars follow an event only when its number is higher than before
(RFC 5545 section 3.8.7.4). Whoever keeps a case, and whoever writes its calendar file, counts by this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

# For each date by "code/kind": its day ("date", ISO), how often it changed ("sequence"), whether it does not apply
# any more ("gone"), and whether it stood in a calendar file given out before ("given"; absent means no).
Revision = dict[str, Any]
Revisions = Mapping[str, Mapping[str, Any]]
LAST_DAY = "legal_last_day"


def revised(before: Revisions, deadlines: Iterable[Mapping[str, Any]]) -> dict[str, Revision]:
    """The revisions after an assessment with these deadlines (plain JSON). A date that changed, went away or came
    back counts one more. One that went away stays, marked as gone, with its last day. A last day on the very day to
    file by is no date of its own: nobody is reminded twice of one day."""
    dated = [one for one in deadlines if one.get("date")]
    filed = {(one.get("code"), one["date"]) for one in dated if one.get("kind") == "file_by"}
    own = [one for one in dated if one.get("kind") != LAST_DAY or (one.get("code"), one["date"]) not in filed]
    days = {f"{one.get('code')}/{one.get('kind')}": one["date"] for one in own}
    gone = {name: _gone(known) for name, known in before.items() if name not in days}
    return gone | {name: _counted(before.get(name), day) for name, day in days.items()}


def is_shown(known: Mapping[str, Any], today: date) -> bool:
    """Whether a calendar file of a day holds the date: one still ahead, or one that calendars hold already."""
    ahead = not known["gone"] and date.fromisoformat(known["date"]) >= today
    return ahead or bool(known.get("given"))


def given_out(known: Revisions, today: date) -> dict[str, Revision]:
    """The revisions once a calendar file of that day was given out: what stood in it is given."""
    return {name: {**one, "given": True} if is_shown(one, today) else dict(one) for name, one in known.items()}


def _gone(known: Mapping[str, Any]) -> Revision:
    return dict(known) if known["gone"] else {**known, "sequence": known["sequence"] + 1, "gone": True}


def _counted(known: Mapping[str, Any] | None, day: str) -> Revision:
    if known is None:
        return {"date": day, "sequence": 0, "gone": False}
    changed = known["gone"] or known["date"] != day
    return {**known, "date": day, "sequence": known["sequence"] + changed, "gone": False}
