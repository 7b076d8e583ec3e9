"""`/staff/overview`: how many, where they led, how it went; the dates that come up; who waits for a call."""

from __future__ import annotations

from starlette.responses import Response

from imr_logic.language import days_left
from records import corrections
from records.figures import figures
from web.staff import plots
from web.staff.inbox import CHANNELS
from web.staff.rendering import show
from web.staff.visit import Visit

DAYS_AHEAD = 30
WEEKS = (4, 12, 26, 52)
MOST_DATES = 100


def show_overview(visit: Visit) -> Response:
    """`GET /staff/overview`."""
    weeks = int(visit.asked("weeks", tuple(str(one) for one in WEEKS)) or WEEKS[1])
    found = figures(visit.today, weeks, DAYS_AHEAD, MOST_DATES, url=visit.url)
    by_week = [(f"{week.monday:%b} {week.monday.day}", week.by_channel) for week in found.weeks]
    channels = [*CHANNELS, *(name for name, _ in found.channels if name not in CHANNELS)]
    return show(
        visit,
        "overview",
        found=found,
        weeks=weeks,
        choices=WEEKS,
        days=DAYS_AHEAD,
        dates=[(day, days_left(day, visit.today), *rest) for day, *rest in found.dates],
        more_dates=found.more_dates,
        bars=plots.stacked(by_week, channels),
        by_week=by_week,
        channels=channels,
        largest=max((count for _, count in found.routes), default=1),
        proposed=corrections.waiting(url=visit.url),
        width=plots.WIDTH,
        height=plots.HEIGHT,
    )
