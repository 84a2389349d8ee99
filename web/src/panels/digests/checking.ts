/** Compares files with what they should be, and says how they stand. */
import {
  type ChecksumEntry,
  check,
  type ExpectedDigest,
  neededFor,
} from '../../engine/checksums.js';
import { count, listed, shownBare } from '../../engine/show.js';
import { digestFitness, digestName } from '../../engine/words.js';
import type { Expectation } from './expectation.js';
import type { QueuedFile } from './file-queue.js';

/** One expected digest of one file. */
export type Outcome =
  | { state: 'match'; expected: ExpectedDigest; id: string }
  | { state: 'mismatch'; expected: ExpectedDigest; compared: { id: string; hex: string }[] }
  /** Digests are still to come. */
  | { state: 'open'; expected: ExpectedDigest }
  /** None will come: the file was not read (`unread`), or nothing here computes such a digest. */
  | { state: 'uncompared'; expected: ExpectedDigest; unread: boolean };

/** One file against all that is expected of it. `unlisted`: nothing is. */
export interface FileCheck {
  state: Outcome['state'] | 'unlisted';
  outcomes: Outcome[];
}

/** How all the files stand, in the words that the page shows large. */
export interface Standing {
  state: 'match' | 'mismatch' | 'open' | 'incomplete';
  word: string;
  sentence: string;
  /** What it does not say. */
  scope: string;
}

type ReadFile = Pick<QueuedFile, 'path' | 'file' | 'state' | 'digests' | 'checkpoint'>;

/** Which entries of a checksum file speak of which files, and which of none. */
export interface Assigned {
  entries: ChecksumEntry[][];
  absent: ChecksumEntry[];
}

/**
 * Brings entries and files together by name. A name fits if it is the file's path,
 * or if one of the two is the end of the other, folder by folder; the longest
 * agreement wins, and where several files agree alike the entry speaks of all. An
 * entry without a name speaks of the file if there is one only, and else of none.
 */
export function assign(
  entries: readonly ChecksumEntry[],
  paths: readonly string[],
  folder = '',
): Assigned {
  const files = paths.map(foldersOf);
  const byName = new Map<string, number[]>();
  files.forEach((file, i) => {
    const name = file.at(-1) ?? '';
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [i]);
    else same.push(i);
  });
  const assigned: Assigned = { entries: paths.map(() => []), absent: [] };
  for (const entry of entries) {
    if (entry.name === '') {
      if (paths.length === 1) assigned.entries[0]?.push(entry);
      continue;
    }
    const named = foldersOf(entry.name);
    const beside = foldersOf(folder + entry.name).join('/');
    const candidates = byName.get(named.at(-1) ?? '') ?? [];
    const fits = candidates.map((i) => ({
      i,
      score:
        files[i]?.join('/') === beside
          ? Number.POSITIVE_INFINITY
          : agreement(named, files[i] ?? []),
    }));
    const best = Math.max(1, ...fits.map(({ score }) => score));
    const chosen = fits.filter(({ score }) => score === best);
    if (chosen.length === 0) assigned.absent.push(entry);
    for (const { i } of chosen) assigned.entries[i]?.push(entry);
  }
  return assigned;
}

// Composed, as file systems differ in how they spell an accent; `\` as Windows writes it.
function foldersOf(path: string): string[] {
  return path
    .normalize('NFC')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
}

// How many folders and the name agree from the end; 0 unless one is the other's end.
function agreement(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 1; i <= length; ++i) {
    if (a.at(-i) !== b.at(-i)) return 0;
  }
  return length;
}

/** What is expected of each file, and which entries of a list speak of none. */
export function expectedOf(
  expectation: Expectation,
  paths: readonly string[],
): { expected: ExpectedDigest[][]; absent: ChecksumEntry[] } {
  if (expectation.kind === 'digest') {
    return { expected: paths.map(() => [expectation.expected]), absent: [] };
  }
  if (expectation.kind === 'lists') {
    const assigned = expectation.lists.map(({ list, path }) =>
      assign(list.entries, paths, path.slice(0, path.lastIndexOf('/') + 1)),
    );
    return {
      expected: paths.map((_, i) =>
        assigned.flatMap(({ entries }) => (entries[i] ?? []).map(({ expected }) => expected)),
      ),
      absent: assigned.flatMap(({ absent }) => absent),
    };
  }
  return { expected: paths.map(() => []), absent: [] };
}

