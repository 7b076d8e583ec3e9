"""Runs the graph: tokenises, batches, averages the windows of a text, normalises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from nlu.encoder.store import DEFAULT_STORE, prepare_graph
from nlu.encoder.weights import verified_files
from nlu.encoder.windows import split_windows

DIMENSIONS = 384
FEATURES = 3 * DIMENSIONS
BATCH_TOKENS = 1024  # of one call to the graph, padding counted; keeps the working memory small
MAX_CHARACTERS = 20_000  # far above what the channels let in; keeps the tokeniser's time bounded
CLS, SEP, PAD = 101, 102, 0


@dataclass(frozen=True)
class Piece:
    """One window of one text: the text's place in the list, and the window's token ids with both marks."""

    text: int
    ids: list[int]


def open_encoder(store: Path = DEFAULT_STORE, threads: int = 1, folder: Path | None = None) -> Encoder:
    """Check the packaged files (in `folder`, or where they are installed), build the graph if it is not in
    `store` yet, and load it.

    `threads` is the number of cores one call may use. Raises EncoderFilesError.
    """
    files = verified_files(folder)
    return Encoder(prepare_graph(files, store), files.tokenizer, threads)


class Encoder:
    """Turns texts into vectors of length 1. Same text, same vector; blank text, zero vector."""

    def __init__(self, graph: Path, tokenizer: Path, threads: int = 1) -> None:
        self._session = start_session(graph, threads)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """The sentence vectors: one row of 384 float32 a text, in order; shape (n, 384)."""
        return self.features(texts)[:, :DIMENSIONS]

    def features(self, texts: Sequence[str]) -> np.ndarray:
        """The sentence vector and, behind it, the mean states of two middle layers; shape (n, 1152).

        The middle layers are not scaled to length 1.
        """
        totals = np.zeros((len(texts), FEATURES), np.float32)
        tokens = np.zeros((len(texts), 1), np.float32)
        pieces = [piece for place, text in enumerate(texts) for piece in self._pieces(place, text)]
        for batch in batches(pieces):
            for piece, means in zip(batch, self._run(batch), strict=True):
                # a window counts as much as it has tokens: the total is the mean over the whole text
                totals[piece.text] += means * len(piece.ids)
                tokens[piece.text] += len(piece.ids)
        totals /= np.maximum(tokens, 1)
        totals[:, :DIMENSIONS] = normalised(totals[:, :DIMENSIONS])
        return totals

    def _pieces(self, place: int, text: str) -> list[Piece]:
        # half of a surrogate pair, which JSON can carry, would stop the tokeniser
        text = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        if not text.strip():
            return []
        encoding: Encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [
            Piece(place, [CLS, *encoding.ids[window.start : window.end], SEP])
            for window in split_windows(text, encoding.offsets)
        ]

    def _run(self, batch: Sequence[Piece]) -> np.ndarray:
        width = max(len(piece.ids) for piece in batch)
        ids = np.full((len(batch), width), PAD, np.int64)
        mask = np.zeros_like(ids)
        for row, piece in enumerate(batch):
            ids[row, : len(piece.ids)] = piece.ids
            mask[row, : len(piece.ids)] = 1
        means: np.ndarray = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return means


def start_session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    """An onnxruntime session that stays small: no memory arena, no idle spinning of its threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def batches(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces of about one length together, so that little padding is computed."""
    found: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: len(piece.ids)):
        if found and (len(found[-1]) + 1) * len(piece.ids) <= BATCH_TOKENS:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def normalised(rows: np.ndarray) -> np.ndarray:
    """Every row at length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: np.ndarray = rows / np.where(lengths == 0, 1, lengths)
    return result
