"""Puts the encoder's features on every message, once, for the components behind it."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.encoder import Ahead, Encoder, open_encoder
from nlu.intents import prepared

logger = logging.getLogger(__name__)


@lru_cache(maxsize=2)
def shared_encoder(threads: int) -> Encoder:
    """One encoder a process, also when a new model is loaded while the old one still answers."""
    return open_encoder(threads=threads)


@lru_cache(maxsize=2)
def shared_ahead(threads: int) -> Ahead:
    """What encodes messages ahead, with the encoder of this process."""
    return Ahead(shared_encoder(threads))


def is_words(text: str) -> bool:
    """Whether a text is to be understood: a pressed button is a command of Rasa's, and means what it says."""
    return bool(text) and not text.startswith("/")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLmFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features of shape (1, 1152): the sentence vector, then two middle layers."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Cores, 1 or more, that one message may use (`threads`) and training may (`training_threads`)."""
        return {**DenseFeaturizer.get_default_config(), "threads": 1, "training_threads": 2}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiniLmFeaturizer:
        """Make the component (called by Rasa). Raises EncoderFilesError."""
        threads = config["threads"]
        return cls(execution_context.node_name, config, shared_encoder(threads), shared_ahead(threads))

    def __init__(self, name: str, config: dict[str, Any], encoder: Encoder, ahead: Ahead | None = None) -> None:
        super().__init__(name, {FEATURIZER_CLASS_ALIAS: None, **config})
        self._encoder = encoder
        self._ahead = ahead or Ahead(encoder)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises InvalidConfigException when a number of threads is no whole number of 1 or more."""
        for name in ("threads", "training_threads"):
            threads = config.get(name, 1)
            if not isinstance(threads, int) or threads < 1:
                raise InvalidConfigException(f"{name} of MiniLmFeaturizer is {threads!r}; allowed: 1 or more.")

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features. A failure leaves the message without them: what was found before it (a danger, the
        facts) must still reach the conversation."""
        try:
            for message in messages:
                if is_words(message.get(TEXT) or ""):
                    give(message, self._ahead.take(prepared(message.get(TEXT))), self._identifier)
        except Exception as error:  # any failure at all
            logger.error("The sentence encoder failed (%s); the intent is left open.", type(error).__name__)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training examples. Raises what goes wrong: a model is not made by halves."""
        examples = [message for message in training_data.training_examples if message.get(TEXT)]
        logger.info("encoding %d examples", len(examples))
        threads = self._config.get("training_threads", 1)
        encoder = self._encoder if threads == self._config["threads"] else shared_encoder(threads)
        featurize(examples, encoder, self._identifier)
        return training_data


def featurize(messages: list[Message], encoder: Encoder, origin: str) -> None:
    """Encode all messages together and leave each its row."""
    texts = [prepared(message.get(TEXT) or "") for message in messages]
    for message, row in zip(messages, encoder.features(texts), strict=True):
        give(message, row, origin)


def give(message: Message, row: np.ndarray, origin: str) -> None:
    """Leave a message its features."""
    message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, origin))
