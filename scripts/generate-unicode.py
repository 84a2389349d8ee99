#!/usr/bin/python3
"""Generates the engine's Unicode tables and HTML entity table.

  generate-unicode.py           writes wasm/src/text/unicode_tables.cpp and html_entities.inc
  generate-unicode.py --check   writes nothing; exits 1 if a committed file is stale

Sources: the Unicode Character Database (Debian's package unicode-data, /usr/share/unicode) and
the named character references of the HTML standard, as Python's html.entities.html5 has them.
The packed formats are described in wasm/src/text/unicode_tables.h and at the head of
wasm/src/text/html_entities.inc.
"""

import collections
import html.entities
import pathlib
import re
import sys

DATABASE = pathlib.Path("/usr/share/unicode")
TEXT = pathlib.Path(__file__).resolve().parent.parent / "wasm/src/text"
CODE_POINTS = 0x110000

# Property bits, as in wasm/src/text/unicode.h.
LETTER, DECIMAL_DIGIT, OTHER_NUMBER, CASED, CASE_IGNORABLE = 1, 2, 4, 8, 16
HAS_CASE_MAPPING, NFC_UNSTABLE, NFKC_UNSTABLE = 32, 64, 128

# General_Category, in the order of wasm/src/text/unicode.h, Category; the first is "none".
CATEGORIES = (
    "Cn Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co".split()
)

# Kinds of decomposition, as in wasm/src/text/unicode_tables.h.
CANONICAL, CANONICAL_EXCLUDED, COMPATIBILITY, COMPATIBILITY_RUN = range(4)


