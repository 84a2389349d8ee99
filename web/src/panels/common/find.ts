/** Search over short entries, as it is typed: methods, panels. */
import type { MethodInfo } from '../../protocol/results.js';
import { describedKinds } from './recipe-help.js';

export interface Entry {
  key: string;
  /** What it is called: an id, or a name. */
  name: string;
  /** Beside the name. */
  detail: string;
  summary: string;
  /** Other words by which it is looked for. */
  also: readonly string[];
}

/** Other names of methods, as people look for them. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  rot: ['caesar', 'rot13', 'shift', 'cipher'],
  rot5: ['digits'],
  rot47: ['printable'],
  atbash: ['mirror'],
  vigenere: ['polyalphabetic', 'vigenère'],
  xor: ['exclusive or', 'repeating key', 'vernam'],
  reverse: ['backwards', 'mirror'],
  hex: ['hexadecimal', 'base16'],
  base64: ['b64', 'mime'],
  base64url: ['url safe', 'jwt'],
  base32: ['rfc4648'],
  base58: ['bitcoin'],
  ascii85: ['base85', 'a85'],
  binary: ['bits', 'base2'],
  decimal: ['numbers', 'base10'],
  letters: ['mod 26'],
  cp437: ['codepage', 'console', 'dos', 'oem'],
  lower: ['lowercase', 'small'],
  upper: ['uppercase', 'capital'],
  trim: ['whitespace'],
  nfc: ['unicode', 'normalise', 'normalize'],
  nfkc: ['unicode', 'normalise', 'normalize', 'compatibility'],
  strip: ['delete', 'remove', 'characters'],
  keep: ['filter', 'only'],
  spaces: ['underscore'],
  underscores: ['space', 'snake case'],
  'html-unescape': ['entities'],
  'fix-text': ['ftfy', 'mojibake'],
  initials: ['acronym', 'first letters'],
  prepend: ['prefix', 'salt'],
  append: ['suffix', 'salt'],
  'escape-parens': ['brackets', 'prompt'],
  utf8: ['decode', 'unicode'],
  crc32: ['checksum', 'zip'],
  crc32c: ['checksum', 'castagnoli'],
  crc64: ['checksum', 'xz'],
  adler32: ['checksum', 'zlib'],
  md5: ['digest'],
  sha1: ['sha-1', 'digest'],
  sha256: ['sha-2', 'sha2', 'digest'],
  sha512: ['sha-2', 'sha2', 'digest'],
  'sha3-256': ['keccak'],
  blake2sp: ['7-zip', 'rar'],
  xxh64: ['xxhash'],
  take: ['first', 'prefix', 'truncate', 'head'],
  drop: ['skip', 'rest'],
  last: ['suffix', 'tail'],
  every: ['nth', 'step'],
  window: ['substring', 'slice'],
  clip: ['tokens', 'bpe', 'stable diffusion'],
  gpt2: ['tokens', 'bpe'],
  cl100k: ['tokens', 'bpe', 'gpt-4', 'tiktoken'],
  o200k: ['tokens', 'bpe', 'gpt-4o', 'tiktoken'],
};

/** A method as an entry. */
export function methodEntry(method: MethodInfo): Entry {
  const aliases = ALIASES[method.id] ?? [];
  return {
    key: `method ${method.id}`,
    name: method.id,
    detail: describedKinds(method),
    summary: method.summary,
    also: [...aliases, method.kind, method.source, ...method.params.map(({ name }) => name)],
  };
}

/** Entries in which every word of the query is found: by name first, then other names, then summary. */
export function found(entries: readonly Entry[], query: string): Entry[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [...entries];
  return entries
    .map((entry, at) => ({ entry, at, rank: rankOf(entry, words) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ entry }) => entry);
}

function rankOf({ name, also, summary }: Entry, words: readonly string[]): number {
  const called = folded(name);
  const others = also.map(folded);
  const told = folded(summary);
  let sum = 0;
  for (const word of words) {
    if (called === word) sum += 0;
    else if (called.startsWith(word)) sum += 1;
    else if (others.some((other) => other === word)) sum += 2;
    else if (called.includes(word)) sum += 3;
    else if (others.some((other) => other.startsWith(word))) sum += 4;
    else if (others.some((other) => other.includes(word))) sum += 6;
    else if (told.includes(word)) sum += 5;
    else return Number.POSITIVE_INFINITY;
  }
  return sum;
}

// Letters without their marks, so that "vigenere" finds "Vigenère".
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
}
