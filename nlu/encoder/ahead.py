"""Features made ahead of the turn that needs them, in a thread: the graph runs outside Python's lock, so meanwhile
others are served on another core.

What was made is taken once and then gone, since it comes from what a person wrote. A failure here is none of the
turn's: whoever needs the features then makes them, and fails, where that is foreseen.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nlu.encoder.encoder import Encoder

MOST_WAITING = 256


class Ahead:
    """Texts encoded before they are asked for, one after the other."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._made: OrderedDict[str, np.ndarray] = OrderedDict()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def make(self, text: str) -> None:
        """Encode a text and keep it until it is taken or dropped; runs in `thread`. Never raises."""
        try:
            self._made[text] = self._encoder.features([text])[0]
        except Exception as error:
            logging.getLogger(__name__).warning("nothing was made ahead: %s", type(error).__name__)
        if len(self._made) > MOST_WAITING:
            self._made.popitem(last=False)

    def drop(self, text: str) -> None:
        """Keep nothing of a text whose turn is over."""
        self._made.pop(text, None)

    def take(self, text: str) -> np.ndarray:
        """The features of a text, shape (1152,): made before, or now."""
        made = self._made.pop(text, None)
        return self._encoder.features([text])[0] if made is None else made
