"""One message understood without Rasa: the same encoder, intent model and fact reader that the server runs.

The intent model is read out of the trained Rasa archive, so that there is one truth about what was trained.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from nlu.encoder import DEFAULT_STORE, Encoder, open_encoder
from nlu.intents import IntentModel, ModelFilesError, Prediction, prepared
from nlu.intents.deciding import decided
from nlu.intents.model import NUMBERS_FILE, WORDS_FILE
from nlu.reading import Reading, SafetyKind

SAFETY_INTENTS: dict[SafetyKind, str] = {
    "medical_emergency": "medical_emergency",
    "self_harm": "crisis_self_harm",
}


@dataclass(frozen=True)
class Understood:
    """What one message wants and says. A danger decides the intent, whatever the model thinks."""

    prediction: Prediction
    reading: Reading

    @property
    def intent(self) -> tuple[str, float] | None:
        """Name and probability (0 to 1), or None when the model is too unsure."""
        if self.reading.safety:
            return SAFETY_INTENTS[self.reading.safety], 1.0
        if not self.prediction.answered:
            return None
        return self.prediction.name, self.prediction.confidence

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: intent, facts, implied, dates, evidence, safety."""
        said = self.reading.model_dump(mode="json")
        shown = ("fact", "text", "earliest", "latest", "precision")
        return {
            "intent": self._intent_json(),
            "facts": said["facts"],
            "implied": said["implied"],
            "dates": [{key: found[key] for key in shown} for found in said["dates"]],
            "evidence": said["evidence"],
            "safety": said["safety"],
        }

    def _intent_json(self) -> dict[str, Any] | None:
        if self.intent is None:
            return None
        name, confidence = self.intent
        return {"name": name, "confidence": round(confidence, 4)}


class Understander:
    """The loaded parts. Make one and keep it; a message then takes a few milliseconds."""

    def __init__(self, encoder: Encoder, model: IntentModel) -> None:
        with without_tensorflow():
            from nlu.facts import read
        self._read = read
        self.encoder = encoder
        self.model = model

    @classmethod
    def open(cls, archive: Path, store: Path = DEFAULT_STORE, threads: int = 1) -> Understander:
        """Load from a trained archive. Raises ModelFilesError or EncoderFilesError."""
        return cls(open_encoder(store, threads), model_in_archive(archive))

    def understand(self, text: str, today: date, expecting: str | None = None) -> Understood:
        """Everything one message says. `expecting` is the fact that was asked last, if any."""
        reading = self._read(text, today, expecting)
        return Understood(decided(self.predict(text), reading.facts), reading)

    def predict(self, text: str) -> Prediction:
        """The intent model's opinion alone."""
        return self.model.predict(text, self.encoder.features([prepared(text)])[0])


@contextmanager
def without_tensorflow() -> Iterator[None]:
    """Imports made inside do not find TensorFlow. spaCy's thinc loads it when it can, which costs seconds
    and 300 MB, and nothing here uses it. A process that has it already (Rasa's) is left alone."""
    if "tensorflow" in sys.modules:
        yield
        return
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # how Python marks a module as not there
    try:
        yield
    finally:
        del sys.modules["tensorflow"]


def model_in_archive(archive: Path) -> IntentModel:
    """The intent model inside a trained Rasa archive. Raises ModelFilesError."""
    try:
        with tarfile.open(archive) as packed:
            found = {name: file_in_archive(packed, name) for name in (NUMBERS_FILE, WORDS_FILE)}
    except (OSError, tarfile.TarError, EOFError) as error:
        raise ModelFilesError(f"The trained model {archive} cannot be read: {error}.") from error
    return IntentModel.read(BytesIO(found[NUMBERS_FILE]), found[WORDS_FILE].decode("utf-8"))


def file_in_archive(packed: tarfile.TarFile, name: str) -> bytes:
    """The contents of the one file of that name. Raises ModelFilesError."""
    for member in packed.getmembers():
        if PurePosixPath(member.name).name == name and (file := packed.extractfile(member)):
            return file.read()
    raise ModelFilesError(f"The trained model holds no {name}: train it again.")
