#!/usr/bin/python3
"""Writes tests/vectors/byte_patterns.jsonl: random texts and the words into which the regular
expressions of gpt2, cl100k_base and o200k_base (tiktoken, tiktoken_ext/openai_public.py) cut them,
by Python's `regex` 2022.10.31 (Debian's python3-regex).

Each line: {"text", "gpt2": [bytes of each word], "cl100k": […], "o200k": […]}.
"""

import json
import pathlib
import random

import regex

CONTRACTION = "(?:'[sStTmMdD\u017f]|'[rR][eE]|'[vV][eE]|'[lL][lL])"
HEAD = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
TAIL = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
# \s is White_Space there; `regex` has a few more in its own.
S = r"\p{White_Space}"
PATTERNS = {
    "gpt2": rf"'s|'t|'re|'ve|'m|'ll|'d| ?\p{{L}}+| ?\p{{N}}+| ?[^{S}\p{{L}}\p{{N}}]+|{S}+(?!\P{{White_Space}})|{S}+",
    "cl100k": rf"{CONTRACTION}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^{S}\p{{L}}\p{{N}}]+[\r\n]*"
    rf"|{S}*[\r\n]+|{S}+(?!\P{{White_Space}})|{S}+",
    "o200k": rf"[^\r\n\p{{L}}\p{{N}}]?{HEAD}*{TAIL}+{CONTRACTION}?|[^\r\n\p{{L}}\p{{N}}]?{HEAD}+{TAIL}*{CONTRACTION}?"
    rf"|\p{{N}}{{1,3}}| ?[^{S}\p{{L}}\p{{N}}]+[\r\n/]*|{S}*[\r\n]+|{S}+(?!\P{{White_Space}})|{S}+",
}

# Of every class that the patterns tell apart, and around their borders.
LETTERS = "aAzZstdmrelvSTDMRELV\u017f\u00df\u00e9\u00c9\u01c5\u02b0\u00aa\u05d0\u6f22\u3042\u00ba\U00010400\U00010428"
MARKS = "\u0301\u0345\u0903\u20dd"
NUMBERS = "0123789\u00b2\u2167\u0663\u3007"
SPACES = "  \t\n\r\x0b\x0c\u0085\u00a0\u2003\u2028\u3000"
OTHERS = "''''\u2019.,!?/-_<|>\u200b\u200d\ufeff\U0001f600\u0000\u001c\ue000\u00ad"
ALPHABETS = [
    LETTERS + MARKS + NUMBERS + SPACES + OTHERS,
    "aA\u0301\u02b0 '",
    "'sStTlLvVeErRmMdDa\u017f ",
    " \n\r\ta.",
    SPACES + "a",
    "A\u00aaa\u0301.",
    "12\u00b2 a",
    "./\n\r a",
    LETTERS + " '",
]


def main():
    patterns = {name: regex.compile(pattern) for name, pattern in PATTERNS.items()}
    choose = random.Random(20)
    texts = {""}
    while len(texts) < 2400:
        alphabet = choose.choice(ALPHABETS)
        texts.add("".join(choose.choices(alphabet, k=choose.choice((1, 2, 3, 4, 6, 9, 14, 30)))))
    path = pathlib.Path(__file__).resolve().parent.parent / "vectors/byte_patterns.jsonl"
    with path.open("w") as out:
        for text in sorted(texts):
            case = {"text": text}
            for name, pattern in patterns.items():
                words = pattern.findall(text)
                assert "".join(words) == text, (name, text)
                case[name] = [len(word.encode()) for word in words]
            out.write(json.dumps(case, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
