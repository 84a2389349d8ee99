"""
The encoder: token ids to embeddings of length one. A deep averaging network
(https://aclanthology.org/P15-1162): the weighted mean of the tokens' vectors, and a small
network behind it.

While training, texts are ragged: the tokens of all in one array, and how many each has.
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from data import START, VOCABULARY, Ragged

SHORTEST, LONGEST = 3, 6
# A token's weight depends on its place in a text of so many tokens; longer texts count as such.
PLACES = 32
# The step, in standard deviations, with which a uniform quantiser of a normal distribution
# errs least, by bits (J. Max, Quantizing for Minimum Distortion, 1960).
STEPS = {1: 1.596, 2: 0.9957, 3: 0.586, 4: 0.3352}


@dataclass
class Shape:
    # Numbers of each token and of each embedding, and the bits that the file keeps of a number.
    width: int = 384
    bits: int = 2
    # How many weighted means there are: the first is the embedding's beginning, the others
    # are seen by the network alone.
    means: int = 2
    # Of the network behind the means; 0: none.
    mixing: int = 512
    # Places for n-grams of a token's letters, while training only; 0: none.
    grams: int = 1 << 16


def gram_lists(pieces: list[str], places: int) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Each token's n-grams of letters, as places in a table, and where each token's begin. The
    mark of a word's end counts as a letter; FNV-1a spreads the n-grams.
    """
    values, offsets = [], []
    for piece in pieces:
        offsets.append(len(values))
        letters = piece.replace("</w>", ">")
        for size in range(SHORTEST, LONGEST + 1):
            for at in range(len(letters) - size + 1):
                digest = 2166136261
                for byte in letters[at : at + size].encode():
                    digest = ((digest ^ byte) * 16777619) & 0xFFFFFFFF
                values.append(digest % places)
    offsets.append(len(values))
    return torch.tensor(values), torch.tensor(offsets)


def levels(vectors: torch.Tensor, bits: int) -> tuple[torch.Tensor, torch.Tensor]:
    """
    Rows as whole numbers q from 0 to 2^bits - 1, and each row's step s:
    x is about (q - (2^bits - 1) / 2) · s.
    """
    step = STEPS[bits] * vectors.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-6)
    middle = 2 ** (bits - 1)
    return (torch.floor(vectors / step) + middle).clamp(0, 2 * middle - 1), step


def restored(q: torch.Tensor, step: torch.Tensor, bits: int) -> torch.Tensor:
    return (q - (2**bits - 1) / 2) * step


class Tokens(nn.Module):
    """A token's vector: its own, and those of its n-grams of letters; and its weight."""

    def __init__(self, shape: Shape, pieces: list[str], weights: torch.Tensor) -> None:
        super().__init__()
        self.bits = shape.bits
        self.own = nn.Embedding(VOCABULARY, shape.width)
        nn.init.normal_(self.own.weight, std=0.7)
        self.weight = nn.Embedding.from_pretrained(
            weights[:, None].repeat(1, shape.means), freeze=False
        )
        self.grams = None
        if shape.grams > 0:
            self.grams = nn.Embedding(shape.grams, shape.width)
            nn.init.normal_(self.grams.weight, std=1.0)
            values, offsets = gram_lists(pieces, shape.grams)
            self.register_buffer("values", values, persistent=False)
            self.register_buffer("offsets", offsets, persistent=False)

    def forward(self, ids: torch.Tensor, quantized: bool) -> torch.Tensor:
        """[k] to [k, width]"""
        vectors = self.own(ids)
        if self.grams is not None:
            first = self.offsets[ids]
            count = self.offsets[ids + 1] - first
            ends = torch.cumsum(count, 0)
            begin = torch.repeat_interleave(first - (ends - count), count)
            values = self.values[begin + torch.arange(len(begin), device=ids.device)]
            sums = F.embedding_bag(values, self.grams.weight, ends - count, mode="sum")
            # The sum of vectors that are independent grows as the root of their number.
            vectors = vectors + sums / count.clamp(min=1).sqrt()[:, None]
        if not quantized:
            return vectors
        coarse = restored(*levels(vectors, self.bits), self.bits)
        # Forwards what the file will keep, backwards as if nothing were lost.
        return vectors + (coarse - vectors).detach()


class Encoder(nn.Module):
    def __init__(self, shape: Shape, pieces: list[str], weights: torch.Tensor) -> None:
        """`weights` [vocabulary]: logarithms of the tokens' weights to begin with."""
        super().__init__()
        self.shape = shape
        self.tokens = Tokens(shape, pieces, weights)
        # [texts of so many tokens, place among them, mean]
        self.places = nn.Parameter(torch.zeros(PLACES + 1, PLACES, shape.means))
        if shape.mixing > 0:
            self.mixing_in = nn.Linear(shape.means * shape.width, shape.mixing)
            self.mixing_out = nn.Linear(shape.mixing, shape.width)
            nn.init.zeros_(self.mixing_out.weight)

    def forward(self, texts: Ragged, quantized: bool = False) -> torch.Tensor:
        """Every text is read with the start token before it, so that none is empty."""
        count, device = len(texts.counts), texts.ids.device
        owner = texts.owners()
        first = torch.cumsum(texts.counts, 0) - texts.counts
        at = torch.arange(len(owner), device=device) - first[owner]
        length = texts.counts[owner].clamp(max=PLACES)
        kinds, places = torch.cat([texts.ids.new_tensor([START]), texts.ids]).unique(
            return_inverse=True
        )
        vectors = self.tokens(kinds, quantized)
        logs = self.tokens.weight(kinds)[places]
        start = logs[0].clamp(-10, 10).exp()
        logs = logs[1:] + self.places[length, at.clamp(max=PLACES - 1)]
        weights = logs.clamp(-10, 10).exp()
        totals = start + torch.zeros(count, len(start), device=device).index_add(0, owner, weights)
        means = [
            (
                F.embedding_bag(
                    places[1:], vectors, first, mode="sum", per_sample_weights=weights[:, i]
                )
                + start[i] * vectors[places[0]]
            )
            / totals[:, i : i + 1]
            for i in range(len(start))
        ]
        return self.mixed(means)

    def mixed(self, means: list[torch.Tensor]) -> torch.Tensor:
        # The mean of many vectors is short: the network sees each at one length.
        means = [m * m.pow(2).mean(1, keepdim=True).clamp(min=1e-12).rsqrt() for m in means]
        found = means[0]
        if self.shape.mixing > 0:
            hidden = F.gelu(self.mixing_in(torch.cat(means, 1)))
            found = found + self.mixing_out(hidden)
        return F.normalize(found, dim=1)

    def described(self) -> dict:
        return asdict(self.shape)
