#!/usr/bin/python3
"""Writes tests/vectors/prompt_a1111.json and prompt_comfy.json: how the two programs read prompts.

The functions below are slow and obvious statements of what AUTOMATIC1111/stable-diffusion-webui
1.10 (modules/prompt_parser.py, modules/sd_hijack_clip.py) and Comfy-Org/ComfyUI at commit 443393b4
(comfy/sd1_clip.py) do, in Python as those programs are, so that regular expressions, float() and
the order of multiplications are Python's own. The first cases are those that the two programs'
documentation gives, with the results stated there (DOCUMENTED). Seeded: a second run writes the
same files.
"""

import json
import math
import pathlib
import random
import re
import sys

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"

# --- A1111 ---

A1111_TOKEN = re.compile(
    r"\\[()\[\]\\]|\\|[()\[\]]|(?=:\s*[+-]?[.\d]+\s*\)):\s*(?P<weight>[+-]?[.\d]+)\s*\)|:|[^\\()\[\]:]+"
)
A1111_BREAK = re.compile(r"\s*\bBREAK\b\s*")
OPENING = {")": "(", "]": "["}
MULTIPLIER = {"(": 1.1, "[": 1 / 1.1}


def a1111_segments(prompt):
    pieces = []  # [text, weight]
    opened = {"(": [], "[": []}  # for each open bracket, the first piece inside

    def plain(text):
        words = A1111_BREAK.split(text)
        for number, word in enumerate(words):
            if number > 0:
                pieces.append(["BREAK", -1.0])
            pieces.append([word, 1.0])

    def weigh(first, factor):
        for piece in pieces[first:]:
            piece[1] *= factor

    for token in A1111_TOKEN.finditer(prompt):
        text, weight = token.group(), token.group("weight")
        if text[0] == "\\":
            pieces.append([text[1:], 1.0])
        elif text in MULTIPLIER:
            opened[text].append(len(pieces))
        elif weight is not None and opened["("]:
            weigh(opened["("].pop(), float(weight))
        elif text in OPENING and opened[OPENING[text]]:
            weigh(opened[OPENING[text]].pop(), MULTIPLIER[OPENING[text]])
        else:
            plain(text)
    for bracket, places in opened.items():
        for first in places:
            weigh(first, MULTIPLIER[bracket])

    merged = []
    for text, weight in pieces or [["", 1.0]]:
        if merged and merged[-1][1] == weight:
            merged[-1][0] += text
        else:
            merged.append([text, weight])
    return merged


def a1111_subprompts(prompt):
    subprompts = []
    for part in re.split(r"\bAND\b", prompt):
        found = re.fullmatch(r"(?s)(.*?)\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+))\s*", part)
        text, weight = found.groups() if found else (re.sub(r"\s+\Z", "", part), "1")
        subprompts.append([text, float(weight)])
    return subprompts


def a1111_chunks(segments, ids, special, backtrack):
    chunks, count = [], 0
    current, comma = [], None

    def finish(counted):
        nonlocal current, comma, count
        count += counted
        current += [(special["end"], 1.0)] * (75 - len(current))
        whole = [(special["start"], 1.0), *current, (special["end"], 1.0)]
        first_end = [token for token, _ in whole].index(special["end"])
        if special["pad"] == special["end"]:
            first_end = len(whole)
        chunks.append(
            [
                [t if i <= first_end else special["pad"] for i, (t, _) in enumerate(whole)],
                [weight for _, weight in whole],
            ]
        )
        current, comma = [], None

    for (text, weight), tokens in zip(segments, ids):
        if text == "BREAK" and weight == -1:
            finish(75)
            continue
        for token in tokens:
            if token == special["comma"]:
                comma = len(current)
            elif backtrack and len(current) == 75 and comma is not None and 75 - comma <= backtrack:
                after = current[comma + 1 :]
                current = current[: comma + 1]
                finish(75)
                current = after
            if len(current) == 75:
                finish(75)
            current.append((token, weight))
    if current or not chunks:
        finish(len(current))
    return chunks, count, math.ceil(max(count, 1) / 75) * 75


# --- ComfyUI ---


def comfy_items(text):
    items, begin, level = [], 0, 0
    for at, character in enumerate(text):
        if character == "(":
            if level == 0:
                items.append(text[begin:at])
                begin = at
            level += 1
        elif character == ")":
            level -= 1
            if level == 0:
                items.append(text[begin : at + 1])
                begin = at + 1
    items.append(text[begin:])
    return [item for item in items if item]


def comfy_weights(text, around):
    for item in comfy_items(text):
        if not (len(item) >= 2 and item[0] == "(" and item[-1] == ")"):
            yield item, around
            continue
        inside, weight = item[1:-1], around * 1.1
        head, colon, stated = inside.rpartition(":")
        if colon and head:
            try:
                weight = float(stated)
                inside = head
            except ValueError:
                pass
        yield from comfy_weights(inside, weight)


