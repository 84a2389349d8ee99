import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ChecksumEntry, ExpectedDigest } from '../../../web/src/engine/checksums.js';
import {
  assign,
  checkFile,
  expectedOf,
  neededNext,
  standingOf,
} from '../../../web/src/panels/digests/checking.js';
import {
  expectationOf,
  listOf,
  namesChecksums,
  readingOf,
} from '../../../web/src/panels/digests/expectation.js';

const KNOWN = ['crc32', 'md5', 'sha1', 'sha256', 'blake2s', 'blake2sp'];

function digestsOf(text: string, ids = ['sha256', 'md5']) {
  return Object.fromEntries(
    ids.map((id) => {
      const hash = createHash(id).update(text).digest();
      return [id, { hex: hash.toString('hex'), base64: hash.toString('base64') }];
    }),
  );
}

function file(path: string, text: string, state: 'done' | 'reading' | 'failed' = 'done') {
  const digests = state === 'done' ? digestsOf(text) : {};
  return { path, file: new File([text], path), state, digests, checkpoint: undefined };
}

function entry(name: string, line = 1): ChecksumEntry {
  const expected: ExpectedDigest = { written: '', hex: '', encoding: 'hex', ids: ['sha256'] };
  return { line, name, expected };
}

/** How files stand against the text of the field. */
function standing(text: string, files: ReturnType<typeof file>[], path = '') {
  const list = path === '' ? null : listOf(text, path);
  const expectation =
    list === null ? expectationOf(text) : { kind: 'lists' as const, lists: [list] };
  const { expected, absent } = expectedOf(
    expectation,
    files.map((one) => one.path),
  );
  const checked = files.map((one, i) => ({
    path: one.path,
    check: checkFile(one, expected[i] ?? []),
  }));
  return { standing: standingOf(expectation, checked, absent), checked, absent, expectation };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('entries and files come together by name', () => {
  const rows = (entries: string[], paths: string[], folder?: string) =>
    assign(
      entries.map((name) => entry(name)),
      paths,
      folder,
    ).entries.map((of) => of.map(({ name }) => name));

  test('by the path, or by the end of it', () => {
    expect(rows(['./a', 'x\\b', '/srv/u/c'], ['a', 'x/b', 'c'])).toEqual([
      ['./a'],
      ['x\\b'],
      ['/srv/u/c'],
    ]);
    expect(rows(['b'], ['folder/b'])).toEqual([['b']]);
    expect(rows(['y/b'], ['x/b'])).toEqual([[]]);
  });

  test('the longest agreement wins, and files beside the checksum file come first', () => {
    expect(rows(['x/b'], ['b', 'x/b', 'y/b'])).toEqual([[], ['x/b'], []]);
    expect(rows(['b'], ['x/b', 'y/b'], 'y/')).toEqual([[], ['b']]);
    // Nothing tells these apart.
    expect(rows(['b'], ['x/b', 'y/b'])).toEqual([['b'], ['b']]);
  });

  test('an accent may be spelled in two ways', () => {
    expect(rows(['caf\u00e9'], ['cafe\u0301'])).toEqual([['caf\u00e9']]);
  });

  test('what no file has is told', () => {
    expect(assign([entry('a'), entry('b', 2)], ['a']).absent.map(({ name }) => name)).toEqual([
      'b',
    ]);
  });
});

describe('one digest', () => {
  test('of the one file matches, by its kind', () => {
    const { standing: said } = standing(sha256('x').toUpperCase(), [file('a.iso', 'x')]);
    expect(said).toMatchObject({
      state: 'match',
      sentence: 'The SHA256 of a.iso is the expected digest.',
    });
  });

  test('says what a weak one does not tell', () => {
    const { standing: said } = standing(md5('x'), [file('a', 'x')]);
    expect(said?.scope).toContain('could have made a second one');
  });

  test('of another file does not', () => {
    const { standing: said } = standing(md5('y'), [file('a', 'x')]);
    expect(said).toMatchObject({
      state: 'mismatch',
      sentence: 'The expected digest is not the MD5 of a.',
    });
  });

  test('is found among several files', () => {
    const files = [file('a', 'x'), file('b', 'y'), file('c', 'z')];
    expect(standing(sha256('y'), files).standing?.sentence).toBe(
      'The SHA256 of b is the expected digest; 2 other files have another.',
    );
    expect(standing(sha256('?'), files).standing?.state).toBe('mismatch');
  });

  test('has no verdict before the file is read, nor where it cannot be', () => {
    expect(standing(md5('x'), [file('a', 'x', 'reading')]).standing?.state).toBe('open');
    expect(standing(md5('x'), [file('a', 'x', 'failed')]).standing?.state).toBe('incomplete');
  });

  test('says what it could be', () => {
    const { expectation } = standing(sha256('x'), []);
    expect(readingOf(expectation)).toMatch(
      /^64 hex digits: could be SHA256, .* or .*; each is tried/,
    );
    expect(readingOf(expectationOf(md5('x')))).toBe('32 hex digits: MD5.');
    expect(readingOf(expectationOf('zzz'))).toBe('No digest has this form: 3 characters.');
  });
});

describe('what is read for a comparison', () => {
  const expected = (text: string) => {
    const read = expectationOf(text);
    return read.kind === 'digest' ? [read.expected] : [];
  };

  test('is the likeliest and the chosen first, then all that it could be', () => {
    const unread = file('a', 'x', 'reading');
    const check = checkFile(unread, expected(sha256('y')));
    expect(neededNext(check, {}, ['blake2sp', 'crc32'], KNOWN)).toEqual(['sha256', 'blake2sp']);
    const { digests } = file('a', 'x');
    expect(neededNext(check, digests, [], KNOWN)).toEqual(['sha256', 'blake2s', 'blake2sp']);
  });

  test('may still match where it was not read to its end', () => {
    // Of 64 digits it may be SHA-256, BLAKE2s, BLAKE3 and others; one of them was computed.
    const stopped = { ...file('a', 'x'), state: 'stopped' as const };
    const check = checkFile(stopped, expected(sha256('y')));
    expect(check.state).toBe('uncompared');
    const files = [{ path: 'a', check }];
    expect(standingOf(expectationOf(sha256('y')), files, [])?.sentence).toBe(
      'What was to be compared was not read to its end.',
    );
    expect(checkFile(stopped, expected(sha256('x'))).state).toBe('match');
    expect(checkFile(file('a', 'x'), expected(sha256('y'))).state).toBe('mismatch');
  });

  test('is nothing once it matches', () => {
    const read = file('a', 'x');
    const check = checkFile(read, expected(sha256('x')));
    expect(neededNext(check, read.digests, [], KNOWN)).toEqual([]);
  });
});

describe('a checksum file', () => {
  const list = (...lines: [text: string, name: string][]) =>
    lines.map(([text, name]) => `${sha256(text)}  ${name}\n`).join('');

  test('whose files are all there and right is a match', () => {
    const { standing: said, expectation } = standing(
      list(['x', 'a'], ['y', 'b']),
      [file('f/a', 'x'), file('f/b', 'y')],
      'f/SHA256SUMS',
    );
    expect(said).toMatchObject({ state: 'match', sentence: 'All 2 files match.' });
    expect(readingOf(expectation)).toBe('SHA256SUMS: 2 lines of a file as sha256sum writes it.');
  });

  test('names the file that differs', () => {
    const { standing: said, checked } = standing(list(['x', 'a'], ['y', 'b']), [
      file('a', 'x'),
      file('b', '!'),
    ]);
    expect(said).toMatchObject({ state: 'mismatch' });
    expect(said?.sentence).toBe('b differs from what is listed; 1 of 2 files matches.');
    expect(checked.map(({ check }) => check.state)).toEqual(['match', 'mismatch']);
  });

  test('is incomplete where files are missing, and tells which', () => {
    const { standing: said, absent } = standing(list(['x', 'a'], ['y', 'b']), [
      file('a', 'x'),
      file('other', '?'),
    ]);
    expect(said).toMatchObject({ state: 'incomplete', word: 'Incomplete' });
    expect(said?.scope).toBe('Listed, but not here: b. Not listed: 1 file.');
    expect(absent).toHaveLength(1);
  });

  test('never says match of what could not be read', () => {
    const { standing: said } = standing(list(['x', 'a'], ['y', 'b']), [
      file('a', 'x'),
      file('b', 'y', 'failed'),
    ]);
    expect(said?.state).toBe('incomplete');
  });

  test('of each file is compared with the others of its folder', () => {
    const lists = [
      listOf(`${md5('x')}  a.bin\n`, 'f/a.bin.md5'),
      listOf(`${md5('y')}\n`, 'g/a.bin.md5'),
    ].flatMap((one) => (one === null ? [] : [one]));
    const files = [file('f/a.bin', 'x'), file('g/a.bin', 'y')];
    const expectation = { kind: 'lists' as const, lists };
    const { expected, absent } = expectedOf(
      expectation,
      files.map(({ path }) => path),
    );
    const states = files.map((one, i) => checkFile(one, expected[i] ?? []).state);
    expect(states).toEqual(['match', 'match']);
    expect(absent).toEqual([]);
    expect(readingOf(expectation)).toBe('2 checksum files: 2 lines.');
  });

  test('without names is for one file', () => {
    const text = `SHA-256: ${sha256('x')}\nMD5: ${md5('x')}\n`;
    const one = standing(text, [file('a', 'x')]);
    expect(one.checked[0]?.check.outcomes).toHaveLength(2);
    expect(one.standing?.state).toBe('match');
    expect(readingOf(one.expectation)).toBe('2 digests without a name, for one file.');
    const two = standing(text, [file('a', 'x'), file('b', 'y')]);
    expect(two.standing?.state).toBe('incomplete');
    expect(two.absent).toEqual([]);
  });

  test('is known by its name', () => {
    const names = [
      'SHA256SUMS',
      'md5sums.txt',
      'a.iso.sha256',
      'x/a.SFV',
      'a.md5',
      'all.hashes',
      'CHECKSUM',
      'a.sha512sum',
      'b2sums',
      'debian-12-SHA512SUMS',
    ];
    expect(names.filter((name) => !namesChecksums(name))).toEqual([]);
    const others = ['a.iso', 'notes.txt', 'md5.exe', 'sha256.c', 'a.sha256.zip', 'checkpoint.bin'];
    expect(others.filter(namesChecksums)).toEqual([]);
  });
});
