/** Which digests of an input are computed, and which worker computes which. */
import type { DigestPart } from '../protocol/digest-api.js';

/** AutoV1 looks at 64 KiB from the second mebibyte on, of files that have two. */
const AUTOV1 = { begin: 0x100000, end: 0x110000, least_bytes: 0x200000 };

/** Keys of the parts that are no digest of the whole input. */
export const AUTOV1_KEY = 'autov1';
export const AUTOV3_KEY = 'autov3';

/** Beside AutoV1, V2 and V3: what checkpoint sites list. */
export const CHECKPOINT_DIGESTS: readonly string[] = ['crc32', 'sha256', 'blake3'];

/**
 * The parts of a checkpoint's hashes beside its whole digests.
 *
 * @param contentBegin first byte after a .safetensors header; null where there is none
 */
export function checkpointParts(size: number, contentBegin: number | null): DigestPart[] {
  const parts: DigestPart[] = [];
  if (size >= AUTOV1.least_bytes) {
    parts.push({ key: AUTOV1_KEY, id: 'sha256', begin: AUTOV1.begin, end: AUTOV1.end });
  }
  if (contentBegin !== null) parts.push({ key: AUTOV3_KEY, id: 'sha256', begin: contentBegin });
  return parts;
}

// Nanoseconds a kilobyte takes in Chromium (docs/BENCHMARKS.md), which is all that a fair
// division needs. What is not listed is taken for slow.
const COSTS: Record<string, number> = {
  crc32: 150,
  crc32c: 150,
  crc64: 200,
  'crc64-ecma': 200,
  adler32: 600,
  xxh64: 150,
  md5: 1500,
  sha1: 1300,
  sha224: 2500,
  sha256: 2500,
  sha384: 1700,
  sha512: 1700,
  'sha512-256': 1700,
  'sha3-224': 2400,
  'sha3-256': 2500,
  'sha3-384': 3300,
  'sha3-512': 4700,
  blake2b: 1200,
  blake2s: 1900,
  blake2bp: 1200,
  blake2sp: 700,
  blake3: 600,
};
const UNKNOWN_COST = 3000;

/** Reading costs a worker about this much, however many digests it computes. */
const READING_COST = 200;

/**
 * Divides the parts among at most `workers` groups so that the slowest group is as fast as
 * may be: the dearest first, each to the group that has least so far (LPT scheduling, whose
 * slowest is at most 4/3 of the best division's: Graham, 1969). A group more costs one more
 * reading, so a division that does not help is not made.
 */
export function divided(parts: readonly DigestPart[], workers: number): DigestPart[][] {
  const costOf = (part: DigestPart) => {
    const cost = COSTS[part.id] ?? UNKNOWN_COST;
    return part.end === undefined ? cost : 0;
  };
  const byCost = [...parts].sort((a, b) => costOf(b) - costOf(a));
  const groups = Array.from({ length: Math.max(1, workers) }, () => ({
    cost: READING_COST,
    parts: [] as DigestPart[],
  }));
  for (const part of byCost) {
    const least = groups.reduce((best, group) => (group.cost < best.cost ? group : best));
    least.parts.push(part);
    least.cost += costOf(part);
  }
  return groups.map((group) => group.parts).filter((group) => group.length > 0);
}
