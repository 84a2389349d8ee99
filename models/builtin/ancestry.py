"""
Where nouns and verbs stand among WordNet's hypernyms, as a few numbers, and tokens that tell
them. A synset is the set of its ancestors, rare ones counting more; the singular value
decomposition of all sets leaves a few numbers of each; least squares find the vectors of
tokens and of their letters' n-grams whose means come closest to them.
"""

from dataclasses import dataclass

import torch
from torch.nn import functional as F

from data import TRAIN, VOCABULARY, Corpus, Rows, Taxonomy

# An ancestor counts if so many train synsets stand below it, and as log(1 / their share) to
# this power: two words are alike by the nearest ancestors that they share.
LEAST = 10
POWER = 2
# Of the randomised decomposition (Halko et al., https://arxiv.org/abs/0909.4061).
BEYOND, ROUNDS = 32, 4
# Of the least squares: how much each vector's length costs, rounds of conjugate gradients, the
# weight of a definition beside a lemma, and of a text's last token, its head, beside others.
RIDGE = 10.0
DESCENTS = 12
DEFINITION = 0.5
HEAD = 2.0


@dataclass
class Sparse:
    """A matrix: in row i, columns.values[offsets[i]:offsets[i + 1]] hold those weights."""

    columns: Rows
    weights: torch.Tensor

    def __matmul__(self, dense: torch.Tensor) -> torch.Tensor:
        return F.embedding_bag(
            self.columns.values,
            dense,
            self.columns.offsets[:-1],
            mode="sum",
            per_sample_weights=self.weights,
        )


def sparse(rows: torch.Tensor, columns: torch.Tensor, weights: torch.Tensor, count: int) -> Sparse:
    order = torch.argsort(rows, stable=True)
    offsets = F.pad(torch.cumsum(torch.bincount(rows, minlength=count), 0), (1, 0))
    return Sparse(Rows(columns[order], offsets), weights[order])


def coordinates(corpus: Corpus, taxonomy: Taxonomy, width: int) -> torch.Tensor:
    """[synsets, width]: of train synsets of nouns and verbs; the others' are zero."""
    above = taxonomy.ancestors
    train = ((corpus.split == TRAIN) & (above[:, 0] >= 0)).nonzero().flatten()
    row, place = (above[train] >= 0).nonzero(as_tuple=True)
    ancestor = above[train[row], place]
    below = torch.bincount(ancestor)
    kept = below[ancestor] >= LEAST
    row, ancestor = row[kept], ancestor[kept]
    kinds, column = ancestor.unique(return_inverse=True)
    weight = torch.log(len(train) / below[ancestor].float()) ** POWER
    power = torch.zeros(len(train), device=corpus.device).index_add(0, row, weight**2)
    weight = weight / power[row].clamp(min=1e-9).sqrt()
    sets = sparse(row, column, weight, len(train))
    transposed = sparse(column, row, weight, len(kinds))
    basis = torch.randn(len(kinds), width + BEYOND, device=corpus.device)
    for _ in range(ROUNDS):
        basis, _ = torch.linalg.qr(transposed @ (sets @ basis))
    left, sizes, _ = torch.linalg.svd(sets @ basis, full_matrices=False)
    found = torch.zeros(len(corpus.split), width, device=corpus.device)
    # Turned at random: the quantiser has one step for all numbers of a token, which should
    # therefore be equally large.
    turn, _ = torch.linalg.qr(torch.randn(width, width, device=corpus.device))
    found[train] = left[:, :width] * sizes[:width] @ turn
    return found


def token_vectors(corpus: Corpus, targets: torch.Tensor, grams: Rows, places: int) -> torch.Tensor:
    """
    [vocabulary, width]: vectors of tokens, whose weighted mean over a text's tokens comes near
    its synset's target. `grams`: each token's n-grams as places in a table of so many.
    """
    synsets = targets.any(1).nonzero().flatten()
    count = corpus.lemmas.length(synsets)
    owner = torch.repeat_interleave(synsets, count)
    first = corpus.lemmas.offsets[synsets] - (torch.cumsum(count, 0) - count)
    place = torch.arange(len(owner), device=corpus.device)
    lemmas = corpus.lemmas.values[torch.repeat_interleave(first, count) + place]
    texts = corpus.ragged(torch.cat([lemmas, corpus.definition[synsets]]))
    trust = torch.ones(len(texts.counts), device=corpus.device)
    trust[len(lemmas) :] = DEFINITION
    wanted = torch.cat([targets[owner], targets[synsets]]) * trust[:, None]

    # A text's tokens; a token's vector is the sum of its own and of its n-grams'.
    row = texts.owners()
    last = torch.ones_like(row, dtype=torch.bool)
    last[:-1] = row[1:] != row[:-1]
    weight = torch.where(last, HEAD, 1.0)
    total = torch.zeros_like(trust).index_add(0, row, weight)
    weight = weight * (trust / total)[row]
    each = torch.arange(VOCABULARY, device=corpus.device)
    parts = grams.length(each)
    gram = torch.repeat_interleave(each, parts)
    made = sparse(
        torch.cat([each, gram]),
        torch.cat([each, grams.values + VOCABULARY]),
        torch.cat([torch.ones_like(each), parts[gram]]).float().rsqrt(),
        VOCABULARY,
    )
    unmade = sparse(
        made.columns.values,
        torch.repeat_interleave(each, parts + 1),
        made.weights,
        VOCABULARY + places,
    )
    means = sparse(row, texts.ids, weight, len(trust))
    spread = sparse(texts.ids, row, weight, VOCABULARY)

    found = torch.zeros(VOCABULARY + places, targets.shape[1], device=corpus.device)
    rest = unmade @ (spread @ wanted)
    way, size = rest, (rest**2).sum(0)
    for _ in range(DESCENTS):
        product = unmade @ (spread @ (means @ (made @ way))) + RIDGE * way
        step = size / (way * product).sum(0)
        found = found + step * way
        rest = rest - step * product
        before, size = size, (rest**2).sum(0)
        way = rest + (size / before) * way
    return made @ found
