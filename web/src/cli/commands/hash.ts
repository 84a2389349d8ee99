import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  type ChecksumForm,
  check,
  type ExpectedDigest,
  neededFor,
  readExpected,
  writeChecksums,
} from '../../engine/checksums.js';
import type { Engine } from '../../engine/client.js';
import type { EngineError } from '../../engine/error.js';
import { DEFAULT_DIGESTS } from '../../engine/hash.js';
import { createEngine } from '../../engine/node.js';
import { listed } from '../../engine/show.js';
import { digestName } from '../../engine/words.js';
import type { FileDigests } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import { checkLine, formatDigests, mismatchLines } from '../format/digests.js';
import { filesBelow, hashFiles } from '../hashing.js';
import { inputName, STDIN } from '../input.js';
import { complain, forReader, write, writeJson } from '../output.js';
import { checkFiles } from './hash-check.js';

interface Options {
  only?: string;
  all?: true;
  checkpoint?: true;
  recursive?: true;
  upper?: true;
  json?: true;
  export?: string;
  check?: string;
  expect?: string;
}

const FORMS: readonly ChecksumForm[] = ['sums', 'sfv', 'bsd', 'hashes'];
const EXIT_BAD_INPUT = 2;

export function hashCommand(program: Command): void {
  program
    .command('hash')
    .description('digests of files: CRC32, CRC64, SHA1, SHA256, BLAKE2sp; checks stated ones')
    .argument('[FILE...]', 'files; - is standard input')
    .option('--only <IDS>', 'only these digests: crc32,sha256')
    .option('--all', 'every digest there is')
    .option('--checkpoint', 'also a model’s AutoV1, AutoV2, AutoV3, CRC32, BLAKE3, declared hashes')
    .option('-r, --recursive', 'the files in folders, in the order of their names')
    .option('--upper', 'hex in upper case')
    .option('--export <FORM>', `a checksum file: ${FORMS.join(', ')}`)
    .option('--check <SUMFILE>', 'check the files that a checksum file names')
    .option('--expect <DIGEST>', 'compare one file with a digest, of the kind that its form says')
    .option('--json', 'one JSON document')
    .action(hash);
}

async function hash(paths: string[], options: Options): Promise<void> {
  refuseContradictions(paths, options);
  const engine = await createEngine();
  const known = (await engine.methods())
    .filter((method) => method.kind === 'hash')
    .map(({ id }) => id);
  if (options.check !== undefined) {
    return checkFiles(engine, options.check, known, options.json === true);
  }
  if (options.expect !== undefined) return compare(engine, paths, options.expect, options, known);
  const form = options.export === undefined ? undefined : formOf(options.export);
  const ids = digestsOf(options, known, form);
  const results: FileDigests[] = [];
  for await (const digests of digestsOfFiles(engine, paths, ids, options)) {
    const first = results.push(digests) === 1;
    if (form !== undefined) await write(exported(form, digests, ids, first));
    else if (!options.json) {
      await write(`${first ? '' : '\n'}${formatDigests(digests, options.upper === true)}`);
    }
  }
  // Where nothing could be read there is nothing to say but the errors.
  if (options.json && (results.length > 0 || process.exitCode === undefined)) {
    await writeJson(results);
  }
}

function refuseContradictions(paths: readonly string[], options: Options): void {
  const refuse = (what: string): never => {
    throw badInput('hash', what, 'bad-usage');
  };
  const modes = (['check', 'expect', 'export'] as const).filter((mode) => mode in options);
  if (modes.length > 1) refuse(`takes one of ${listed(modes.map((mode) => `--${mode}`))}`);
  if (options.check !== undefined) {
    if (paths.length > 0) refuse('--check takes the files that SUMFILE names, and no others');
    const others = ['only', 'all', 'checkpoint', 'recursive', 'upper'] as const;
    const other = others.find((option) => option in options);
    if (other !== undefined) refuse(`--check takes no --${other}`);
  } else if (paths.length === 0) {
    refuse('the file is missing: FILE, or --check SUMFILE');
  }
  if (options.expect !== undefined && paths.length > 1) {
    refuse(`--expect takes one file, not ${paths.length}`);
  }
  if (options.only !== undefined && options.all) refuse('takes --only or --all, not both');
  if (options.export !== undefined && options.json) refuse('takes --export or --json, not both');
  if (paths.filter((path) => path === STDIN).length > 1) {
    refuse('standard input (-) stands twice; it can be read once');
  }
}

function formOf(text: string): ChecksumForm {
  const form = FORMS.find((item) => item === text);
  if (form !== undefined) return form;
  throw badInput(
    '--export',
    `"${text.slice(0, 64)}" is no form; there are ${FORMS.join(', ')}`,
    'bad-argument',
  );
}

