"""The file of a trained model: loaded only if it is whole, told by the sha256 that training wrote beside it.

Against damage, half a copy, and a model of another training put in its place. Who may write both files may write the
program too.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ENDING = ".sha256"


class ModelFileError(ValueError):
    """The file is not what was trained; the text is one line that says what to do."""


def seal(model: Path) -> Path:
    """Write the sha256 of a freshly trained model beside it. Returns the path of that file."""
    beside = _beside(model)
    beside.write_text(f"{_sha256(model)}  {model.name}\n", encoding="ascii")
    return beside


def verify(model: Path) -> None:
    """Raises ModelFileError unless the model is the one that was sealed."""
    try:
        sealed = _beside(model).read_text(encoding="ascii").split()[0]
        is_whole = sealed == _sha256(model)
    except (OSError, IndexError, UnicodeDecodeError):
        raise ModelFileError(f"There is no trained model with its checksum at {model}. Run ./imr train.") from None
    if not is_whole:
        raise ModelFileError(f"The model {model} is not the one that was trained here. Run ./imr train --force.")


def is_sealed(model: Path) -> bool:
    """Whether the model is whole."""
    try:
        verify(model)
    except ModelFileError:
        return False
    return True


def _beside(model: Path) -> Path:
    return model.with_name(model.name + ENDING)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
