#!/usr/bin/python3
"""Writes tests/vectors/hash_lengths.json: what Python's hashlib and zlib say at every length.

Run with Python 3.11. For each digest and its arguments: the SHA-256 of its digests, in hex, of the first n
bytes of the pattern (byte i is i mod 251), n from 0 to 300 and then around the borders of blocks,
stripes and chunks, one after another. BLAKE2sp and BLAKE2bp are hashlib's BLAKE2 in tree mode.
"""

import hashlib
import json
import pathlib
import sys
import zlib

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
BORDERS = (448, 512, 960, 1024, 2048, 4096, 16384)
LENGTHS = [*range(301), *(n + d for n in BORDERS for d in (-1, 0, 1))]
PATTERN = bytes(i % 251 for i in range(LENGTHS[-1]))
KEY = b"a key of 23 bytes, here"


LINES = {}
for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
    LINES[name, ""] = lambda data, name=name: hashlib.new(name, data).digest()
for name in ("sha3-224", "sha3-256", "sha3-384", "sha3-512", "sha512-256"):
    theirs = name.replace("-", "_")
    LINES[name, ""] = lambda data, theirs=theirs: hashlib.new(theirs, data).digest()
for name, make in (("blake2b", hashlib.blake2b), ("blake2s", hashlib.blake2s)):
    for size in (1, 20, make().digest_size):
        for key in (b"", KEY):
            LINES[name, f"size={size}" + (f" key=0x{key.hex()}" if key else "")] = (
                lambda data, make=make, size=size, key=key: make(
                    data, digest_size=size, key=key
                ).digest()
            )
for name, make, leaves, block in (
    ("blake2bp", hashlib.blake2b, 4, 128),
    ("blake2sp", hashlib.blake2s, 8, 64),
):

    def tree(data, make=make, leaves=leaves, block=block):
        inner = make().digest_size
        shape = dict(fanout=leaves, depth=2, inner_size=inner)
        root = make(**shape, node_depth=1, last_node=True)
        for i in range(leaves):
            mine = b"".join(
                data[at : at + block] for at in range(i * block, len(data), leaves * block)
            )
            root.update(make(mine, **shape, node_offset=i, last_node=i == leaves - 1).digest())
        return root.digest()

    LINES[name, ""] = tree
LINES["crc32", ""] = lambda data: zlib.crc32(data).to_bytes(4, "big")
LINES["adler32", ""] = lambda data: zlib.adler32(data).to_bytes(4, "big")

document = {
    "source": f"Python {sys.version.split()[0]}, hashlib and zlib; tests/hash/generate_vectors.py",
    "lengths": LENGTHS,
    "cases": [
        {
            "id": name,
            "arguments": arguments,
            "sha256_of_digests": hashlib.sha256(
                "".join(digest(PATTERN[:n]).hex() for n in LENGTHS).encode()
            ).hexdigest(),
        }
        for (name, arguments), digest in LINES.items()
    ],
}
text = json.dumps(document, indent=0)
(VECTORS / "hash_lengths.json").write_text(text + "\n", "utf-8")
print(f"hash_lengths.json: {len(document['cases'])} cases")
