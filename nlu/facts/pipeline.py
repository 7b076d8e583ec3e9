"""The spaCy pipeline: tokens, sentences, and in `token.norm_` the words meant by each token: contractions
opened, short forms and common Spanish words said in English, misspelt words of the domain repaired."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Token
from spacy.util import compile_infix_regex

from nlu.facts.data import yaml_file
from nlu.facts.language import plain
from nlu.facts.patterns import words_of_patterns
from nlu.facts.spelling import Speller

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
SENTENCE_ENDS = frozenset({".", "!", "?", "\n", "\u2026", ";", "...", ".."})


@Language.component("sentence_ends")
def end_sentences(doc: Doc) -> Doc:
    """Ends sentences at full stops, marks, semicolons and line ends, not after an abbreviation."""
    ended = True
    for token in doc:
        mark = token.text[0] in SENTENCE_ENDS or token.text in SENTENCE_ENDS
        if ended and not mark and token.i:
            token.is_sent_start = True
        ended = (ended or _ends_sentence(doc, token)) if mark else "\n" in token.whitespace_ + token.text
    return doc


def _ends_sentence(doc: Doc, token: Token) -> bool:
    if token.text != "." or token.i == 0:
        return True
    before = plain(doc[token.i - 1].lower_)
    owner = doc[token.i - 2].lower_ if token.i > 1 else ""
    follows = doc[token.i + 1].text if token.i + 1 < len(doc) else ""
    goes_on = follows.islower() and follows not in _spelling()["sentence_starts"]
    return before not in _spelling()["abbreviations"] or (
        before in ("dr", "doc") and owner in ("my", "the", "her", "his") and not goes_on
    )


@Language.component("words_meant")
def say_words_meant(doc: Doc) -> Doc:
    """Sets `norm_` to the words meant."""
    speller, means = speller_of_the_domain(), _spelling()["means"]
    for token in doc:
        word = token.lower_ if token.lower_ == "did" or token.norm_.startswith("$") else token.norm_.lower()
        word = _is_or_owner(doc, token) if token.lower_ in ("'s", "s", "its") else word
        word = plain(word) if len(word) > 1 else word
        meant = means.get(word) or speller.repair(word)
        token.norm_ = means.get(meant, meant)
        if word in _spelling()["spanish_is"] and token.i and doc[token.i - 1].lower_ == "no":
            doc[token.i - 1].norm_, token.norm_ = token.norm_, "not"  # "no es" is "is not"
    return doc


def _is_or_owner(doc: Doc, token: Token) -> str:
    """`'s` and `its`: said for "is", or of an owner."""
    rules = _spelling()
    before = doc[token.i - 1].lower_ if token.i else ""
    after = doc[token.i + 1].lower_ if token.i + 1 < len(doc) else ""
    if token.lower_ == "its":
        starts = token.i == 0 or token.is_sent_start or before in rules["its_is_after"]
        return "it is" if starts or after in rules["is_before"] else "its"
    return "is" if before in rules["is_after"] or after in rules["is_before"] else "s"


@lru_cache
def _spelling() -> dict[str, Any]:
    data = yaml_file("_spelling.yml")
    lists = {name: frozenset(plain(str(word)) for word in words) for name, words in data.items() if name != "means"}
    means = {word: word for word in lists["real"]}
    return {**lists, "means": means | {plain(str(word)): meant for word, meant in data["means"].items()}}


@lru_cache
def speller_of_the_domain() -> Speller:
    """The speller for the words of the patterns; built once."""
    return Speller(words_of_patterns())


@lru_cache
def pipeline() -> Language:
    """The pipeline, built once: a blank English tokenizer that keeps hyphenated words whole."""
    nlp = spacy.blank("en")
    infixes = [infix for infix in nlp.Defaults.infixes or [] if "-|\u2013|\u2014" not in infix]
    extra = [r"(?<=[A-Za-z])/(?=[A-Za-z])", r"(?<=[A-Za-z])[+=](?=[A-Za-z])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex([*infixes, *extra]).finditer
    _open_contractions_in_capitals(nlp.tokenizer)
    nlp.add_pipe("sentence_ends")
    nlp.add_pipe("words_meant")
    return nlp


def _open_contractions_in_capitals(tokenizer: Tokenizer) -> None:
    """ "WON'T" is opened like "won't"."""
    for written, parts in list(tokenizer.rules.items()):
        if "'" in written and written.islower():
            shouted = [{**part, ORTH: part[ORTH].upper()} for part in parts]
            tokenizer.add_special_case(written.upper(), shouted)


def straightened(text: str) -> str:
    """The text with straight quotes, and blanks for invisible signs and halves of surrogate pairs; same length, so
    that spans stay true."""
    return INVISIBLE.sub(" ", text.translate(CURLY)).replace("\t", " ")
