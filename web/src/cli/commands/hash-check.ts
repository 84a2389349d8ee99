/** `hash --check SUMFILE`, as sha256sum -c does it. */
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import {
  type Check,
  type ChecksumEntry,
  type ChecksumFile,
  check,
  type ExpectedDigest,
  neededFor,
  readChecksums,
} from '../../engine/checksums.js';
import type { Engine } from '../../engine/client.js';
import { count, counted, listed } from '../../engine/show.js';
import { digestName } from '../../engine/words.js';
import { badInput } from '../bad-input.js';
import { checkLine, mismatchLines } from '../format/digests.js';
import { hashFiles, type Job, type Outcome } from '../hashing.js';
import { inputName, readText, STDIN } from '../input.js';
import { complain, write, writeJson } from '../output.js';

/** The largest checksum file: half a million lines or so. */
const MAX_SUMFILE_BYTES = 64 * 1024 * 1024;
/** Bad lines told one by one; the rest are counted. */
const TOLD_PROBLEMS = 10;

/** Paths told one by one; the rest are counted. */
const TOLD_PATHS = 3;

/** All that is stated about one name, computed in one pass. */
interface Task extends Job {
  entries: ChecksumEntry[];
  /** It is not in the current directory, but beside the checksum file. */
  beside: boolean;
}

interface Row {
  name: string;
  line: number;
  state: Check['state'] | 'unreadable';
  /** The digest that matched, or the only one that it can be. */
  id: string | null;
  /** All that it can be. */
  ids: readonly string[];
  expected: string;
  computed: { id: string; hex: string }[];
  /** Where the file was found, if not in the current directory. */
  path?: string;
  error?: { code: string; where: string; what: string };
}

/** Exit code 1 where a file does not match, is missing, or cannot be compared. */
export async function checkFiles(
  engine: Engine,
  sumfile: string,
  known: readonly string[],
  json: boolean,
): Promise<void> {
  const sums = named(readChecksums(await readText(sumfile, MAX_SUMFILE_BYTES), sumfile), sumfile);
  const tasks = await tasksOf(sums.entries, sumfile, known);
  const rows: Row[] = [];
  for await (const [task, outcome] of outcomes(engine, tasks)) {
    if ('error' in outcome) complain(outcome.error.failure.where, outcome.error.failure.what);
    for (const entry of task.entries) {
      const row = rowOf(entry, task, outcome);
      rows.push(row);
      if (!json) await write(lineOf(entry, row, task.entries.length > 1));
    }
  }
  if (json) {
    rows.sort((a, b) => a.line - b.line);
    await writeJson({ form: sums.form, files: rows, problems: sums.problems });
  }
  warn(sumfile, sums, rows);
  if (rows.some(({ state }) => state !== 'match')) process.exitCode = 1;
}

// A digest whose file nobody names cannot be checked.
function named(sums: ChecksumFile | null, sumfile: string): ChecksumFile {
  const where = inputName(sumfile);
  const entries = (sums?.entries ?? []).filter(({ name }) => name !== '');
  if (sums === null || entries.length === 0) {
    const what =
      sums === null
        ? 'has no line that states a checksum'
        : 'states a digest, but names no file; hash FILE --expect DIGEST compares the two';
    throw badInput(where, what, 'no-checksums');
  }
  const nameless = sums.entries.filter(({ name }) => name === '');
  const problems = nameless.map(({ line }) => ({ line, what: 'names no file' }));
  return {
    ...sums,
    entries,
    problems: [...sums.problems, ...problems].sort((a, b) => a.line - b.line),
  };
}

async function tasksOf(
  entries: readonly ChecksumEntry[],
  sumfile: string,
  known: readonly string[],
): Promise<Task[]> {
  const byName = new Map<string, ChecksumEntry[]>();
  for (const entry of entries) {
    const others = byName.get(entry.name);
    if (others === undefined) byName.set(entry.name, [entry]);
    else others.push(entry);
  }
  const tasks: Task[] = [];
  for (const [name, stated] of byName) {
    const needed = neededFor(stated.map(({ expected }) => expected));
    tasks.push({
      name,
      ...(await locate(name, sumfile)),
      ids: needed.filter((id) => known.includes(id)),
      ...(needed.some((id) => id === 'autov1' || id === 'autov3') ? { checkpoint: true } : {}),
      entries: stated,
    });
  }
  return tasks;
}