def comfy_segments(prompt):
    escaped = prompt.replace("\\)", "\0\1").replace("\\(", "\0\2")
    return [
        [text.replace("\0\1", ")").replace("\0\2", "("), weight]
        for text, weight in comfy_weights(escaped, 1.0)
    ]


def comfy_groups(segments):
    groups = []
    for text, weight in segments:
        first, *others = re.split(r"(?<=\s)embedding:", text)
        for part in [first, *("embedding:" + other for other in others)]:
            if part == "":
                continue
            name = None
            if part.startswith("embedding:"):
                words = part[len("embedding:") :].split()
                name = re.split(r"[<\[]", words[0])[0] if words else ""
            groups.append([part, weight, name])
    return groups


def comfy_chunks(groups, ids, special):
    chunks, current = [], [(special["start"], 1.0)]

    def finish():
        nonlocal current
        current.append((special["end"], 1.0))
        current += [(special["pad"], 1.0)] * (77 - len(current))
        chunks.append([[t for t, _ in current], [w for _, w in current]])
        current = [(special["start"], 1.0)]

    for (_, weight, _), tokens in zip(groups, ids):
        weighted = [(token, weight) for token in tokens]
        large = len(weighted) >= 8
        while weighted:
            room = 76 - len(current)
            if len(weighted) <= room:
                current += weighted
                break
            if large:
                current += weighted[:room]
                weighted = weighted[room:]
            finish()
    finish()
    return chunks


# --- cases ---

A1111_DOCUMENTED = [
    ("normal text", [["normal text", 1.0]]),
    ("an (important) word", [["an ", 1.0], ["important", 1.1], [" word", 1.0]]),
    ("(unbalanced", [["unbalanced", 1.1]]),
    (r"\(literal\]", [["(literal]", 1.0]]),
    ("(unnecessary)(parens)", [["unnecessaryparens", 1.1]]),
    (
        "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
        [
            ["a ", 1.0],
            ["house", 1.5730000000000004],
            [" ", 1.1],
            ["on", 1.0],
            [" a ", 1.1],
            ["hill", 0.55],
            [", sun, ", 1.1],
            ["sky", 1.4641000000000006],
            [".", 1.1],
        ],
    ),
]
COMFY_DOCUMENTED = [
    ("(foo)", [["foo", 1.1]]),
    ("(foo)(bar)", [["foo", 1.1], ["bar", 1.1]]),
    ("(foo:2.0)", [["foo", 2.0]]),
    ("((foo))", [["foo", 1.2100000000000002]]),
    ("((foo):1.1)", [["foo", 1.2100000000000002]]),
    ("((foo:1.1))", [["foo", 1.1]]),
    ("(foo:0.0)", [["foo", 0.0]]),
    ("((foo:1.0):0.0)", [["foo", 1.0]]),
    (
        "foo ((((lol (cat:666) attack:100)))) baz",
        [["foo ", 1.0], ["lol ", 100.0], ["cat", 666.0], [" attack", 100.0], [" baz", 1.0]],
    ),
    (
        "foo ((((lol (cat:666) attack):100))) baz",
        [
            ["foo ", 1.0],
            ["lol ", 110.00000000000001],
            ["cat", 666.0],
            [" attack", 110.00000000000001],
            [" baz", 1.0],
        ],
    ),
]
HANDMADE = [
    "",
    "()",
    "[]",
    "(a)b]",
    "a]b)c",
    "[a](b",
    "((a)",
    "(a))(b)",
    ")(a)(b)",
    "(a\\)b)",
    "\\\\(a)",
    "\\a \\",
    "a BREAK b",
    "aBREAK BREAKb BREAK",
    "(a BREAK b:1.3), BREAK",
    "(BREAK:-1)",
    "BREAK\nBREAK",
    "(a BREAK",
    "é BREAK ü",
    "éBREAK",
    "a AND b:0.5 AND  c : -1. ",
    "ANDa AND_ AND",
    "a cat\nAND a dog :1.2\n",
    "ratio 3:2",
    "time 12:30 (soft light:1.2)",
    "(a: 1.2 ) (b:+.5) (c:-2)",
    "(a:1.2.3)",
    "(a:.)",
    "(a:１.５)",
    "(a:٣)",
    "a :𝟙.𝟝",
    "a:1.1)",
    "(a:1:1.2)",
    "[a:b:0.5] [cat|dog] <lora:x:0.8>",
    "(masterpiece:1.2), (best quality), [lowres], 1girl, houshou_marine \\(hololive\\)",
    "(a:1e2) (b:inf) (c: 1_000 ) (d:1__0) (e:nan",
    "(a:0x10) (b:1.) (c:.5) (d:--1) (e:١)",
    "embedding:easynegative, (a embedding:bad-hands-5:1.2) xembedding:no embedding:one[two embedding:",
    "\0\1 and \0\2 (\0)",
    "(((((((((((((((((((((((((((((deep)))))))))))))))))))))))))))))",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[deep]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "(a [b (c [d:1.7) e] f:0.3] g) h",
]
ALPHABET = [
    *"()[]()[]::\\", " ", "\n", "\u2003", "\x1c", ",", ".", "a", "B_", "é", "İ", "7", "BREAK", "AND",
    " BREAK ", " AND ", ":1.1)", ":0.9)", ":1)", ": -.5 )", ":2:", "embedding:", " embedding:x", "٣", "𝟝",
    "1e1", "_", "inf", "<", "\\(", "\\)", "\\\\",
]  # fmt: skip


