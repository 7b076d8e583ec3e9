"""Whether an assistant runs on a var folder: those that run share a lock there, a restore wants it alone.

The lock is that of flock(2), which ends with its process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "serving.lock"
OWNER_ONLY = 0o600


class InUseError(RuntimeError):
    """Something runs on the folder; the text says what to do."""


@contextmanager
def shared_use(folder: Path) -> Iterator[None]:
    """As long as an assistant runs. Raises InUseError while a backup is put back."""
    with _held(folder, fcntl.LOCK_SH, "A backup is being put back just now. Try again in a moment."):
        yield


@contextmanager
def only_user(folder: Path) -> Iterator[None]:
    """As long as nobody else may use what lies in the folder. Raises InUseError while an assistant runs."""
    with _held(folder, fcntl.LOCK_EX, "The assistant runs: stop ./imr serve first."):
        yield


@contextmanager
def _held(folder: Path, kind: int, otherwise: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InUseError(otherwise) from None
    finally:
        os.close(handle)