/** What to compute. The forms that hold one digest of each file want exactly one. */
function digestsOf(
  options: Options,
  known: readonly string[],
  form: ChecksumForm | undefined,
): readonly string[] {
  const chosen = options.only === undefined ? undefined : chosenOf(options.only, known);
  if (form === undefined || form === 'hashes') {
    return chosen ?? (options.all ? known : DEFAULT_DIGESTS);
  }
  const ids = chosen ?? [form === 'sfv' ? 'crc32' : 'sha256'];
  const [id] = ids;
  if (options.all || ids.length !== 1 || (form === 'sfv' && id !== 'crc32')) {
    const what = form === 'sfv' ? 'crc32 and no other' : 'one digest: --only ID';
    throw badInput('hash', `--export ${form} holds ${what}`, 'bad-usage');
  }
  return ids;
}

function chosenOf(only: string, known: readonly string[]): string[] {
  const wanted = only.split(',').map((id) => id.trim());
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

/** Of every file that can be read; of the others the errors are told, and the exit code is 2. */
async function* digestsOfFiles(
  engine: Engine,
  paths: readonly string[],
  ids: readonly string[],
  options: Options,
): AsyncGenerator<FileDigests> {
  const tell = ({ failure }: EngineError) => {
    complain(failure.where, failure.what);
    process.exitCode = EXIT_BAD_INPUT;
  };
  const files: string[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) files.push(path);
    else if (options.recursive) for await (const file of filesBelow(path, tell)) files.push(file);
    else tell(folder(path));
  }
  const jobs = files.map((path) => ({
    path,
    name: path,
    ids,
    ...(options.checkpoint === undefined ? {} : { checkpoint: true }),
  }));
  for await (const [, outcome] of hashFiles(engine, jobs)) {
    if ('error' in outcome) tell(outcome.error);
    else yield outcome.digests;
  }
}

function folder(path: string): EngineError {
  const what = 'is a directory; --recursive hashes what is in it';
  return badInput(inputName(path), what, 'not-a-file');
}

async function isFolder(path: string): Promise<boolean> {
  if (path === STDIN) return false;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function exported(
  form: ChecksumForm,
  digests: FileDigests,
  ids: readonly string[],
  first: boolean,
): string {
  const blank = form === 'hashes' && !first ? '\n' : '';
  return forReader(blank + writeChecksums(form, [digests], ids[0] ?? ''));
}

/** `--expect`: exit code 1 where the file has another digest. */
async function compare(
  engine: Engine,
  paths: readonly string[],
  text: string,
  options: Options,
  known: readonly string[],
): Promise<void> {
  const expected = expectedOf(text, options, known);
  const needed = neededFor([expected]);
  const ids = needed.filter((id) => known.includes(id));
  // They read by ranges, which a stream has not: of it the other digests of that form are compared.
  const [path = STDIN] = paths;
  const found = path === STDIN ? null : await stat(path).catch(() => null);
  const isStream = found === null || !(found.isFile() || found.isDirectory());
  const asked: Options =
    !isStream && needed.some((id) => id.startsWith('autov')) ? { checkpoint: true } : {};
  for await (const digests of digestsOfFiles(engine, paths, ids, asked)) {
    const found = check(expected, digests);
    if (options.json) {
      const { hex, ids: candidates } = expected;
      await writeJson([{ ...digests, expected: { hex, ids: candidates }, check: found }]);
    } else if (found.state === 'match') {
      await write(checkLine(digests.name, 'OK', found.id));
    } else {
      const compared = found.state === 'mismatch' ? found.compared : [];
      await write(checkLine(digests.name, 'FAILED') + mismatchLines(expected, compared));
    }
    if (found.state !== 'match') process.exitCode = 1;
  }
}

function expectedOf(text: string, options: Options, known: readonly string[]): ExpectedDigest {
  const read = readExpected(text);
  if (read === null) {
    throw badInput('--expect', `"${text.slice(0, 64)}" has the form of no digest`, 'bad-argument');
  }
  const only = options.only === undefined ? undefined : chosenOf(options.only, known);
  const ids = read.ids.filter(
    (id) => (known.includes(id) || id.startsWith('autov')) && (only?.includes(id) ?? true),
  );
  if (ids.length > 0) return { ...read, ids };
  throw badInput(
    '--expect',
    `has the form of ${listed(read.ids.map(digestName), 'or')}${only === undefined ? ', which is not computed here' : `; --only says ${listed(only.map(digestName))}`}`,
    'bad-argument',
  );
}
