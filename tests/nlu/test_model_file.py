"""Only a model that our own training made is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.model_file import ENDING, ModelFileError, is_sealed, seal, verify


@pytest.fixture
def model(tmp_path: Path) -> Path:
    made = tmp_path / "model.tar.gz"
    made.write_bytes(b"what was trained")
    seal(made)
    return made


def test_what_was_trained_is_whole(model: Path) -> None:
    verify(model)
    assert is_sealed(model)


def test_one_changed_bit_is_noticed(model: Path) -> None:
    model.write_bytes(b"what was trainee")
    with pytest.raises(ModelFileError, match="not the one that was trained here"):
        verify(model)


@pytest.mark.parametrize("content", [None, "", "\xff\xfe"])
def test_a_model_without_its_checksum_is_refused(model: Path, content: str | None) -> None:
    beside = Path(f"{model}{ENDING}")
    beside.unlink()
    if content is not None:
        beside.write_bytes(content.encode("latin-1"))
    with pytest.raises(ModelFileError, match=r"Run \./imr train"):
        verify(model)
    assert not is_sealed(model)


def test_a_model_that_is_not_there_is_refused(model: Path) -> None:
    model.unlink()
    with pytest.raises(ModelFileError):
        verify(model)