def rows(name):
    """The fields of each line of a database file, without comments."""
    for line in (DATABASE / name).read_text("utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def code_points(field):
    """'0041' or '0041..005A' as a range."""
    ends = [int(end, 16) for end in field.split("..")]
    return range(ends[0], ends[-1] + 1)


def sequence(field):
    return [int(code, 16) for code in field.split()]


class Database:
    def __init__(self):
        first_line = (DATABASE / "DerivedAge.txt").open().readline()
        self.version = re.search(r"DerivedAge-([0-9.]+)\.txt", first_line)[1]
        self.category = ["Cn"] * CODE_POINTS
        self.combining_class = [0] * CODE_POINTS
        self.canonical, self.compatibility = {}, {}
        self.lower, self.upper = {}, {}
        self._read_unicode_data()
        self._read_special_casing()
        self.excluded = {c for row in rows("CompositionExclusions.txt") for c in code_points(row[0])}
        self.derived = collections.defaultdict(set)
        for name in ("DerivedCoreProperties.txt", "DerivedNormalizationProps.txt"):
            for span, *value in rows(name):
                self.derived["=".join(value)].update(code_points(span))

    def _read_unicode_data(self):
        range_start = 0
        for row in rows("UnicodeData.txt"):
            code = int(row[0], 16)
            if row[1].endswith(", First>"):
                range_start = code
                continue
            start = range_start if row[1].endswith(", Last>") else code
            for member in range(start, code + 1):
                self.category[member] = row[2]
            self.combining_class[code] = int(row[3])
            if row[5].startswith("<"):
                self.compatibility[code] = sequence(row[5].split("> ")[1])
            elif row[5]:
                self.canonical[code] = sequence(row[5])
            if row[12]:
                self.upper[code] = [int(row[12], 16)]
            if row[13]:
                self.lower[code] = [int(row[13], 16)]

    def _read_special_casing(self):
        for code, lower, _title, upper, *condition in rows("SpecialCasing.txt"):
            if condition and condition[0]:
                continue
            for mapping, target in ((self.lower, sequence(lower)), (self.upper, sequence(upper))):
                if target != [int(code, 16)]:
                    mapping[int(code, 16)] = target

    def property_masks(self):
        masks = [0] * CODE_POINTS
        for code, category in enumerate(self.category):
            if category[0] == "L":
                masks[code] |= LETTER
            elif category == "Nd":
                masks[code] |= DECIMAL_DIGIT
            elif category[0] == "N":
                masks[code] |= OTHER_NUMBER
            if self.combining_class[code]:
                masks[code] |= NFC_UNSTABLE | NFKC_UNSTABLE
        for bit, members in (
            (CASED, self.derived["Cased"]),
            (CASE_IGNORABLE, self.derived["Case_Ignorable"]),
            (HAS_CASE_MAPPING, self.lower.keys() | self.upper.keys()),
            (NFC_UNSTABLE, self.derived["NFC_QC=N"] | self.derived["NFC_QC=M"]),
            (NFKC_UNSTABLE, self.derived["NFKC_QC=N"] | self.derived["NFKC_QC=M"]),
        ):
            for code in members:
                masks[code] |= bit
        return masks


def varint(value):
    out = []
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return out + [value]


def zigzag(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def pack_properties(masks):
    distinct = [mask for mask, _ in collections.Counter(masks).most_common()]
    assert len(distinct) <= 32
    out = varint(len(distinct)) + distinct
    start = 0
    for code in range(1, CODE_POINTS + 1):
        if code == CODE_POINTS or masks[code] != masks[start]:
            length, index = code - start, distinct.index(masks[start])
            out += [index << 3 | length] if length < 8 else [index << 3] + varint(length)
            start = code
    return out


def pack_combining_classes(classes):
    entries, code, end = [], 0, 0
    while code < CODE_POINTS:
        start = code
        while code < CODE_POINTS and classes[code] == classes[start]:
            code += 1
        if classes[start]:
            entries.append(varint(start - end) + varint(code - start) + [classes[start]])
            end = code
    return varint(len(entries)) + sum(entries, [])


def pack_decompositions(database):
    mappings = database.canonical | database.compatibility
    entries, end = [], 0
    codes = sorted(mappings)
    i = 0
    while i < len(codes):
        code, target = codes[i], mappings[codes[i]]
        count = len(target)
        if code in database.canonical:
            kind = CANONICAL_EXCLUDED if code in database.excluded else CANONICAL
        else:
            kind, run = COMPATIBILITY, 1
            while (
                count == 1
                and code + run in database.compatibility
                and mappings[code + run] == [target[0] + run]
            ):
                run += 1
            if run > 1:
                kind, count = COMPATIBILITY_RUN, run
        gap = code - end + 1
        header = kind | (count << 2 if count < 8 else 0) | (gap << 5 if gap < 8 else 0)
        entry = [header] + (varint(gap) if gap >= 8 else []) + (varint(count) if count >= 8 else [])
        entries.append(entry + sum(map(varint, target), []))
        members = count if kind == COMPATIBILITY_RUN else 1
        end = code + members
        i += members
    return varint(len(entries)) + sum(entries, [])


def pack_case(mapping):
    """Runs of one-to-one mappings with a common difference and stride, then the longer ones."""
    simple = {code: target[0] - code for code, target in mapping.items() if len(target) == 1}
    runs, codes = [], sorted(simple)
    while codes:
        start = codes.pop(0)
        best = (1, 1)
        for stride in (1, 2):
            length = 1
            while simple.get(start + length * stride) == simple[start]:
                length += 1
            best = max(best, (length, -stride)) if length > 1 else best
        length, stride = best[0], abs(best[1])
        # A stride of 2 must not jump over a code point with a mapping of its own.
        if stride == 2 and any(start + k in simple for k in range(1, 2 * length - 1, 2)):
            length = next(k for k in range(1, length + 1) if start + 2 * k - 1 in simple)
        codes = [code for code in codes if not start < code <= start + (length - 1) * stride]
        runs.append((start, length, stride, simple[start]))
    out, end = varint(len(runs)), 0
    for start, length, stride, difference in runs:
        out += varint(start - end) + varint(length << 1 | (stride == 2)) + zigzag(difference)
        end = start + (length - 1) * stride + 1
    special = {code: target for code, target in mapping.items() if len(target) > 1}
    out += varint(len(special))
    end = 0
    for code, target in sorted(special.items()):
        out += varint(code - end) + [len(target)] + sum(map(varint, target), [])
        end = code
    return out


def array(name, values, per_line=24):
    lines = (
        "    " + ", ".join(map(str, values[i : i + per_line])) + ","
        for i in range(0, len(values), per_line)
    )
    return f"{name}[] = {{\n" + "\n".join(lines) + "\n};\n"


def unicode_tables():
    database = Database()
    tables = {
        "kPropertyRuns": pack_properties(database.property_masks()),
        "kCategoryRuns": pack_properties(list(map(CATEGORIES.index, database.category))),
        "kCombiningClasses": pack_combining_classes(database.combining_class),
        "kDecompositions": pack_decompositions(database),
        "kLowerCase": pack_case(database.lower),
        "kUpperCase": pack_case(database.upper),
    }
    sizes = {name: len(values) for name, values in tables.items()}
    return (
        f"// Generated by scripts/generate-unicode.py from the Unicode Character Database, version\n"
        f"// {database.version} (UnicodeData, SpecialCasing, CompositionExclusions,\n"
        "// DerivedCoreProperties, DerivedNormalizationProps); do not edit.\n"
        "// clang-format off\n"
        '#include "text/unicode_tables.h"\n\n'
        "namespace tagscope::unicode_tables {\n\n"
        f'const char kVersion[] = "{database.version}";\n\n'
        + "\n".join(array("const std::uint8_t " + name, values) for name, values in tables.items())
        + "\n}  // namespace tagscope::unicode_tables\n"
    ), sizes


def html_entities():
    names = {name.rstrip(";") for name in html.entities.html5}
    out, first_letters, previous = [], {}, ""
    for name in sorted(names):
        value = html.entities.html5[name + ";"]
        bare = name in html.entities.html5
        assert not bare or html.entities.html5[name] == value
        assert len(value) <= 2 and name.isascii()
        if name[0] not in first_letters:
            first_letters[name[0]] = len(out)
            previous = ""
        shared = 0
        while shared < min(len(previous), len(name) - 1, 31) and previous[shared] == name[shared]:
            shared += 1
        rest = name[shared:].encode()
        out.append(shared | bare << 5 | (len(value) - 1) << 6)
        out += rest[:-1] + bytes([rest[-1] | 0x80]) + value.encode()
        previous = name
    letters = sorted(first_letters)
    assert "".join(letters) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    offsets = [first_letters[letter] for letter in letters] + [len(out)]
    longest_bare = max(len(name) for name in html.entities.html5 if not name.endswith(";"))
    origin = (
        f"// Generated by scripts/generate-unicode.py: the {len(html.entities.html5)} named character\n"
        "// references of the HTML standard (13.5), from Python's html.entities.html5; do not edit.\n"
    )
    names = (
        origin + "// clang-format off\n"
        '#include "text/unicode_tables.h"\n\n'
        "namespace tagscope::unicode_tables {\n\n"
        + array("const std::uint8_t kHtmlEntities", out)
        + "\n}  // namespace tagscope::unicode_tables\n"
    )
    places = (
        origin + "// Where the names of kHtmlEntities begin that start with A-Z, a-z, and the end.\n"
        "// clang-format off\n"
        + array("constexpr std::uint16_t kEntityOffsets", offsets, 16)
        + f"constexpr std::size_t kLongestBareName = {longest_bare};\n"
    )
    return {
        "html_entities.cpp": (names, {"kHtmlEntities": len(out)}),
        "html_entities.inc": (places, {"kEntityOffsets": 2 * len(offsets)}),
    }


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    outputs = {}
    if DATABASE.joinpath("UnicodeData.txt").exists():
        outputs["unicode_tables.cpp"] = unicode_tables()
    else:
        print("skipped: package unicode-data is not installed")
        if not check:
            sys.exit(1)
    # Later Pythons may bring a later list; the committed one has 2,231 names.
    outputs.update(html_entities())
    stale = []
    for name, (content, sizes) in outputs.items():
        path = TEXT / name
        if not check:
            path.write_text(content, "utf-8")
            each = ", ".join(f"{table} {size:,}" for table, size in sizes.items())
            print(f"{path.name}: {sum(sizes.values()):,} bytes ({each})")
        elif not path.exists() or path.read_text("utf-8") != content:
            stale.append(f"wasm/src/text/{name}")
    for name in stale:
        print(f"stale: {name}; run scripts/generate-unicode.py")
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
