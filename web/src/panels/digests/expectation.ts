/** What the files should be: a digest, or checksum files, as they were typed, pasted or dropped. */
import {
  type ChecksumFile,
  type ExpectedDigest,
  readChecksums,
  readExpected,
} from '../../engine/checksums.js';
import { count, counted, listed } from '../../engine/show.js';
import { digestName } from '../../engine/words.js';

export type Expectation =
  | { kind: 'none' }
  | { kind: 'digest'; expected: ExpectedDigest }
  | { kind: 'lists'; lists: readonly StatedList[] }
  | { kind: 'unreadable'; what: string };

/** One checksum file. */
export interface StatedList {
  list: ChecksumFile;
  /** Its own path; empty where it was typed or pasted. */
  path: string;
}

/** Larger files are no checksum files, and are hashed. */
export const MAX_CHECKSUM_FILE_BYTES = 8 * 1024 * 1024;

// The names that checksum files have: SHA256SUMS, a.iso.sha256, b.sfv, CHECKSUM.
const CHECKSUM_NAME =
  /(\.(sfv|hashes?|checksums?|digests?|b2|b3|blake[23]\w*|md5|crc\w*|xxh\w*|sha[-_]?\d[-_\d]*)(sums?)?(\.txt)?|^([\w.-]*[-_.])?(md5|sha\d*|b2|b3|blake[23]\w*|check)[-_]?(sums?|\d*)(\.txt)?)$/i;

/** Whether a file's name is that of a checksum file; its text has the last word. */
export function namesChecksums(path: string): boolean {
  return CHECKSUM_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}

/** What a file says that should be a checksum file; null where it is none. */
export function listOf(text: string, path: string): StatedList | null {
  const list = readChecksums(text, path.slice(path.lastIndexOf('/') + 1));
  return list === null || list.entries.length === 0 ? null : { list, path };
}

/** What a text says that was typed or pasted. */
export function expectationOf(text: string): Expectation {
  const written = text.trim();
  if (written === '') return { kind: 'none' };
  const expected = readExpected(written);
  if (expected !== null) return { kind: 'digest', expected };
  const list = listOf(text, '');
  if (list !== null) return { kind: 'lists', lists: [list] };
  const lines = written.split('\n').length;
  return {
    kind: 'unreadable',
    what:
      lines > 1
        ? `None of these ${count(lines)} lines is one of a checksum file.`
        : `No digest has this form: ${counted(written.length, 'character')}.`,
  };
}

const FORMS = {
  sums: 'a file as sha256sum writes it',
  sfv: 'an .sfv file',
  bsd: 'a file with BSD tags',
  hashes: 'a .hashes file',
} as const;

/** What the field was read as, in a sentence; an ambiguous form says what it could be. */
export function readingOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'none':
      return '';
    case 'unreadable':
      return expectation.what;
    case 'digest': {
      const { ids, encoding, hex } = expectation.expected;
      const form =
        encoding === 'hex'
          ? `${counted(hex.length, 'hex digit')}`
          : `Base64 of ${counted(hex.length / 2, 'byte')}`;
      const names = ids.map(digestName);
      return names.length === 1
        ? `${form}: ${names[0]}.`
        : `${form}: could be ${listed(names, 'or')}; each is tried until one fits.`;
    }
    case 'lists':
      return readingOfLists(expectation.lists);
  }
}

function readingOfLists(lists: readonly StatedList[]): string {
  const [first] = lists;
  if (first === undefined) return '';
  const entries = lists.flatMap(({ list }) => list.entries);
  const problems = lists.flatMap(({ list, path }) =>
    list.problems.map((problem) => ({ ...problem, path })),
  );
  const wrong = problems[0];
  const unread =
    wrong === undefined
      ? ''
      : ` ${counted(problems.length, 'line')} cannot be read; ${lists.length > 1 ? `${wrong.path}, ` : ''}line ${count(wrong.line)}: ${wrong.what}.`;
  if (lists.length > 1) {
    return `${counted(lists.length, 'checksum file')}: ${counted(entries.length, 'line')}.${unread}`;
  }
  if (entries.every(({ name }) => name === '')) {
    return `${counted(entries.length, 'digest')} without a name, for one file.${unread}`;
  }
  const from = first.path === '' ? '' : `${first.path.slice(first.path.lastIndexOf('/') + 1)}: `;
  return `${from}${counted(entries.length, 'line')} of ${FORMS[first.list.form]}.${unread}`;
}
