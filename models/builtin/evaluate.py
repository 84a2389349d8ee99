"""Measures a trained encoder, as the file keeps it, on the test synsets.

    python3 models/builtin/evaluate.py build/builtin/run/model.pt [--dev]

Prints the rows of README.md's tables. --dev: on the dev synsets instead.
"""

import argparse
from pathlib import Path

import torch

from baselines import baselines
from data import DEV, TEST, Corpus, Taxonomy
from measures import likeness, likeness_pairs, ranks, recalls
from stored import Stored
from train import first_lemmas

WORDS = (
    "dog violin river justice run blue quickly oak physician anger knife moon bread "
    "mathematics soldier swim king ship tiny winter"
).split()
NEIGHBOURS = 6


def row(name: str, found: dict[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in found.values()) + " |"


def neighbours(encoder: Stored, corpus: Corpus) -> None:
    """Of twenty words, among all lemmas that are one word of small letters."""
    lemmas = corpus.lemmas.values.unique()
    single = lemmas[[str(corpus.texts[i]).isalpha() for i in lemmas.tolist()]]
    single = single[[str(corpus.texts[i]).islower() for i in single.tolist()]]
    rows = encoder.encode_all(corpus, single)
    places = {str(corpus.texts[text]): i for i, text in enumerate(single.tolist())}
    for word in WORDS:
        cosines = rows @ rows[places[word]]
        best = cosines.topk(NEIGHBOURS + 1).indices.tolist()
        found = [str(corpus.texts[single[i]]) for i in best if i != places[word]]
        print(f"| {word} | {', '.join(found[:NEIGHBOURS])} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("build/builtin/data.npz"))
    parser.add_argument("--dev", action="store_true")
    options = parser.parse_args()
    split = DEV if options.dev else TEST
    corpus = Corpus(options.data, "cpu")
    taxonomy = Taxonomy(corpus)
    synsets = corpus.synsets(split)
    lemmas = first_lemmas(corpus, synsets)
    pairs = [likeness_pairs(corpus, taxonomy, split, even) for even in (True, False)]
    print("| encoder | recall@1 | recall@10 | recall@100 | likeness | of any pairs |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with torch.no_grad():
        for name, bits in (("built-in", 8), ("its network as float32", 32)):
            encoder = Stored(options.model, network_bits=bits)
            candidates = encoder.encode_all(corpus, lemmas)
            queries = encoder.encode_all(corpus, corpus.definition[synsets])
            found = recalls(ranks(queries @ candidates.T, lemmas))
            for title, rows in zip(("likeness", "of any pairs"), pairs):
                a, b = (encoder.encode_all(corpus, first_lemmas(corpus, rows[:, i])) for i in (0, 1))
                found[title] = likeness(rows, (a * b).sum(1))
            print(row(name, found), flush=True)
        for name, found in baselines(corpus, split).items():
            print(row(name, found), flush=True)
        print(f"\n{len(synsets):,} candidates; {len(pairs[0]):,} and {len(pairs[1]):,} pairs\n")
        neighbours(Stored(options.model), corpus)


if __name__ == "__main__":
    main()