/** Compares one file with all that is expected of it. */
export function checkFile(file: ReadFile, expected: readonly ExpectedDigest[]): FileCheck {
  const outcomes = expected.map((one) => outcomeOf(file, one));
  const states = outcomes.map(({ state }) => state);
  if (states.length === 0) return { state: 'unlisted', outcomes };
  if (states.includes('mismatch')) return { state: 'mismatch', outcomes };
  if (states.includes('open')) return { state: 'open', outcomes };
  return { state: states.includes('match') ? 'match' : 'uncompared', outcomes };
}

/**
 * The digests by which a file is to be compared next: the likeliest and the chosen ones
 * first, as a match ends it; all that it could be where these do not match.
 */
export function neededNext(
  { outcomes }: FileCheck,
  digests: ReadFile['digests'],
  chosen: readonly string[],
  known: readonly string[],
): string[] {
  return outcomes.flatMap(({ state, expected }) => {
    if (state === 'match') return [];
    const could = neededFor([expected]).filter((id) => known.includes(id));
    const first = could.filter((id, i) => i === 0 || chosen.includes(id));
    return first.every((id) => id in digests) ? could : first;
  });
}

function outcomeOf(row: ReadFile, expected: ExpectedDigest): Outcome {
  const { path, file, digests, checkpoint } = row;
  const found = check(expected, {
    name: path,
    size: file?.size ?? 0,
    digests,
    ...(checkpoint ? { checkpoint } : {}),
  });
  if (found.state === 'match') return { state: 'match', expected, id: found.id };
  // No verdict before everything that it could be is there.
  if (row.state === 'waiting' || row.state === 'reading') return { state: 'open', expected };
  const unread = row.state !== 'done';
  // Of a file that was not read to its end, what was not computed could still be it.
  const isWhole = !unread || neededFor([expected]).every((id) => id in digests);
  if (found.state === 'not-compared' || !isWhole) return { state: 'uncompared', expected, unread };
  return { state: 'mismatch', expected, compared: found.compared };
}

/** A file with what came of its comparison. */
export interface CheckedFile {
  path: string;
  check: FileCheck;
}

/** How the files stand; null where nothing is expected, or nothing is there to compare. */
export function standingOf(
  expectation: Expectation,
  files: readonly CheckedFile[],
  absent: readonly ChecksumEntry[],
): Standing | null {
  if (files.length === 0) return null;
  if (expectation.kind === 'digest') return standingOfDigest(files);
  if (expectation.kind === 'lists') return standingOfList(files, absent);
  return null;
}

function standingOfDigest(files: readonly CheckedFile[]): Standing {
  const [first] = files;
  const matching = files.filter(({ check }) => check.state === 'match');
  const [found] = matching;
  if (found !== undefined) {
    const [outcome] = found.check.outcomes;
    const id = outcome?.state === 'match' ? outcome.id : '';
    const others = files.length - matching.length;
    const which = matching.length === 1 ? nameOf(found.path) : `${count(matching.length)} files`;
    return {
      state: 'match',
      word: 'Match',
      sentence: `The ${digestName(id)} of ${which} is the expected digest${others === 0 ? '' : `; ${filesWord(others, 'other')} ${others === 1 ? 'has' : 'have'} another`}.`,
      scope: digestFitness(id)?.limit ?? '',
    };
  }
  if (files.some(({ check }) => check.state === 'open')) return OPEN;
  if (!files.some(({ check }) => check.state === 'mismatch')) return uncomparedOf(files);
  const ids = files.flatMap(({ check }) =>
    check.outcomes.flatMap((outcome) =>
      outcome.state === 'mismatch' ? outcome.compared.map(({ id }) => id) : [],
    ),
  );
  const names = [...new Set(ids)].map(digestName);
  const others = names.length - 1;
  const whose =
    files.length === 1 && first !== undefined
      ? nameOf(first.path)
      : `any of the ${filesWord(files.length)}`;
  return {
    state: 'mismatch',
    word: 'Mismatch',
    sentence:
      others === 0
        ? `The expected digest is not the ${names[0]} of ${whose}.`
        : `The expected digest is neither the ${names[0]} of ${whose} nor ${others === 1 ? `the ${names[1]}` : `any of ${others} others of its form`}.`,
    scope: files.length === 1 ? 'These are not the bytes of which the digest was made.' : '',
  };
}

