"""What counts as a date in a frightened person's message, and which days it may mean.

Every row is read on Monday 2026-11-23. An expectation lists the mentions in order, joined by " + ":
`2026-10-05` is one certain day, `~a..b` an approximate interval, `?a` or `?a..b` an ambiguous one,
`!` an impossible day, and nothing at all means that there is no date in the text.
"""

from __future__ import annotations

from datetime import date, timedelta

import dateparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.dates import DateMention, find_dates

TODAY = date(2026, 11, 23)


def shown(mention: DateMention) -> str:
    """Write a mention the way the tables do."""
    if mention.precision == "impossible":
        return "!"
    days = (
        f"{mention.earliest}"
        if mention.earliest == mention.latest
        else f"{mention.earliest}..{mention.latest}"
    )
    return {"exact": "", "approximate": "~", "ambiguous": "?"}[mention.precision] + days


def read(text: str) -> str:
    return " + ".join(shown(mention) for mention in find_dates(text, TODAY))


ABSOLUTE = [
    ("Oct 5", "2026-10-05"),
    ("the letter is dated October 5th, 2026.", "2026-10-05"),
    ("10/5", "2026-10-05"),
    ("10/5/26", "2026-10-05"),
    ("it says 10-05-2026 at the top", "2026-10-05"),
    ("2026-10-05", "2026-10-05"),
    ("2026/10/05", "2026-10-05"),
    ("5 October 2026", "2026-10-05"),
    ("the 5th of October", "2026-10-05"),
    ("Oct. 5 '26", "2026-10-05"),
    ("october fifth", "2026-10-05"),
    ("October the 5th", "2026-10-05"),
    ("el 5 de octubre", "2026-10-05"),
    ("5 de octubre del 2026", "2026-10-05"),
    ("octubre 5", "2026-10-05"),
    ("OCTOBER 5 2026!!!", "2026-10-05"),
    ("oct5", "2026-10-05"),
    ("oct 5th 2026 at 3pm", "2026-10-05"),
    ("5-Oct-2026", "2026-10-05"),
    ("05OCT2026", "2026-10-05"),
    ("Oct-05-26", "2026-10-05"),
    ("ocotber 5th", "2026-10-05"),
    ("Sept 3rd", "2026-09-03"),
    ("9/3", "2026-09-03"),
    ("9/3/26", "2026-09-03"),
    ("3-4-2026", "2026-03-04"),
    ("10.05.2026", "2026-10-05"),
    ("letter from 8/14/2025", "2025-08-14"),
    ("denied on 1/2/25", "2025-01-02"),
    ("Feb 28", "2026-02-28"),
    ("febuary 10", "2026-02-10"),
    ("twenty-first of September", "2026-09-21"),
    ("November twenty second", "2026-11-22"),
    ("3 of may 2025", "2025-05-03"),
    ("May 5 they wrote to us", "2026-05-05"),
    ("on march 12 it was refused", "2026-03-12"),
    ("12/25", "2025-12-25"),
    ("letter dated December 5", "2025-12-05"),
    ("dated 1/5/2027", "2027-01-05"),
    ("Monday, October 5", "2026-10-05"),
    ("Mon Oct 5 2026", "2026-10-05"),
    ("October 5 last year", "2025-10-05"),
    ("october 5th of this year", "2026-10-05"),
    ("february 29 2024", "2024-02-29"),
    ("the date is October 5 2026 2:30 pm", "2026-10-05"),
    ("on the first Monday of October", "2026-10-05"),
    ("Oct 5\u00a02026", "2026-10-05"),
    ("the 15th of last month", "2026-10-15"),
    ("on the 2nd of this month", "2026-11-02"),
    ("Monday the 12th", "2026-10-12"),
    ("the first of the month", "2026-11-01"),
    ("Nov 23", "2026-11-23"),
]

FUTURE = [
    ("my therapy ends on December 5", "2026-12-05"),
    ("effective 12/05", "2026-12-05"),
    ("surgery is Jan 8", "2027-01-08"),
    ("effective 10/1", "2026-10-01"),
    ("they will discharge her on December 1st", "2026-12-01"),
    ("my appointment is on January 4", "2027-01-04"),
    ("December 2 is when they're cutting him off", "2026-12-02"),
    ("tomorrow", "2026-11-24"),
    ("the day after tomorrow", "2026-11-25"),
    ("surgery in two weeks", "~2026-12-04..2026-12-10"),
    ("next week", "~2026-11-29..2026-12-06"),
    ("it stops next month", "~2026-12-01..2026-12-31"),
    ("next Wed", "?2026-11-25..2026-12-02"),
    ("this coming Friday", "2026-11-27"),
    ("they are sending her home Friday", "2026-11-27"),
    ("coverage will end the day after Thanksgiving", "2026-11-27"),
    ("the surgery is scheduled for the 8th", "?2026-12-08"),
]

