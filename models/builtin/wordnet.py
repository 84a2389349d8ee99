"""Reads WordNet's database files, as wndb(5WN) describes them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")
FILES = {"n": "data.noun", "v": "data.verb", "a": "data.adj", "r": "data.adv"}
HYPERNYMS = ("@", "@i")

# Quoted sentences end a gloss; a quotation may lack its end.
EXAMPLE = re.compile(r'"([^"]*)"?')
# Syntactic markers of adjectives: "(a)", "(p)", "(ip)".
MARKER = re.compile(r"\((?:a|p|ip)\)$")


@dataclass
class Synset:
    """`key` is its part of speech and its byte offset, such as n00001740."""

    key: str
    lemmas: list[str]
    definition: str
    examples: list[str]
    # Keys of other synsets by the pointer's symbol.
    pointers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def hypernyms(self) -> list[str]:
        return [key for symbol in HYPERNYMS for key in self.pointers.get(symbol, [])]


def part(letter: str) -> str:
    """Satellite adjectives lie in the adjectives' file."""
    return "a" if letter == "s" else letter


def read_line(line: str, letter: str) -> Synset:
    data, _, gloss = line.partition(" | ")
    fields = data.split()
    count = int(fields[3], 16)
    lemmas = [
        MARKER.sub("", word).replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]
    ]
    at = 4 + 2 * count
    pointers: dict[str, list[str]] = {}
    for index in range(int(fields[at])):
        symbol, offset, target, _ = fields[at + 1 + 4 * index : at + 5 + 4 * index]
        pointers.setdefault(symbol, []).append(part(target) + offset)
    examples = [text.strip() for text in EXAMPLE.findall(gloss)]
    definition = EXAMPLE.sub(" ", gloss).strip(" ;\n")
    definition = re.sub(r"\s*;(?:\s*;)*\s*", "; ", definition)
    return Synset(
        key=letter + fields[0],
        lemmas=lemmas,
        definition=re.sub(r"\s+", " ", definition),
        examples=[text for text in examples if text],
        pointers=pointers,
    )


def read(folder: Path = FOLDER) -> list[Synset]:
    """All synsets in the order of the files."""
    synsets = []
    for letter, name in FILES.items():
        with open(folder / name, encoding="utf-8") as lines:
            # The licence stands before, each line indented.
            synsets += [read_line(line, letter) for line in lines if line[0] != " "]
    return synsets
