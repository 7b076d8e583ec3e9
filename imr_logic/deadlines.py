"""Every deadline: one function a code, each counted from the day that the law counts from.

`file_by` is the safe date to show, moved back to a working day; `legal_last_day` is what the law may allow,
moved forward; `decision_due` and `eligible_from` are not moved; `confirm_on_letter` has no date.
"""

from __future__ import annotations

from datetime import date, timedelta
from datetime import date as Day
from typing import Literal, NamedTuple

from imr_logic.calendar import HolidayList, after, after_by_federal_rule, roll_back, roll_forward
from imr_logic.case import Case
from imr_logic.law import Period, period

Kind = Literal["file_by", "legal_last_day", "decision_due", "eligible_from", "confirm_on_letter"]


class Due(NamedTuple):
    """One date of a case. `counted_from` is the fact (or the named day) and `start` the day that it is
    counted from; `note` names extra words that belong to it and `note_day` the day in them; `moved`: the day it
    would fall on is a day off."""

    code: str
    kind: Kind
    date: Day | None
    period: Period
    counted_from: str
    start: Day | None
    note: str | None = None
    moved: bool = False
    note_day: Day | None = None


def _file_by(code: str, start: date, counted_from: str, name: str | None = None, note: str | None = None) -> Due:
    rule = period(name or code, start)
    last = after(start, rule)
    day = roll_back(last, start)
    return Due(code, "file_by", day, rule, counted_from, start, note, day != last)


def _last_day(
    code: str, start: date, counted_from: str, name: str | None = None, which: HolidayList = "narrow"
) -> Due:
    rule = period(name or code, start)
    last = after(start, rule)
    day = roll_forward(last, which)
    return Due(code, "legal_last_day", day, rule, counted_from, start, moved=day != last)


def confirm_on_letter(code: str, counted_from: str, name: str | None = None, today: date = date.max) -> Due:
    """A deadline whose start is not known: the person reads it off the letter."""
    return Due(code, "confirm_on_letter", None, period(name or code, today), counted_from, None)


def simple(case: Case, code: str, fact: str, *, name: str | None = None, last: str | None = None) -> list[Due]:
    """file_by counted from one fact and, with `last`, the legal last day by the period of that name. Where the
    date of the denial letter is not known, its receipt serves."""
    fact = (letter(case) or fact) if fact == "denial_letter_date" else fact
    start = case.day(fact)
    if start is None:
        return []
    dues = [_file_by(code, start, fact, name)]
    return [*dues, _last_day(code, start, fact, last)] if last else dues


def plan_grievance(case: Case) -> list[Due]:
    """28 CCR 1300.68(b)(9): from the denial letter, else from its receipt if only that is known."""
    fact = letter(case)
    return simple(case, "plan_grievance", fact, last="plan_grievance") if fact else []


def letter(case: Case) -> str | None:
    """The fact that dates the denial: the letter, else its receipt; none where nothing was decided."""
    if case.volunteered("decision") == "none" and "denial_letter_date" not in case.known:
        return None
    return first_known(case, "denial_letter_date", "denial_received_date")


def answer(case: Case) -> str | None:
    """The fact that dates the plan's answer to the grievance: its letter, else its receipt. While the
    grievance is pending there is none to ask for."""
    facts = ("grievance_decision_date", "grievance_decision_received_date")
    if case.get("grievance_status") == "pending":
        facts = tuple(fact for fact in facts if fact in case.known)  # type: ignore[assignment]
    return first_known(case, *facts)


def first_known(case: Case, *facts: str) -> str | None:
    """The first of some date facts that is known. A later one is only worth asking for once the person has
    said that they do not know the earlier."""
    for place, fact in enumerate(facts):
        if case.day(fact) is not None:
            return fact
        if fact not in case.known:
            return next((later for later in facts[place:] if case.volunteered(later) is not None), None)
    return None


def is_expedited(case: Case) -> bool:
    """Whether the grievance was filed as urgent. Only worth asking of someone for whom waiting is dangerous."""
    asking = case.volunteered("urgent") is True
    return (case.get if asking else case.volunteered)("grievance_expedited") is True


def answer_period(case: Case, start: date) -> Period:
    """The days that the plan has to answer a grievance filed on `start`."""
    expedited = is_expedited(case)
    return period("plan_grievance_decision_expedited" if expedited else "plan_grievance_decision", start)


def grievance_clock(case: Case) -> list[Due]:
    """The plan's answer and the first day on which the regulator may be asked, for a grievance filed."""
    filed = case.day("grievance_filed_date")
    if filed is None:
        return []
    return _answer_and_next_day(filed, answer_period(case, filed), "grievance_filed_date")


def grievance_clock_from_today(case: Case) -> list[Due]:
    """The same for an urgent grievance that is filed today."""
    rule = period("plan_grievance_decision_expedited", case.today)
    return _answer_and_next_day(case.today, rule, "today")


def _answer_and_next_day(start: date, rule: Period, counted_from: str) -> list[Due]:
    answer = after(start, rule)
    eligible = answer + timedelta(days=1)
    return [
        Due("plan_grievance_decision", "decision_due", answer, rule, counted_from, start),
        Due("regulator_eligible", "eligible_from", eligible, rule, counted_from, start),
    ]


def day_of_answer_due(case: Case) -> date | None:
    """The 30th (or 3rd) day of the grievance, None when the filing day is not known."""
    filed = case.day("grievance_filed_date")
    return after(filed, answer_period(case, filed)) if filed else None


