import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FileDigests } from '../../web/src/protocol/results.js';
import { complaint, folder, json, output, TOP } from './tagscope.js';

interface Case {
  len: number;
  [id: string]: number | string;
}

/** Published digests of the first `len` bytes of "byte i = i mod 251". */
function vectors(file: string): Map<number, Case> {
  const { cases } = JSON.parse(readFileSync(join(TOP, 'tests/vectors', file), 'utf8')) as {
    cases: Case[];
  };
  return new Map(cases.map((item) => [item.len, item]));
}

const HASHLIB = vectors('hashlib_pattern.json');
const BLAKE2 = vectors('blake2_pattern.json');
const LENGTHS = [0, 1, 65_537, 1024 * 1024 + 1];

let dir: string;
const fileOf = (length: number) => join(dir, `${length}.bin`);

beforeAll(() => {
  dir = folder();
  for (const length of LENGTHS)
    writeFileSync(
      fileOf(length),
      Uint8Array.from({ length }, (_, i) => i % 251),
    );
});

const hash = async (...args: string[]) => (await json(['hash', ...args])) as FileDigests[];

describe('hash', () => {
  it('gives the known digests of an empty file, one byte, and 1 MiB + 1', async () => {
    const results = await hash(...LENGTHS.map(fileOf));
    expect(results.map(({ name, size }) => [name, size])).toEqual(
      LENGTHS.map((length) => [fileOf(length), length]),
    );
    results.forEach(({ digests, size }) => {
      expect(Object.keys(digests)).toEqual(['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp']);
      const bytes = readFileSync(fileOf(size));
      expect(digests['crc32']?.hex).toBe(crc32(bytes).toString(16).padStart(8, '0'));
      for (const id of ['sha1', 'sha256']) {
        expect(digests[id]?.hex).toBe(createHash(id).update(bytes).digest('hex'));
      }
      const known = { ...HASHLIB.get(size), ...BLAKE2.get(size) };
      for (const id of ['sha1', 'sha256', 'blake2sp']) {
        if (known[id] !== undefined) expect(digests[id]?.hex).toBe(known[id]);
      }
      for (const { hex, base64 } of Object.values(digests)) {
        expect(base64).toBe(Buffer.from(hex, 'hex').toString('base64'));
      }
    });
  });

  it('gives the catalogued check values', async () => {
    const file = join(dir, 'check');
    writeFileSync(file, '123456789');
    // The catalogue's check values of CRC-32/ISO-HDLC and CRC-64/XZ.
    const [result] = await hash(file, '--only', 'crc32,crc64');
    expect(result?.digests).toEqual({
      crc32: { hex: 'cbf43926', base64: 'y/Q5Jg==' },
      crc64: { hex: '995dc9bbdf1939fa', base64: 'mV3Ju98ZOfo=' },
    });
  });

  it('takes a choice of digests, all of them, and standard input', async () => {
    const [only] = await hash(fileOf(0), '--only', 'sha256, md5');
    expect(Object.keys(only?.digests ?? {})).toEqual(['sha256', 'md5']);
    expect(only?.digests['md5']?.hex).toBe(HASHLIB.get(0)?.['md5']);
    const [all] = await hash(fileOf(1), '--all');
    expect(Object.keys(all?.digests ?? {})).toEqual(
      expect.arrayContaining(['crc32', 'md5', 'blake2sp']),
    );
    const input = readFileSync(fileOf(65_537));
    const [piped] = JSON.parse(await output(['hash', '-', '--json'], input)) as FileDigests[];
    expect(piped).toMatchObject({ name: '-', size: input.length });
    expect(piped?.digests['sha256']?.hex).toBe(HASHLIB.get(input.length)?.['sha256']);
  });

  it('shows people hex and Base64', async () => {
    const text = await output(['hash', fileOf(0), fileOf(1)]);
    expect(text).toContain('0 bytes');
    expect(text).toMatch(
      /SHA1 +da39a3ee5e6b4b0d3255bfef95601890afd80709 +2jmj7l5rSw0yVb\/vlWAYkK\/YBwk=/,
    );
  });

  it('refuses what it cannot read, before it hashes anything', async () => {
    const none = join(dir, 'none');
    expect(await complaint(['hash', fileOf(1), none])).toBe(`${none}: does not exist`);
    mkdirSync(join(dir, 'folder'));
    expect(await complaint(['hash', join(dir, 'folder')])).toBe(
      `${join(dir, 'folder')}: is a directory`,
    );
    await complaint(['hash']);
    await complaint(['hash', '-', '-']);
    await complaint(['hash', fileOf(1), '--check', 'x']);
    if (process.getuid?.() !== 0) {
      writeFileSync(join(dir, 'locked'), '');
      chmodSync(join(dir, 'locked'), 0);
      expect(await complaint(['hash', join(dir, 'locked')])).toContain('may not be read');
    }
  });

  it('refuses digests that are none', async () => {
    expect(await complaint(['hash', fileOf(1), '--only', 'sha256,rot'])).toContain(
      '--only: "rot" is not a digest',
    );
    expect(await complaint(['hash', fileOf(1), '--only', ''])).toContain('--only');
    expect(await complaint(['hash', fileOf(1), '--only', 'md5', '--all'])).toContain('not both');
  });
});
