/** The digests that people state, by name and by length. */

export interface Kind {
  /** A method's id, or one of the checkpoint hashes autov1, autov2, autov3. */
  id: string;
  /** As it is written in tags: `SHA256 (NAME) = …`. */
  name: string;
  /** Hexadecimal digits of its output. */
  digits: number;
  /** Other names, as {@link keyOf} makes them; the id and the name go without saying. */
  also?: readonly string[];
}

/** Of one length the likeliest first. */
export const KINDS: readonly Kind[] = [
  { id: 'crc32', name: 'CRC32', digits: 8 },
  { id: 'crc32c', name: 'CRC32C', digits: 8 },
  { id: 'adler32', name: 'Adler32', digits: 8 },
  { id: 'autov1', name: 'AutoV1', digits: 8 },
  { id: 'autov2', name: 'AutoV2', digits: 10 },
  { id: 'autov3', name: 'AutoV3', digits: 12 },
  { id: 'crc64', name: 'CRC64', digits: 16, also: ['crc64xz'] },
  { id: 'xxh64', name: 'XXH64', digits: 16, also: ['xxhash64'] },
  { id: 'crc64-ecma', name: 'CRC64-ECMA', digits: 16, also: ['crc64ecma182'] },
  { id: 'md5', name: 'MD5', digits: 32 },
  { id: 'sha1', name: 'SHA1', digits: 40 },
  { id: 'sha224', name: 'SHA224', digits: 56, also: ['sha2224'] },
  { id: 'sha3-224', name: 'SHA3-224', digits: 56 },
  { id: 'sha256', name: 'SHA256', digits: 64, also: ['sha2256'] },
  { id: 'blake2s', name: 'BLAKE2s', digits: 64, also: ['blake2s256'] },
  { id: 'blake2sp', name: 'BLAKE2sp', digits: 64, also: ['blake2sp256'] },
  { id: 'blake3', name: 'BLAKE3', digits: 64, also: ['blake3256'] },
  { id: 'sha3-256', name: 'SHA3-256', digits: 64 },
  { id: 'sha512-256', name: 'SHA512/256', digits: 64, also: ['sha2512256'] },
  { id: 'sha384', name: 'SHA384', digits: 96, also: ['sha2384'] },
  { id: 'sha3-384', name: 'SHA3-384', digits: 96 },
  { id: 'sha512', name: 'SHA512', digits: 128, also: ['sha2512'] },
  { id: 'blake2b', name: 'BLAKE2b', digits: 128, also: ['blake2b512'] },
  { id: 'sha3-512', name: 'SHA3-512', digits: 128 },
  { id: 'blake2bp', name: 'BLAKE2bp', digits: 128, also: ['blake2bp512'] },
];

const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));
let byKey: ReadonlyMap<string, Kind> | undefined;

/** What all spellings of a name have in common: SHA-256, sha256, SHA_256 are `sha256`. */
export function keyOf(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The kind that a label names, in any of its spellings (OpenSSL's `SHA2-256` too). */
export function kindOf(label: string): Kind | undefined {
  byKey ??= new Map(
    KINDS.flatMap((kind) =>
      [keyOf(kind.id), keyOf(kind.name), ...(kind.also ?? [])].map((key) => [key, kind] as const),
    ),
  );
  return byKey.get(keyOf(label));
}

/** A digest's id as people write it: SHA256. An unknown id stays as it is. */
export function digestName(id: string): string {
  return BY_ID.get(id)?.name ?? id;
}
