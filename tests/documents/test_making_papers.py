"""Which papers fit a case, and that every one of them can be made, is tagged, and says what it must."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
import textstat
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from documents import PAPERS, make, papers_for
from documents.blocks import Box, Document, Heading, Items, Lines, Paragraph, Sides, Table
from documents.letters import letters
from documents.setting import as_pdf
from documents.wording import words
from imr_logic import CaseFacts, assess
from imr_logic.language import say_day
from imr_logic.language import words as law_words
from tests.documents.cases import ANSWERED, NOW, PAST_THE_CAREFUL_DATE, case, paper, plain, read_pdf, text_of
from tests.imr_logic.decided import Decided, for_each_case
from tests.imr_logic.strategies import any_facts

PDFS = [name for name, kind in PAPERS.items() if kind.media_type == "application/pdf"]


def fitting(**changes: Any) -> list[str]:
    return [kind.id for kind in papers_for(*case(**changes))]


# Which fit.


@pytest.mark.parametrize(
    ("changes", "there", "absent"),
    [
        ({}, {"case_summary", "calendar", "letter_to_plan", "letter_to_plan_text", "doctor_letter"}, {"statement"}),
        (ANSWERED, {"statement", "statement_text", "doctor_letter"}, {"letter_to_plan"}),
        ({"urgent": True}, {"letter_to_plan", "statement"}, set()),
        ({"denial_reasons": ["cancellation"]}, {"statement"}, {"letter_to_plan", "doctor_letter"}),
        ({"denial_letter_date": "2026-03-01"}, {"letter_to_plan"}, {"statement", "calendar"}),
        ({"denial_letter_date": "2027-03-01"}, {"case_summary"}, {"letter_to_plan", "statement", "doctor_letter"}),
        ({"plan_type": "workers_compensation"}, {"doctor_letter"}, {"letter_to_plan", "statement"}),
        ({"plan_type": "medicare_medi_cal_dual"}, {"calendar"}, {"letter_to_plan", "statement"}),
        ({"plan_type": "medi_cal_rx"}, {"statement"}, {"letter_to_plan"}),
        ({"imr_decision": "upheld"}, {"case_summary"}, {"letter_to_plan", "statement", "doctor_letter"}),
        ({**ANSWERED, "imr_decision": "overturned"}, {"statement"}, {"letter_to_plan", "doctor_letter"}),
        ({"plan_type": "sharing_ministry"}, {"case_summary"}, {"letter_to_plan", "statement", "calendar"}),
    ],
)
def test_the_papers_fit_the_case(changes: dict[str, Any], there: set[str], absent: set[str]) -> None:
    found = set(fitting(**changes))
    assert there <= found
    assert not absent & found


def test_a_calendar_fits_without_a_date_ahead_when_an_earlier_one_held_dates() -> None:
    facts, found = case(grievance_status="overturned", grievance_filed_date="2026-10-12")
    known = {"plan_grievance/file_by": {"date": "2027-04-02", "sequence": 0, "gone": False}}
    given = {name: {**one, "given": True} for name, one in known.items()}
    fits = [PAPERS["calendar"] in papers_for(facts, found, sequences) for sequences in (None, {}, known, given)]
    assert fits == [False, False, False, True]


def test_an_emergency_gets_no_paper() -> None:
    assert fitting(immediate_danger=True) == []


def test_a_paper_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        paper("statement")


def test_every_kind_has_a_title_and_a_file_of_its_own() -> None:
    assert set(words()["papers"]) == set(PAPERS)
    assert len({kind.file for kind in PAPERS.values()}) == len(PAPERS)


# All cases.


@for_each_case()
def test_every_paper_of_every_decided_case_can_be_made(case: Decided) -> None:
    facts = CaseFacts.model_validate(case.facts)
    found = assess(facts)
    kinds = papers_for(facts, found)
    assert bool(kinds) == (found.route != "emergency")
    for kind in kinds:
        made = make(kind, facts, found, case_id=case.name, now=NOW)
        assert made.name == kind.file
        said = text_of(made) if kind.media_type == "application/pdf" else made.content.decode()
        assert not re.search(r"\{\w*\}|\bNone\b", said)


@for_each_case()
def test_the_summary_holds_every_date_step_and_citation(case: Decided) -> None:
    facts = CaseFacts.model_validate(case.facts)
    found = assess(facts)
    if found.route == "emergency":
        return
    said = html.unescape(make("case_summary_page", facts, found, case_id="x", now=NOW).content.decode())
    dates = [say_day(one.date, weekday=True) for one in found.deadlines if one.date]
    law = [line for reason in found.why for line in reason.citations]
    law += [line for deadline in found.deadlines for line in deadline.citations]
    steps = [step.text for step in found.steps]
    phones = [one.phone for one in found.contacts if one.phone]
    assert not [one for one in (*dates, *law, *steps, *phones, found.title, found.summary) if one not in said]


@settings(max_examples=40)
@given(any_facts())
def test_any_facts_at_all_give_papers(drawn: dict[str, Any]) -> None:
    facts = CaseFacts.model_validate(drawn)
    found = assess(facts)
    for kind in papers_for(facts, found):
        assert make(kind, facts, found, case_id="x", now=NOW).content


def test_the_same_case_at_the_same_moment_gives_the_same_bytes() -> None:
    for name in fitting():
        assert paper(name) == paper(name)


# PDF/UA.


def pdf_of(name: str) -> Any:
    return read_pdf(paper(name, **({} if name != "statement" else ANSWERED)))


@pytest.mark.parametrize("name", PDFS)
def test_each_pdf_is_tagged_and_has_title_and_language(name: str) -> None:
    pdf = pdf_of(name)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert str(root["/Lang"]).startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "/StructTreeRoot" in root
    assert pdf.metadata.title


@pytest.mark.parametrize("name", PDFS)
def test_each_pdf_says_that_it_keeps_pdf_ua_1(name: str) -> None:
    metadata = pdf_of(name).trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", metadata)


def tags(node: Any) -> list[str]:
    """Every structure tag below a node of the tree."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        return [tag for one in node for tag in tags(one)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_the_summary_is_made_of_headings_lists_and_tables_with_header_cells() -> None:
    found = tags(pdf_of("case_summary").trailer["/Root"]["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert {"/H2", "/L", "/LI", "/Table", "/TH", "/TD"} <= set(found)


@pytest.mark.parametrize("name", PDFS)
def test_pages_are_us_letter_numbered_and_say_what_they_are_not(name: str) -> None:
    pages = pdf_of(name).pages
    for number, page in enumerate(pages, start=1):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == (612, 792)
        assert f"{number} of {len(pages)}" in page.extract_text()
        assert words()["not_advice"] in page.extract_text()


def test_the_type_is_never_smaller_than_eleven_points() -> None:
    sizes: list[float] = []
    for page in pdf_of("case_summary").pages:
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, size: sizes.append(abs(size * tm[3])) if text.strip() else None
        )
    assert min(sizes) >= 11


# Whatever a name holds, it comes out as it is.

NASTY = [
    "#panic() *bold* _it_ $x$ `code` @ref <label>",
    "<script>alert(1)</script> & \"quotes\" 'single'",
    "= Heading \\ // comment /* more */ [brackets] {{ jinja }} {% if %} {braces}",
    "- item",
    "Zoë & Søn",
]


def test_a_sign_that_no_font_of_ours_shows_does_not_stop_a_paper() -> None:
    assert "Zoë ??" in text_of(paper("evidence_checklist", practice="Zoë 診所"))
    assert "Zoë 診所" in html.unescape(paper("case_summary_page", practice="Zoë 診所").content.decode())


@pytest.mark.parametrize("name", NASTY)
def test_a_name_comes_out_of_the_pdf_as_it_went_in(name: str) -> None:
    made = paper("evidence_checklist", practice=name)
    told = "".join(text_of(made).split())
    assert "".join(name.split()) in told


@pytest.mark.parametrize("name", NASTY)
def test_a_name_comes_out_of_the_page_as_it_went_in(name: str) -> None:
    page = paper("case_summary_page", practice=name).content.decode()
    assert name in html.unescape(page)
    assert "<script" not in page


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=60))
def test_any_text_can_stand_in_a_paper(name: str) -> None:
    assert paper("evidence_checklist", practice=name).content.startswith(b"%PDF")
    assert paper("case_summary_page", practice=name).content.startswith(b"<!doctype html>")


