"""Trains the encoder on what prepare.py wrote.

    python3 models/builtin/train.py --out build/builtin/run [--steps N] [--device cuda] ...

Writes model.pt (weights and shape) and log.jsonl (losses, and the measures on the dev synsets)
into --out. Of test synsets it reads nothing but the number.
"""

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch.nn import functional as F

from ancestry import coordinates, token_vectors
from data import DEV, TRAIN, VOCABULARY, Corpus, Occurrences, Ragged, Taxonomy, joined, occurrences
from measures import likeness, likeness_pairs, ranks, recalls
from model import Encoder, Shape, gram_lists, levels


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("build/builtin/data.npz"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--seconds", type=float, default=0, help="end after that time; 0: never")
    parser.add_argument("--warmup", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--table-rate", type=float, default=5e-3)
    parser.add_argument("--decay", type=float, default=0.0)
    parser.add_argument("--kin-steps", type=int, default=3, help="an ancestor in common stands at most so far above the first")
    parser.add_argument("--drop", type=float, default=0.1)
    parser.add_argument("--quantize-from", type=float, default=0.5, help="share of the steps")
    parser.add_argument("--every", type=int, default=1_000, help="steps between measures")
    # Rows of each kind in a step, and how much each kind counts.
    for kind, rows, weight in (
        ("gloss", 1_024, 1.0),
        ("word", 1_024, 1.0),
        ("related", 1_024, 0.7),
        ("kin", 512, 0.5),
    ):
        parser.add_argument(f"--{kind}", type=int, default=rows)
        parser.add_argument(f"--{kind}-weight", type=float, default=weight)
    parser.add_argument("--ancestry-weight", type=float, default=2.0)
    for name, value in asdict(Shape()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    return parser.parse_args()


class Batches:
    """Draws what a step looks at, from train synsets alone."""

    def __init__(self, corpus: Corpus, taxonomy: Taxonomy) -> None:
        self.corpus = corpus
        self.taxonomy = taxonomy
        self.train = corpus.synsets(TRAIN)
        self.inside = corpus.split == TRAIN
        self.words = self.occurrences()
        self.pairs = self.relations()

    def occurrences(self) -> Occurrences:
        corpus = self.corpus
        length = corpus.examples.length(self.train)
        owner = torch.repeat_interleave(self.train, length)
        place = torch.arange(len(owner), device=corpus.device)
        first = torch.repeat_interleave(
            corpus.examples.offsets[self.train] - (torch.cumsum(length, 0) - length), length
        )
        examples = corpus.examples.values[first + place]
        texts = torch.cat([corpus.definition[self.train], examples]).unique()
        return occurrences(corpus, texts)

    def relations(self) -> torch.Tensor:
        """[n, 2]: pairs of synsets that are close, and each of several lemmas with itself."""
        corpus = self.corpus
        several = self.train[corpus.lemmas.length(self.train) > 1]
        found = [torch.stack([several, several], 1)]
        for rows in (corpus.hypernyms, corpus.similar, corpus.derived):
            owner = torch.repeat_interleave(
                torch.arange(len(corpus.split), device=corpus.device),
                rows.offsets[1:] - rows.offsets[:-1],
            )
            pairs = torch.stack([owner, rows.values], 1)
            found.append(pairs[self.inside[pairs].all(1)])
        return torch.cat(found)

    def synsets(self, count: int) -> torch.Tensor:
        return self.train[torch.randint(len(self.train), (count,), device=self.corpus.device)]

    def gloss(self, count: int, drop: float) -> "Contrast":
        """Lemmas and their definitions."""
        synsets = self.synsets(count)
        lemmas = self.corpus.lemmas.any_of(synsets)
        definitions = self.corpus.definition[synsets]
        return Contrast(
            self.corpus.ragged(lemmas),
            dropped(self.corpus.ragged(definitions), drop),
            same(lemmas) | same(definitions),
            (synsets, synsets),
        )

    def related(self, count: int) -> "Contrast":
        """Lemmas of one synset, or of two that are close."""
        at = torch.randint(len(self.pairs), (count,), device=self.corpus.device)
        left, right = self.pairs[at].T
        a, b = self.corpus.lemmas.any_of(left), self.corpus.lemmas.any_of(right)
        # A synset's lemma beside itself teaches nothing: another is drawn, once.
        b = torch.where(a == b, self.corpus.lemmas.any_of(right), b)
        return Contrast(
            self.corpus.ragged(a),
            self.corpus.ragged(b),
            same(a) | same(b) | same(left) | same(right),
            (left, right),
        )

    def kin(self, count: int, highest: int) -> "Contrast":
        """Lemmas of two synsets with an ancestor in common, at most `highest` above the first."""
        order = self.taxonomy.order
        left = order[torch.randint(len(order), (2 * count,), device=order.device)]
        right = self.taxonomy.partners(left, highest)
        kept = self.inside[left] & self.inside[right] & (left != right)
        left, right = left[kept][:count], right[kept][:count]
        a, b = self.corpus.lemmas.any_of(left), self.corpus.lemmas.any_of(right)
        return Contrast(
            self.corpus.ragged(a),
            self.corpus.ragged(b),
            same(a) | same(b) | same(left) | same(right),
            (left, right),
        )

    def word(self, count: int, drop: float) -> "Contrast":
        """Words, and the texts around them without them."""
        words, at = self.words, self.words.draw(count)
        corpus, text = self.corpus, self.words.text[at]
        first, length = words.first[at], words.length[at]
        around = corpus.ragged(text)
        owner = around.owners()
        place = torch.arange(len(owner), device=corpus.device)
        place = place - (torch.cumsum(around.counts, 0) - around.counts)[owner]
        hidden = (place >= first[owner]) & (place < (first + length)[owner])
        return Contrast(
            corpus.cut(corpus.tokens.offsets[text] + first, length),
            dropped(around.kept(~hidden), drop),
            same(words.word[at]) | same(text),
        )


@dataclass
class Contrast:
    """Row i of one belongs to row i of the other; `excepted` [n, n]: which are no negatives."""

    a: Ragged
    b: Ragged
    excepted: torch.Tensor
    # Whose texts they are.
    synsets: tuple[torch.Tensor, ...] = ()


def dropped(texts: Ragged, share: float) -> Ragged:
    """Without some tokens, here and there."""
    return texts.kept(torch.rand(len(texts.ids), device=texts.ids.device) >= share)


def same(x: torch.Tensor) -> torch.Tensor:
    """[n, n]: which rows are of one value; a row and itself are not counted."""
    equal = x[:, None] == x[None, :]
    return equal.fill_diagonal_(False)


def contrast(
    a: torch.Tensor, b: torch.Tensor, excepted: torch.Tensor, scale: torch.Tensor
) -> torch.Tensor:
    """Each row of a is to find its row of b among all, and the other way round."""
    scores = (scale.exp().clamp(max=100) * (a @ b.T)).masked_fill(excepted, -1e4)
    own = torch.arange(len(a), device=a.device)
    return (F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)) / 2


@torch.no_grad()
def encode(model: Encoder, corpus: Corpus, texts: torch.Tensor, quantized: bool) -> torch.Tensor:
    parts = texts.split(2_000)
    return torch.cat([model.embed(corpus.ragged(part), quantized) for part in parts])


def first_weights(corpus: Corpus, texts: torch.Tensor) -> torch.Tensor:
    """[vocabulary]: logarithms of the tokens' inverse document frequency, over 2."""
    tokens = corpus.ragged(texts)
    owner = tokens.owners()
    pairs = (owner * VOCABULARY + tokens.ids).unique() % VOCABULARY
    seen = torch.bincount(pairs, minlength=VOCABULARY).float()
    return torch.log(torch.log((1 + len(texts)) / (1 + seen))).clamp(min=-2)


def first_lemmas(corpus: Corpus, synsets: torch.Tensor) -> torch.Tensor:
    return corpus.lemmas.values[corpus.lemmas.offsets[synsets]]


def measured(
    model: Encoder, corpus: Corpus, split: int, pairs: torch.Tensor, quantized: bool
) -> dict[str, float]:
    synsets = corpus.synsets(split)
    lemmas = first_lemmas(corpus, synsets)
    candidates = encode(model, corpus, lemmas, quantized)
    queries = encode(model, corpus, corpus.definition[synsets], quantized)
    found = recalls(ranks(queries @ candidates.T, lemmas))
    a, b = (encode(model, corpus, first_lemmas(corpus, pairs[:, i]), quantized) for i in (0, 1))
    return {**found, "spearman": likeness(pairs, (a * b).sum(1))}


def losses_of(
    model: Encoder,
    batches: Batches,
    targets: torch.Tensor,
    scales: torch.nn.ParameterDict,
    options: argparse.Namespace,
    quantized: bool,
) -> dict[str, torch.Tensor]:
    """
    One step's losses by kind; all its texts go through the encoder at once. Contrast acts on
    the embeddings' first part; the second is to point where `targets` [synsets, ancestry] do.
    """
    contrasts = {
        "gloss": batches.gloss(options.gloss, options.drop),
        "word": batches.word(options.word, options.drop),
        "related": batches.related(options.related),
        "kin": batches.kin(options.kin, options.kin_steps),
    }
    sides = [side for pair in contrasts.values() for side in (pair.a, pair.b)]
    counts = [len(side.counts) for side in sides]
    first, second = (part.split(counts) for part in model(joined(sides), quantized))
    losses, along, at = {}, [], 0
    for kind, pair in contrasts.items():
        losses[kind] = contrast(first[at], first[at + 1], pair.excepted, scales[kind])
        along += [(side * targets[of]).sum(1) for side, of in zip(second[at:], pair.synsets)]
        at += 2
    losses["ancestry"] = -torch.cat(along).mean()
    return losses


def main() -> None:
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = True
    options.out.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(options.data, options.device)
    taxonomy = Taxonomy(corpus)
    batches = Batches(corpus, taxonomy)
    dev_pairs = likeness_pairs(corpus, taxonomy, DEV, even=True)
    shape = Shape(**{name: getattr(options, name) for name in asdict(Shape())})
    weights = first_weights(corpus, corpus.definition[corpus.synsets(TRAIN)])
    grams = gram_lists(corpus.pieces, shape.grams).to(options.device)
    targets = coordinates(corpus, taxonomy, shape.ancestry)
    ancestry = token_vectors(corpus, targets, grams, shape.grams)
    model = Encoder(shape, grams, weights, ancestry).to(options.device)
    scales = torch.nn.ParameterDict(
        {
            kind: torch.nn.Parameter(torch.tensor(math.log(20.0)))
            for kind in ("gloss", "word", "related", "kin")
        }
    ).to(options.device)
    tables = list(model.tokens.parameters())
    others = [p for name, p in model.named_parameters() if not name.startswith("tokens.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": tables, "lr": options.table_rate},
            {"params": [*others, *scales.parameters()], "lr": options.rate},
        ],
        betas=(0.9, 0.98),
        weight_decay=options.decay,
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    log = open(options.out / "log.jsonl", "w", encoding="utf-8")
    begun = time.time()
    sums: dict[str, float] = {}
    for step in range(1, options.steps + 1):
        done = step / options.steps
        if options.seconds > 0:
            done = max(done, (time.time() - begun) / options.seconds)
        slope = min(step / options.warmup, 1.0) * max(0.0, 1 - done)
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * slope
        quantized = done >= options.quantize_from
        losses = losses_of(model, batches, targets, scales, options, quantized)
        loss = sum(getattr(options, f"{kind}_weight") * value for kind, value in losses.items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        optimizer.step()
        for kind, value in losses.items():
            sums[kind] = sums.get(kind, 0.0) + value.detach()
        last = step == options.steps or done >= 1
        if step % options.every == 0 or last:
            line = {
                "step": step,
                "seconds": round(time.time() - begun, 1),
                **{kind: round(float(value) / options.every, 4) for kind, value in sums.items()},
                **{
                    name: round(value, 4)
                    for name, value in measured(model, corpus, DEV, dev_pairs, quantized).items()
                },
            }
            sums = {}
            print(json.dumps(line), flush=True)
            print(json.dumps(line), file=log, flush=True)
        if last:
            break
    save(model, corpus, options.out / "model.pt")


@torch.no_grad()
def save(model: Encoder, corpus: Corpus, path: Path) -> None:
    """As it will be used: the tokens' vectors without how they came about."""
    every = torch.arange(len(corpus.pieces), device=corpus.device)
    units, logs = zip(*(model.tokens(part, False) for part in every.split(4_096)))
    state = {
        name: value.cpu()
        for name, value in model.state_dict().items()
        if not name.startswith("tokens.")
    }
    state["table"] = levels(torch.cat(units), model.shape.bits).to(torch.uint8).cpu()
    state["weight"] = torch.cat(logs).cpu()
    torch.save({"shape": model.described(), "state": state}, path)


if __name__ == "__main__":
    main()
