/**
 * Reads links (`link.ts`): what any deflate made, but nothing that could be read in two
 * ways: no bytes or bits beside the stream, no lenient base64url. A module of its own,
 * because a page that opens no link needs no inflate.
 */
import {
  Z_BLOCK,
  Z_BUF_ERROR,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateEnd,
  zlibInflateInit2,
} from 'pako';
import type { Reply } from '../protocol/core-api.js';
import type { Failure } from '../protocol/results.js';
import { ALPHABET, LINK_VERSION, MAX_ENCODED_BYTES, MAX_INFLATED_BYTES } from './link.js';
import { count } from './show.js';

/** A link's address before the payload may be this long; longer is not a link. */
const MAX_ADDRESS_CHARACTERS = 8 * 1024;

const SEXTETS = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

/**
 * The document of a link: of a whole link with any base, of its fragment (`#/claim?…`
 * or `/claim?…`), or of its bare payload. The text is UTF-8 that was inflated; what it
 * says is for the core to judge. Errors, all with where `link`: `bad-link`,
 * `unsupported-version`, `unknown-field`, `repeated-field`, `too-large`.
 */
export function decodeLink(link: string): Reply<string> {
  const payload = payloadOf(link);
  if ('error' in payload) return payload;
  const bytes = fromBase64url(payload.ok);
  if ('error' in bytes) return bytes;
  const inflated = inflateStrictly(bytes.ok);
  if ('error' in inflated) return inflated;
  try {
    return { ok: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(inflated.ok) };
  } catch {
    return failed('bad-link', 'what it holds is not UTF-8 text');
  }
}

function payloadOf(link: string): Reply<string> {
  if (link.length > MAX_ADDRESS_CHARACTERS + MAX_ENCODED_BYTES) {
    return failed(
      'too-large',
      `is ${count(link.length)} characters; the limit is ${count(MAX_ADDRESS_CHARACTERS + MAX_ENCODED_BYTES)}`,
    );
  }
  const hash = link.indexOf('#');
  const isFragment = hash >= 0 || link.startsWith('/claim?');
  if (!isFragment) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) {
      return failed('bad-link', 'has no fragment; a link goes on with #/claim?v=1&c=…');
    }
    return checkedPayload(link);
  }
  const fragment = link.slice(hash + 1);
  const query = /^\/claim\?(.*)$/s.exec(fragment)?.[1];
  if (query === undefined) {
    return failed('bad-link', 'does not lead to a claim; the fragment must begin with #/claim?');
  }
  const fields = new Map<string, string>();
  for (const field of query.split('&')) {
    const equals = field.indexOf('=');
    const name = equals < 0 ? field : field.slice(0, equals);
    if (name !== 'v' && name !== 'c') {
      return failed(
        'unknown-field',
        `"${name.slice(0, 32)}" is not a field of a link; known are v, c`,
      );
    }
    if (fields.has(name)) return failed('repeated-field', `${name} stands twice`);
    fields.set(name, equals < 0 ? '' : field.slice(equals + 1));
  }
  const version = fields.get('v');
  if (version === undefined) return failed('bad-link', 'has no version (v)');
  if (version !== String(LINK_VERSION)) {
    return failed(
      'unsupported-version',
      `is of version "${version.slice(0, 16)}"; this program reads ${LINK_VERSION}`,
    );
  }
  return checkedPayload(fields.get('c'));
}

function checkedPayload(payload: string | undefined): Reply<string> {
  if (payload === undefined || payload === '') return failed('bad-link', 'has no payload (c)');
  if (payload.length > MAX_ENCODED_BYTES) {
    return failed(
      'too-large',
      `its payload is ${count(payload.length)} bytes; the limit is ${count(MAX_ENCODED_BYTES)}`,
    );
  }
  return { ok: payload };
}

// RFC 4648 section 5 without padding; spare bits must be zero (section 3.5), so that
// no two payloads mean the same bytes.
function fromBase64url(text: string): Reply<Uint8Array> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let length = 0;
  for (let i = 0; i < text.length; ++i) {
    const sextet = SEXTETS.get(text.charAt(i));
    if (sextet === undefined) {
      return failed(
        'bad-link',
        `character ${count(i + 1)} of the payload is not base64url (A–Z, a–z, 0–9, - and _)`,
      );
    }
    held = ((held << 6) | sextet) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >> bits) & 0xff;
    }
  }
  if (text.length % 4 === 1)
    return failed('bad-link', 'the payload is cut short: one base64url character is left over');
  if ((held & ((1 << bits) - 1)) !== 0)
    return failed('bad-link', 'the spare bits of the last character are not zero');
  return { ok: bytes };
}

// Z_BLOCK makes inflate stop at the end of each block with the number of unused bits
// of the last byte in data_type (zlib.h, inflate()): the only place where what stands
// between the end of the stream and the end of its byte can be seen.
function inflateStrictly(compressed: Uint8Array): Reply<Uint8Array> {
  const stream = new ZStream();
  if (zlibInflateInit2(stream, -15) !== Z_OK) return failed('internal', 'inflate did not start');
  const output = new Uint8Array(64 * 1024);
  const chunks: Uint8Array[] = [];
  let total = 0;
  stream.input = compressed;
  stream.next_in = 0;
  stream.avail_in = compressed.length;
  try {
    for (;;) {
      stream.output = output;
      stream.next_out = 0;
      stream.avail_out = output.length;
      const status = zlibInflate(stream, Z_BLOCK);
      if (stream.next_out > 0) chunks.push(output.slice(0, stream.next_out));
      total += stream.next_out;
      if (total > MAX_INFLATED_BYTES) {
        return failed('too-large', `what it holds exceeds ${count(MAX_INFLATED_BYTES)} bytes`);
      }
      if (status === Z_BUF_ERROR) return failed('bad-link', 'the deflate stream is cut short');
      if (status !== Z_OK && status !== Z_STREAM_END) {
        return failed('bad-link', 'the payload is not a deflate stream');
      }
      const atBlockEnd = (stream.data_type & 128) !== 0;
      const inLastBlock = (stream.data_type & 64) !== 0;
      if (atBlockEnd && inLastBlock) break;
      if (status === Z_STREAM_END) return failed('internal', 'inflate ended outside a block');
    }
    const unusedBits = stream.data_type & 63;
    if (stream.avail_in > 0 || unusedBits > 7) {
      return failed('bad-link', 'bytes follow the deflate stream');
    }
    const lastByte = compressed[compressed.length - 1] ?? 0;
    if (lastByte >> (8 - unusedBits) !== 0) {
      return failed('bad-link', 'bits follow the end of the deflate stream');
    }
  } finally {
    zlibInflateEnd(stream);
  }
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return { ok: whole };
}

function failed(code: string, what: string): { error: Failure } {
  return { error: { code, where: 'link', what } };
}
