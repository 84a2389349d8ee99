// npm run gen: writes what is generated and committed.    npm run gen -- --check  compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildNative } from './build.mjs';
import { main, red, run, say, top } from './command.mjs';
import { catalogModule, methodsDocument, readCatalog } from './generate-catalog.mjs';
import { letterPairs } from './generate-letter-pairs.mjs';
import { noticesDocument } from './generate-notices.mjs';
import { readSpaces, spacesDocument } from './generate-spaces.mjs';
import { setUp } from './setup.mjs';
import { findProgram } from './toolchain.mjs';

await main(async () => {
  const check = process.argv.includes('--check');
  await setUp('build');
  await buildNative('wasm', ['tagscope_core', 'tagscope_search'], { tests: false });
  const methods = await readCatalog();
  const generated = {
    'web/src/protocol/catalog.gen.ts': catalogModule(methods),
    'docs/METHODS.md': methodsDocument(methods),
    'docs/SPACES.md': spacesDocument(await readSpaces()),
    'THIRD_PARTY_NOTICES.md': noticesDocument(),
    'wasm/src/table/letter_pairs.inc': letterPairs(),
  };
  const stale = [];
  for (const [name, text] of Object.entries(generated)) {
    const path = join(top, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    stale.push(name);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    say(`wrote ${name}`);
  }
  // The Unicode tables change with Unicode alone, and their source is a Debian package.
  if (!existsSync('/usr/share/unicode/UnicodeData.txt')) {
    say('Unicode tables left as they are (package unicode-data is not installed)');
  } else if (findProgram('python3')) {
    await run('python3', ['scripts/generate-unicode.py', ...(check ? ['--check'] : [])]);
  }
  if (check && stale.length > 0) {
    console.error(red(`stale, run npm run gen: ${stale.join(', ')}`));
    process.exitCode = 1;
  } else {
    say('Generated files are fresh.');
  }
});