RELATIVE = [
    ("yesterday", "2026-11-22"),
    ("I got it today", "2026-11-23"),
    ("the day before yesterday", "2026-11-21"),
    ("two days ago", "2026-11-21"),
    ("this morning", "2026-11-23"),
    ("last night they called", "2026-11-22"),
    ("exactly 30 days ago", "2026-10-24"),
    ("three weeks ago", "~2026-10-30..2026-11-05"),
    ("about 3 weeks ago", "~2026-10-30..2026-11-05"),
    ("2 wks ago", "~2026-11-06..2026-11-12"),
    ("a couple of weeks ago", "~2026-11-06..2026-11-12"),
    ("about a month ago", "~2026-10-18..2026-10-28"),
    ("a month and a half ago", "~2026-09-28..2026-10-18"),
    ("two months ago", "~2026-09-13..2026-10-03"),
    ("six months ago", "~2026-05-02..2026-06-13"),
    ("ten days back", "~2026-11-12..2026-11-14"),
    ("a few days ago", "~2026-11-18..2026-11-21"),
    ("a few weeks ago", "~2026-10-19..2026-11-09"),
    ("a week or two ago", "~2026-11-06..2026-11-18"),
    ("2-3 weeks ago", "~2026-10-30..2026-11-12"),
    ("last week", "~2026-11-15..2026-11-22"),
    ("last month", "~2026-10-01..2026-10-31"),
    ("sometime last year", "~2025-01-01..2025-12-31"),
    ("earlier this month", "~2026-11-01..2026-11-22"),
    ("the other day", "~2026-11-13..2026-11-21"),
    ("a week ago today", "2026-11-16"),
    ("two weeks ago today", "2026-11-09"),
    ("over the weekend", "~2026-11-21..2026-11-22"),
    ("an hour ago", "2026-11-23"),
    ("less than two weeks ago", "~2026-11-09..2026-11-23"),
    ("hace dos semanas", "~2026-11-06..2026-11-12"),
    ("ayer", "2026-11-22"),
    ("half a year ago", "~2026-05-02..2026-06-13"),
    ("4 days ago", "2026-11-19"),
    ("sometime in the last two weeks", "~2026-11-09..2026-11-23"),
    ("the week before last", "~2026-11-08..2026-11-15"),
    ("yesterday I think", "~2026-11-21..2026-11-23"),
]

WEEKDAYS = [
    ("last Tuesday", "2026-11-17"),
    ("they denied it on Friday", "2026-11-20"),
    ("this past Monday", "2026-11-16"),
    ("it came Thursday", "2026-11-19"),
    ("last sat", "2026-11-21"),
    ("Tuesday of last week", "2026-11-17"),
    ("last week on thursday", "2026-11-19"),
    ("the Friday before last", "2026-11-13"),
    ("el lunes pasado", "2026-11-16"),
    ("three Fridays ago", "2026-11-06"),
    ("friday afternoon someone called", "2026-11-20"),
]

CALENDAR_PARTS = [
    ("early May", "~2026-05-01..2026-05-10"),
    ("mid-September", "~2026-09-11..2026-09-20"),
    ("the end of June", "~2026-06-21..2026-06-30"),
    ("in October", "~2026-10-01..2026-10-31"),
    ("since August", "~2026-08-01..2026-08-31"),
    ("back in March", "~2026-03-01..2026-03-31"),
    ("October 2025", "~2025-10-01..2025-10-31"),
    ("late december", "~2025-12-21..2025-12-31"),
    ("in November", "~2026-11-01..2026-11-23"),
    ("sometime in the first week of June", "~2026-06-01..2026-06-07"),
    ("this spring", "~2026-03-01..2026-06-20"),
    ("last summer", "~2026-06-01..2026-09-22"),
    ("in 2024", "~2024-01-01..2024-12-31"),
    ("a mediados de septiembre", "~2026-09-11..2026-09-20"),
    ("towards the end of last month", "~2026-10-21..2026-10-31"),
    ("10/2025", "~2025-10-01..2025-10-31"),
    ("it was October I think", "~2026-10-01..2026-10-31"),
]

