"""Rasa without what only its training uses: TensorFlow, scikit-learn, matplotlib; four seconds of a start and 270 MB.

Rasa 3.6.21 imports them whatever the pipeline is; none of our components ever calls them. Only for the process that
serves: what is left out cannot be brought back in the same process.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

NOT_THERE = ("tensorflow",)  # importing it fails, which those who could do without it (spaCy's thinc) expect
EMPTY = ("rasa.utils.train_utils", "rasa.core.test", "sklearn.model_selection")  # importing works, using does not


class OnlyForTrainingError(RuntimeError):
    """Something was called that this process left out; the message names it."""


class _LeftOut(ModuleType):
    """A module whose functions are there by name, for those who import them, and fail when called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*_: Any, **__: Any) -> Any:
            raise OnlyForTrainingError(f"{self.__name__}.{name} is for training: {__name__} left it out of serving")

        return call


def needs_training(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, comes from what was left out."""
    while error is not None:
        if isinstance(error, OnlyForTrainingError) or (isinstance(error, ImportError) and error.name in NOT_THERE):
            return True
        error = error.__cause__ or error.__context__
    return False


def leave_training_out() -> None:
    """To be called before anything of Rasa is imported. Raises RuntimeError when TensorFlow is there already."""
    if loaded := [name for name in (*NOT_THERE, *EMPTY) if isinstance(sys.modules.get(name), ModuleType)]:
        raise RuntimeError(f"Too late to leave training out: {', '.join(loaded)} was imported before.")
    for name in NOT_THERE:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python marks a module as not there
    for name in EMPTY:
        sys.modules[name] = _LeftOut(name)
    for name in EMPTY:
        if name.startswith("rasa."):
            _bind_to_package(name)
    _read_no_training_graph()


def _bind_to_package(name: str) -> None:
    """`import a.b.c` and then `a.b.c.d` finds `c` as an attribute of `a.b`, which importing would have set."""
    package, _, own = name.rpartition(".")
    setattr(importlib.import_module(package), own, sys.modules[name])


def _read_no_training_graph() -> None:
    """A model tells how it was trained as well; to read it is to import every component of Rasa's there is."""
    from rasa.engine.storage.storage import ModelMetadata

    read = ModelMetadata.from_dict

    def without_training(serialized: dict[str, Any]) -> ModelMetadata:
        return read({**serialized, "train_schema": {"nodes": {}}})

    ModelMetadata.from_dict = without_training
