"""The intent model: what it reads, how sure it says it is, and how it is kept."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.intents import FALLBACK, IntentModel, ModelFilesError, prepared
from nlu.intents import candidates as compared
from nlu.intents.examples import Examples, TrainingDataError
from nlu.intents.features import Vocabulary, count, matrix
from nlu.intents.model import file_names, softmax
from nlu.intents.space import Rows
from nlu.intents.spelling import WORDS_FILE as SPELLING_FILE
from nlu.intents.text import has_words, letter_sequences, normalise, word_sequences
from nlu.intents.training import (
    best_temperature,
    best_threshold,
    calibrate,
    fit,
    out_of_fold,
    train,
)
from tests.nlu import tiny

NUMBERS_FILE, WORDS_FILE = file_names()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They DENIED it", "they denied it"),
        ("it\u2019s \u201curgent\u201d", 'it\'s "urgent"'),
        ("den\u200bied\ufeff", "denied"),
        ("pleeeease", "pleease"),
        ("help!!!!!!!", "help!!!"),
        ("  two \n\n lines\t", "two lines"),
        ("10\u201315 days", "10-15 days"),
        ("\uff34\uff4f\uff4f late", "too late"),
        ("1000000", "1000000"),
        ("\u202edesrever\u202c", "desrever"),
        ("", ""),
    ],
)
def test_text_is_evened_out(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_no_letter_stands_three_times_in_a_row(text: str) -> None:
    assert not re.search(r"([^\W\d_])\1\1", normalise(text))


@given(st.text(max_size=200))
def test_any_text_can_be_cut_into_sequences(text: str) -> None:
    evened = normalise(text)
    assert bool(list(letter_sequences(evened))) <= bool(list(word_sequences(evened)))


@pytest.mark.parametrize(("text", "expected"), [("ok", True), ("7", True), ("\U0001f44d", False), ("?!", False)])
def test_only_letters_and_digits_count_as_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


def test_all_dates_look_alike_to_the_words() -> None:
    assert list(word_sequences("on 10/15")) == list(word_sequences("on 11/02"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they deneid my surgrey", "they denied my surgery"),
        ("the lettr says not medicaly neccessary", "the letter says not medically necessary"),
        ("pls help, im scared", "please help, i'm scared"),
        ("kiaser grievence", "kaiser grievance"),
        ("insurence apeal", "insurance appeal"),
        ("hola, gracias", "hola, gracias"),
        ("aetna, iehp and dmhc", "aetna, iehp and dmhc"),
        ("zolgensma", "zolgensma"),
        ("it's don't won't", "it's don't won't"),
        ("xyzzyq xz", "xyzzyq xz"),
    ],
)
def test_slips_of_the_finger_are_repaired_and_nothing_else(text: str, expected: str) -> None:
    assert prepared(text) == expected


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_what_is_repaired_stays_as_it_is(text: str) -> None:
    assert prepared(prepared(text)) == prepared(text)


def test_words_that_are_listed_twice_are_listed_in_vain() -> None:
    words = yaml.safe_load(SPELLING_FILE.read_text(encoding="utf-8"))
    known = " ".join(words["known"].values()).split()
    assert len(known) == len(set(known))
    assert not set(known) & set(words["means"])


@pytest.mark.parametrize(("kind", "cut"), [("words", word_sequences), ("letters", letter_sequences)])
def test_weights_are_those_of_scikit_learn(kind: str, cut: object) -> None:
    texts = [normalise(text) for text in tiny.TEXTS]
    counted = [count(kind, text) for text in texts]
    theirs = TfidfVectorizer(analyzer=cut, min_df=2, sublinear_tf=True)
    expected = theirs.fit_transform(texts).toarray()
    vocabulary = Vocabulary.learn(kind, counted)
    assert list(vocabulary.terms) == list(theirs.get_feature_names_out())
    assert matrix(vocabulary, counted).toarray() == pytest.approx(expected, abs=1e-6)


def test_unknown_words_weigh_nothing() -> None:
    places, values = Vocabulary.learn("words", [count("words", "no plan")] * 2).read("zebra")
    assert (len(places), len(values)) == (0, 0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Kaiser denied my back surgery", "report_denial"),
        ("how many days do i have to file", "ask_deadline"),
        ("HELLO!!", "greet"),
        ("thank you very much", "thank"),
        ("yes that is correct", "affirm"),
        ("no, not at all", "deny"),
    ],
)
def test_new_messages_are_understood(text: str, intent: str) -> None:
    ranking = tiny.model().predict(text, tiny.encoder().features([prepared(text)])[0]).ranking
    assert ranking[0][0] == intent


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_gets_a_short_ranking_best_first(text: str) -> None:
    prediction = tiny.model().predict(text, tiny.encoder().features([prepared(text)])[0])
    chances = [chance for _, chance in prediction.ranking]
    assert len(chances) <= 3
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-6


@pytest.mark.parametrize("text", ["", "   ", "\U0001f62d\U0001f62d", "...", "\u200b"])
def test_a_message_without_words_is_not_answered(text: str) -> None:
    prediction = tiny.model().predict(text, np.zeros(1152, np.float32))
    assert (prediction.name, prediction.confidence, prediction.ranking) == (FALLBACK, 0.0, ())


def test_a_vector_that_is_not_finite_is_not_answered() -> None:
    assert not tiny.model().predict("hello", np.full(1152, np.nan, np.float32)).answered


def test_under_the_threshold_it_falls_back_and_keeps_its_ranking() -> None:
    strict = dataclasses.replace(tiny.model(), threshold=1.1)
    prediction = strict.predict("hello", tiny.encoder().features(["hello"])[0])
    assert prediction.name == FALLBACK
    assert prediction.ranking[0][0] == "greet"


def test_a_stored_model_answers_the_same(tmp_path: Path) -> None:
    tiny.model().save(tmp_path)
    vector = tiny.encoder().features(["by when must i file"])[0]
    assert IntentModel.load(tmp_path).predict("by when must i file", vector) == tiny.model().predict(
        "by when must i file", vector
    )


def test_a_stored_model_holds_numbers_and_words_only(tmp_path: Path) -> None:
    tiny.model().save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {NUMBERS_FILE, WORDS_FILE}
    with np.load(tmp_path / NUMBERS_FILE, allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays} == {"f"}


@pytest.mark.parametrize("broken", [NUMBERS_FILE, WORDS_FILE])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"PK\x03\x04 cut off"])
def test_a_damaged_model_is_one_clear_error(tmp_path: Path, broken: str, content: bytes | None) -> None:
    tiny.model().save(tmp_path)
    (tmp_path / broken).unlink()
    if content is not None:
        (tmp_path / broken).write_bytes(content)
    with pytest.raises(ModelFilesError) as error:
        IntentModel.load(tmp_path)
    assert "\n" not in str(error.value)


def test_a_model_of_another_format_is_refused(tmp_path: Path) -> None:
    tiny.model().save(tmp_path)
    words = json.loads((tmp_path / WORDS_FILE).read_text())
    (tmp_path / WORDS_FILE).write_text(json.dumps({**words, "format": 99}))
    with pytest.raises(ModelFilesError, match="format 99"):
        IntentModel.load(tmp_path)


def test_predicting_imports_no_learning_library(tmp_path: Path) -> None:
    tiny.model().save(tmp_path)
    program = (
        "import sys; import numpy; from pathlib import Path; from nlu.intents import IntentModel; "
        f"IntentModel.load(Path({str(tmp_path)!r})).predict('hello', numpy.zeros(1152, 'float32')); "
        "print(sorted({'sklearn', 'scipy', 'tensorflow', 'rasa'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(compared.CANDIDATES))
def test_every_candidate_can_be_trained_and_used(name: str) -> None:
    model = train(tiny.examples(), name)
    texts = [prepared(text) for text in tiny.TEXTS]
    guesses = [
        model.labels[int(model.probabilities(text, row).argmax())]
        for text, row in zip(texts, tiny.examples().features, strict=True)
    ]
    assert np.mean([guess == intent for guess, intent in zip(guesses, tiny.INTENTS, strict=True)]) > 0.9


def test_the_stored_weights_score_as_the_trained_ones_did() -> None:
    examples, candidate = tiny.examples(), compared.CANDIDATES[compared.BEST]
    space, weights = fit(examples, candidate)
    rows = space.rows(examples)
    trained, bias = candidate.fit(rows, examples.targets)
    unfolded = examples.features @ weights.dense + weights.bias
    for vocabulary, block in zip(space.vocabularies, weights.sparse, strict=True):
        unfolded = unfolded + matrix(vocabulary, examples.counts[vocabulary.kind]) @ block
    assert unfolded == pytest.approx(rows.scores(trained) + bias, abs=1e-3)


def test_logistic_regression_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(7)
    rows = random.normal(size=(90, 12)).astype(np.float32)
    targets = np.argmax(rows[:, :3] + random.normal(size=(90, 3)), axis=1)
    weights, bias = compared.logistic(Rows(rows), targets)
    theirs = LogisticRegression(C=1 / compared.LOGISTIC_PENALTY, max_iter=1000, tol=1e-8).fit(rows, targets)
    assert softmax(rows @ weights + bias) == pytest.approx(theirs.predict_proba(rows), abs=0.02)


def test_temperature_takes_back_exaggeration() -> None:
    scores = out_of_fold(tiny.examples(), compared.CANDIDATES["layers_logistic"])
    once = best_temperature(scores, tiny.examples().targets)
    assert best_temperature(scores * 5, tiny.examples().targets) == pytest.approx(once * 5, rel=0.01)


CONFIDENCES = st_numpy.arrays(np.float64, st.integers(20, 200), elements=st.floats(0, 1), unique=True)


@given(CONFIDENCES, st.floats(0, 0.5), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_threshold_never_leaves_more_unanswered_than_allowed(
    confidence: np.ndarray, most: float, random: Random
) -> None:
    right = np.array([random.random() < 0.7 for _ in confidence])
    answered = confidence >= best_threshold(confidence, right, most)
    assert 1 - answered.mean() <= most + 1e-9
    assert right[answered].mean() >= right.mean() - 1e-9


def test_calibration_reports_what_it_measured() -> None:
    scores = np.array([[9.0, 0.0], [0.0, 9.0], [0.1, 0.0], [8.0, 0.0]])
    measured = calibrate(scores, np.array([0, 1, 1, 0]), max_unanswered=0.25)
    assert (measured.accuracy, measured.answered_accuracy, measured.unanswered) == (0.75, 1.0, 0.25)


def test_notes_say_how_the_model_was_made() -> None:
    notes = tiny.model().notes
    assert (notes["candidate"], notes["examples"], notes["intents"]) == (compared.BEST, 48, 6)


@pytest.mark.parametrize(
    ("intents", "named"),
    [(["greet"] * 6, "two intents"), (["greet"] * 6 + ["thank"] * 2, "thank has 2 examples")],
)
def test_too_little_data_is_one_clear_error(intents: list[str], named: str) -> None:
    with pytest.raises(TrainingDataError, match=named):
        Examples.of(["hello"] * len(intents), np.zeros((len(intents), 1152)), intents)
