"""WordNet's texts as token ids, and its synsets split into train, dev and test.

    python3 models/builtin/prepare.py [--out build/builtin]

Needs Debian's wordnet-base and a built lib/ (npm run build). Writes data.npz there: the same
WordNet and the same vocabulary give the same arrays.
"""

import argparse
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import wordnet

HERE = Path(__file__).parent
TRAIN, DEV, TEST = 0, 1, 2
DEV_SYNSETS = 4_000
TEST_SYNSETS = 10_000
SEED = "tagscope builtin 1"
PARTS = "nvar"
# Which other pointers tie two synsets of like meaning: similar, verb group, derived from.
SIMILAR = ("&", "$")
DERIVED = ("+", "\\")


def splits(keys: list[str]) -> np.ndarray:
    """By the order of the keys' digests, so that it depends on nothing else."""
    order = sorted(
        range(len(keys)),
        key=lambda i: hashlib.sha256(f"{SEED} {keys[i]}".encode()).digest(),
    )
    split = np.full(len(keys), TRAIN, np.int8)
    split[order[:TEST_SYNSETS]] = TEST
    split[order[TEST_SYNSETS : TEST_SYNSETS + DEV_SYNSETS]] = DEV
    return split


class Texts:
    """Numbers texts in the order in which they are first met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def rows(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Lists of different lengths as one array, and where each begins."""
    offsets = np.cumsum([0, *map(len, lists)]).astype(np.int32)
    return np.array([x for row in lists for x in row], np.int32), offsets


def tokenized(texts: list[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.json"
        source.write_text(json.dumps(texts), encoding="utf-8")
        subprocess.run(
            ["node", str(HERE / "tokenize.mjs"), str(source), folder], check=True
        )
        ids = np.fromfile(Path(folder) / "ids.i32", np.int32)
        offsets = np.fromfile(Path(folder) / "offsets.i32", np.int32)
        pieces = json.loads((Path(folder) / "pieces.json").read_text(encoding="utf-8"))
    return ids, offsets, pieces


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("build/builtin"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    synsets = wordnet.read()
    index = {synset.key: i for i, synset in enumerate(synsets)}
    texts = Texts()
    arrays: dict[str, np.ndarray] = {}
    arrays["part"] = np.array([PARTS.index(s.key[0]) for s in synsets], np.int8)
    arrays["split"] = splits([s.key for s in synsets])
    arrays["definition"] = np.array(
        [texts.number(s.definition) for s in synsets], np.int32
    )
    lists = {
        "lemmas": [[texts.number(text) for text in s.lemmas] for s in synsets],
        "examples": [[texts.number(text) for text in s.examples] for s in synsets],
        "hypernyms": [[index[key] for key in s.hypernyms] for s in synsets],
        "similar": [
            [index[k] for symbol in SIMILAR for k in s.pointers.get(symbol, [])]
            for s in synsets
        ],
        "derived": [
            [index[k] for symbol in DERIVED for k in s.pointers.get(symbol, [])]
            for s in synsets
        ],
    }
    for name, items in lists.items():
        arrays[name], arrays[f"{name}_offsets"] = rows(items)
    all_texts = list(texts.numbers)
    arrays["ids"], arrays["ids_offsets"], pieces = tokenized(all_texts)
    arrays["pieces"] = np.array(pieces)
    arrays["texts"] = np.array(all_texts)
    np.savez_compressed(out / "data.npz", **arrays)
    print(
        f"{len(synsets):,} synsets, {len(all_texts):,} texts, {len(arrays['ids']):,} tokens; "
        f"dev {DEV_SYNSETS:,}, test {TEST_SYNSETS:,} synsets"
    )


if __name__ == "__main__":
    main()
