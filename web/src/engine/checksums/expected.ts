/** One digest as people write it down. */
import { KINDS, type Kind, keyOf, kindOf } from './kinds.js';

/** A digest that somebody states, and what it could be. */
export interface ExpectedDigest {
  /** As it stood, trimmed. */
  written: string;
  /** Lower case. */
  hex: string;
  encoding: 'hex' | 'base64';
  /**
   * Method ids, and `autov1`, `autov2`, `autov3`, whose output has that length,
   * likeliest first. Not every engine has each of them.
   */
  ids: readonly string[];
}

/** 128 digits in pairs, and a label before them, come to some 400 characters. */
const MAX_CHARACTERS = 1024;
/** Base64 of fewer bytes looks like a word. */
const MIN_BARE_BASE64_BYTES = 16;

/**
 * The digest that a text states; null where it is none by its form. Read are hex in
 * either case, with 0x or separators (`:`, `-`, spaces), and Base64 in either alphabet,
 * padded or not; a label before it (`SHA-256: …`, `sha256=…`, `sha256-…` as in
 * subresource integrity) says which digest it is.
 */
export function readExpected(text: string): ExpectedDigest | null {
  const written = text.trim();
  if (written === '' || written.length > MAX_CHARACTERS) return null;
  const labelled = withoutLabel(written);
  if (labelled === null) return statedDigest(written, written);
  return statedDigest(written, labelled.digest, labelled.kind ?? undefined);
}

/**
 * The same for a digest whose label is known; null where the length is not that of
 * `kind`, or without one of no kind at all.
 * @internal
 */
export function statedDigest(written: string, text: string, kind?: Kind): ExpectedDigest | null {
  const digits = digitsOf(text, kind !== undefined);
  if (digits === null) return null;
  const kinds = kind === undefined ? KINDS : [kind];
  const ids = kinds
    .filter((item) => item.digits === digits.hex.length)
    // Checkpoint hashes are written as hex alone.
    .filter((item) => digits.encoding === 'hex' || !item.id.startsWith('autov'))
    .map(({ id }) => id);
  return ids.length === 0 ? null : { written, ...digits, ids };
}

/**
 * A digest under a label of which this table knows nothing (RIPEMD160, BLAKE2b-256):
 * read, so that it can be told that it was not compared.
 * @internal
 */
export function foreignDigest(text: string, label: string): ExpectedDigest | null {
  const digits = digitsOf(text, true);
  return digits === null || digits.hex.length < 8
    ? null
    : { written: text, ...digits, ids: [label.toLowerCase()] };
}

// The label and what follows it; kind null for words like "checksum".
function withoutLabel(text: string): { kind: Kind | null; digest: string } | null {
  for (const form of [
    /^([a-z][a-z0-9 ./_-]*?)[ \t]*[:=][ \t]*(\S.*)$/i,
    /^(sha[0-9]+)-(\S+?)(?:\?.*)?$/i,
    /^([a-z][a-z0-9./_-]*)[ \t]+(\S.*)$/i,
  ]) {
    const [, label = '', digest = ''] = form.exec(text) ?? [];
    const key = keyOf(label)
      .replace(/^(?:file|model)(?=.)/, '')
      .replace(/(?:hash|checksum|digest|sum)$/, '');
    const kind = kindOf(key) ?? null;
    if (kind !== null || (key === '' && label !== '')) return { kind, digest };
  }
  return null;
}

function digitsOf(
  text: string,
  labelled: boolean,
): Pick<ExpectedDigest, 'hex' | 'encoding'> | null {
  // Hex goes first: all its digits are Base64's as well.
  const hex = hexDigits(text);
  if (hex !== null) return { hex, encoding: 'hex' };
  const bytes = base64Bytes(text);
  if (bytes === null) return null;
  if (!labelled && !text.endsWith('=') && !clearlyBase64(text, bytes)) return null;
  return {
    hex: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    encoding: 'base64',
  };
}

// Without label and padding: neither a word nor hex with a mistyped digit.
function clearlyBase64(text: string, bytes: readonly number[]): boolean {
  return bytes.length >= MIN_BARE_BASE64_BYTES && !/^(?:[0-9a-z]+|[0-9A-Z]+)$/.test(text);
}

function hexDigits(text: string): string | null {
  const digits = text.replace(/^0x/i, '').toLowerCase();
  for (const separator of [':', '-', /[ \t]+/]) {
    const groups = digits.split(separator);
    if (groups.every((group) => /^(?:[0-9a-f]{2})+$/.test(group))) return groups.join('');
  }
  return null;
}

function base64Bytes(text: string): number[] | null {
  if (!/^[a-z0-9+/_-]+={0,2}$/i.test(text)) return null;
  const standard = text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  const padded = standard.padEnd(Math.ceil(standard.length / 4) * 4, '=');
  if (standard.length % 4 === 1 || (text.endsWith('=') && text.length !== padded.length))
    return null;
  const binary = atob(padded);
  // Bits after the last byte that are not zero: no encoder writes that.
  if (btoa(binary) !== padded) return null;
  return Array.from(binary, (character) => character.charCodeAt(0));
}
