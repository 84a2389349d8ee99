// Packs the byte-level vocabularies that npm's tiktoken (MIT) carries into our own assets.
//
//   node scripts/pack-byte-vocabulary.mjs [--from PACKAGE_DIR] [--only NAME] [--sizes] [OUTPUT_DIR]
//
// The format is told in wasm/src/tokenizer/README.md and read by byte_vocabulary.cpp. The same
// ranks give the same bytes; others are refused.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// SHA-256 of the files that OpenAI publishes the vocabularies in, which are made again from the
// package's ranks: of the .tiktoken files (tiktoken, tiktoken_ext/openai_public.py, expected_hash)
// and of GPT-2's vocab.bpe (the same place).
const VOCABULARIES = {
  gpt2: {
    file: 'gpt2.json',
    written: asMergeFile,
    sha256: '1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5',
  },
  cl100k: {
    file: 'cl100k_base.json',
    written: asRankFile,
    sha256: '223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7',
  },
  o200k: {
    file: 'o200k_base.json',
    written: asRankFile,
    sha256: '446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d',
  },
};
const BYTE_SYMBOLS = 256;

// The tokens in the order of their ranks, each a string of one character a byte. The package
// writes lines "! FIRST_RANK TOKEN TOKEN …", the tokens in Base64.
function tokensOf(path) {
  const tokens = [];
  for (const line of JSON.parse(readFileSync(path, 'utf8')).bpe_ranks.split('\n')) {
    const [, first, ...words] = line.split(' ');
    words.forEach((word, i) => {
      tokens[Number(first) + i] = Buffer.from(word, 'base64').toString('latin1');
    });
  }
  return tokens;
}

// Ranks are the ids, and a pair merges where the two together are a token (tiktoken, _byte_pair_merge).
// Cut into its bytes and merged again, a token comes about in one way only; its last merge is the
// pair. Only that one can ever make the token, as README.md shows.
function mergesOf(tokens) {
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  return tokens.slice(BYTE_SYMBOLS).map((token, i) => {
    const rank = BYTE_SYMBOLS + i;
    const parts = [...token];
    while (parts.length > 2) {
      let lowest = rank;
      let at = -1;
      for (let k = 0; k + 1 < parts.length; ++k) {
        const candidate = rankOf.get(parts[k] + parts[k + 1]);
        if (candidate < lowest) {
          lowest = candidate;
          at = k;
        }
      }
      if (at < 0) break;
      parts.splice(at, 2, parts[at] + parts[at + 1]);
    }
    const pair = parts.map((part) => rankOf.get(part));
    if (pair.length !== 2 || !pair.every((part) => part < rank)) {
      throw new Error(`token ${rank} is not what its bytes merge into`);
    }
    return pair;
  });
}

function asRankFile(tokens) {
  return tokens
    .map((token, rank) => `${Buffer.from(token, 'latin1').toString('base64')} ${rank}\n`)
    .join('');
}

function asMergeFile(tokens, merges) {
  const written = (id) => [...tokens[id]].map((byte) => CHARACTERS.get(byte)).join('');
  return `#version: 0.2\n${merges.map(([left, right]) => `${written(left)} ${written(right)}\n`).join('')}`;
}

// OpenAI's bytes_to_unicode: every byte gets a printable character. The order of the characters
// is the order of the first 256 ids.
const CHARACTERS = new Map();
for (const [first, last] of ['!~', '¡¬', '®ÿ']) {
  for (let c = first.charCodeAt(0); c <= last.charCodeAt(0); ++c) {
    CHARACTERS.set(String.fromCharCode(c), String.fromCharCode(c));
  }
}
for (let c = 0, next = 256; c < 256; ++c) {
  const byte = String.fromCharCode(c);
  if (!CHARACTERS.has(byte)) CHARACTERS.set(byte, String.fromCharCode(next++));
}

function pack(merges) {
  const header = Buffer.alloc(16);
  header.write('TAGSBYT\x01', 'latin1');
  header.writeUInt32LE(BYTE_SYMBOLS, 8);
  header.writeUInt32LE(merges.length, 12);
  // The high bytes apart from the low ones: only they follow a pattern, so they compress.
  const planes = [16, 8, 0].flatMap((shift) =>
    [0, 1].map((side) => Buffer.from(merges.map((pair) => (pair[side] >> shift) & 255))),
  );
  return Buffer.concat([header, ...planes]);
}

function compressedSizes(packed) {
  const brotli = brotliCompressSync(packed, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  }).length;
  return `, brotli ${brotli}, gzip ${gzipSync(packed, { level: 9 }).length}`;
}

const { values, positionals } = parseArgs({
  options: {
    from: { type: 'string', default: 'node_modules/tiktoken' },
    only: { type: 'string' },
    sizes: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const folder = positionals[0] ?? 'build/assets';
mkdirSync(folder, { recursive: true });
for (const [name, { file, written, sha256 }] of Object.entries(VOCABULARIES)) {
  if (values.only !== undefined && values.only !== name) continue;
  const source = join(values.from, 'encoders', file);
  const tokens = tokensOf(source);
  const expected = [...CHARACTERS.keys()];
  if (!expected.every((byte, rank) => tokens[rank] === byte)) {
    throw new Error(`${source}: ranks 0 to 255 are not the bytes in the order of bytes_to_unicode`);
  }
  const merges = mergesOf(tokens);
  const found = createHash('sha256').update(written(tokens, merges)).digest('hex');
  if (found !== sha256) throw new Error(`${source}: SHA-256 ${found}, not ${sha256}`);
  const packed = pack(merges);
  const output = join(folder, `${name}.vocab`);
  writeFileSync(output, packed);
  console.error(`${output}: ${packed.length} bytes${values.sizes ? compressedSizes(packed) : ''}`);
}
