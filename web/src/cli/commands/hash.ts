import type { Command } from 'commander';
import type { Engine } from '../../engine/client.js';
import { DEFAULT_DIGESTS } from '../../engine/hash.js';
import { createEngine } from '../../engine/node.js';
import { counted, shownBare } from '../../engine/show.js';
import { digestName } from '../../engine/words.js';
import type { FileDigests } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import { table } from '../format/layout.js';
import { styled } from '../format/style.js';
import { bytesOf, fileChunks, openFile, STDIN } from '../input.js';
import { write, writeJson } from '../output.js';
import { Progress } from '../progress.js';

interface Options {
  only?: string;
  all?: true;
  json?: true;
}

export function hashCommand(program: Command): void {
  program
    .command('hash')
    .description('digests of files: CRC32, CRC64, SHA1, SHA256, BLAKE2sp')
    .argument('<FILE...>', 'files; - is standard input')
    .option('--only <IDS>', 'only these digests: crc32,sha256')
    .option('--all', 'every digest there is')
    .option('--json', 'one JSON document')
    .action(hash);
}

async function hash(paths: string[], options: Options): Promise<void> {
  if (paths.filter((path) => path === STDIN).length > 1) {
    throw badInput('hash', 'standard input (-) stands twice; it can be read once', 'bad-usage');
  }
  const engine = await createEngine();
  const ids = await digestsOf(engine, options);
  // A name that is wrong is told before the first long file is read.
  for (const path of paths) {
    if (path !== STDIN) await (await openFile(path)).file.close();
  }
  const results: FileDigests[] = [];
  for (const path of paths) {
    const digests = await hashOne(engine, path, ids);
    if (options.json) results.push(digests);
    else await write(formatDigests(digests, results.push(digests) === 1));
  }
  if (options.json) await writeJson(results);
}

async function digestsOf(engine: Engine, options: Options): Promise<readonly string[]> {
  if (options.only === undefined && options.all === undefined) return DEFAULT_DIGESTS;
  if (options.only !== undefined && options.all !== undefined) {
    throw badInput('hash', 'takes --only or --all, not both', 'bad-usage');
  }
  const known = (await engine.methods())
    .filter((method) => method.kind === 'hash')
    .map(({ id }) => id);
  if (options.only === undefined) return known;
  const wanted = options.only.split(',').map((id) => id.trim());
  for (const id of wanted) {
    if (known.includes(id)) continue;
    throw badInput(
      '--only',
      `"${id.slice(0, 64)}" is not a digest; there are ${known.join(', ')}`,
      'unknown-method',
    );
  }
  return wanted;
}

async function hashOne(engine: Engine, path: string, ids: readonly string[]): Promise<FileDigests> {
  if (path === STDIN) return engine.hash(bytesOf(STDIN), { ids, name: path });
  const { file, size } = await openFile(path);
  const progress = new Progress(shownBare(path), size);
  try {
    const onProgress = ({ bytes }: { bytes: number }) => progress.show(bytes);
    return await engine.hash(fileChunks(file, path), { ids, name: path, onProgress });
  } finally {
    progress.end();
    await file.close();
  }
}

function formatDigests({ name, size, digests }: FileDigests, first: boolean): string {
  const rows = Object.entries(digests).map(([id, { hex, base64 }]) => [
    `  ${digestName(id)}`,
    hex,
    base64,
  ]);
  const title = `${styled(shownBare(name), 'bold')}  ${counted(size, 'byte')}`;
  return `${first ? '' : '\n'}${[title, ...table(rows)].join('\n')}\n`;
}
