"""Features made ahead are those made at once, and are taken once."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.encoder import Ahead, Encoder, open_encoder

TEXT = "my plan denied the scan"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder()


def test_what_was_made_ahead_is_what_would_have_been_made(encoder: Encoder) -> None:
    ahead = Ahead(encoder)
    ahead.thread.submit(ahead.make, TEXT).result()
    assert np.array_equal(ahead.take(TEXT), encoder.features([TEXT])[0])


def test_what_was_taken_is_gone(encoder: Encoder) -> None:
    ahead = Ahead(encoder)
    ahead.make(TEXT)
    ahead.take(TEXT)
    assert ahead._made == {}


def test_what_was_not_made_ahead_is_made_then(encoder: Encoder) -> None:
    assert np.array_equal(Ahead(encoder).take(TEXT), encoder.features([TEXT])[0])


def test_what_nobody_takes_does_not_pile_up(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.encoder.ahead.MOST_WAITING", 2)
    ahead = Ahead(encoder)
    for text in ("a", "b", "c"):
        ahead.make(text)
    assert list(ahead._made) == ["b", "c"]
