"""Drafts of the letter to the plan and of the statement to an agency. What is known is filled in; what only the
person or the doctor knows is left blank; nothing medical is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from documents.blocks import Block, Box, Document, Heading, Lines, Paragraph, Sides, one_line_items
from documents.choosing import letters
from documents.framing import framed
from documents.wording import phrase, words
from imr_logic import Assessment, CaseFacts, Span
from imr_logic.guidance import CALIFORNIA, law_of, situation_of, whose_law
from imr_logic.language import law_values, say_day
from imr_logic.language.saying import say_value
from imr_logic.law import load, rule

MOST_LAW = 4
# What came before these was an appeal by another name than grievance.
APPEALED = frozenset({"state_hearing", "external_review", "opm_review", "cdi_imr", "cdi_complaint"})
RECOMMENDED = "_recommended"
UNDECIDED = frozenset({"none", "delayed"})
# Days on which a letter came, the later letter first.
RECEIVED = ("grievance_decision_received_date", "denial_received_date")
ANSWERS = frozenset({"grievance_letter", "appeal_letter"})


class Draft:
    """One letter while it is being written: its case, its shape of letters.yml, and the words for it."""

    def __init__(self, variant: str, facts: CaseFacts, found: Assessment, language: str) -> None:
        self.variant, self.facts, self.found, self.language = variant, facts, found, language
        self.shape: Mapping[str, Any] = letters()["variants"][variant]
        self.say = partial(phrase, language, "letter", **law_values(found.today))
        self.words: Mapping[str, Any] = words(language)["letter"]
        self.reasons: tuple[str, ...] = facts.get("denial_reasons") or ()

    @property
    def to_plan(self) -> bool:
        """Whether the letter goes to the plan itself."""
        return self.shape["to"] == "plan"

    @property
    def is_judgement(self) -> bool:
        """Whether the denial rests on a medical judgement, or may: then there is a rule and a person behind it."""
        return situation_of(self.facts, self.found).conditions["track"] == "imr"

    @property
    def is_late(self) -> bool:
        """Whether the usual last day has gone by."""
        return self.found.route == "late_filing_consultation" or self.found.is_past_the_careful_date

    @property
    def is_without_plan(self) -> bool:
        """Whether Medi-Cal itself decided, so that there is no plan to speak of."""
        return self.facts.get("plan_type") in letters()["straight_to_hearing"]

    @property
    def asking(self) -> Mapping[str, str]:
        """How the care is spoken of: what a doctor asked for only where a doctor is known to back it."""
        if str(self.facts.get("provider_support")).endswith(RECOMMENDED):
            return dict(self.words["asking"]["doctor"])
        undecided = self.facts.get("decision") in UNDECIDED
        return dict(self.words["asking"]["undecided" if undecided else "other"])

    @property
    def plan(self) -> str:
        """Who decided, by name where it is known."""
        if self.is_without_plan:
            return str(self.words["no_plan"])
        return self.value("carrier") or str(self.words["plan_blank" if self.to_plan else "your_plan"])

    @property
    def matter(self) -> str | None:
        """What it is about when it is not the approval of care: a bill, a cancellation, a long wait."""
        matters = self.words["matter"]
        return self.reasons[0] if self.reasons and set(self.reasons) <= set(matters) else None

    def day(self, fact: str, blank: str = "date") -> str:
        """An exact day, or a blank: a day that is only roughly known has no place in a letter."""
        span: Span | None = self.facts.get(fact)
        if span is None or span.earliest != span.latest:
            return str(self.words[blank])
        return say_day(span.earliest, self.language)

    @property
    def reached(self) -> str:
        """The sentence on which day the last letter came, empty where no such day is known."""
        received = (self.facts.get(fact) for fact in RECEIVED)
        day = next((span.earliest for span in received if span and span.earliest == span.latest), None)
        return str(self.words["reached"]).format(day=say_day(day, self.language)) if day else ""

    def value(self, fact: str) -> str:
        """A fact in words, empty when it is not known."""
        value = self.facts.get(fact)
        return "" if value in (None, "other", "unknown") else say_value(fact, value, self.language)

    @property
    def filled(self) -> dict[str, str]:
        """What the sentences of a letter fill in."""
        return {
            **self.asking,
            "plan": self.plan,
            "payer": self.words["payer"]["no_plan" if self.is_without_plan else "plan"],
            "reached": self.reached,
            "service": self.value("service_category") or self.words["other_service"],
            "letter_date": self.day("denial_letter_date", "date_blank"),
            "request_date": self.day("request_date"),
            "grievance_filed": self.day("grievance_filed_date"),
            "grievance_decided": self.day("grievance_decision_date"),
            "review_decided": self.day("imr_decision_date"),
        }


def letter(variant: str, facts: CaseFacts, found: Assessment, title: str, language: str) -> Document:
    """A draft by its variant of letters.yml."""
    draft = Draft(variant, facts, found, language)
    blocks: list[Block] = [Box(draft.say("draft_title"), (draft.say("draft"),))]
    blocks.append(Sides((*draft.words["sender"], draft.say("date")), _addressee(draft)))
    blocks += [*_subject(draft), *_story(draft), *_own_words(draft), *_asks(draft), *_end(draft)]
    return framed(title, blocks, language)


def _addressee(draft: Draft) -> tuple[str, ...]:
    agency = load("contacts").get(draft.shape["to"])
    if draft.shape["to"] == "notice":
        return tuple(draft.words["notice_lines"])
    if agency is None:
        return (draft.value("carrier") or draft.words["plan_blank"], *draft.words["to_plan_lines"])
    fax = phrase(draft.language, "summary", "fax", value=agency["fax"]) if "fax" in agency else None
    return tuple(line for line in (agency["name"], agency.get("mail"), fax, agency.get("url")) if line)


def _subject(draft: Draft) -> Iterator[Block]:
    rows = draft.words["rows"]
    care = () if draft.matter else ((rows["care"], rows["care_blank"].format(**draft.filled)),)
    known = draft.facts.get("denial_letter_date") is not None
    dated = draft.say("dated", day=draft.filled["letter_date"]) if known else draft.words["date_blank"]
    pairs = (
        *care,
        (rows["letter"], dated),
        (rows["member"], rows["member_blank"]),
        (rows["reference"], rows["reference_blank"]),
    )
    yield Heading(draft.say("subject", subject=draft.words["subjects"][draft.variant]))
    yield Lines(tuple(f"{name}: {value}" for name, value in pairs))
    yield Paragraph(draft.words["greeting"])


def _story(draft: Draft) -> Iterator[Block]:
    """What happened, in sentences of what is known."""
    opening = draft.words["openings"][draft.variant].format(**draft.filled)
    yield Paragraph(" ".join((opening, *(() if draft.to_plan else _plan(draft)))))
    for said in ((*_decision(draft), *_reason(draft), *_beside(draft)), (*_history(draft), *_support(draft))):
        if said:
            yield Paragraph(" ".join(said))
    if draft.facts.cannot_wait:
        yield Paragraph(draft.words["urgent"])
        if draft.facts.get("doctor_certifies_urgency"):
            yield Paragraph(draft.words["urgent_certified"])
    if draft.is_late:
        key = "late_still" if draft.found.last_day_still_open else "late"
        yield Paragraph(draft.words[key].format(**draft.filled))


def _plan(draft: Draft) -> Iterator[str]:
    product = "" if draft.is_without_plan else draft.value("product")
    shown = draft.say("plan_product", product=product) if product else ""
    carrier = "" if draft.is_without_plan else draft.value("carrier")
    plan_type = draft.value("plan_type")
    key = ("plan_is" if carrier else "coverage_is") if plan_type else "plan_is_short"
    plan = carrier or draft.words["plan_blank"]
    yield draft.say(key, plan=plan, product=shown, plan_type=plan_type)


def _decision(draft: Draft) -> Iterator[str]:
    if draft.variant == "compliance_complaint":
        return
    if draft.matter:
        yield draft.words["matter"][draft.matter].format(**draft.filled)
        return
    side = draft.words["decision"]["to_plan" if draft.to_plan else "to_agency"]
    yield side[draft.facts.get("decision") or "unknown"].format(**draft.filled)
    received = draft.facts.get("denial_received_date")
    if received and received.earliest == received.latest:
        yield draft.say("came", day=say_day(received.earliest, draft.language))


def _reason(draft: Draft) -> Iterator[str]:
    if draft.matter or draft.variant == "compliance_complaint" or draft.facts.get("decision") == "none":
        return
    given = [reason for reason in draft.reasons if reason != "unknown"]
    said = say_value("denial_reasons", given, draft.language)
    yield draft.say("reason", reasons=said) if said else draft.words["reason_blank"]


def _beside(draft: Draft) -> Iterator[str]:
    """What a reason adds to the decision, without taking its place."""
    if draft.variant != "compliance_complaint":
        yield from (said for reason, said in draft.words["beside"].items() if reason in draft.reasons)


def _history(draft: Draft) -> Iterator[str]:
    """What was asked of the plan before: told to everyone but the plan's own first reader."""
    if draft.variant == "compliance_complaint" or draft.variant in letters()["to_plan"].values():
        return
    status = draft.facts.get("grievance_status") or "not_filed"
    if draft.variant == "imr_expedited" and status == "not_filed":
        status = "urgent_same_day"
    if status in draft.words["history"] and draft.variant != "insurer_appeal" and _may_say(draft, status):
        told = draft.words["history_of_appeal" if draft.variant in APPEALED else "history"]
        yield told[status].format(**draft.filled)
    if draft.facts.get("state_hearing") == "none" and draft.facts.get("plan_type") == "medi_cal_managed_care":
        yield draft.words["hearing"]


