#!/usr/bin/python3
"""Writes tests/vectors/text_*.json: what Python 3.11 and the Unicode Character Database say.

Run with Python 3.11 (its unicodedata is Unicode 14.0) where Debian's unicode-data (15.0) is
installed. Seeded: a second run writes the same files. Where a table over all code points would
be large, the CRC-32 of each block of 4,096 code points stands for it; surrogates are left out.
"""

import bz2
import html
import html.entities
import json
import pathlib
import random
import sys
import unicodedata
import zlib

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
DATABASE = pathlib.Path("/usr/share/unicode")
BLOCK = 4096
PYTHON = f"Python {sys.version.split()[0]}"


def write(name, document):
    text = json.dumps(document, ensure_ascii=True, indent=0)
    (VECTORS / name).write_text(text + "\n", "utf-8")
    print(f"{name}: {len(text):,} bytes")


def checksums(function):
    """The CRC-32 of each block's outputs, a line each, as hexadecimal."""
    out = []
    for start in range(0, 0x110000, BLOCK):
        codes = [c for c in range(start, start + BLOCK) if not 0xD800 <= c < 0xE000]
        lines = "".join(function(chr(code)) + "\n" for code in codes)
        out.append(f"{zlib.crc32(lines.encode()):08x}")
    return out


def later_ranges():
    """Code points that Unicode 15.0 assigned and Python 3.11 does not know."""
    out = []
    for line in (DATABASE / "DerivedAge.txt").open():
        fields = line.split("#")[0].split(";")
        if len(fields) == 2 and fields[1].strip() == "15.0":
            ends = [int(end, 16) for end in fields[0].strip().split("..")]
            out.append([ends[0], ends[-1]])
    return out


def classes():
    later = later_ranges()

    def known(character):
        return not any(first <= ord(character) <= last for first, last in later)

    def letter_of(character):
        if not known(character):
            return "?"
        category = unicodedata.category(character)
        kind = category if category in ("Nd",) else category[0]
        kind = kind if kind in ("L", "N", "Nd") else "-"
        return kind + ("s" if character.isspace() else "")

    write(
        "text_classes.json",
        {
            "source": f"{PYTHON}, unicodedata {unicodedata.unidata_version}: L, N (not Nd), Nd or -, "
            "then s where str.isspace; ? for code points of Unicode 15.0 (DerivedAge.txt)",
            "later": later,
            "crc32": checksums(letter_of),
            "category_crc32": checksums(lambda c: unicodedata.category(c) if known(c) else "?"),
        },
    )


def cases():
    alphabet = "ΣΣΣσςaB .':\u0345\u02b0\u0301\u0130ıßŉ1_ﬁ\u00ad\u2019ⅷⓐ𐐀𐐨ǅῼ😀\u1e9eÅ\u212a"
    source = random.Random(20240901)
    samples = []
    for _ in range(600):
        text = "".join(source.choices(alphabet, k=source.randint(1, 9)))
        samples.append([text, text.lower(), text.upper()])
    write(
        "text_case.json",
        {
            "source": f"{PYTHON}, str.lower and str.upper; Unicode 15.0 has the same mappings",
            "lower_crc32": checksums(str.lower),
            "upper_crc32": checksums(str.upper),
            "samples": samples,
        },
    )


