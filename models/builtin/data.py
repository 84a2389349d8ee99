"""What prepare.py wrote, as tensors that batches are cut from on the device itself."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

VOCABULARY = 49_408
START = 49_406
# Few glosses are longer.
MAX_TOKENS = 40
MAX_WORD_TOKENS = 6
MAX_ANCESTORS = 24
TRAIN, DEV, TEST = 0, 1, 2
NOUN, VERB = 0, 1
# A word that is in more texts than this tells too little of any.
COMMON = 20_000


@dataclass
class Rows:
    """Lists of different lengths; row i is values[offsets[i]:offsets[i + 1]]."""

    values: torch.Tensor
    offsets: torch.Tensor

    def length(self, rows: torch.Tensor) -> torch.Tensor:
        return self.offsets[rows + 1] - self.offsets[rows]

    def any_of(self, rows: torch.Tensor) -> torch.Tensor:
        """A random member of each row; none of them may be empty."""
        chance = torch.rand(len(rows), device=rows.device)
        return self.values[self.offsets[rows] + (chance * self.length(rows)).long()]

    def to(self, device: str) -> "Rows":
        return Rows(self.values.to(device), self.offsets.to(device))


class Corpus:
    def __init__(self, path: Path, device: str) -> None:
        arrays = np.load(path)
        self.device = device

        def whole(name: str) -> torch.Tensor:
            return torch.from_numpy(arrays[name].astype(np.int64)).to(device)

        def rows(name: str) -> Rows:
            return Rows(whole(name), whole(f"{name}_offsets"))

        self.part = whole("part")
        self.split = whole("split")
        self.definition = whole("definition")
        self.tokens = rows("ids")
        self.lemmas = rows("lemmas")
        self.examples = rows("examples")
        self.hypernyms = rows("hypernyms")
        self.similar = rows("similar")
        self.derived = rows("derived")
        self.pieces = arrays["pieces"].tolist()
        self.texts = arrays["texts"]
        ends = np.array([piece.endswith("</w>") for piece in self.pieces])
        letters = np.array([any(map(str.isalnum, piece)) for piece in self.pieces])
        self.ends_word = torch.from_numpy(ends).to(device)
        self.has_letters = torch.from_numpy(letters).to(device)

    def synsets(self, split: int) -> torch.Tensor:
        return (self.split == split).nonzero().flatten()

    def ragged(self, texts: torch.Tensor) -> "Ragged":
        return self.cut(self.tokens.offsets[texts], self.tokens.length(texts))

    def cut(self, first: torch.Tensor, length: torch.Tensor) -> "Ragged":
        """Runs of tokens that need not be whole texts."""
        counts = length.clamp(max=MAX_TOKENS)
        begin = torch.repeat_interleave(first - (torch.cumsum(counts, 0) - counts), counts)
        return Ragged(
            self.tokens.values[begin + torch.arange(len(begin), device=self.device)], counts
        )


@dataclass
class Ragged:
    """Texts: the tokens of all, one after another, and how many each has."""

    ids: torch.Tensor
    counts: torch.Tensor

    def owners(self) -> torch.Tensor:
        return torch.repeat_interleave(
            torch.arange(len(self.counts), device=self.ids.device), self.counts
        )

    def kept(self, which: torch.Tensor) -> "Ragged":
        counts = torch.zeros_like(self.counts).index_add_(0, self.owners(), which.long())
        return Ragged(self.ids[which], counts)


def joined(texts: list[Ragged]) -> Ragged:
    return Ragged(torch.cat([t.ids for t in texts]), torch.cat([t.counts for t in texts]))


@dataclass
class Occurrences:
    """Words within definitions and examples: text, token range within it, and which word."""

    text: torch.Tensor
    first: torch.Tensor
    length: torch.Tensor
    word: torch.Tensor
    # How often each is drawn, in total 1, cumulated.
    chance: torch.Tensor

    def draw(self, count: int) -> torch.Tensor:
        at = torch.rand(count, device=self.chance.device, dtype=self.chance.dtype)
        return torch.searchsorted(self.chance, at).clamp(max=len(self.word) - 1)


def occurrences(corpus: Corpus, texts: torch.Tensor) -> Occurrences:
    """Every word of the texts; rarer words are drawn more often, as 1 / sqrt(count)."""
    length = corpus.tokens.length(texts)
    owner = torch.repeat_interleave(texts, length)
    start = torch.repeat_interleave(corpus.tokens.offsets[texts], length)
    place = torch.arange(len(owner), device=corpus.device)
    begin = torch.repeat_interleave(
        torch.cumsum(length, 0) - length, length
    )
    at = place - begin
    ids = corpus.tokens.values[start + at]
    last = corpus.ends_word[ids]
    # A word begins where a text does, and behind a word's end.
    opens = at == 0
    opens[1:] |= last[:-1]
    first_place = place[opens]
    sizes = torch.diff(
        first_place, append=first_place.new_tensor([len(place)])
    )
    letters = torch.zeros(len(first_place), device=corpus.device).index_add_(
        0, torch.cumsum(opens.long(), 0) - 1, corpus.has_letters[ids].float()
    )
    # Words are told apart by a polynomial of their tokens, modulo 2^64.
    power = torch.pow(
        torch.tensor(1_000_003, device=corpus.device), torch.arange(MAX_WORD_TOKENS, device=corpus.device)
    )
    number = torch.cumsum(opens.long(), 0) - 1
    within = place - first_place[number]
    kept = within < MAX_WORD_TOKENS
    digest = torch.zeros(len(first_place), dtype=torch.long, device=corpus.device)
    digest.index_add_(0, number[kept], (ids[kept] + 1) * power[within[kept]])
    _, word, count = digest.unique(return_inverse=True, return_counts=True)
    good = (letters > 0) & (sizes <= MAX_WORD_TOKENS) & (count[word] < COMMON)
    weight = count[word][good].double().rsqrt()
    return Occurrences(
        text=owner[opens][good],
        first=at[opens][good],
        length=sizes[good],
        word=word[good],
        chance=torch.cumsum(weight, 0) / weight.sum(),
    )


class Taxonomy:
    """
    Path lengths between synsets of nouns and of verbs, as WordNet's path similarity counts
    them: up to a common hypernym and down again, with one root above all verbs.
    """

    def __init__(self, corpus: Corpus) -> None:
        hypernyms = [row.tolist() for row in np.split(
            corpus.hypernyms.values.cpu().numpy(),
            corpus.hypernyms.offsets.cpu().numpy()[1:-1],
        )]
        part = corpus.part.tolist()
        count = len(hypernyms)
        root = {NOUN: count, VERB: count + 1}
        ancestors = np.full((count, MAX_ANCESTORS), -1, np.int64)
        distances = np.zeros((count, MAX_ANCESTORS), np.int64)
        known: dict[int, dict[int, int]] = {}

        def above(synset: int) -> dict[int, int]:
            if synset not in known:
                found = {synset: 0}
                for hypernym in hypernyms[synset]:
                    for ancestor, steps in above(hypernym).items():
                        found[ancestor] = min(found.get(ancestor, 99), steps + 1)
                if not hypernyms[synset]:
                    found[root[part[synset]]] = 1
                known[synset] = found
            return known[synset]

        chains: list[list[int]] = []
        for synset in range(count):
            if part[synset] not in root:
                chains.append([])
                continue
            nearest = sorted(above(synset).items(), key=lambda item: (item[1], item[0]))
            for i, (ancestor, steps) in enumerate(nearest[:MAX_ANCESTORS]):
                ancestors[synset, i] = ancestor
                distances[synset, i] = steps
            # The first hypernym of each makes a tree of it.
            chain = [synset]
            while chain[-1] < count and hypernyms[chain[-1]]:
                chain.append(hypernyms[chain[-1]][0])
            chains.append([*chain, root[part[synset]]])
        order = sorted(
            (synset for synset in range(count) if chains[synset]),
            key=lambda synset: chains[synset][::-1],
        )
        # Below a synset lies one run of that order.
        runs: dict[int, list[int]] = {}
        for at, synset in enumerate(order):
            for ancestor in chains[synset]:
                run = runs.setdefault(ancestor, [at, at])
                run[1] = at + 1
        depth = max(map(len, chains))
        low = np.zeros((count, depth), np.int64)
        high = np.zeros((count, depth), np.int64)
        heights = np.zeros(count, np.int64)
        for synset in order:
            heights[synset] = len(chains[synset])
            for height, ancestor in enumerate(chains[synset]):
                low[synset, height], high[synset, height] = runs[ancestor]
        device = corpus.device
        self.order = torch.tensor(order, device=device)
        self.ancestors = torch.from_numpy(ancestors).to(device)
        self.distances = torch.from_numpy(distances).to(device)
        self.low = torch.from_numpy(low).to(device)
        self.high = torch.from_numpy(high).to(device)
        self.heights = torch.from_numpy(heights).to(device)

    def partners(self, synsets: torch.Tensor, highest: int | None = None) -> torch.Tensor:
        """
        For each synset one that shares with it an ancestor of random height; `highest`: at most
        so many steps above it.
        """
        chance = torch.rand(2, len(synsets), device=synsets.device)
        heights = self.heights[synsets]
        if highest is not None:
            heights = heights.clamp(max=highest + 1)
        height = (chance[0] * heights).long()
        low, high = self.low[synsets, height], self.high[synsets, height]
        return self.order[low + (chance[1] * (high - low)).long()]

    def path_lengths(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """Edges from a to b."""
        same = self.ancestors[a][:, :, None] == self.ancestors[b][:, None, :]
        same &= self.ancestors[a][:, :, None] >= 0
        steps = self.distances[a][:, :, None] + self.distances[b][:, None, :]
        return steps.masked_fill(~same, 99).flatten(1).amin(1)