# The page to print.


def test_the_page_keeps_our_rule_on_styles() -> None:
    page = paper("case_summary_page").content.decode()
    assert '<link rel="stylesheet" href="/static/print.css">' in page
    assert not re.search(r"<style|style=|<script|onload|https?://", page)


def test_the_page_may_find_its_look_beside_it() -> None:
    facts, found = case()
    page = make("case_summary_page", facts, found, case_id="x", now=NOW, stylesheet="print.css").content
    assert b'href="print.css"' in page


# What the summary says.


def test_the_summary_tells_back_what_was_told() -> None:
    said = text_of(paper("case_summary", provider_support=None))
    for line in ("Kaiser", "A scan", "No grievance yet", "October 5, 2026", "You are not sure"):
        assert line in said


def test_the_summary_names_the_nearest_date_first() -> None:
    medi_cal = {"plan_type": "medi_cal_managed_care", "care_status": "ongoing", "denial_letter_date": "2026-11-16"}
    said = text_of(paper("case_summary", **medi_cal, change_effective_date="2026-12-01"))
    assert said.index("November 25, 2026") < said.index("January 15, 2027")


def test_a_late_case_is_told_to_apply_anyway() -> None:
    said = text_of(paper("case_summary", denial_letter_date="2026-03-01"))
    assert "87 days ago" in said
    assert "Apply anyway and say why it is late." in said


