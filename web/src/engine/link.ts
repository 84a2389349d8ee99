/**
 * Links: `BASE#/claim?v=1&c=` + base64url(deflate-raw(document)), the document
 * being the canonical JSON text of {claim, assets, digest}. Everything stands after
 * the #, so nothing of it reaches a server.
 *
 * A link's text is the same everywhere: one pinned deflate (pako, level 9) makes
 * it. `read-link.ts` reads them.
 */
import { deflateRaw } from 'pako/browser/deflate';
import type { Reply } from '../protocol/core-api.js';

/** The version of link that this engine writes. */
export const LINK_VERSION = 1;
/** Characters of the payload, base64url. */
export const MAX_ENCODED_BYTES = 8 * 1024;
/** Bytes of the document inside. */
export const MAX_INFLATED_BYTES = 1024 * 1024;

/** RFC 4648, section 5. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The link that holds `document`, or null where it would be too long (then a claim
 * file has to do). `base` is an address without a fragment; see {@link linkBase}.
 */
export function encodeLink(document: string, base: string): string | null {
  const bytes = new TextEncoder().encode(document);
  if (bytes.length > MAX_INFLATED_BYTES) return null;
  const payload = toBase64url(deflateRaw(bytes, { level: 9 }));
  if (payload.length > MAX_ENCODED_BYTES) return null;
  return `${base}#/claim?v=${LINK_VERSION}&c=${payload}`;
}

/**
 * `base` in the form in which links begin: an http, https or file address that
 * ends with a slash or a file's name. Error: `bad-base`.
 */
export function linkBase(base: string): Reply<string> {
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    return badBase(`"${base.slice(0, 64)}" is not an address`);
  }
  if (!['http:', 'https:', 'file:'].includes(url.protocol)) {
    return badBase(`begins with ${url.protocol}; it must be http:, https: or file:`);
  }
  if (base.includes('#')) return badBase('has a fragment; links add their own');
  if (url.search === '' && !/\/$|\.[a-z0-9]+$/i.test(url.pathname)) url.pathname += '/';
  return { ok: url.href };
}

function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    const characters = Math.min(4, bytes.length - i + 1);
    for (let k = 0; k < characters; ++k) text += ALPHABET.charAt((word >> (18 - 6 * k)) & 63);
  }
  return text;
}

function badBase(what: string): Reply<string> {
  return { error: { code: 'bad-base', where: 'base', what } };
}
