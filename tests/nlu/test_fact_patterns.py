"""The language of the patterns, and the pattern files themselves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_logic import vocabulary
from nlu.facts.data import ANSWERS_FILE, FOLDER, read_file, yaml_file
from nlu.facts.language import Compiled, Grammar, PatternError, plain
from nlu.facts.patterns import Index, all_rules, grammar, index, rules_of, word_lists
from nlu.facts.pipeline import pipeline, straightened
from nlu.facts.sentences import sentences
from nlu.facts.wishes import WISHES_FILE

SMALL = Grammar({"doctor": ["doctor", "nurse practitioner"]}, ["not", "but"])
HELPERS = "_"


def matches(pattern: str, words: str) -> bool:
    return SMALL.compile(pattern).regex.search(f" ^ {words} ") is not None


LANGUAGE = [
    ("denied my claim", "they denied my claim", True),
    ("denied my claim", "they denied my claims", False),
    ("(denied|turned down) it", "they turned down it", True),
    ("(my|the)? claim", "claim", True),
    ("is (really (very)? )?urgent", "it is really very urgent", True),
    ("is (really (very)? )?urgent", "it is very urgent", False),
    ("@doctor said", "the nurse practitioner said", True),
    ("@doctor? said", "he said", True),
    ("doctor *2 ordered", "doctor smith just ordered", True),
    ("doctor *2 ordered", "doctor smith and he just ordered", False),
    ("doctor *2 ordered", "doctor did not ordered", False),
    ("doctor ~2 ordered", "doctor did not ordered", True),
    ("# visits", "12 visits", True),
    ("# visits", "twelve visits", True),
    ("# visits", "many visits", False),
    ("sharp !(pain)", "sharp pain", False),
    ("sharp !(pain)", "sharp denied", True),
    ("<!(i|we all) denied", "they denied", True),
    ("<!(i|we all) denied", "i denied", False),
    ("<!(i|we all) denied", "we all denied", False),
    ("^ no $", "no .", True),
    ("^ no $", "no way", False),
    ("haven't filed", "have n t filed", False),
    ("Medi-Cal plan", "medi cal plan", True),
    ("autorización", "autorizacion", True),
    ("yes (,|.|$)", "yes please", False),
]


@pytest.mark.parametrize(("pattern", "words", "found"), LANGUAGE)
def test_a_pattern_finds_what_it_says(pattern: str, words: str, found: bool) -> None:
    assert matches(pattern, words) is found


@pytest.mark.parametrize("pattern", ["(denied", "denied)", "@nobody said", "*3", "(a)?", "#"])
def test_a_pattern_that_cannot_be_read_is_one_clear_error(pattern: str) -> None:
    with pytest.raises(PatternError):
        SMALL.compile(pattern)


def test_a_pattern_is_looked_up_by_its_rarest_words() -> None:
    made = SMALL.compile("it is not (experimental|investigational)")
    assert made.key == {"experimental", "investigational"}
    assert frozenset({"not"}) in made.others


@pytest.mark.parametrize(
    ("words", "spelled"),
    [
        ("L.A. Care", "la care"),
        ("médicamente", "medicamente"),
        ("Medi-Cal", "medi cal"),
        ("doctor's", "doctor s"),
        (".", "."),
    ],
)
def test_words_are_spelled_as_the_pipeline_spells_them(words: str, spelled: str) -> None:
    assert plain(words) == spelled


def test_every_fact_of_the_files_is_in_the_vocabulary_and_so_is_every_value() -> None:
    for fact, rules in all_rules().items():
        if not fact.startswith(HELPERS):
            spec = vocabulary()[fact]
            allowed = {True, False} if spec.kind == "yes_no" else set(spec.values)
            assert {pattern.value for pattern in rules.patterns} <= allowed, fact
            assert set(rules.rank) <= allowed, fact


def test_every_fact_that_is_no_day_has_patterns() -> None:
    wanted = {name for name, spec in vocabulary().items() if spec.kind != "day"}
    assert wanted <= set(all_rules())


def test_every_answer_is_a_value_of_its_fact() -> None:
    for fact, told in read_file(ANSWERS_FILE)["facts"].items():
        spec = vocabulary()[fact]
        values = {
            *told.get("says", {}),
            *told.get("also", {}),
            *(told[word] for word in ("yes", "no") if word in told),
        }
        assert values <= set((True, False) if spec.kind == "yes_no" else spec.values), fact


def test_the_likely_kinds_are_plan_types_of_companies_in_the_vocabulary() -> None:
    rows = yaml_file("_kinds.yml")
    kinds = {row["kind"] for row in rows["rows"]} | {one["kind"] for one in rows["likely"]["carrier"].values()}
    assert kinds <= set(vocabulary()["plan_type"].values)
    assert set(rows["likely"]["carrier"]) <= set(vocabulary()["carrier"].values)


def test_no_rule_is_written_twice() -> None:
    sources = [(pattern.fact, pattern.value, pattern.made.source) for pattern in _patterns()]
    assert len(sources) == len(set(sources))


def test_rules_have_names_of_their_own() -> None:
    names = [pattern.rule for pattern in _patterns()]
    assert len(names) == len(set(names))


def test_no_gap_is_unbounded() -> None:
    assert not [pattern.rule for pattern in _patterns() if re.search(r"[+*](?!\])[^?{]*\)[+*]", pattern.made.source)]


def test_in_the_pattern_files_no_and_on_are_words() -> None:
    assert "no" in yaml_file("_scope.yml")["negations"]
    assert all(isinstance(word, str) for word in yaml_file("_scope.yml")["small_words"])


def test_the_files_hold_no_line_too_long_to_read() -> None:
    files = [*FOLDER.glob("*.yml"), ANSWERS_FILE, WISHES_FILE]
    assert not [
        path.name for path in files for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 110
    ]


def _patterns() -> list:  # type: ignore[type-arg]
    return [pattern for rules in all_rules().values() for pattern in rules.patterns]


def _found_without_index(line: str, words: frozenset[str]) -> set[str]:
    return {pattern.rule for pattern in _patterns() if pattern.made.regex.search(line)}


TEXTS = [
    "Kaiser denied my knee replacement because it is not medically necessary, my surgeon ordered it.",
    "I filed a grievance on November 2 and I am still waiting, it is an HMO through my husband's job",
    "my doctor won't sign that it's urgent, they approved 6 of 12 visits and never told me why",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_index_misses_no_pattern(text: str) -> None:
    for sentence in sentences(pipeline()(straightened(text))):
        quick = {p.rule for p in index().candidates(sentence.words) if p.made.regex.search(sentence.line)}
        assert quick == _found_without_index(sentence.line, sentence.words)


NOUNS = st.sampled_from(
    [
        "they",
        "denied",
        "my",
        "claim",
        "not",
        "urgent",
        "a",
        "#",
        "@doctor",
        "said",
        "*2",
        "~1",
        "(my|the)?",
        "!(pain)",
    ]
)


@settings(max_examples=80)
@given(st.lists(NOUNS, min_size=1, max_size=6).map(" ".join), st.text(max_size=60))
def test_a_pattern_matches_only_where_its_words_are(pattern: str, text: str) -> None:
    try:
        made = SMALL.compile(pattern)
    except PatternError:
        return
    line = f" ^ {plain(text)} "
    if made.regex.search(line):
        assert _all_needed(made, frozenset(line.split()))


def _all_needed(made: Compiled, words: frozenset[str]) -> bool:
    return not any(words.isdisjoint(group) for group in (made.key, *made.others))


def test_one_fact_can_be_told_in_several_files() -> None:
    values = {pattern.value for pattern in all_rules()["denial_reasons"].patterns}
    assert {"medical_necessity", "benefit_exclusion", "balance_billing"} <= values


def test_weaker_patterns_are_less_sure() -> None:
    rules = rules_of("decision", {"values": {"denied": ["denied it"]}, "weaker": {"denied": ["denied"]}})
    strong, weak = rules.patterns
    assert strong.confidence > weak.confidence


def test_an_index_gives_each_pattern_once() -> None:
    rules = {"decision": rules_of("decision", {"values": {"denied": ["(denied|refused) (it|them)"]}})}
    assert len(list(Index(rules).candidates(frozenset({"denied", "refused", "it", "them"})))) == 1


def test_the_lists_of_words_name_only_lists_that_exist() -> None:
    lists = word_lists()
    named = {name for words in lists.values() for word in words for name in re.findall(r"@(\w+)", str(word))}
    assert named <= set(lists)
    assert grammar() is grammar()
