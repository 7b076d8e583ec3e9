"""Papers to take away: calendar file, case summary, drafts of letters, outline for the doctor, what to gather.

`papers_for` says which fit a case, `make` makes one. Nothing here decides anything: facts, dates and law come
from `imr_logic`, words from `language/`.
"""

from documents.calendar import (
    NoDates,
    Sequences,
    calendar_file,
    case_reference,
    raise_sequences,
    read_case,
    read_sequences,
)
from documents.papers import PAPERS, Paper, PaperKind, make, papers_for

__all__ = [
    "PAPERS",
    "NoDates",
    "Paper",
    "PaperKind",
    "Sequences",
    "calendar_file",
    "case_reference",
    "make",
    "papers_for",
    "raise_sequences",
    "read_case",
    "read_sequences",
]
