// Packs the Unicode and HTML tables of wasm/src/text into text.tables.
//
//   node scripts/pack-text-tables.mjs [OUTPUT]
//
// The module that the page waits for loads the file when a text needs it
// (wasm/src/text/loaded/loaded_tables.h). Format: "TAGSTXT" and the version, 1; each table's length
// (u32, little-endian) in the order of unicode_tables.h; the tables.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { top } from './command.mjs';

const SOURCES = ['unicode_tables.cpp', 'html_entities.cpp'];
const ORDER = [
  'kPropertyRuns',
  'kCategoryRuns',
  'kCombiningClasses',
  'kDecompositions',
  'kLowerCase',
  'kUpperCase',
  'kHtmlEntities',
];

const arrays = new Map();
for (const source of SOURCES) {
  const text = readFileSync(join(top, 'wasm/src/text', source), 'utf8');
  for (const [, name, bytes] of text.matchAll(/const std::uint8_t (k\w+)\[\] = \{([\d,\s]+)\};/g)) {
    arrays.set(
      name,
      Buffer.from(
        bytes
          .split(',')
          .flatMap((byte) => byte.trim() || [])
          .map(Number),
      ),
    );
  }
}
const missing = ORDER.filter((name) => !arrays.has(name));
if (missing.length > 0) throw new Error(`${SOURCES.join(', ')} lack ${missing.join(', ')}`);

const tables = ORDER.map((name) => arrays.get(name));
const lengths = Buffer.alloc(4 * tables.length);
tables.forEach((table, i) => {
  lengths.writeUInt32LE(table.length, 4 * i);
});
const output = process.argv[2] ?? join(top, 'build/assets/text.tables');
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, Buffer.concat([Buffer.from('TAGSTXT\x01', 'latin1'), lengths, ...tables]));