def imr_application(case: Case, name: str = "imr_application") -> list[Due]:
    """HSC 1374.30(k): the safe date from the earlier of the plan's written answer and the day by which it was
    due; the legal last day from receipt, else the letter, else that day (28 CCR 1300.74.30)."""
    answered = answer(case)
    due = day_of_answer_due(case)
    if answered is None:
        return _imr_from_silence(case, name, due)
    written = case.day(answered)
    assert written is not None
    if due is not None and due < written:
        safe = _file_by("imr_application", due, "day_30", _from_day_30(name), note="two_clocks")
    else:
        safe = _file_by("imr_application", written, answered, name)
    return [safe, _legal_last_day(case, answered, written, name)]


def _legal_last_day(case: Case, answered: str, written: date, name: str) -> Due:
    """By receipt of the plan's answer. Receipt is only worth asking for when the letter's own count has run out."""
    by_letter = _last_day("imr_application", written, answered, name)
    late = by_letter.date is not None and by_letter.date < case.today
    receipt = case.get if late else case.volunteered
    if receipt("grievance_decision_received_date") is None:
        return by_letter
    received = case.day("grievance_decision_received_date") or written
    return _last_day("imr_application", received, "grievance_decision_received_date", name)


def _from_day_30(name: str) -> str:
    return "imr_application_from_day_30" if name == "imr_application" else name


def _imr_from_silence(case: Case, name: str, due: date | None) -> list[Due]:
    if due is None or case.get("grievance_status") == "upheld":
        return [confirm_on_letter("imr_application", "grievance_decision_date", name, case.today)]
    rule = _from_day_30(name)
    return [
        _file_by("imr_application", due, "day_30", rule),
        _last_day("imr_application", due, "day_30", rule),
    ]


def imr_application_experimental(case: Case, name: str) -> list[Due]:
    """From the denial letter, because no grievance is needed; with a grievance upheld too, the plan's letter
    on it gives the legal last day."""
    fact = letter(case)
    start = case.day(fact) if fact else None
    dues = [_file_by("imr_application", start, fact or "", name)] if start else []
    if case.get("grievance_status") == "upheld":
        answered = answer(case)
        last = case.day(answered) if answered else None
        if last and answered:
            later = (start, fact) if start and fact and start > last else (last, answered)
            dues.append(_last_day("imr_application", *later, name))
    return dues


def qio_fast_appeal(case: Case) -> list[Due]:
    """Noon of the day before care ends (42 CFR 422.626)."""
    ends = case.day("care_end_date")
    if ends is None:
        return []
    rule = period("qio_fast_appeal", ends)
    eve = ends - timedelta(days=rule.value)
    notice = case.day("denial_letter_date") or min(case.today, eve)
    day = max(roll_back(eve, notice), min(notice, ends))
    return [Due("qio_fast_appeal", "file_by", day, rule, "care_end_date", ends, "by_noon")]


def aid_paid_pending(case: Case) -> list[Due]:
    """Ten days from a notice that cuts care already authorised, or the day the change takes effect (42 CFR
    438.420): the earlier is the date; where the change starts later, its day is said beside it."""
    cuts = case.get("care_status") == "ongoing" or case.get("change_effective_date") is not None
    start = case.day("denial_letter_date")
    if not cuts or start is None:
        return []
    later = case.day("change_effective_date")
    due = _file_by("aid_paid_pending", start, "denial_letter_date")
    if later is None or later <= after(start, due.period) or later < case.today:
        return [due]
    return [due._replace(note="or_when_the_change_starts", note_day=later)]


def federal_external_review(case: Case) -> list[Due]:
    """Four months: the safe date from the letter, the last day from receipt by the federal rule."""
    written = answer(case)
    if written is None:
        return [confirm_on_letter("federal_external_review", "grievance_decision_date", today=case.today)]
    start = case.day(written)
    assert start is not None
    received = written if case.day("grievance_decision_received_date") is None else "grievance_decision_received_date"
    last = case.day(received) or start
    rule = period("federal_external_review", last)
    day = roll_forward(after_by_federal_rule(last, rule), "federal_and_state")
    return [
        _file_by("federal_external_review", start, written),
        Due("federal_external_review", "legal_last_day", day, rule, received, last),
    ]


def plan_compliance(case: Case) -> list[Due]:
    """Five working days from receipt of a review that was won (HSC 1374.34(a))."""
    fact = first_known(case, "imr_decision_received_date", "imr_decision_date")
    start = case.day(fact) if fact else None
    if fact is None or start is None:
        return []
    rule = period("plan_compliance", start)
    return [Due("plan_compliance", "decision_due", after(start, rule), rule, fact, start)]


def has_surely_passed(case: Case, dues: list[Due]) -> bool:
    """Whether the last day has gone by whichever day a vague date turns out to be."""
    slack = max((_slack(case, due) for due in dues), default=timedelta(0))
    return has_passed(dues, case.today - slack)


def _slack(case: Case, due: Due) -> timedelta:
    fact = "grievance_filed_date" if due.counted_from == "day_30" else due.counted_from
    span = case.span(fact) if fact in case.known else None
    return span.latest - span.earliest if span else timedelta(0)


def has_passed(dues: list[Due], today: date) -> bool:
    """Whether the last day of some deadline has gone by: its legal last day, or where none is given its
    period moved forward to a working day."""
    last_days = [due.date for due in dues if due.kind == "legal_last_day" and due.date]
    if not last_days:
        last_days = [
            roll_forward(after(due.start, due.period)) for due in dues if due.kind == "file_by" and due.start
        ]
    return bool(last_days) and max(last_days) < today
