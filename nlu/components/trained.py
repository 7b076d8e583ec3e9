"""What the trained components share: how Rasa makes, loads and keeps them."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.featurizer import MiniLmFeaturizer


class Stored(Protocol):
    """A trained part that writes itself into a folder."""

    def save(self, folder: Path) -> None:
        """Write the files."""


Part = TypeVar("Part", bound=Stored)


class TrainedClassifier(RasaIntentClassifier, GraphComponent, Generic[Part]):
    """A component around one trained part, which is None until it was trained or loaded."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The features that the part reads."""
        return [MiniLmFeaturizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedClassifier[Any]:
        """Make an untrained component (called by Rasa)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedClassifier[Any]:
        """Load a trained component (called by Rasa). Raises ModelFilesError when the files are damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.read_part(folder))

    @classmethod
    @abstractmethod
    def read_part(cls, folder: Path) -> Part:
        """The part from its files. Raises ModelFilesError."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, part: Part | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._part = part

    def keep(self, part: Part) -> Resource:
        """Use a freshly trained part, and store it."""
        self._part = part
        with self._model_storage.write_to(self._resource) as folder:
            part.save(folder)
        return self._resource


def features_of(message: Message) -> np.ndarray | None:
    """The 1152 numbers that the featurizer left on a message, or None."""
    found = message.get_dense_features(TEXT)[1]
    if found is None:
        return None
    row: np.ndarray = found.features.reshape(-1)
    return row
