"""Text as it comes in from outside, made safe to store and to hand to Rasa.

Rasa takes any text that starts with "/" for a command (`RegexMessageHandler`), after stripping white space;
a person's text must never be one.
"""

from __future__ import annotations

import unicodedata

from records.stored_events import WORD_JOINER

JOINERS = "\u200c\u200d"  # they belong to some scripts and to emoji
LINE_BREAKS = "\n\u2028\u2029\x85\x0b\x0c"
VISIBLE = "LNPS"


def clean(text: str) -> str:
    """The text in NFC, without control characters, lone surrogates and invisible marks; trimmed."""
    kept = "".join(filter(None, map(_allowed, text.replace("\r\n", "\n").replace("\r", "\n"))))
    return unicodedata.normalize("NFC", kept).strip()


def as_plain_text(text: str) -> str:
    """The cleaned text; one that looks like a command gets an invisible mark in front."""
    cleaned = clean(text)
    return WORD_JOINER + cleaned if cleaned.lstrip(JOINERS).lstrip().startswith("/") else cleaned


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen."""
    return not any(unicodedata.category(character)[0] in VISIBLE for character in text)


def _allowed(character: str) -> str:
    """The character, a plain one in its place, or nothing."""
    if character in LINE_BREAKS:
        return "\n"
    if character == "\t":
        return " "
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
    return character if not hidden or character in JOINERS else ""
