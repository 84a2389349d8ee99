import { expect, test } from 'vitest';
import { digestFitness } from '../../web/src/engine/words.js';
import { CATALOG } from '../../web/src/protocol/catalog.gen.js';

test('every digest of the catalog says what it is fit for', () => {
  const hashes = CATALOG.filter(({ kind }) => kind === 'hash').map(({ id }) => id);
  expect(hashes.length).toBeGreaterThan(15);
  expect(hashes.filter((id) => digestFitness(id) === null)).toEqual([]);
});

test('none is called secure that is not', () => {
  const fitOf = (id: string) => digestFitness(id)?.fit;
  const weak = ['crc32', 'crc32c', 'crc64', 'crc64-ecma', 'xxh64', 'md5', 'sha1'];
  expect(weak.filter((id) => fitOf(id) !== 'integrity')).toEqual([]);
  const neither = ['adler32', 'autov1', 'autov2', 'autov3'];
  expect(neither.filter((id) => fitOf(id) !== 'neither')).toEqual([]);
  for (const id of ['sha256', 'sha512-256', 'sha3-256', 'blake2sp', 'blake3']) {
    expect(fitOf(id)).toBe('security');
  }
  expect(digestFitness('md6')).toBeNull();
});
