"""What needs no training: tf-idf over the tokens, and mean n-grams of characters."""

import torch

from data import TRAIN, Corpus
from measures import ranks, recalls

SLAB = 400
SHORTEST, LONGEST = 3, 5


def bags(lists: list[list]) -> tuple[list[dict], set]:
    counted, kinds = [], set()
    for items in lists:
        bag: dict = {}
        for item in items:
            bag[item] = bag.get(item, 0) + 1
        counted.append(bag)
        kinds.update(bag)
    return counted, kinds


def matrix(counted: list[dict], places: dict, weights: torch.Tensor, device: str) -> torch.Tensor:
    """[n, kinds], sparse, rows of length one."""
    row = [i for i, bag in enumerate(counted) for _ in bag]
    column = [places[kind] for bag in counted for kind in bag]
    value = torch.tensor([count for bag in counted for count in bag.values()]).float()
    value = (value * weights[column]).to(device)
    row = torch.tensor(row, device=device)
    length = torch.zeros(len(counted), device=device).index_add_(0, row, value**2).sqrt()
    return torch.sparse_coo_tensor(
        torch.stack([row, torch.tensor(column, device=device)]),
        value / length[row],
        (len(counted), len(places)),
    ).coalesce()


def products(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """a · b' for sparse rows."""
    found = []
    for start in range(0, b.shape[0], SLAB):
        rows = torch.arange(start, min(start + SLAB, b.shape[0]), device=b.device)
        found.append(torch.sparse.mm(a, b.index_select(0, rows).to_dense().T.contiguous()))
    return torch.cat(found, 1)


def tokens_of(corpus: Corpus, texts: torch.Tensor) -> list[list[int]]:
    values, offsets = corpus.tokens.values.tolist(), corpus.tokens.offsets.tolist()
    return [values[offsets[text] : offsets[text + 1]] for text in texts.tolist()]


def grams_of(corpus: Corpus, texts: torch.Tensor) -> list[list[str]]:
    """n-grams of 3 to 5 characters, lower case, with a blank before and behind each word."""
    found = []
    for text in texts.tolist():
        grams = []
        for word in str(corpus.texts[text]).lower().split():
            word = f" {word} "
            for size in range(SHORTEST, LONGEST + 1):
                grams += [word[at : at + size] for at in range(len(word) - size + 1)]
        found.append(grams)
    return found


def baseline(corpus: Corpus, split: int, cut, idf: bool) -> dict[str, float]:
    synsets = corpus.synsets(split)
    lemmas = corpus.lemmas.values[corpus.lemmas.offsets[synsets]]
    queries, kinds = bags(cut(corpus, corpus.definition[synsets]))
    candidates, more = bags(cut(corpus, lemmas))
    places = {kind: place for place, kind in enumerate(sorted(kinds | more))}
    weights = torch.ones(len(places))
    if idf:
        # As often as the train glosses and lemmas have them.
        train = corpus.synsets(TRAIN)
        first = corpus.lemmas.values[corpus.lemmas.offsets[train]]
        texts = torch.cat([corpus.definition[train], first])
        seen = torch.zeros(len(places))
        for bag in bags(cut(corpus, texts))[0]:
            for kind in bag:
                if kind in places:
                    seen[places[kind]] += 1
        weights = torch.log((1 + len(texts)) / (1 + seen)) + 1
    scores = products(
        matrix(queries, places, weights, corpus.device),
        matrix(candidates, places, weights, corpus.device),
    )
    return recalls(ranks(scores, lemmas))


def baselines(corpus: Corpus, split: int) -> dict[str, dict[str, float]]:
    return {
        "tf-idf of tokens": baseline(corpus, split, tokens_of, idf=True),
        "n-grams of characters": baseline(corpus, split, grams_of, idf=False),
        "n-grams of characters, idf": baseline(corpus, split, grams_of, idf=True),
    }
