"""The spaCy pipeline: tokens, sentences, and a repaired, opened-up spelling of each token in `token.norm_`."""

from __future__ import annotations

import re
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from nlu.facts.spelling import Speller

# A pronoun before "'s" makes it "is"; after a noun it is a possessive.
PRONOUNS = frozenset({"it", "he", "she", "that", "there", "what", "who", "where", "how", "here", "this"})
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


@Language.component("spelling_repair")
def repair_spelling(doc: Doc) -> Doc:
    """Sets `norm_` to the word meant: contractions opened, misspelt words of the domain repaired."""
    speller = speller_of_the_domain()
    before = ""
    for token in doc:
        norm = _opened(token.lower_, token.norm_, before)
        token.norm_ = speller.repair(norm)
        before = token.norm_
    return doc


def _opened(lower: str, norm: str, before: str) -> str:
    if lower == "'s":
        return "is" if before in PRONOUNS else "s"
    if norm.startswith("$"):
        return lower
    return norm.lower()


@lru_cache
def speller_of_the_domain() -> Speller:
    """The speller for the words of the patterns; built once."""
    from nlu.facts.patterns import words_of_patterns  # here: patterns need no pipeline, the pipeline their words

    return Speller(words_of_patterns())


@lru_cache
def pipeline() -> Language:
    """The pipeline, built once: a blank English tokenizer that keeps hyphenated words whole, a sentence
    splitter and the spelling repair."""
    nlp = spacy.blank("en")
    infixes = [infix for infix in nlp.Defaults.infixes or [] if "-|–|—" not in infix]
    nlp.tokenizer.infix_finditer = compile_infix_regex([*infixes, r"(?<=[A-Za-z])/(?=[A-Za-z])"]).finditer
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "\n", "\u2026", ";"]})
    nlp.add_pipe("spelling_repair")
    return nlp


def straightened(text: str) -> str:
    """The text with straight quotes and blanks for invisible signs and line ends; same length, so that spans
    stay true."""
    return INVISIBLE.sub(" ", text.translate(CURLY)).replace("\t", " ")
