"""The safety screen: what must fire, what must not, and that no text whatever breaks it.

The corpora hold one made-up message a line. A message that is misread goes there first, into the rules after.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.safety import Danger, screen
from nlu.safety.reader import RULES_FILE
from nlu.safety.spelling import one_edit_apart

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "data" / "danger" / "by_rule"
SLIPS = 300  # slips of the finger tried per seed


def lines_of(name: str) -> list[str]:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


EMERGENCIES = lines_of("medical_emergency")
SELF_HARM = lines_of("self_harm")
LOOKALIKES = lines_of("lookalikes")


def kind_of(text: str) -> str | None:
    danger = screen(text)
    return danger.kind if danger else None


def rule_book() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("message", EMERGENCIES)
def test_a_medical_emergency_fires(message: str) -> None:
    assert kind_of(message) == "medical_emergency"


@pytest.mark.parametrize("message", SELF_HARM)
def test_self_harm_fires(message: str) -> None:
    assert kind_of(message) == "self_harm"


@pytest.mark.parametrize("message", LOOKALIKES)
def test_a_lookalike_does_not_fire(message: str) -> None:
    assert screen(message) is None


def test_the_corpora_are_large_enough_and_share_no_line() -> None:
    assert min(len(EMERGENCIES), len(SELF_HARM)) >= 150
    assert len(LOOKALIKES) >= 300
    everything = [line.casefold() for line in chain(EMERGENCIES, SELF_HARM, LOOKALIKES)]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("I took all my pills, I want to die", "medical_emergency"),
        ("She overdosed because she wants to kill herself", "medical_emergency"),
        ("I slit my wrists and there is blood everywhere", "medical_emergency"),
        ("I'm going to take all my pills tonight", "self_harm"),
        ("my chest hurts and I am going to kill myself", "self_harm"),
        ("I can't breathe and I don't see the point anymore", "medical_emergency"),
    ],
)
def test_of_two_dangers_the_clearer_one_counts(message: str, kind: str) -> None:
    assert kind_of(message) == kind


def test_the_span_shows_the_words_that_fired() -> None:
    message = "They denied my MRI. My dad can\u2019t breathe, please help."
    danger = screen(message)
    assert danger is not None
    assert message[danger.start : danger.end] == "can\u2019t breathe"


HARMLESS_NEIGHBOURS = [
    "They denied my stroke rehab.",
    "I had a heart attack last spring.",
    "This wait is killing me!",
    "My claim for an overdose in March was denied.",
    "Does the plan cover suicide prevention?",
]
DANGERS_BESIDE_THEM = [
    ("my dad can't breathe", "medical_emergency"),
    ("She is unconscious on the floor", "medical_emergency"),
    ("my husband collapsed in the kitchen", "medical_emergency"),
    ("I want to kill myself", "self_harm"),
    ("no quiero vivir", "self_harm"),
]


@pytest.mark.parametrize(("harmless", "danger"), list(product(HARMLESS_NEIGHBOURS, DANGERS_BESIDE_THEM)))
def test_a_harmless_sentence_never_silences_another(harmless: str, danger: tuple[str, str]) -> None:
    message, kind = danger
    assert kind_of(f"{harmless} {message}") == kind
    assert kind_of(f"{message}. {harmless}") == kind


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("I am having chest pain right now", "I had chest pain in March and the bill was denied"),
        ("my son is having a seizure", "if my son has a seizure will they pay?"),
        ("she is suicidal", "she was suicidal last year"),
        ("my insulin ran out this morning", "my insulin will run out next month"),
        ("I want to die", "I don't want to die"),
    ],
)
def test_the_same_words_are_a_danger_now_and_none_in_another_frame(now: str, then: str) -> None:
    assert screen(now) is not None
    assert screen(then) is None


FAREWELL = "I gave my dog to my sister."
FILLER = "They denied the brace. " * 6


def test_two_different_weak_signs_near_one_another_add_up() -> None:
    assert screen(FAREWELL) is None
    assert screen("My affairs are in order.") is None
    message = f"{FAREWELL} My affairs are in order."
    danger = screen(message)
    assert danger is not None
    assert danger.kind == "self_harm"
    assert message[danger.start : danger.end] == "gave my dog to my sister. My affairs are in order"


@pytest.mark.parametrize(
    "message",
    [
        f"{FAREWELL} I gave my cat to my brother.",
        f"{FAREWELL} {FILLER} My affairs are in order.",
        "I am dizzy and my surgery was denied",
    ],
    ids=["one sign twice", "too far apart", "none of them telling"],
)
def test_signs_that_do_not_add_up(message: str) -> None:
    assert screen(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "habla muy fuerte por favor",
        "la puerta no abre",
        "tuvimos suerte con el plan",
        "hablo poco ingl\u00e9s",
        "vivo en Los Angeles",
    ],
)
def test_common_spanish_words_are_no_slips_of_a_key_word(message: str) -> None:
    assert screen(message) is None


@pytest.mark.parametrize(
    "written",
    [
        "I WANT TO KILL MYSELF",
        "i wanna kill my self",
        "I want to k\u200bill my\u200dself",
        "i want to kiiiiill myself",
        "I want to k1ll mys3lf",
        "i want to k*ll myself",
        "I want to kill&nbsp;myself",
        "\u202eI want to kill myself\u202c",
        "\uff29 \uff57\uff41\uff4e\uff54 \uff54\uff4f \uff4b\uff49\uff4c\uff4c \uff4d\uff59\uff53\uff45\uff4c\uff46",
        "I want to \u043aill myself",
    ],
)
def test_one_message_fires_however_it_is_written(written: str) -> None:
    assert kind_of(written) == "self_harm"


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u2018", "`", "\u00b4", "&#39;", "&rsquo;", ""])
def test_any_apostrophe_or_none_will_do(apostrophe: str) -> None:
    assert kind_of(f"he can{apostrophe}t breathe") == "medical_emergency"


@pytest.mark.parametrize("message", ["mi papa no responde", "mi pap\u00e1 no responde", "MI PAPA\u0301 NO RESPONDE"])
def test_accents_do_not_matter(message: str) -> None:
    assert kind_of(message) == "medical_emergency"


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("seizure", "seziure", True),
        ("seizure", "seizre", True),
        ("seizure", "seisure", True),
        ("strike", "stroke", True),
        ("choking", "joking", False),
    ],
)
def test_one_slip_of_the_finger_is_one_edit(left: str, right: str, near: bool) -> None:
    assert one_edit_apart(left, right) is near
    assert one_edit_apart(right, left) is near


@pytest.mark.parametrize(
    "message", ["my plan covers prisons", "I am joking about the bill", "strike the claim", "they keep changing it"]
)
def test_a_real_word_is_never_read_as_a_slip(message: str) -> None:
    assert screen(message) is None


def slip(word: str, dice: random.Random) -> str:
    """`word` with one slip of the finger: two letters swapped, one dropped, or one doubled."""
    place = dice.randrange(len(word) - 1)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return dice.choice([swapped, word[:place] + word[place + 1 :], word[: place + 1] + word[place:]])


def mistyped(message: str, dice: random.Random) -> str | None:
    """`message` with a slip in one of its words of six letters or more; None if it has none."""
    words = message.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return None
    place = dice.choice(long)
    words[place] = slip(words[place], dice)
    return " ".join(words)


def slips(seed: int) -> Iterator[str]:
    dice = random.Random(seed)
    everything = EMERGENCIES + SELF_HARM
    while True:
        message = mistyped(dice.choice(everything), dice)
        if message is not None:
            yield message


@settings(max_examples=5, derandomize=True)
@given(st.integers(min_value=0, max_value=10_000))
def test_nine_of_ten_messages_still_fire_after_a_slip_of_the_finger(seed: int) -> None:
    tried = [message for message, _ in zip(slips(seed), range(SLIPS), strict=False)]
    assert sum(screen(message) is not None for message in tried) >= 0.9 * SLIPS


# ---- nothing breaks it -----------------------------------------------------------------------------------

HOSTILE = {
    "nothing": "",
    "emoji only": "\U0001f62d\U0001f494\U0001f691" * 30,
    "one endless word": "a" * 10_000,
    "an endless sentence": "i want to " * 1_000,
    "an endless cannot": "can't " * 1_700,
    "an endless figure of speech": "kill myself for missing " * 420,
    "endless mark-up": "<" * 5_000 + "&amp" * 1_250,
    "endless disguises": "k*" * 5_000,
    "right to left": "\u202e" + "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 " * 400,
    "lone surrogate": "I can't breathe \ud800",
    "control characters": "\x00\x01\x1b[31m can't\x00 breathe",
    "a page": "I want to know why they denied my claim for chest pain in March. " * 150,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_gets_an_answer(text: str) -> None:
    assert_span_lies_inside(text, screen(text))


def assert_span_lies_inside(text: str, danger: Danger | None) -> None:
    assert danger is None or 0 <= danger.start < danger.end <= len(text)


@given(st.text(max_size=300))
def test_no_text_whatever_raises(text: str) -> None:
    assert_span_lies_inside(text, screen(text))


TELLING_WORDS = sorted({word for line in chain(EMERGENCIES, SELF_HARM, LOOKALIKES) for word in line.split()})


@given(st.lists(st.sampled_from(TELLING_WORDS), max_size=60), st.sampled_from([" ", ", ", ". ", "\u200b", "<br>"]))
def test_no_heap_of_telling_words_raises(words: list[str], between: str) -> None:
    text = between.join(words)
    assert_span_lies_inside(text, screen(text))


@given(st.sampled_from(EMERGENCIES + SELF_HARM), st.text(alphabet=" \n\t\u00a0", max_size=5))
def test_what_surrounds_a_message_moves_only_its_span(message: str, around: str) -> None:
    danger, moved = screen(message), screen(around + message + around)
    assert danger is not None
    assert moved == Danger(danger.kind, danger.rule, danger.start + len(around), danger.end + len(around))


def test_every_rule_has_one_name_and_some_rule_serves_each_kind() -> None:
    rules = rule_book()["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {rule["kind"] for rule in rules} == {"medical_emergency", "self_harm"}


def written_items(content: Any) -> Iterator[Any]:
    for part in content.values() if isinstance(content, dict) else content:
        yield from written_items(part) if isinstance(part, dict | list) else [part]


def test_yaml_reads_no_word_of_the_rule_book_as_yes_or_no() -> None:
    book = rule_book()
    words = [book[part] for part in ("shorthand", "endings", "relatives", "ordinary", "concepts")]
    assert all(isinstance(word, str) for part in words for word in written_items(part))
    assert all(isinstance(word, str) for frame in book["frames"].values() for word in written_items(frame["words"]))


def test_every_frame_of_the_rule_book_is_used() -> None:
    book = rule_book()
    named = chain(*book["always_unless"].values(), book["events_unless"])
    used = set(named).union(*(rule.get("unless", []) for rule in book["rules"]))
    assert used == set(book["frames"])


@pytest.mark.parametrize("rule", sorted(rule["id"] for rule in rule_book()["rules"]))
def test_every_rule_is_fired_by_some_message(rule: str) -> None:
    fired = {danger.rule for line in EMERGENCIES + SELF_HARM if (danger := screen(line))}
    assert rule in fired


def test_the_screen_needs_no_model_and_no_other_library() -> None:
    asked = (
        "import sys, nlu.safety; nlu.safety.screen('hello'); print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"rasa", "spacy", "numpy", "onnxruntime", "tokenizers", "pydantic"} & set(loaded.stdout.split())