def normalization():
    text = bz2.open(DATABASE / "NormalizationTest.txt.bz2", "rt", encoding="utf-8").read()
    part, by_part, forms = "", {}, {}
    for line in text.splitlines():
        if line.startswith("@"):
            part = line.split()[0]
        elif line and not line.startswith("#"):
            columns = ["".join(chr(int(c, 16)) for c in f.split()) for f in line.split(";")[:5]]
            by_part.setdefault(part, []).append(columns)
            if part == "@Part1":
                forms[columns[0]] = (columns[1], columns[3])
    source = random.Random(15)
    sample = []
    for part, lines in sorted(by_part.items()):
        sample += sorted(source.sample(lines, min(len(lines), 700)))
    marks = "\u0300\u0301\u0316\u0323\u0327\u0338\u0344\u0345\u3099\uff9e\u0f71\u0f72\u0f73\u05b0"
    others = "aeA q\u212b\u1e9b\ufb01\u2126\uac00\uac01\u1100\u1161\u11a8\u11a7\u304b\uff76<=\u0fb2\u0958\ufb1f"
    others += "\u0dd9\u0dcf\u0dca\u1ea5\u1e69\u01d5\U0001d157\U0001d165\U00011131\U00011127\ufdfa\U0001d400\u2460"
    samples = []
    for _ in range(500):
        text = "".join(source.choice(source.choice((marks, others))) for _ in range(source.randint(2, 9)))
        samples.append([text] + [unicodedata.normalize(form, text) for form in ("NFC", "NFKC")])
    # What part 1 does not list, normalises to itself (the file's own rule 2).
    write(
        "text_normalization.json",
        {
            "source": "NormalizationTest-15.0.0.txt, Unicode Character Database (Unicode License): "
            "a sample of each part as [source, NFC, NFD, NFKC, NFKD]; checksums from part 1 and rule 2. "
            f"samples: {PYTHON}, unicodedata.normalize, as [source, NFC, NFKC]",
            "nfc_crc32": checksums(lambda c: forms.get(c, (c, c))[0]),
            "nfkc_crc32": checksums(lambda c: forms.get(c, (c, c))[1]),
            "lines": sample,
            "samples": samples,
        },
    )


def utf8():
    source = random.Random(3629)
    interesting = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF]
    interesting += [0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF]
    samples = []
    for _ in range(1500):
        if source.random() < 0.5:
            data = bytes(source.choices(interesting, k=source.randint(1, 10)))
        else:
            data = bytearray("aé≢𣎴\U0010FFFF\uFEFF\uD7FF".encode())
            for _ in range(source.randint(1, 3)):
                data[source.randrange(len(data))] = source.randrange(256)
        replaced = bytes(data).decode("utf-8", "replace")
        try:
            bytes(data).decode("utf-8")
            invalid = None
        except UnicodeDecodeError as error:
            invalid = error.start
        samples.append([bytes(data).hex(), replaced.encode().hex(), invalid])
    write(
        "text_utf8.json",
        {
            "source": f"{PYTHON}, bytes.decode('utf-8', 'replace') and UnicodeDecodeError.start",
            "samples": samples,
        },
    )


def html_references():
    source = random.Random(5)
    names = sorted(html.entities.html5)
    parts = ["&", "&", "&", "#", "#x", "#X", ";", ";", "x", "amp", "lt", "not", "notin", "noti"]
    parts += [" ", "\n", "1", "128", "0", "D800", "fdd0", "1F600", "é", "カ", "CounterClockwise"]
    parts += ["&amp;lt;", "&" * 3, "AMP", "copy", "copysr;", "𐐀" * 16, "a" * 31, "9" * 12]
    samples = []
    for _ in range(900):
        text = "".join(source.choices(parts, k=source.randint(1, 8)))
        if source.random() < 0.5:
            name = source.choice(names)
            text += "&" + name[: source.randint(1, len(name))] + source.choice(["", ";", "x", "é"])
        samples.append([text, html.unescape(text)])
    for name in ("CounterClockwiseContourIntegral", "notaverylongnamethatdoesnotexistatall"):
        for tail in ("", ";", "x;"):
            samples.append([f"&{name}{tail}", html.unescape(f"&{name}{tail}")])
    write(
        "text_html.json",
        {
            "source": f"{PYTHON}, html.unescape and html.entities.html5 (the HTML standard, 13.5)",
            "names": html.entities.html5,
            "decimal_crc32": checksums(lambda c: html.unescape(f"&#{ord(c)};")),
            "samples": samples,
        },
    )


if __name__ == "__main__":
    classes()
    cases()
    normalization()
    utf8()
    html_references()
