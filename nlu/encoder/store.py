"""Keeps the built graph on disk: a folder named after what it is made of, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from nlu.encoder.weights import WEIGHTS_SHA256, EncoderFiles, check_file, sha256_of

DEFAULT_STORE = Path(__file__).resolve().parents[2] / "models" / "encoder"
WRITER = Path(__file__).with_name("graph.py")
READABLE = 0o755
DRAFT_PREFIX = ".building-"
GRAPH_FILE = "graph.onnx"
MANIFEST_FILE = "manifest.json"


def prepare_graph(files: EncoderFiles, store: Path = DEFAULT_STORE) -> Path:
    """Path of the graph for these (verified) weights; builds it when it is not there yet.

    Raises EncoderFilesError when the stored graph was altered since it was built.
    """
    folder = store / key()
    if not (folder / MANIFEST_FILE).is_file():
        build(files, folder)
        remove_outdated(folder)
    check_stored(folder)
    return folder / GRAPH_FILE


def key() -> str:
    """What a graph is made of, as a name: the weights and the code that writes it."""
    return hashlib.sha256(WEIGHTS_SHA256.encode() + WRITER.read_bytes()).hexdigest()[:16]


def remove_outdated(folder: Path) -> None:
    """Graphs of other weights or older code go: each takes 90 MB. One still in use stays readable."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir() and not other.name.startswith(DRAFT_PREFIX):
            shutil.rmtree(other, ignore_errors=True)


def build(files: EncoderFiles, folder: Path) -> None:
    """Write the graph into a folder beside its place, then move it there in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=folder.parent))
    try:
        write_files(files, draft)
        draft.chmod(READABLE)  # who serves may be another than who trained
        put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_files(files: EncoderFiles, draft: Path) -> None:
    """The graph, its weights, and a manifest with the sha256 of both."""
    # onnx and safetensors are only needed here: at run time neither is imported, and the 90 MB read here
    # are given back as soon as this function returns.
    from safetensors.numpy import load_file

    from nlu.encoder.graph import write_graph

    write_graph(load_file(files.weights), draft)
    sums = {path.name: sha256_of(path) for path in sorted(draft.iterdir())}
    (draft / MANIFEST_FILE).write_text(json.dumps({"sha256": sums}, indent=1), encoding="utf-8")


def put_in_place(draft: Path, folder: Path) -> None:
    """Move the finished draft to its place; another process may have been quicker with the same files."""
    if folder.exists() and not (folder / MANIFEST_FILE).is_file():
        shutil.rmtree(folder)
    try:
        os.rename(draft, folder)
    except OSError:
        if not (folder / MANIFEST_FILE).is_file():
            raise


def check_stored(folder: Path) -> None:
    """Compare every stored file with the manifest. Raises EncoderFilesError."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    for name, expected in manifest["sha256"].items():
        check_file(folder / name, expected)
