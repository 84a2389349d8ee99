"""Writes what an encoder of the earlier kind knows, as parameters to begin a training with.

    git show b47314c:models/builtin/encoder.onnx > build/builtin/earlier.onnx
    python3 models/builtin/begin.py build/builtin/earlier.onnx build/builtin/begin.pt

The earlier kind has two means of one table, of all 384 numbers, and no part of its own for the
place among hypernyms. Its numbers are turned so that those of the first part hold most.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from data import START, TRAIN, VOCABULARY, Corpus, Ragged
from model import MEANS, PLACES, Encoder, Shape, gram_lists, size_of
from train import first_lemmas

TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 7: np.int64}
# Every so many train synsets tell how the embeddings lie.
EVERY = 20
# All embeddings have much in common, which says nothing: about half of it is taken away.
PULL = 8.0


def fields(data: memoryview):
    """A protocol buffer's fields: number, and integer or bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            size = {1: 8, 5: 4}.get(key & 7) or varint()
            yield key >> 3, data[at : at + size]
            at += size


def initializers(path: Path) -> dict[str, torch.Tensor]:
    """The model's arrays, flat; onnx.proto: ModelProto.graph, GraphProto.initializer."""
    graph = next(v for number, v in fields(memoryview(path.read_bytes())) if number == 7)
    found = {}
    for number, tensor in fields(graph):
        if number == 5:
            kept = dict(fields(tensor))
            array = np.frombuffer(kept[9], TYPES[kept[2]])
            found[bytes(kept[8]).decode()] = torch.from_numpy(array.copy())
    return found


class Earlier:
    def __init__(self, path: Path) -> None:
        arrays = initializers(path)
        bits = arrays["table"].view(VOCABULARY, -1, 1) >> torch.tensor([0, 2, 4, 6])
        self.rows = ((bits & 3).float().flatten(1) - 1.5) * arrays["step"][:, None]
        self.weights = arrays["weights"].view(VOCABULARY, 2)
        self.places = arrays["places"].view(PLACES + 1, PLACES + 1, 2)[:, 1:]
        self.width = self.rows.shape[1]
        self.layers = []
        for name, size in (("mixing_in", 2 * self.width), ("mixing_out", -1)):
            matrix = arrays[f"{name}.matrix"].float().view(size, len(arrays[f"{name}.step"]))
            self.layers.append((matrix * arrays[f"{name}.step"], arrays[f"{name}.bias"]))

    def encode(self, texts: Ragged) -> torch.Tensor:
        owner = texts.owners()
        at = torch.arange(len(owner)) - (torch.cumsum(texts.counts, 0) - texts.counts)[owner]
        logs = self.weights[texts.ids] + self.places[
            texts.counts[owner].clamp(max=PLACES), at.clamp(max=PLACES - 1)
        ]
        means = []
        for i in range(2):
            start = self.rows[START] * self.weights[START, i].exp()
            sums = start.repeat(len(texts.counts), 1).index_add(
                0, owner, self.rows[texts.ids] * logs[:, i : i + 1].clamp(-10, 10).exp()
            )
            means.append(sums / size_of(sums))
        (inner, inner_bias), (outer, outer_bias) = self.layers
        hidden = F.gelu(torch.cat(means, 1) @ inner + inner_bias)
        return F.normalize(means[0] + hidden @ outer + outer_bias, dim=1)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("earlier", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("build/builtin/data.npz"))
    options = parser.parse_args()
    torch.manual_seed(1)
    corpus = Corpus(options.data, "cpu")
    earlier = Earlier(options.earlier)
    shape = Shape()
    own = shape.parts()[0]
    train = corpus.synsets(TRAIN)[::EVERY]
    texts = torch.cat([corpus.definition[train], first_lemmas(corpus, train)])
    parts = [corpus.ragged(part) for part in texts.split(2_000)]
    rows = torch.cat([earlier.encode(part) for part in parts])
    # The numbers that hold most, and these turned at random: the quantiser has one step for all.
    axes = torch.linalg.eigh(rows.T @ rows)[1].flip(1)[:, :own]
    turn = axes @ torch.linalg.qr(torch.randn(own, own))[0]

    nothing = torch.zeros(VOCABULARY, shape.ancestry)
    model = Encoder(
        shape, gram_lists(corpus.pieces, shape.grams), torch.zeros(VOCABULARY), nothing
    )
    (inner, inner_bias), (outer, outer_bias) = earlier.layers
    # Fewer numbers of the same length are larger.
    scale = (earlier.width / own) ** 0.5
    first = [i for i, part in enumerate(MEANS) if part == 0]
    model.tokens.own.weight.copy_(earlier.rows @ turn)
    model.tokens.grams.weight.zero_()
    model.tokens.weight.weight[:, first] = earlier.weights
    model.places[:, :, first] = earlier.places
    model.mixing_in.weight.zero_()
    for i, matrix in zip(first, inner.split(earlier.width)):
        model.mixing_in.weight[:, i * own : (i + 1) * own] = (turn.T @ matrix).T * scale
    model.mixing_in.bias.copy_(inner_bias)
    model.mixing_out.weight[:own] = (outer @ turn).T / scale
    model.mixing_out.bias.zero_()
    model.mixing_out.bias[:own] = outer_bias @ turn / scale
    common = torch.cat([model(part)[0] for part in parts]).mean(0)
    model.mixing_out.bias[:own] -= PULL * common
    torch.save(model.state_dict(), options.out)


if __name__ == "__main__":
    main()
