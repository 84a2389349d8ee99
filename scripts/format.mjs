// npm run format: writes the layout that npm run check asks for.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, run, runNode, top } from './command.mjs';
import { setUp } from './setup.mjs';

/**
 * The C++ files of the project, by folder and by the end of their names.
 *
 * @param {string[]} folders
 * @param {RegExp} ending
 */
export function cppFiles(folders, ending) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(top, folder), { recursive: true }).map((name) => join(folder, String(name))),
    )
    .filter((name) => ending.test(name) && !name.includes('node_modules'))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await setUp('check');
    await run('clang-format', ['-i', ...cppFiles(['wasm', 'tests'], /\.(h|cpp)$/)]);
    await runNode('node_modules/@biomejs/biome/bin/biome', ['check', '--write', '.']);
  });
}
