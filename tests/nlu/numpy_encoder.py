"""The sentence encoder written out in NumPy, to judge the ONNX graph by. Slow, and used in tests only.

Follows the BERT paper (Devlin et al., 2019) step by step: embeddings, six layers of attention and
feed-forward, mean over the tokens. It shares nothing with the graph but the weight file and the windows.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from nlu.encoder.weights import verified_files
from nlu.encoder.windows import split_windows

HEADS = 12
LAYERS = 6
CLS, SEP = 101, 102


@lru_cache(maxsize=1)
def loaded() -> tuple[dict[str, np.ndarray], Tokenizer]:
    """Weights (64-bit, so that rounding is the graph's alone) and tokeniser."""
    files = verified_files()
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return {name: array.astype(np.float64) for name, array in load_file(files.weights).items()}, tokenizer


def features(text: str) -> np.ndarray:
    """The sentence vector and the means of layers 3 and 4 of one text: 1152 numbers."""
    _, tokenizer = loaded()
    encoding = tokenizer.encode(text, add_special_tokens=False)
    total, tokens = np.zeros((3, 384)), 0
    for window in split_windows(text, encoding.offsets):
        ids = [CLS, *encoding.ids[window.start : window.end], SEP]
        states = layer_states(ids)
        total += np.array([states[layer].sum(axis=0) for layer in (6, 3, 4)])
        tokens += len(ids)
    total /= max(tokens, 1)
    total[0] /= np.linalg.norm(total[0]) or 1
    return total.reshape(-1)


def layer_states(ids: list[int]) -> list[np.ndarray]:
    """The state of every token after the embeddings and after each layer; each (tokens, 384)."""
    weights, _ = loaded()
    hidden = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    states = [normalised(hidden, "embeddings.LayerNorm")]
    for layer in range(LAYERS):
        states.append(encoder_layer(states[-1], f"encoder.layer.{layer}."))
    return states


def encoder_layer(hidden: np.ndarray, prefix: str) -> np.ndarray:
    attended = dense(attention(hidden, prefix + "attention.self."), prefix + "attention.output.dense")
    hidden = normalised(hidden + attended, prefix + "attention.output.LayerNorm")
    inner = dense(hidden, prefix + "intermediate.dense")
    inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
    return normalised(hidden + dense(inner, prefix + "output.dense"), prefix + "output.LayerNorm")


def attention(hidden: np.ndarray, prefix: str) -> np.ndarray:
    query, key, value = (split_heads(dense(hidden, prefix + name)) for name in ("query", "key", "value"))
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ value).transpose(1, 0, 2).reshape(hidden.shape)


def split_heads(rows: np.ndarray) -> np.ndarray:
    return rows.reshape(len(rows), HEADS, -1).transpose(1, 0, 2)


def dense(rows: np.ndarray, name: str) -> np.ndarray:
    weights, _ = loaded()
    return rows @ weights[name + ".weight"].T + weights[name + ".bias"]


def normalised(rows: np.ndarray, name: str) -> np.ndarray:
    weights, _ = loaded()
    centred = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return centred / spread * weights[name + ".weight"] + weights[name + ".bias"]
