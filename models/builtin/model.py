"""
The encoder: token ids to embeddings of length one. A deep averaging network
(https://aclanthology.org/P15-1162): weighted means of the tokens' vectors, and a small
network behind them.

Token vectors and embeddings have two parts: what contrast teaches, and the place among
hypernyms (ancestry.py). There are two means of the first part, the second for the network
alone, and one of the second part.

While training, texts are ragged: the tokens of all in one array, and how many each has.
"""

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from data import START, VOCABULARY, Ragged, Rows

SHORTEST, LONGEST = 3, 6
# A token's weight depends on its place in a text of so many tokens; longer texts count as such.
PLACES = 32
# The step with which a uniform quantiser of the standard normal distribution errs least, by
# bits (J. Max, Quantizing for Minimum Distortion, 1960).
STEPS = {1: 1.596, 2: 0.9957, 3: 0.586, 4: 0.3352}
# Of which part each mean is.
MEANS = (0, 0, 1)
LEAST = 1e-12


@dataclass
class Shape:
    # Numbers of each token and of each embedding, and the bits that the file keeps of a number.
    width: int = 384
    bits: int = 2
    # How many of the numbers, the last ones, tell the place among hypernyms, and how much of a
    # cosine these make: it is the mean of both parts' cosines with weights 1 - share and share.
    ancestry: int = 128
    share: float = 0.22
    # Of the network behind the means.
    mixing: int = 512
    # Places for n-grams of a token's letters, while training only.
    grams: int = 1 << 16

    def parts(self) -> list[int]:
        return [self.width - self.ancestry, self.ancestry]


def gram_lists(pieces: list[str], places: int) -> Rows:
    """
    Each token's n-grams of letters, as places in a table. The mark of a word's end counts as a
    letter; FNV-1a spreads the n-grams.
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
    return Rows(torch.tensor(values), torch.tensor(offsets))


def levels(units: torch.Tensor, bits: int) -> torch.Tensor:
    """
    Numbers of mean square one as whole numbers q from 0 to 2^bits - 1:
    x is about (q - (2^bits - 1) / 2) · STEPS[bits].
    """
    middle = 2 ** (bits - 1)
    return (torch.floor(units / STEPS[bits]) + middle).clamp(0, 2 * middle - 1)


def restored(q: torch.Tensor, bits: int) -> torch.Tensor:
    return (q - (2**bits - 1) / 2) * STEPS[bits]


def size_of(vectors: torch.Tensor) -> torch.Tensor:
    """Root of the mean square of each row."""
    return vectors.pow(2).mean(1, keepdim=True).clamp(min=LEAST).sqrt()


def embedded(first: torch.Tensor, second: torch.Tensor, share: float) -> torch.Tensor:
    parts = F.normalize(first, dim=1), F.normalize(second, dim=1)
    return torch.cat([parts[0] * (1 - share) ** 0.5, parts[1] * share**0.5], 1)


class Tokens(nn.Module):
    """
    A token's vector of two parts. The first is its own and the sum of those of its n-grams of
    letters; the second is given.
    """

    def __init__(
        self, shape: Shape, grams: Rows, weights: torch.Tensor, ancestry: torch.Tensor
    ) -> None:
        super().__init__()
        self.bits = shape.bits
        own = shape.parts()[0]
        self.own = nn.Embedding(VOCABULARY, own)
        nn.init.normal_(self.own.weight, std=0.7)
        self.weight = nn.Embedding(VOCABULARY, len(MEANS))
        # The vectors of the second part are made for tokens of like weight.
        self.weight.weight.data = torch.stack([weights * (part == 0) for part in MEANS], 1)
        self.grams = nn.Embedding(shape.grams, own)
        nn.init.normal_(self.grams.weight, std=1.0)
        self.register_buffer("values", grams.values, persistent=False)
        self.register_buffer("offsets", grams.offsets, persistent=False)
        self.register_buffer("ancestry", ancestry, persistent=False)

    def forward(self, ids: torch.Tensor, quantized: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """
        [k, width]: numbers of mean square one in each part; [k, means]: logarithms of a token's
        weight in each mean.
        """
        first = self.offsets[ids]
        count = self.offsets[ids + 1] - first
        ends = torch.cumsum(count, 0)
        begin = torch.repeat_interleave(first - (ends - count), count)
        values = self.values[begin + torch.arange(len(begin), device=ids.device)]
        sums = F.embedding_bag(values, self.grams.weight, ends - count, mode="sum")
        # The sum of vectors that are independent grows as the root of their number.
        parts = self.own(ids) + sums / count.clamp(min=1).sqrt()[:, None], self.ancestry[ids]
        sizes = [size_of(part) for part in parts]
        units = torch.cat([part / size for part, size in zip(parts, sizes)], 1)
        if quantized:
            coarse = restored(levels(units, self.bits), self.bits)
            # Forwards what the file will keep, backwards as if nothing were lost.
            units = units + (coarse - units).detach()
        return units, self.weight(ids) + torch.cat([sizes[part] for part in MEANS], 1).log()


class Encoder(nn.Module):
    def __init__(
        self, shape: Shape, grams: Rows, weights: torch.Tensor, ancestry: torch.Tensor
    ) -> None:
        """
        `weights` [vocabulary]: logarithms of the tokens' weights to begin with; `ancestry`
        [vocabulary, shape.ancestry]: the second part of the tokens' vectors.
        """
        super().__init__()
        self.shape = shape
        self.tokens = Tokens(shape, grams, weights, ancestry)
        # [texts of so many tokens, place among them, mean]
        self.places = nn.Parameter(torch.zeros(PLACES + 1, PLACES, len(MEANS)))
        self.mixing_in = nn.Linear(sum(shape.parts()[part] for part in MEANS), shape.mixing)
        self.mixing_out = nn.Linear(shape.mixing, shape.width)
        nn.init.zeros_(self.mixing_out.weight)

    def forward(self, texts: Ragged, quantized: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
        """
        Both parts, each of length one. Every text is read with the start token before it, so
        that none is empty.
        """
        count, device = len(texts.counts), texts.ids.device
        owner = texts.owners()
        first = torch.cumsum(texts.counts, 0) - texts.counts
        at = torch.arange(len(owner), device=device) - first[owner]
        length = texts.counts[owner].clamp(max=PLACES)
        kinds, places = torch.cat([texts.ids.new_tensor([START]), texts.ids]).unique(
            return_inverse=True
        )
        vectors, logs = self.tokens(kinds, quantized)
        logs = logs[places]
        start = logs[0].clamp(-10, 10).exp()
        weights = (logs[1:] + self.places[length, at.clamp(max=PLACES - 1)]).clamp(-10, 10).exp()
        parts = vectors.split(self.shape.parts(), 1)
        means = []
        for i, part in enumerate(MEANS):
            sums = F.embedding_bag(
                places[1:], parts[part], first, mode="sum", per_sample_weights=weights[:, i]
            )
            sums = sums + start[i] * parts[part][places[0]]
            # The mean of many vectors is short: the network sees each at one length.
            means.append(sums / size_of(sums))
        change = self.mixing_out(F.gelu(self.mixing_in(torch.cat(means, 1))))
        change = change.split(self.shape.parts(), 1)
        return F.normalize(means[0] + change[0], dim=1), F.normalize(means[2] + change[1], dim=1)

    def embed(self, texts: Ragged, quantized: bool) -> torch.Tensor:
        return embedded(*self(texts, quantized), self.shape.share)

    def described(self) -> dict:
        return asdict(self.shape)