def reading(function, prompt):
    """The result, or None where the program stops or a weight is not finite."""
    try:
        pairs = function(prompt)
    except ValueError:
        return None
    return pairs if all(math.isfinite(weight) for _, weight in pairs) else None


def token_lists(rng, count, special):
    """Made up: what matters is how many there are, and where commas and end tokens are."""
    lists = []
    for _ in range(count):
        length = rng.choice([0, 1, 2, 5, 7, 8, 9, 20, 60, 75, 76, 160])
        ids = [rng.randrange(300, 40000) for _ in range(length)]
        for i in range(length):
            if rng.random() < rng.choice([0, 0.03, 0.2]):
                ids[i] = special["comma"]
            elif rng.random() < 0.002:
                ids[i] = special["end"]
        lists.append(ids)
    return lists


def main():
    rng = random.Random(1111)
    prompts = HANDMADE + [
        "".join(rng.choice(ALPHABET) for _ in range(rng.randrange(1, 40))) for _ in range(500)
    ]
    for documented, function in [
        (A1111_DOCUMENTED, a1111_segments),
        (COMFY_DOCUMENTED, comfy_segments),
    ]:
        for prompt, expected in documented:
            assert function(prompt) == expected, (prompt, function(prompt), expected)

    special = {"start": 49406, "end": 49407, "pad": 49407, "comma": 267}
    a1111, comfy = [], []
    for prompt, _ in A1111_DOCUMENTED:
        a1111.append({"prompt": prompt})
    for prompt, _ in COMFY_DOCUMENTED:
        comfy.append({"prompt": prompt})
    a1111 += [{"prompt": prompt} for prompt in prompts]
    comfy += [{"prompt": prompt} for prompt in prompts]
    for case in a1111:
        case["segments"] = reading(a1111_segments, case["prompt"])
        case["subprompts"] = reading(a1111_subprompts, case["prompt"])
    for case in comfy:
        case["segments"] = reading(comfy_segments, case["prompt"])
        if case["segments"] is not None:
            case["groups"] = comfy_groups(case["segments"])

    a1111_chunked, comfy_chunked = [], []
    for number in range(24):
        ids_of = dict(special, pad=rng.choice([49407, 0]))
        backtrack = rng.choice([20, 20, 20, 0, 5, 74])
        segments = [
            rng.choice([["BREAK", -1.0], ["BREAK", -1.1], ["a", 1.0], ["b", 1.1], ["c", 0.5]])
            for _ in range(number % 7)
        ]
        ids = token_lists(rng, len(segments), ids_of)
        chunks, count, target = a1111_chunks(segments, ids, ids_of, backtrack)
        a1111_chunked.append(
            {
                "special": ids_of, "backtrack": backtrack, "segments": segments, "ids": ids,
                "chunks": chunks, "token_count": count, "target": target,
            }
        )  # fmt: skip
        groups = [["g", rng.choice([1.0, 1.1, 0.25]), None] for _ in range(number % 9)]
        ids = token_lists(rng, len(groups), ids_of)
        comfy_chunked.append(
            {
                "special": ids_of, "groups": groups, "ids": ids,
                "chunks": comfy_chunks(groups, ids, ids_of),
            }
        )  # fmt: skip

    python = f"Python {sys.version.split()[0]}, tests/prompt/generate_vectors.py"
    for name, cases, chunked in [
        ("prompt_a1111.json", a1111, a1111_chunked),
        ("prompt_comfy.json", comfy, comfy_chunked),
    ]:
        lines = ",\n".join(json.dumps(case) for case in cases)
        chunk_lines = ",\n".join(json.dumps(case) for case in chunked)
        text = f'{{"source": {json.dumps(python)},\n"cases": [\n{lines}\n],\n"chunked": [\n{chunk_lines}\n]}}\n'
        (VECTORS / name).write_text(text, "utf-8")
        print(f"{name}: {len(text):,} bytes")


if __name__ == "__main__":
    main()
