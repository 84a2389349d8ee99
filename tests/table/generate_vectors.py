#!/usr/bin/python3
"""Writes tests/vectors/table_csv.json: what Python's csv module reads, where RFC 4180 leaves freedom.

Seeded: a second run writes the same file. Files are latin-1 here, so that a byte is a character.
"""

import csv
import io
import json
import pathlib
import random
import sys

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"

HANDMADE = [
    "", "\n", "\r\n\r\n", "a", "a,b", "a,b\n", "a,b\r\nc,d\r\n", "a,b\rc,d\r", ",", ",\n", ",,\n,",
    '""', '"a"', '"a,b",c', '"a\nb",c', '"a\r\nb"\r\n"c"', '"say ""hi""",x', '"a"b,c', '"a""b"c""d,e',
    '"a" ,b', ' "a",b', 'a"b,c"d', '"unclosed,x\ny', 'x\n"unclosed', '"', '"""', '""""', '"a"\n\n\n"b"',
    "a,b\n\nc\n", " a , b ", "name,tag\nhoushou_marine,aua\n", "1girl,0,4225150,\"1girls,sole_female\"\n",
    '"a"\r', '"a"\rb', "a\r\rb",
]  # fmt: skip


def read(text, delimiter):
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


def main():
    rng = random.Random(4180)
    cases = [(text, ",") for text in HANDMADE]
    for _ in range(600):
        delimiter = rng.choice(",,,\t;|")
        alphabet = ["a", "b", " ", '"', '"', '""', delimiter, delimiter, "\n", "\r\n", "\r", '"x"', '"y\nz"']
        cases.append(("".join(rng.choice(alphabet) for _ in range(rng.randrange(1, 24))), delimiter))
    lines = ",\n".join(
        json.dumps({"text": text, "delimiter": delimiter, "rows": read(text, delimiter)})
        for text, delimiter in cases
    )
    source = json.dumps(f"csv of Python {sys.version.split()[0]}, tests/table/generate_vectors.py")
    (VECTORS / "table_csv.json").write_text(f'{{"source": {source},\n"cases": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
