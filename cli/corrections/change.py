"""The change that approved corrections make: examples to learn from, a story and a reading for each to be tested by.

* An intent: an example in `data/nlu/from_review.yml` and a story in `tests/stories/from_review.yml`.
* A fact, or a good example: a line in `tests/nlu/from_review.jsonl`; facts are read by rules, so what was misread is
  a test first, and a rule is mended by a person.
* A misunderstanding is a line there too, marked to be looked at.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from records.corrections import Proposed
from records.redaction import redact

EXAMPLES = "data/nlu/from_review.yml"
STORIES = "tests/stories/from_review.yml"
READINGS = "tests/nlu/from_review.jsonl"
VERSION = '"3.1"'


class Change(NamedTuple):
    """A patch in the unified format; the numbers of the corrections in it, and why others are not."""

    patch: str
    taken: list[int]
    left_out: list[tuple[int, str]]


def change_from(approved: Sequence[Proposed], root: Path) -> Change:
    """The change against the files under `root`."""
    taught, tested = _taught(root), _tested(root)
    taken: list[Proposed] = []
    left_out: list[tuple[int, str]] = []
    for one in approved:
        words = words_of(one)
        if one.kind == "intent" and words.casefold() in taught:
            left_out.append((one.id, f"these words are taught already, as {taught[words.casefold()]}"))
        elif one.kind == "intent" and words.casefold() in tested:
            left_out.append((one.id, "these words are among the messages that understanding is measured with"))
        else:
            taken.append(one)
            taught.update({words.casefold(): str(one.right)} if one.kind == "intent" else {})
    return Change(_patch(taken, root), [one.id for one in taken], left_out)


def words_of(one: Proposed) -> str:
    """The words of a correction on one line, once more without identifiers."""
    return " ".join(redact(one.text).text.split())


def _patch(taken: Sequence[Proposed], root: Path) -> str:
    intents = [one for one in taken if one.kind == "intent"]
    readings = [one for one in taken if one.kind != "intent"]
    files = {
        EXAMPLES: _with_examples(_yaml(root / EXAMPLES), intents),
        STORIES: _with_stories(_yaml(root / STORIES), intents, root),
        READINGS: _text(root / READINGS) + "".join(f"{reading_of(one)}\n" for one in readings),
    }
    return "".join(_difference(name, _text(root / name), text) for name, text in files.items())


def _difference(name: str, before: str, after: str) -> str:
    if before == after:
        return ""
    old = f"a/{name}" if before else "/dev/null"
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), old, f"b/{name}")
    head = f"diff --git a/{name} b/{name}\n" + ("" if before else "new file mode 100644\n")
    return head + "".join(lines)


def _with_examples(kept: Mapping[str, Any], intents: Iterable[Proposed]) -> str:
    by_intent: dict[str, list[str]] = {
        one["intent"]: [line.removeprefix("- ") for line in one["examples"].splitlines()]
        for one in kept.get("nlu") or ()
    }
    for one in intents:
        by_intent.setdefault(str(one.right), []).append(as_example(words_of(one)))
    if not by_intent:
        return ""
    parts = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for intent, lines in sorted(by_intent.items())
    ]
    return (
        f"version: {VERSION}\n\n# Messages that staff corrected, each approved by a second person.\nnlu:\n"
        + "\n".join(parts)
    )


def as_example(words: str) -> str:
    """Words as an example of Rasa's format, in which brackets and backslashes would mark an entity."""
    return re.sub(r"\s+", " ", words.replace("\\", " ").replace("[", "").replace("]", "").replace("`", "'")).strip()


def _with_stories(kept: Mapping[str, Any], intents: Iterable[Proposed], root: Path) -> str:
    stories = list(kept.get("stories") or ())
    known = {one["story"] for one in stories}
    for one in intents:
        steps = steps_after(str(one.right), root)
        name = f"from review: {as_example(words_of(one))}"[:120]
        if steps and name not in known:
            user = {"user": as_example(words_of(one)), "intent": str(one.right)}
            stories.append({"story": name, "steps": [user, *steps]})
            known.add(name)
    if not stories:
        return ""
    head = f"version: {VERSION}\n\n# Messages that staff corrected: what each wants, and what follows.\n"
    return head + yaml.safe_dump({"stories": stories}, sort_keys=False, allow_unicode=True, width=110)


def steps_after(intent: str, root: Path) -> list[Any]:
    """What follows a message with this intent when no question is open, by the rules; nothing when no rule says."""
    for path in sorted((root / "data" / "rules").glob("*.yml")):
        for one in _yaml(path).get("rules") or ():
            opens = {"active_loop": None} in (one.get("condition") or [])
            if opens and one["steps"][0] == {"intent": intent}:
                return list(one["steps"][1:])
    return []


def reading_of(one: Proposed) -> str:
    """A correction as a line to test with: what the message, said on a day after a question, should be read as."""
    line: dict[str, Any] = {"text": words_of(one), "today": one.said_on.isoformat(), "asked": one.expecting}
    if one.kind == "fact":
        line |= {"fact": one.fact, "value": one.right}
    else:
        line |= {"mark": one.kind}
    return json.dumps(line, ensure_ascii=False)


def _taught(root: Path) -> dict[str, str]:
    """Every example that is learned from, in small letters, with its intent."""
    found: dict[str, str] = {}
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for one in _yaml(path).get("nlu") or ():
            lines = str(one.get("examples") or "").splitlines()
            found.update((line.removeprefix("- ").strip().casefold(), str(one.get("intent"))) for line in lines)
    return found


def _tested(root: Path) -> set[str]:
    texts: set[str] = set()
    for path in sorted((root / "tests" / "nlu_eval").glob("*.jsonl")):
        texts |= {str(json.loads(line)["text"]).casefold() for line in _text(path).splitlines() if line.strip()}
    return texts


def _yaml(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(_text(path)) or {})


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
