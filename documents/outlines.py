"""The evidence checklist and the outline of the doctor's letter as papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from documents.blocks import Block, Box, Document, Heading, Items, Paragraph, Room, Table, one_line_items
from documents.framing import framed, made
from documents.wording import phrase, words
from imr_logic import Assessment, CaseFacts
from imr_logic.guidance import EvidenceItem, LetterSection, doctor_letter, evidence_checklist


def evidence_paper(facts: CaseFacts, found: Assessment, practice: str | None, language: str) -> Document:
    """What to gather, with a box to tick, why each paper helps, and its law."""
    said = words(language)["evidence"]
    blocks: list[Block] = [Paragraph(said["intro"]), Paragraph(said["not_needed"])]
    for about, items in _by_heading(evidence_checklist(facts, found, language)).items():
        blocks += [Heading(about), Items(tuple(_ticked(item) for item in items), "boxes")]
    blocks.append(Paragraph(said["keep"]))
    title = words(language)["papers"]["evidence_checklist"]["title"]
    return framed(title, blocks, language, under_title=made(found.today, practice, language))


def _by_heading(items: Iterable[EvidenceItem]) -> dict[str, list[EvidenceItem]]:
    """Things under one heading stand together, headings in the order in which they first come."""
    groups: dict[str, list[EvidenceItem]] = {}
    for item in items:
        groups.setdefault(item.about, []).append(item)
    return groups


def _ticked(item: EvidenceItem) -> tuple[str, ...]:
    law = f" {', '.join(item.citations)}." if item.citations else ""
    return item.text, item.why + law


def doctor_paper(facts: CaseFacts, found: Assessment, practice: str | None, language: str) -> Document:
    """The outline of the doctor's letter, with room to write."""
    outline = doctor_letter(facts, found, language)
    blocks: list[Block] = [Box(words(language)["doctor"]["note_title"], (outline.note,))]
    for section in outline.sections:
        blocks += _section(section, language)
    return framed(outline.title, blocks, language, under_title=made(found.today, practice, language))


def _section(section: LetterSection, language: str) -> Iterator[Block]:
    yield Heading(section.heading)
    yield one_line_items(section.points)
    if section.boxes:
        yield one_line_items(section.boxes, "boxes")
    if section.columns:
        widths = (34, 22, 44) if len(section.columns) == 3 else (1,) * len(section.columns)
        yield Table(section.heading, section.columns, (), widths, section.rows)
    if section.citations:
        yield Paragraph(phrase(language, "summary", "law_line", citations=", ".join(section.citations)), "small")
    if section.lines:
        yield Room(section.lines)