// By its name in the current directory, else beside the checksum file; a name written
// on Windows also with slashes.
async function locate(name: string, sumfile: string): Promise<{ path: string; beside: boolean }> {
  if (name === STDIN) return { path: STDIN, beside: false };
  const names = [...new Set([name, name.replaceAll('\\', '/')])];
  for (const path of names) {
    if (await exists(path)) return { path, beside: false };
  }
  for (const path of names.map((own) => join(dirname(sumfile), own))) {
    if (sumfile !== STDIN && !isAbsolute(name) && (await exists(path))) {
      return { path, beside: true };
    }
  }
  return { path: name, beside: false };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

// A file of which nothing can be computed is not read.
async function* outcomes(engine: Engine, tasks: readonly Task[]): AsyncGenerator<[Task, Outcome]> {
  const canCompute = ({ ids, checkpoint }: Task) => ids.length > 0 || checkpoint === true;
  yield* hashFiles(engine, tasks.filter(canCompute));
  for (const task of tasks) {
    if (!canCompute(task)) yield [task, { digests: { name: task.name, size: 0, digests: {} } }];
  }
}

function rowOf({ name, line, expected }: ChecksumEntry, task: Task, outcome: Outcome): Row {
  const { ids, hex } = expected;
  return {
    name,
    line,
    ...foundOf(expected, outcome),
    ids,
    expected: hex,
    ...(task.beside ? { path: task.path } : {}),
  };
}

function foundOf(
  expected: ExpectedDigest,
  outcome: Outcome,
): Pick<Row, 'state' | 'id' | 'computed' | 'error'> {
  const [only = null, other] = expected.ids;
  const id = other === undefined ? only : null;
  if ('error' in outcome) {
    const { code, where, what } = outcome.error.failure;
    return { state: 'unreadable', id, computed: [], error: { code, where, what } };
  }
  const found = check(expected, outcome.digests);
  switch (found.state) {
    case 'match':
      return { state: 'match', id: found.id, computed: [{ id: found.id, hex: expected.hex }] };
    case 'mismatch':
      return { state: 'mismatch', id, computed: found.compared };
    case 'not-compared':
      return { state: 'not-compared', id, computed: [] };
  }
}

// `several`: more than one digest is stated for this name.
function lineOf({ expected }: ChecksumEntry, row: Row, several: boolean): string {
  const id = several || expected.ids.length > 1 ? (row.id ?? undefined) : undefined;
  switch (row.state) {
    case 'match':
      return checkLine(row.name, 'OK', id);
    case 'mismatch':
      return checkLine(row.name, 'FAILED', id) + mismatchLines(expected, row.computed);
    case 'unreadable':
      return checkLine(row.name, 'FAILED open or read');
    case 'not-compared':
      return checkLine(row.name, `NOT COMPARED: ${listed(row.ids.map(digestName))}`);
  }
}

// The words of sha256sum, so that whoever looks for them finds them.
function warn(sumfile: string, { problems }: ChecksumFile, rows: readonly Row[]): void {
  const where = inputName(sumfile);
  const told = problems.length > TOLD_PROBLEMS ? TOLD_PROBLEMS - 1 : problems.length;
  for (const { line, what } of problems.slice(0, told)) complain(`${where}, line ${line}`, what);
  const of = (state: Row['state']) => rows.filter((row) => row.state === state).length;
  const warning = (number: number, one: string, many: string) => {
    if (number > 0) complain(where, `WARNING: ${count(number)} ${number === 1 ? one : many}`);
  };
  const beside = new Set(rows.flatMap(({ path }) => path ?? []));
  if (beside.size > 0) {
    const shown = [...beside].slice(0, TOLD_PATHS);
    const rest = beside.size > shown.length ? [`${count(beside.size - shown.length)} more`] : [];
    const what = `not in the current directory; checked beside the checksums: ${listed([...shown, ...rest])}`;
    complain(where, `${counted(beside.size, 'file')} ${what}`);
  }
  warning(problems.length, 'line is improperly formatted', 'lines are improperly formatted');
  warning(of('unreadable'), 'listed file could not be read', 'listed files could not be read');
  warning(of('mismatch'), 'computed checksum did NOT match', 'computed checksums did NOT match');
  warning(
    of('not-compared'),
    'listed digest cannot be computed here',
    'listed digests cannot be computed here',
  );
}
