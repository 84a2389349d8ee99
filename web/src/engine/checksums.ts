/** Digests that people state: recognised, read from files, compared, and written. */
export type { Check } from './checksums/compare.js';
export { check, neededFor } from './checksums/compare.js';
export type { ExpectedDigest } from './checksums/expected.js';
export { readExpected } from './checksums/expected.js';
export type { ChecksumEntry, ChecksumFile, ChecksumForm } from './checksums/read.js';
export { readChecksums } from './checksums/read.js';
export { writeChecksums } from './checksums/write.js';
