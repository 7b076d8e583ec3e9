"""Read the rule book of the safety screen from its YAML file, compiled once and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from nlu.safety.elements import (
    Element,
    Grammar,
    Pattern,
    Phrase,
    Phrases,
    group_phrases,
    parse_company,
    parse_element,
    parse_rows,
    words_in,
)
from nlu.safety.rulebook import Frame, Rule, RuleBook, Sign
from nlu.safety.spelling import Spelling

RULES_FILE = Path(__file__).parents[1] / "patterns" / "safety.yml"
RuledPattern = tuple[Rule, Pattern]


@cache
def load_rulebook(path: Path = RULES_FILE) -> RuleBook:
    """The compiled rule book at `path`; KeyError when it names a concept or frame that it does not define."""
    return _Reader(_parse_yaml(path)).rulebook()


def _parse_yaml(path: Path) -> dict[str, Any]:
    import yaml  # here, so that importing the screen costs nothing

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where it exists
    content: dict[str, Any] = loader(path.read_text(encoding="utf-8")).get_single_data()
    return content


class _Reader:
    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content
        self._elements: dict[str, Element] = {}
        self._frames: dict[str, Frame] = {}
        self._shorthand = _read_shorthand(content["shorthand"], content["relatives"])
        self._concepts: dict[str, tuple[Phrase, ...]] = {
            "relatives": tuple(self._phrase(line) for line in content["relatives"])
        }

    def rulebook(self) -> RuleBook:
        ruled = list(self._ruled_patterns())
        shared = self._content["ordinary"], self._content["endings"]
        return RuleBook(
            rules=tuple(dict.fromkeys(rule for rule, _ in ruled)),
            by_anchor=_index(ruled),
            spelling=Spelling(self._vocabulary(ruled), self._shorthand, *shared),
            grammar=Grammar(fillers=self._words("fillers"), turns=self._words("turns")),
            joints=self._words("joints"),
            subjects=self._words("subject"),
            urgent=group_phrases(self._concept("urgent")),
        )

    def _ruled_patterns(self) -> Iterator[RuledPattern]:
        """Each pattern with its rule; a rule of states and of events comes as two rules of one name."""
        for entry in self._content["rules"]:
            state, event = self._rule(entry, []), self._rule(entry, self._content["events_unless"])
            for line in entry.get("say", []):
                yield from ((state, row) for row in parse_rows(line, self._element))
            for line in entry.get("happened", []):
                yield from ((event, row) for row in parse_rows(line, self._element))
            for line in entry.get("together", []):
                yield state, parse_company(line, self._concept)
            yield from self._signed_patterns(entry)

    def _signed_patterns(self, entry: dict[str, Any]) -> Iterator[RuledPattern]:
        """Each pattern of the rule's signs, with a rule of the same name for each sign."""
        for strength in ("telling", "faint"):
            for name, lines in entry.get(strength, {}).items():
                rule = self._rule(entry, [], Sign(name, telling=strength == "telling"))
                yield from ((rule, row) for line in lines for row in parse_rows(line, self._element))

    def _element(self, sign: str) -> Element:
        if sign not in self._elements:
            self._elements[sign] = parse_element(sign, self._concept, self._phrase)
        return self._elements[sign]

    def _rule(self, entry: dict[str, Any], more_frames: Sequence[str], sign: Sign | None = None) -> Rule:
        names = [*self._content["always_unless"][entry["kind"]], *entry.get("unless", []), *more_frames]
        frames = tuple(self._frame(name) for name in dict.fromkeys(names) if name not in entry.get("even_if", []))
        needs = group_phrases(self._concept(entry["needs"])) if "needs" in entry else None
        return Rule(entry["id"], entry["kind"], entry.get("clearness", 2), frames, needs, sign)

    def _frame(self, name: str) -> Frame:
        if name not in self._frames:
            self._frames[name] = self._read_frame(name, self._content["frames"][name])
        return self._frames[name]

    def _read_frame(self, name: str, entry: dict[str, Any]) -> Frame:
        return Frame(
            name=name,
            where=entry["where"],
            phrases=self._gather(entry["words"]),
            within=entry.get("within", 0),
            across=self._words(entry["across"]) if "across" in entry else frozenset(),
            bare=entry.get("bare", False),
            despite=self._gather(entry.get("despite", [])),
            rescue=group_phrases(self._concept(entry["rescue"]) if "rescue" in entry else []),
        )

    def _gather(self, lines: Sequence[str]) -> Phrases:
        return group_phrases([phrase for line in lines for phrase in self._written_out(str(line))])

    def _words(self, concept: str) -> frozenset[str]:
        return frozenset(phrase[0] for phrase in self._concept(concept) if len(phrase) == 1)

    def _concept(self, name: str) -> tuple[Phrase, ...]:
        """Every phrase of the concept, with the concepts named inside it written out."""
        if name not in self._concepts:
            lines = self._content["concepts"][name]
            self._concepts[name] = tuple(phrase for line in lines for phrase in self._written_out(str(line)))
        return self._concepts[name]

    def _written_out(self, line: str) -> list[Phrase]:
        parts = [self._concept(part[1:-1]) if part[0] == "<" else (self._phrase(part),) for part in line.split()]
        return [tuple(word for phrase in row for word in phrase) for row in product(*parts)]

    def _phrase(self, written: str) -> Phrase:
        """The plain words of a phrase, read as a message would be."""
        return tuple(
            word for part in str(written).lower().replace("-", " ").split() for word in self._words_behind(part)
        )

    def _words_behind(self, written: str) -> Phrase:
        stem, apostrophe, ending = written.partition("'")
        if not stem:
            return (self._content["endings"].get(written, written),)
        if apostrophe + ending == "'s":
            return (*self._shorthand.get(stem, (stem,)), "'s")
        return self._shorthand.get(written) or self._shorthand.get(stem + ending, (stem + ending,))

    def _vocabulary(self, ruled: Sequence[RuledPattern]) -> set[str]:
        named = {word for name in self._content["concepts"] for phrase in self._concept(name) for word in phrase}
        patterns = {word for _, pattern in ruled for phrases in pattern.phrases for word in words_in(phrases)}
        framed = (part for frame in self._frames.values() for part in (frame.phrases, frame.despite))
        return named | patterns | {word for phrases in framed for word in words_in(phrases)}


def _read_shorthand(entries: Mapping[str, str], relatives: Sequence[str]) -> dict[str, Phrase]:
    """What each short form stands for; "moms" without its apostrophe is "mom's"."""
    shorthand = {str(short): tuple(str(full).split()) for short, full in entries.items()}
    return {f"{name}s": (name, "'s") for name in relatives} | shorthand


def _index(ruled: Sequence[RuledPattern]) -> dict[str, tuple[RuledPattern, ...]]:
    """Each pattern under the first words of its most telling part: the one whose words few others use."""
    uses = Counter(word for _, pattern in ruled for phrases in pattern.phrases for word in phrases.by_first_word)
    index: dict[str, list[RuledPattern]] = {}
    for rule, pattern in ruled:
        telling = min(pattern.phrases, key=lambda phrases: _commonness(phrases, uses))
        for word in telling.by_first_word:
            index.setdefault(word, []).append((rule, pattern))
    return {word: tuple(found) for word, found in index.items()}


def _commonness(phrases: Phrases, uses: Counter[str]) -> float:
    """Higher for words that many patterns share and for short ones, which every sentence is full of."""
    return max(uses[word] + 40 / len(word) for word in phrases.by_first_word)
