"""Writes the encoder as an ONNX graph, from the packaged weights, without torch.

The network is the BERT encoder (Devlin et al., 2019) in its MiniLM-L6 size: six layers, twelve heads,
post-layer normalisation, exact GELU. The graph ends with means over a text's tokens: of the last layer, which
is the sentence vector, and of the middle layers, which know more about how a thing is said (a question, an
answer, a correction) than about its subject. Tensors keep the names of the weight file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
HIDDEN = 384
MAX_TOKENS = 128  # a window never holds more, so that no more positions are kept
LAYER_NORM_EPSILON = 1e-12
MIDDLE_LAYERS = (3, 4)  # counted from 1
OPSET = 20  # the first with a Gelu operator
IR_VERSION = 9
WEIGHTS_FILE = "weights.bin"

Tensors = Mapping[str, np.ndarray]


class GraphWriter:
    """Collects nodes and constants; every node has one output, named after its number."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, array: np.ndarray) -> str:
        """Keep an array inside the graph and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def number(self, value: float) -> str:
        """A constant number, 32 bits."""
        return self.constant(np.array(value, np.float32))

    def integers(self, *values: int) -> str:
        """A constant vector of whole numbers (shapes and axes)."""
        return self.constant(np.array(values, np.int64))

    def weight(self, name: str) -> str:
        """A tensor of the weight file as a constant."""
        return self.constant(self.tensors[name])

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add one operation and return the name of its output."""
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name


def write_graph(tensors: Tensors, folder: Path) -> Path:
    """Write `graph.onnx` and, beside it, `weights.bin`; return the path of the graph.

    The weights lie in a file of their own because onnxruntime maps such a file into memory instead of
    copying it: of the 47 MB of word vectors only the pages of words that people use become resident.
    """
    path = folder / "graph.onnx"
    onnx.save_model(
        build_graph(tensors),
        str(path),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=WEIGHTS_FILE,
        size_threshold=1024,
    )
    return path


def build_graph(tensors: Tensors) -> onnx.ModelProto:
    """The whole model: `input_ids` and `attention_mask` (texts, tokens) in, `means` (texts, 3 * 384) out: of
    the last layer, then of the middle ones."""
    writer = GraphWriter(tensors)
    mask = writer.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = embeddings(writer)
    penalty = mask_penalty(writer, mask)
    states = [hidden := encoder_layer(writer, hidden, penalty, place) for place in range(LAYERS)]
    kept = [states[-1], *(states[layer - 1] for layer in MIDDLE_LAYERS)]
    means = [mean_of_tokens(writer, state, mask) for state in kept]
    writer.nodes.append(helper.make_node("Concat", means, ["means"], name="join", axis=-1))
    return assemble(writer)


def embeddings(writer: GraphWriter) -> str:
    """Word, position and segment vectors, added and normalised (everything is segment 0)."""
    words = writer.node("Gather", writer.weight("embeddings.word_embeddings.weight"), "input_ids")
    positions = writer.tensors["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    segment = writer.tensors["embeddings.token_type_embeddings.weight"][0]
    length = writer.node("Shape", "input_ids", start=1)
    places = writer.node(
        "Slice", writer.constant(positions + segment), writer.integers(0), length, writer.integers(0)
    )
    return layer_norm(writer, writer.node("Add", words, places), "embeddings.LayerNorm")


def mask_penalty(writer: GraphWriter, mask: str) -> str:
    """0 for a token and a very large negative number for padding, shaped (texts, 1, 1, tokens)."""
    padding = writer.node("Sub", writer.number(1), mask)
    penalty = writer.node("Mul", padding, writer.number(-1e9))
    return writer.node("Unsqueeze", penalty, writer.integers(1, 2))


def encoder_layer(writer: GraphWriter, hidden: str, penalty: str, place: int) -> str:
    """Attention, then the feed-forward part, each added to its input, normalised. `place` counts from 0."""
    prefix = f"encoder.layer.{place}."
    attended = writer.node("Add", hidden, attention(writer, hidden, penalty, prefix))
    attended = layer_norm(writer, attended, prefix + "attention.output.LayerNorm")
    widened = linear(writer, attended, prefix + "intermediate.dense")
    widened = writer.node("Gelu", widened)
    narrowed = linear(writer, widened, prefix + "output.dense")
    return layer_norm(writer, writer.node("Add", attended, narrowed), prefix + "output.LayerNorm")


def attention(writer: GraphWriter, hidden: str, penalty: str, prefix: str) -> str:
    """Scaled dot-product attention over twelve heads, with its output projection."""
    query = heads(writer, hidden, prefix + "attention.self.query", [0, 2, 1, 3])
    key = heads(writer, hidden, prefix + "attention.self.key", [0, 2, 3, 1])
    value = heads(writer, hidden, prefix + "attention.self.value", [0, 2, 1, 3])
    scale = writer.number(1 / np.sqrt(HIDDEN // HEADS))
    scores = writer.node("Mul", writer.node("MatMul", query, key), scale)
    weights = writer.node("Softmax", writer.node("Add", scores, penalty), axis=-1)
    mixed = writer.node("Transpose", writer.node("MatMul", weights, value), perm=[0, 2, 1, 3])
    joined = writer.node("Reshape", mixed, writer.integers(0, 0, HIDDEN))
    return linear(writer, joined, prefix + "attention.output.dense")


def heads(writer: GraphWriter, hidden: str, name: str, order: list[int]) -> str:
    """A projection split into heads, its axes put in `order`."""
    split = writer.node("Reshape", linear(writer, hidden, name), writer.integers(0, 0, HEADS, HIDDEN // HEADS))
    return writer.node("Transpose", split, perm=order)


def linear(writer: GraphWriter, hidden: str, name: str) -> str:
    """A dense layer. The weight file keeps (out, in); a product wants (in, out)."""
    product = writer.node("MatMul", hidden, writer.constant(writer.tensors[name + ".weight"].T))
    return writer.node("Add", product, writer.weight(name + ".bias"))


def layer_norm(writer: GraphWriter, hidden: str, name: str) -> str:
    """Layer normalisation over the last axis."""
    scale, shift = writer.weight(name + ".weight"), writer.weight(name + ".bias")
    return writer.node("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=LAYER_NORM_EPSILON)


def mean_of_tokens(writer: GraphWriter, hidden: str, mask: str) -> str:
    """The mean over a text's tokens, padding left out."""
    last, middle = writer.integers(-1), writer.integers(1)
    kept = writer.node("Mul", hidden, writer.node("Unsqueeze", mask, last))
    total = writer.node("ReduceSum", kept, middle, keepdims=0)
    return writer.node("Div", total, writer.node("ReduceSum", mask, middle, keepdims=1))


def assemble(writer: GraphWriter) -> onnx.ModelProto:
    """Nodes and constants as one model."""
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    width = HIDDEN * (1 + len(MIDDLE_LAYERS))
    output = helper.make_tensor_value_info("means", TensorProto.FLOAT, ["texts", width])
    graph = helper.make_graph(writer.nodes, "sentence_encoder", inputs, [output], writer.constants)
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
