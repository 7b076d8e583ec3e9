"""A sentence as the patterns see it: words with one blank each, and the way back to the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc, Span, Token

QUESTION_STARTS = re.compile(
    r"^(?:so |and |but |ok |okay |hi |hello |also |then )*(?:is|are|am|was|do|does|did|can|could|should|would|will|who|what|"
    r"which|when|where|how|why|has|have) "
)
NEGATIONS = frozenset({"not", "no", "never", "nor", "neither", "without", "none", "nt", "isnt", "aint"})
CLAUSE_ENDS = frozenset(
    {"because", "but", "since", "so", "and", ",", ":", "-", "then", "however", "although", "though", "(", ")", "cause", "cuz", "bc"}
)
CONDITIONS = frozenset({"if", "unless", "suppose", "whether", "case"})


@dataclass(frozen=True)
class Sentence:
    """`line` is the sentence in repaired words, each followed by a blank; `starts` gives for each character of
    the line the token it belongs to."""

    line: str
    tokens: tuple[Token, ...]
    places: tuple[int, ...]
    question: bool

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the line."""
        return frozenset(self.line.split())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the line stands in the text."""
        first, last = self.tokens[self.places[start]], self.tokens[self.places[max(start, end - 1)]]
        return first.idx, last.idx + len(last)

    def words_before(self, start: int, most: int) -> list[str]:
        """Up to `most` words before a place in the line, nearest first."""
        return self.line[:start].split()[::-1][:most]


def _spelled(token: Token) -> str:
    spelled = token.norm_.replace("-", " ").replace("'", "").replace(".", "") if len(token) > 1 else token.norm_
    return " ".join(spelled.split())


def _sentence(span: Span) -> Sentence:
    line, places, tokens = [], [], []
    for token in span:
        spelled = _spelled(token)
        if not spelled or token.is_space or spelled in ("'", '"'):
            continue
        line.append(spelled + " ")
        places += [len(tokens)] * (len(spelled) + 1)
        tokens.append(token)
    text = "".join(line)
    question = text.rstrip().endswith("?") or bool(QUESTION_STARTS.match(text))
    return Sentence(text, tuple(tokens), tuple(places), question)


def sentences(doc: Doc) -> Iterator[Sentence]:
    """The sentences of a document that hold words."""
    for span in doc.sents:
        found = _sentence(span)
        if found.tokens:
            yield found


def negated(sentence: Sentence, start: int, window: int) -> bool:
    """Whether what stands at `start` is negated from before, in its own clause: "not because it is ..." too."""
    for place, word in enumerate(sentence.words_before(start, window + 2)):
        if word in NEGATIONS:
            return place < window
        if word in CLAUSE_ENDS:
            before = sentence.words_before(start, window + 2)[place + 1 : place + 2]
            return word in ("because", "cause", "since") and before == ["not"]
    return False


def conditional(sentence: Sentence, start: int) -> bool:
    """Whether what stands at `start` is only supposed: "if they deny it again"."""
    for word in sentence.words_before(start, 7):
        if word in CONDITIONS:
            return True
        if word in (",", ":", "but"):
            return False
    return False