def _may_say(draft: Draft, status: str) -> bool:
    """That no grievance came first is said only where the law asks for none."""
    return status != "not_filed" or draft.variant in ("imr_experimental", "cancellation_complaint")


def _support(draft: Draft) -> Iterator[str]:
    support = draft.facts.get("provider_support")
    if not draft.matter and draft.variant != "compliance_complaint" and support in draft.words["support"]:
        yield draft.words["support"][support]


def _own_words(draft: Draft) -> Iterator[Block]:
    if draft.matter or draft.variant == "compliance_complaint":
        yield Heading(draft.words["happened_title"])
        yield Paragraph(draft.words["happened"])
        return
    yield Heading(draft.words["needs_title"])
    yield Paragraph(draft.words["needs"])
    yield Paragraph(draft.words["tried"])


def _asks(draft: Draft) -> Iterator[Block]:
    names = [name.rstrip("?") for name in draft.shape["asks"] if _fits(name, draft)]
    names += ["late"] if draft.is_late else []
    yield Heading(draft.words["asks_title"])
    yield one_line_items(dict.fromkeys(_ask(name, draft) for name in names), "numbers")


def _fits(name: str, draft: Draft) -> bool:
    """Whether an ask marked "?" fits the case."""
    if not name.endswith("?"):
        return True
    fits = {
        "expedite_other?": draft.facts.cannot_wait,
        "expedited_review?": draft.facts.cannot_wait,
        "ongoing_care?": draft.facts.get("care_status") == "ongoing",
        "keep_care_going?": any(due.code == "aid_paid_pending" for due in draft.found.deadlines),
        **dict.fromkeys(("criteria?", "decider?"), draft.is_judgement),
    }
    return fits[name]


