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

from nlu.ear import Ear, Heard
from nlu.ear.ear import STEM as EAR
from nlu.encoder import DEFAULT_STORE, Encoder, open_encoder
from nlu.intents import IntentModel, ModelFilesError, Prediction, prepared
from nlu.intents.deciding import decided
from nlu.intents.model import STEM as INTENTS
from nlu.intents.model import file_names
from nlu.reading import Reading, SafetyKind

SAFETY_INTENTS: dict[SafetyKind, str] = {
    "medical_emergency": "medical_emergency",
    "self_harm": "crisis_self_harm",
}


@dataclass(frozen=True)
class Understood:
    """What one message wants and says. A danger decides the intent, whatever the intent model thinks: one that a
    rule found, else one that the ear heard."""

    prediction: Prediction
    reading: Reading
    heard: Heard | None = None

    @property
    def safety(self) -> SafetyKind | None:
        """The danger, if any."""
        return self.reading.safety or (self.heard.kind if self.heard else None)

    @property
    def intent(self) -> tuple[str, float] | None:
        """Name and probability (0 to 1), or None when the model is too unsure."""
        if self.reading.safety:
            return SAFETY_INTENTS[self.reading.safety], 1.0
        if self.heard:
            return SAFETY_INTENTS[self.heard.kind], self.heard.confidence
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
            "safety": self.safety,
            **({"wish": self.reading.wish} if self.reading.wish else {}),
        }

    def _intent_json(self) -> dict[str, Any] | None:
        if self.intent is None:
            return None
        name, confidence = self.intent
        return {"name": name, "confidence": round(confidence, 4)}


class Understander:
    """The loaded parts. Make one and keep it; a message then takes a few milliseconds."""

    def __init__(self, encoder: Encoder, model: IntentModel, ear: Ear | None = None) -> None:
        with without_tensorflow():
            from nlu.facts import read
        self._read = read
        self.encoder = encoder
        self.model = model
        self.ear = ear

    @classmethod
    def open(cls, archive: Path, store: Path = DEFAULT_STORE, threads: int = 1) -> Understander:
        """Load from a trained archive. Raises ModelFilesError or EncoderFilesError."""
        return cls(open_encoder(store, threads), model_in_archive(archive), Ear(model_in_archive(archive, EAR)))

    def understand(self, text: str, today: date, expecting: str | None = None) -> Understood:
        """Everything one message says. `expecting` is the fact that was asked last, if any."""
        reading = self._read(text, today, expecting)
        row = self.encoder.features([prepared(text)])[0]
        heard = self.ear.hear(text, row) if self.ear and not reading.safety else None
        return Understood(decided(self.model.predict(text, row), reading.facts, reading.wish, text), reading, heard)

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


def model_in_archive(archive: Path, stem: str = INTENTS) -> IntentModel:
    """The intent model, or the ear's, inside a trained Rasa archive. Raises ModelFilesError."""
    try:
        with tarfile.open(archive) as packed:
            numbers, words = (file_in_archive(packed, name) for name in file_names(stem))
    except (OSError, tarfile.TarError, EOFError) as error:
        raise ModelFilesError(f"The trained model {archive} cannot be read: {error}.") from error
    return IntentModel.read(BytesIO(numbers), words.decode("utf-8"))


def file_in_archive(packed: tarfile.TarFile, name: str) -> bytes:
    """The contents of the one file of that name. Raises ModelFilesError."""
    for member in packed.getmembers():
        if PurePosixPath(member.name).name == name and (file := packed.extractfile(member)):
            return file.read()
    raise ModelFilesError(f"The trained model holds no {name}: train it again.")