HOLIDAYS = [
    ("the day before Thanksgiving", "?2025-11-26"),
    ("right after Labor Day", "~2026-09-08..2026-09-12"),
    ("on Halloween", "2026-10-31"),
    ("around Christmas", "~2025-12-20..2025-12-30"),
    ("on Veterans Day", "2026-11-11"),
    ("the Friday before Memorial Day", "2026-05-22"),
    ("on Election Day", "2026-11-03"),
    ("New Year's Eve", "2025-12-31"),
    ("the 4th of July", "2026-07-04"),
    ("two days after Columbus Day", "2026-10-14"),
    ("the week of labor day", "~2026-09-07..2026-09-13"),
    ("Easter Sunday", "2026-04-05"),
    ("MLK day", "2026-01-19"),
    ("the day after Mother’s Day", "2026-05-11"),
    ("christmas eve 2025", "2025-12-24"),
]

UNSURE = [
    ("the 3rd", "?2026-11-03"),
    ("on the 12th", "?2026-11-12"),
    ("the 30th", "?2026-10-30"),
    ("I think it was the 5th", "~2026-11-02..2026-11-08"),
    ("around Oct 5", "~2026-10-02..2026-10-08"),
    ("Oct 5 or so", "~2026-10-02..2026-10-08"),
    ("maybe october 5th??", "~2026-10-02..2026-10-08"),
    ("October 5 or 6", "~2026-10-05..2026-10-06"),
    ("between Oct 3 and Oct 9", "~2026-10-03..2026-10-09"),
    ("October 3-9", "~2026-10-03..2026-10-09"),
    ("from 10/3 to 10/9", "~2026-10-03..2026-10-09"),
    ("13/5/2026", "?2026-05-13"),
    ("Tuesday, October 5", "?2026-10-05"),
    ("between the 3rd and the 9th", "?2026-11-03..2026-11-09"),
    ("on or about October 5, 2026", "~2026-10-02..2026-10-08"),
    ("June 31", "!"),
    ("2026-02-30", "!"),
    ("13/45/2026", "!"),
    ("letter dated Feb 30th", "!"),
    ("the 31st of November", "!"),
    ("February 29, 2026", "!"),
    ("10/32/2026", "!"),
]

SEVERAL = [
    ("I filed on October 12 and the letter of Nov 2 says no", "2026-10-12 + 2026-11-02"),
    ("denied 9/1, appealed 9/14, denied again 10/10", "2026-09-01 + 2026-09-14 + 2026-10-10"),
    ("they said no Oct 5 and I got the paper two days later", "2026-10-05 + 2026-10-07"),
    ("denied 10/5/2025 and appealed 11/2", "2025-10-05 + ?2025-11-02"),
]

NOT_DATES = [
    "my mom is 72 years old",
    "a 5 year old boy",
    "I've been in pain for 6 months",
    "they must answer within 30 days",
    "there is a 30 day wait",
    "I waited three weeks",
    "a 3 day stay in the hospital",
    "call 916-555-0123 or 1-888-555-2219",
    "member id XEA905123456",
    "they want $10,500 and a $12/15 copay",
    "under section 1374.30 and 1300.68(b)(9)",
    "norco 10/325 mg twice a day",
    "my blood pressure was 120/80",
    "pain every day, 24/7",
    "my pain is 8/10 most days",
    "I may appeal if they let me",
    "we march on with no help",
    "I want a second opinion",
    "the first letter was short",
    "form 1095-A and form DMHC 20-224",
    "at 3:30 pm they hang up",
    "it took 2 hours on hold",
    "the third appeal in a row",
    "I have therapy every Monday",
    "open monday through friday",
    "she takes half a pill, 1/2 tablet",
    "my second request was ignored",
    "I sat there and cried",
    "twice a week for two years",
    "they give me 10 days to answer",
    "stage 3 cancer, 4 kids, 2 jobs",
    "the sun hurts my eyes and I fall a lot",
    "80/20 plan with a 20% coinsurance",
    "it may 5 times worse than before",
    "the Mayo Clinic told me to ask",
    "on the 3rd floor, room 12",
    "my group number is 10-2044-19",
    "I called 3 times in 2 weeks",
    "L4/5 fusion and C5/6 disc",
    "20 sessions of physical therapy",
    "Three days a week I cannot walk",
    "now what do I do",
]

ALL_ROWS = ABSOLUTE + FUTURE + RELATIVE + WEEKDAYS + CALENDAR_PARTS + HOLIDAYS + UNSURE + SEVERAL