def _ask(name: str, draft: Draft) -> str:
    # Under California's laws a licensed person, not a program, has to decide.
    if name == "decider" and whose_law(draft.facts) not in CALIFORNIA:
        name = "decider_other"
    if name in ("approve", "order") and draft.matter:
        name = letters()["matters"].get(draft.matter, name)
    said = draft.words["asks"][name]
    if isinstance(said, dict):
        side = "to_plan" if draft.to_plan else "to_agency"
        text = str(said.get(side) or said[draft.facts.get("care_status") or "unknown"]).format(**draft.filled)
    else:
        text = draft.say("asks", name)
    law = () if name == "late" and draft.to_plan else law_of("asks", name, draft.facts)
    return f"{text} ({', '.join(law)})" if law else text


def _end(draft: Draft) -> Iterator[Block]:
    counting = rule("counting_of_days").authority
    law = [line for line in draft.found.authority if line not in counting][:MOST_LAW]
    if law:
        yield Paragraph(draft.say("law", citations=", ".join(law)), "small")
    yield Lines(tuple(draft.words["signed"]))
    papers = [draft.words["enclosures"][name] for name in _enclosed(draft)]
    if papers:
        yield Paragraph(draft.say("enclosed", papers=draft.words["joiner"].join(papers)))


def _enclosed(draft: Draft) -> list[str]:
    """The route's documents that can be enclosed: no answer of the plan before there is one."""
    answered = draft.facts.get("grievance_status") in ("upheld", "overturned")
    names = [one.id for one in draft.found.documents if one.id in draft.words["enclosures"]]
    return [name for name in names if answered or name not in ANSWERS]
