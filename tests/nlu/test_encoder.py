"""The sentence encoder: right numbers, whole texts, honest errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.encoder import DIMENSIONS, FEATURES, EncoderFilesError, open_encoder, store, weights
from nlu.encoder.weights import EncoderFiles, verified_files
from nlu.encoder.windows import MAX_CONTENT_TOKENS, MAX_WINDOWS, split_windows
from tests.nlu import numpy_encoder
from tests.nlu.tiny import encoder

LETTER = (
    "We reviewed the request for a scan of the lower back. The request was made by your doctor on October 2. "
    "Our reviewer found that six weeks of exercise were not tried first. We therefore cannot approve it. "
)
TEXTS = [
    "This is an example sentence",
    "they denied my mri",
    "Kaiser says my daughter's eating-disorder care isn't medically necessary; what now?",
    "Me negaron la cirugía y no entiendo la carta",
    "ok 👍",
    "n" * 300,
    LETTER * 6,
]


def test_gives_the_numbers_published_for_the_example_sentence() -> None:
    vector = encoder().encode(["This is an example sentence"])[0]
    assert vector[:4] == pytest.approx([0.0677, 0.0635, 0.0487, 0.0793], abs=5e-5)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_agrees_with_the_numpy_encoder(text: str) -> None:
    assert np.abs(encoder().features([text])[0] - numpy_encoder.features(text)).max() < 1e-5


def test_shapes_and_types_are_as_promised() -> None:
    assert encoder().encode(TEXTS[:2]).shape == (2, DIMENSIONS)
    assert encoder().features(TEXTS[:2]).shape == (2, FEATURES)
    assert encoder().encode(TEXTS[:2]).dtype == np.float32
    assert encoder().encode([]).shape == (0, DIMENSIONS)


def test_a_text_means_the_same_alone_and_among_others() -> None:
    together = encoder().encode(TEXTS)
    alone = np.concatenate([encoder().encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_the_same_text_gives_the_same_bits() -> None:
    assert np.array_equal(encoder().encode(TEXTS[:4]), encoder().encode(TEXTS[:4]))


def test_more_threads_change_nothing() -> None:
    assert np.abs(open_encoder(threads=2).encode(TEXTS[:4]) - encoder().encode(TEXTS[:4])).max() < 1e-5


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_blank_text_is_the_zero_vector(text: str) -> None:
    assert not encoder().features([text]).any()


@given(st.text(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_text_has_length_one_or_zero(text: str) -> None:
    length = float(np.linalg.norm(encoder().encode([text])[0]))
    assert length == pytest.approx(1, abs=1e-4) or length == 0


@pytest.mark.parametrize("text", ["\ud83d", "denied \udc00 again", "a\x00b", "1" * 9_000, "؟" * 3_000])
def test_strange_text_is_encoded_all_the_same(text: str) -> None:
    assert np.isfinite(encoder().features([text])).all()


def test_alike_messages_lie_closer_than_unlike_ones() -> None:
    asked, again, other = encoder().encode(
        ["how long do I have to appeal", "what is the last day to appeal", "thank you so much"]
    )
    assert float(asked @ again) > 2 * float(asked @ other)


def test_the_end_of_a_long_letter_is_heard() -> None:
    plain, urgent = encoder().encode([LETTER * 8, LETTER * 8 + "My doctor says that I may lose the leg."])
    assert plain @ urgent < 0.999


def offsets_of(words: list[str]) -> list[tuple[int, int]]:
    """Where each of some words lies when they are joined by one space."""
    places, at = [], 0
    for word in words:
        places.append((at, at + len(word)))
        at += len(word) + 1
    return places


WORDS = st.lists(st.sampled_from(["no", "yes.", "what?", "appeal\n", "plan"]), max_size=1500)


@given(WORDS)
@settings(max_examples=60)
def test_no_window_is_too_long_and_none_is_empty(words: list[str]) -> None:
    windows = split_windows(" ".join(words), offsets_of(words))
    assert all(0 < window.tokens <= MAX_CONTENT_TOKENS for window in windows)


@given(WORDS)
@settings(max_examples=60)
def test_windows_cover_the_text_in_order_unless_there_are_too_many(words: list[str]) -> None:
    windows = split_windows(" ".join(words), offsets_of(words))
    if 0 < len(windows) < MAX_WINDOWS:
        assert [window.end for window in windows] == [*[window.start for window in windows[1:]], len(words)]


def test_a_window_ends_where_a_sentence_ends() -> None:
    words = (["word"] * 59 + ["end."]) * 4
    assert [window.end for window in split_windows(" ".join(words), offsets_of(words))] == [120, 240]


def test_a_sentence_without_end_is_cut_at_the_limit() -> None:
    words = ["word"] * 300
    assert [window.tokens for window in split_windows(" ".join(words), offsets_of(words))] == [126, 126, 48]


def test_a_book_is_heard_from_first_page_to_last_in_bounded_time() -> None:
    words = ["word"] * 100_000
    windows = split_windows(" ".join(words), offsets_of(words))
    assert (len(windows), windows[0].start, windows[-1].end) == (MAX_WINDOWS, 0, len(words))


def one_line(error: pytest.ExceptionInfo[EncoderFilesError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_missing_weights_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderFilesError) as error:
        verified_files(tmp_path)
    assert "model.safetensors cannot be read" in one_line(error)


def test_altered_weights_are_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(EncoderFilesError) as error:
        open_encoder(tmp_path / "store", folder=tmp_path)
    assert "is not the expected one" in one_line(error)


def test_a_missing_package_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(EncoderFilesError) as error:
        verified_files()
    assert "is not installed" in one_line(error)


def test_an_altered_graph_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "graph.onnx").write_bytes(b"altered")
    (tmp_path / "manifest.json").write_text(json.dumps({"sha256": {"graph.onnx": "0" * 64}}))
    with pytest.raises(EncoderFilesError) as error:
        store.check_stored(tmp_path)
    assert "graph.onnx is not the expected one" in one_line(error)


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(files: EncoderFiles, draft: Path) -> None:
        (draft / "graph.onnx").write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(store, "write_files", fail)
    with pytest.raises(OSError, match="disk full"):
        store.prepare_graph(verified_files(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_comes_second_keeps_what_is_there(tmp_path: Path) -> None:
    draft, folder = tmp_path / "draft", tmp_path / "folder"
    for made, text in ((draft, "second"), (folder, "first")):
        made.mkdir()
        (made / "manifest.json").write_text(text)
    store.put_in_place(draft, folder)
    assert (folder / "manifest.json").read_text() == "first"


def test_a_new_graph_takes_the_place_of_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "write_files", lambda files, draft: (draft / "manifest.json").write_text("{}"))
    monkeypatch.setattr(store, "check_stored", lambda folder: None)
    (tmp_path / "old").mkdir()
    path = store.prepare_graph(verified_files(), tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == [path.parent.name]


def test_running_the_encoder_needs_no_library_that_only_builds_it() -> None:
    program = (
        "import sys; from nlu.encoder import open_encoder; open_encoder().encode(['hello']); "
        "print(sorted({'onnx', 'safetensors', 'torch', 'tensorflow', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