def test_whose_careful_date_has_passed_reads_first_until_when_the_law_may_still_allow_it() -> None:
    said = text_of(paper("case_summary", **PAST_THE_CAREFUL_DATE))
    assert "The law may still allow it until Monday, November 30, 2026. Send it now." in said
    assert "Apply anyway" not in said


@pytest.mark.parametrize("practice", [None, "Example Practice"])
def test_the_practice_is_named_when_there_is_one(practice: str | None) -> None:
    said = text_of(paper("case_summary", practice=practice))
    assert ("Made on November 23, 2026 by Example Practice" in said) == (practice is not None)


# Readability.

LEGAL_NAMES = re.compile(
    r"Independent Medical Review|Evidence of Coverage|Physician Certification|Explanation of Benefits|"
    r"Office of Personnel Management|expedited|reconsider\w*|redetermination|experimental|\[[^\]]*\]|\{\w+\}"
)


def sentences(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    return [one for value in (part.values() if isinstance(part, dict) else part or ()) for one in sentences(value)]


WORDS = [
    *(words()[part] for part in ("summary", "evidence", "letter", "calendar")),
    *law_words("en", "gathering").values(),
]


@pytest.mark.parametrize(
    "part", [part for part in WORDS if not isinstance(part, str)], ids=lambda part: next(iter(part))
)
def test_the_words_of_the_papers_can_be_read_in_eighth_grade(part: Any) -> None:
    said = [LEGAL_NAMES.sub("it", text) for text in sentences(part) if text.count(" ") > 3]
    assert textstat.flesch_kincaid_grade(" ".join(text.rstrip(".,:") + "." for text in said)) <= 8.9


def test_a_letter_is_never_written_for_a_variant_without_words() -> None:
    variants = set(letters()["variants"])
    assert set(words()["letter"]["subjects"]) == variants
    assert set(words()["letter"]["openings"]) == variants


def test_a_text_draft_reads_like_the_pdf() -> None:
    text, pdf = plain(paper("letter_to_plan_text")), text_of(paper("letter_to_plan"))
    for line in ("[your name]", "Your letter is dated October 5, 2026.", "HSC 1367.01(k)"):
        assert line in text
        assert line in pdf


NASTY = "*bold* _it_ `code` #panic() = no heading [brackets] $x$ // gone"


def test_what_a_paper_says_is_never_read_as_markup_wherever_it_stands() -> None:
    blocks = (
        Heading(NASTY),
        Paragraph(NASTY),
        Box(NASTY, (NASTY,)),
        Items(((NASTY, NASTY),)),
        Table(NASTY, (NASTY,), (((NASTY,),),), (1,)),
        Lines((NASTY,)),
        Sides((NASTY,), (NASTY,)),
    )
    made = as_pdf(Document(NASTY, NASTY, blocks, NASTY, "{page} of {pages}", "en"), NOW)
    told = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    assert told.count("".join(NASTY.split())) == 14


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"denial_letter_date": {"earliest": "2026-10-01", "latest": "2026-10-31"}}, "no later than"),
        ({}, "until Monday, April 5, 2027"),
        (
            {
                "plan_type": "medi_cal_managed_care",
                "care_status": "ongoing",
                "denial_letter_date": "2026-11-16",
                "change_effective_date": "2026-12-06",
            },
            "until the change starts on December 6, 2026",
        ),
    ],
)
def test_the_summary_says_how_sure_a_date_is(changes: dict[str, Any], line: str) -> None:
    assert line.lower() in text_of(paper("case_summary", **changes)).lower()


def test_the_summary_says_from_what_each_date_is_counted() -> None:
    said = text_of(paper("case_summary"))
    assert not [one.basis for one in case()[1].shown_deadlines if " ".join(one.basis.split()) not in said]


def test_the_page_says_too_that_this_is_no_advice() -> None:
    assert words()["not_advice"] in paper("case_summary_page").content.decode()


@pytest.mark.parametrize("kind", ["evidence_checklist", "doctor_letter"])
@pytest.mark.parametrize("reasons", [None, ["unknown"]])
def test_a_reason_that_nobody_knows_is_named_in_no_paper(kind: str, reasons: list[str] | None) -> None:
    assert "not known" not in text_of(paper(kind, denial_reasons=reasons))
