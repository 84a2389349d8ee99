"""How good embeddings are: recall of lemmas by their glosses, and likeness of pairs."""

import numpy as np
import torch

from data import Corpus, Taxonomy

LONGEST_PATH = 12
PAIRS_PER_PATH = 500


def ranks(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """
    scores [n, n]: row i's query, whose own candidate is i. How many candidates stand before the
    best one of the same label; those of equal score count half.
    """
    found = []
    for rows, mine in zip(scores.split(1_000), labels.split(1_000)):
        right = mine[:, None] == labels[None, :]
        own = rows.masked_fill(~right, -torch.inf).amax(1, keepdim=True)
        found.append((rows > own).sum(1) + ((rows == own).sum(1) - 1) / 2)
    return torch.cat(found)


def recalls(ranked: torch.Tensor) -> dict[str, float]:
    return {f"recall@{k}": float((ranked < k).float().mean()) for k in (1, 10, 100)}


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation; equal values share their mean rank."""

    def ranked(values: np.ndarray) -> np.ndarray:
        _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        return (ends - (counts - 1) / 2)[inverse]

    return float(np.corrcoef(ranked(a), ranked(b))[0, 1])


def likeness_pairs(corpus: Corpus, taxonomy: Taxonomy, split: int, even: bool) -> torch.Tensor:
    """
    [n, 3]: two synsets of the split and the path between them. `even`: each length from 1 to 12
    equally often; otherwise any two synsets of one part of speech. Only synsets whose first lemma
    has no other meaning, so that the path between the synsets is the one between the words.
    """
    generator = torch.Generator().manual_seed(1)
    meanings = torch.bincount(corpus.lemmas.values, minlength=len(corpus.texts)).cpu()
    first = corpus.lemmas.values[corpus.lemmas.offsets[:-1]].cpu()
    inside = (corpus.split.cpu() == split) & (meanings[first] == 1)
    order = taxonomy.order.cpu()
    chosen = order[inside[order]]
    part = corpus.part.cpu()
    if not even:
        a, b = (chosen[torch.randint(len(chosen), (6_000,), generator=generator)] for _ in "ab")
        kept = (part[a] == part[b]) & (a != b)
        a, b = a[kept], b[kept]
    else:
        # All pairs of one part of speech, a slab at a time, and then a few of each length.
        pools: list[list[torch.Tensor]] = [[] for _ in range(LONGEST_PATH + 1)]
        for start in chosen[torch.randperm(len(chosen), generator=generator)][:1500]:
            others = chosen[part[chosen] == part[start]]
            paths = taxonomy.path_lengths(
                start.expand(len(others)).to(corpus.device), others.to(corpus.device)
            ).cpu()
            for length in range(1, LONGEST_PATH + 1):
                at = others[paths == length]
                at = at[torch.randperm(len(at), generator=generator)[:4]]
                pools[length].append(torch.stack([start.expand(len(at)), at], 1))
        pairs = []
        for pool in pools[1:]:
            rows = torch.cat(pool)
            pairs.append(rows[torch.randperm(len(rows), generator=generator)[:PAIRS_PER_PATH]])
        a, b = torch.cat(pairs).T
    a, b = a.to(corpus.device), b.to(corpus.device)
    return torch.stack([a, b, taxonomy.path_lengths(a, b)], 1)


def likeness(pairs: torch.Tensor, cosines: torch.Tensor) -> float:
    return spearman(1 / (1 + pairs[:, 2].cpu().numpy()), cosines.cpu().numpy())
