// npm run pack:offline [-- FILE.zip]: the built page as one zip that any static server can serve.
// The same page gives the same bytes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { main, say, top } from './command.mjs';

const README = `Tagscope: is a short tag a cipher or a hash of a name, or a coincidence of tokens?

Serve this folder with any static server and open its address, for instance

  python3 -m http.server 8000 --directory .

and http://localhost:8000/. A browser runs the page's WebAssembly from a server only, not from a
file. After the first visit the page works without the server, too. Everything is computed in the
browser; nothing is sent anywhere.
`;

// The format's first day: the time of packing would make other bytes of the same page.
const FIRST_DAY = new Date(1980, 0, 1);
// Files that all may read, as Unix writes it.
const UNIX = 3;
const READABLE = 0o100644 << 16;

/** The files of the page, and what is said beside them. */
function offlineFiles() {
  const dist = join(top, 'dist');
  const page = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      name: relative(dist, path).replaceAll('\\', '/'),
      bytes: readFileSync(path),
    }));
  const beside = ['LICENSE', 'THIRD_PARTY_NOTICES.md'].map((name) => ({
    name,
    bytes: readFileSync(join(top, name)),
  }));
  return [...page, ...beside, { name: 'README.txt', bytes: Buffer.from(README) }].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
    const path = resolve(process.argv[2] ?? join(top, `build/tagscope-${version}-offline.zip`));
    const files = offlineFiles();
    const entries = files.map(({ name, bytes }) => [name, [bytes, { os: UNIX, attrs: READABLE }]]);
    const zip = zipSync(Object.fromEntries(entries), { level: 9, mtime: FIRST_DAY });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, zip);
    say(
      `${path}: ${files.length} files, ${zip.length.toLocaleString('en-US')} bytes. Unpack it and serve the folder.`,
    );
  });
}