function standingOfList(files: readonly CheckedFile[], absent: readonly ChecksumEntry[]): Standing {
  const having = (state: FileCheck['state']) => files.filter(({ check }) => check.state === state);
  const wrong = having('mismatch');
  const right = having('match');
  const unlisted = having('unlisted').length;
  const uncompared = having('uncompared').length;
  const listedFiles = files.length - unlisted;
  const scope = [
    uncompared === 0 ? '' : `Not compared: ${filesWord(uncompared)}.`,
    absent.length === 0
      ? ''
      : `Listed, but not here: ${some(absent.map(({ name }) => nameOf(name)))}.`,
    unlisted === 0 ? '' : `Not listed: ${filesWord(unlisted)}.`,
  ]
    .filter((text) => text !== '')
    .join(' ');
  const [first] = wrong;
  if (first !== undefined) {
    return {
      state: 'mismatch',
      word: 'Mismatch',
      sentence: `${some(wrong.map(({ path }) => nameOf(path)))} ${wrong.length === 1 ? 'differs' : 'differ'} from what is listed; ${count(right.length)} of ${filesWord(listedFiles)} ${right.length === 1 ? 'matches' : 'match'}.`,
      scope,
    };
  }
  if (having('open').length > 0) return { ...OPEN, scope };
  if (right.length === 0) {
    const sentence =
      uncompared === 0 ? 'None of the listed files is here.' : uncomparedOf(files).sentence;
    return { state: 'incomplete', word: 'Incomplete', sentence, scope };
  }
  const missing = absent.length + uncompared;
  if (missing > 0) {
    const matching =
      right.length === 1 ? 'One listed file matches' : `${filesWord(right.length)} match`;
    return {
      state: 'incomplete',
      word: 'Incomplete',
      sentence: `${matching}; ${filesWord(missing)} of the list ${missing === 1 ? 'is' : 'are'} not compared.`,
      scope,
    };
  }
  return {
    state: 'match',
    word: 'Match',
    sentence:
      right.length === 1 ? 'The listed file matches.' : `All ${filesWord(right.length)} match.`,
    scope: [weakest(right), scope].filter((text) => text !== '').join(' '),
  };
}

const OPEN: Standing = {
  state: 'open',
  word: 'Comparing',
  sentence: 'The digests that are needed are not there yet.',
  scope: '',
};

const UNCOMPARED: Standing = {
  state: 'incomplete',
  word: 'Not compared',
  sentence: 'Nothing here has a digest of that kind.',
  scope: '',
};

const UNREAD: Standing = {
  ...UNCOMPARED,
  sentence: 'What was to be compared was not read to its end.',
};

function uncomparedOf(files: readonly CheckedFile[]): Standing {
  const outcomes = files.flatMap(({ check }) => check.outcomes);
  const isUnread = outcomes.some((one) => one.state === 'uncompared' && one.unread);
  return isUnread ? UNREAD : UNCOMPARED;
}

// A file is as sure as its strongest digest, the list as its weakest file.
function weakest(matching: readonly CheckedFile[]): string {
  let worst: { rank: number; limit: string } | null = null;
  for (const { check } of matching) {
    const found = check.outcomes.flatMap((outcome) => {
      const fitness = outcome.state === 'match' ? digestFitness(outcome.id) : null;
      return fitness === null ? [] : [{ rank: RANKS[fitness.fit], limit: fitness.limit }];
    });
    const best = found.reduce(
      (a, b) => (b.rank > a.rank ? b : a),
      found[0] ?? { rank: 0, limit: '' },
    );
    if (worst === null || best.rank < worst.rank) worst = best;
  }
  return worst?.limit ?? '';
}

const RANKS = { neither: 0, integrity: 1, security: 2 } as const;

function filesWord(n: number, kind = ''): string {
  const of = kind === '' ? '' : `${kind} `;
  return `${count(n)} ${of}${n === 1 ? 'file' : 'files'}`;
}

// Quotes only where a name would run into the sentence.
function nameOf(path: string): string {
  const name = shownBare(path);
  return /\s/.test(name) ? `“${name}”` : name;
}

const NAMED = 3;

function some(names: readonly string[]): string {
  if (names.length <= NAMED) return listed(names);
  const rest = names.length - NAMED;
  return listed([...names.slice(0, NAMED), `${count(rest)} more`]);
}
