"""The encoder as the file keeps it: whole numbers, and what they are multiplied by."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from data import START, Corpus, Ragged
from model import MEANS, PLACES, Shape, embedded, restored, size_of

SLAB = 2_000


def rounded(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows as whole numbers from -127 to 127, and each row's step."""
    step = matrix.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    return torch.round(matrix / step).to(torch.int8), step


class Stored:
    """
    table [vocabulary, width]: whole numbers from 0 to 2^bits - 1; weights [vocabulary, mean] and
    places [tokens of a text, place, mean]: logarithms, half precision; the network: int8 with a
    step for each row, and float32 biases.
    """

    def __init__(self, path: Path, device: str = "cpu", network_bits: int = 8) -> None:
        kept = torch.load(path, map_location=device)
        self.shape, state = Shape(**kept["shape"]), kept["state"]
        self.table = state["table"]
        self.weights = state["weight"].clamp(-10, 10).half()
        self.places = state["places"].half()
        self.network = {}
        for name in ("mixing_in", "mixing_out"):
            matrix = state[f"{name}.weight"].float()
            self.network[name] = (*rounded(matrix), state[f"{name}.bias"].float())
            if network_bits == 32:
                self.network[name] = (matrix, torch.ones(1), state[f"{name}.bias"].float())

    def layer(self, name: str, x: torch.Tensor) -> torch.Tensor:
        matrix, step, bias = self.network[name]
        return F.linear(x, matrix.float() * step.to(x.device), bias)

    def encode(self, texts: Ragged) -> torch.Tensor:
        owner = texts.owners()
        count, device = len(texts.counts), texts.ids.device
        at = torch.arange(len(owner), device=device)
        at = at - (torch.cumsum(texts.counts, 0) - texts.counts)[owner]
        length = texts.counts[owner].clamp(max=PLACES)
        logs = self.weights[texts.ids].float() + self.places[
            length, at.clamp(max=PLACES - 1)
        ].float()
        start = torch.tensor([START], device=device)
        tables = self.table.split(self.shape.parts(), 1)
        means = []
        for i, part in enumerate(MEANS):
            def weighted(ids: torch.Tensor, log: torch.Tensor) -> torch.Tensor:
                rows = restored(tables[part][ids].float(), self.shape.bits)
                return rows * log.clamp(-10, 10).exp()[:, None]

            sums = weighted(start, self.weights[start, i].float()).repeat(count, 1)
            sums = sums.index_add(0, owner, weighted(texts.ids, logs[:, i]))
            means.append(sums / size_of(sums))
        change = self.layer("mixing_out", F.gelu(self.layer("mixing_in", torch.cat(means, 1))))
        change = change.split(self.shape.parts(), 1)
        return embedded(means[0] + change[0], means[2] + change[1], self.shape.share)

    def encode_all(self, corpus: Corpus, texts: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.encode(corpus.ragged(part)) for part in texts.split(SLAB)])

    def packed(self) -> np.ndarray:
        """[vocabulary, width · bits / 8]: the first number of a byte lies in its lowest bits."""
        bits = self.shape.bits
        each = 8 // bits
        rows = self.table.cpu().numpy().reshape(len(self.table), -1, each)
        shifts = np.arange(each, dtype=np.uint8) * bits
        return np.bitwise_or.reduce(rows << shifts, axis=2).astype(np.uint8)
