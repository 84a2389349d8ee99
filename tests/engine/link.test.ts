import { createHash } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeLink,
  linkBase,
  MAX_ENCODED_BYTES,
  MAX_INFLATED_BYTES,
} from '../../web/src/engine/link.js';
import { decodeLink } from '../../web/src/engine/read-link.js';

const BASE = 'https://example.org/tagscope/';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DOCUMENT = JSON.stringify({
  assets: { clip: 'd308b7377a8ceaa9707a21614fe8c831b9196e197b7aeb69833359362907af02' },
  claim: {
    encoder: null,
    level: 0.001,
    match: 'exact',
    pairs: [{ name: 'houshou_marine', tag: 'aua' }],
    recipe:
      'rot n=42 | xor key="I love ponies, they are the best, there is nothing better than a cute pony in the whole world"',
    version: 1,
  },
  digest: '0123456789abcdef0123456789abcdef',
});

function payloadOf(document: string): string {
  return encodeLink(document, BASE)?.split('&c=')[1] ?? '';
}

function code(link: string): string {
  const reply = decodeLink(link);
  return 'ok' in reply ? 'ok' : reply.error.code;
}

function what(link: string): string {
  const reply = decodeLink(link);
  return 'ok' in reply ? 'ok' : reply.error.what;
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

describe('a link', () => {
  it('round-trips as a whole, as a fragment and as a payload', () => {
    const link = encodeLink(DOCUMENT, BASE) ?? '';
    expect(link.startsWith(`${BASE}#/claim?v=1&c=`)).toBe(true);
    const fragment = link.slice(link.indexOf('#'));
    for (const form of [link, fragment, fragment.slice(1), payloadOf(DOCUMENT)]) {
      expect(decodeLink(form)).toEqual({ ok: DOCUMENT });
    }
    expect(decodeLink(`file:///tmp/x/index.html${fragment}`)).toEqual({ ok: DOCUMENT });
  });

  it('round-trips any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        const link = encodeLink(text, BASE);
        if (link === null) return;
        expect(decodeLink(link)).toEqual({ ok: text });
      }),
    );
  });

  it('has the same text everywhere: this one was made by pako 3.0.3 at level 9', () => {
    expect(encodeLink('{"a":"aaaaaaaaaaaaaaaaaaaa"}', BASE)).toBe(
      `${BASE}#/claim?v=1&c=q1ZKVLJSSsQClGoB`,
    );
  });

  it('becomes a claim file past 8 KiB', () => {
    // Digests as digits: 4 bits each, whatever deflate does.
    const noise = Array.from({ length: 320 }, (_, i) =>
      createHash('sha256').update(String(i)).digest('hex'),
    ).join('');
    const fitting = encodeLink(noise.slice(0, 11_000), BASE);
    expect(fitting?.split('&c=')[1]?.length).toBeLessThanOrEqual(MAX_ENCODED_BYTES);
    expect(fitting).not.toBeNull();
    expect(encodeLink(noise, BASE) === null).toBe(true);
    expect(code('A'.repeat(MAX_ENCODED_BYTES + 1))).toBe('too-large');
    expect(code('A'.repeat(100_000_000))).toBe('too-large');
  });
});

describe('the address', () => {
  const payload = payloadOf(DOCUMENT);
  it.each([
    ['', 'bad-link'],
    ['https://example.org/', 'bad-link'],
    ['https://example.org/#', 'bad-link'],
    ['https://example.org/#/recipe?v=1&c=AA', 'bad-link'],
    ['#/claim', 'bad-link'],
    ['#/claim?v=1', 'bad-link'],
    ['#/claim?v=1&c=', 'bad-link'],
    ['#/claim?c=PAYLOAD', 'bad-link'],
    ['#/claim?v=2&c=PAYLOAD', 'unsupported-version'],
    ['#/claim?v=01&c=PAYLOAD', 'unsupported-version'],
    ['#/claim?v=&c=PAYLOAD', 'unsupported-version'],
    ['#/claim?v=1&c=PAYLOAD&x=1', 'unknown-field'],
    ['#/claim?v=1&c=PAYLOAD&', 'unknown-field'],
    ['#/claim?V=1&c=PAYLOAD', 'unknown-field'],
    ['#/claim?v=1&v=1&c=PAYLOAD', 'repeated-field'],
    ['#/claim?v=1&c=PAYLOAD&c=PAYLOAD', 'repeated-field'],
    ['#/claim?v=1&c=PAYLOAD#', 'bad-link'],
    ['#/claim/?v=1&c=PAYLOAD', 'bad-link'],
  ])('%s is %s', (form, expected) => {
    const reply = decodeLink(form.replaceAll('PAYLOAD', payload));
    expect(reply).toMatchObject({ error: { code: expected, where: 'link' } });
  });

  it('takes v and c in either order', () => {
    expect(code(`#/claim?c=${payload}&v=1`)).toBe('ok');
  });
});

describe('base64url', () => {
  const payload = payloadOf(DOCUMENT);
  it.each([
    '=',
    '==',
    ' ',
    '\n',
    '+',
    '/',
    '%',
    '\u00e9',
    '\u{1f600}',
    '.',
    '~',
  ])('has no %j, at the end, in the middle or in front', (foreign) => {
    expect(code(payload + foreign)).toBe('bad-link');
    expect(code(payload.slice(0, 40) + foreign + payload.slice(40))).toBe('bad-link');
    expect(code(`#/claim?v=1&c=${foreign}${payload}`)).not.toBe('ok');
  });

  it('has zero spare bits', () => {
    // Three bytes more or less make every remainder; one of them has 2 spare bits, one 4.
    let seen = 0;
    for (const text of ['{"a":1}', '{"ab":1}', '{"abc":1}', '{"abcd":12}']) {
      const canonical = payloadOf(text);
      const spare = canonical.length % 4 === 2 ? 4 : canonical.length % 4 === 3 ? 2 : 0;
      const last = ALPHABET.indexOf(canonical.slice(-1));
      for (let bits = 1; bits < 1 << spare; ++bits) {
        const changed = canonical.slice(0, -1) + ALPHABET.charAt(last | bits);
        expect(what(changed)).toMatch(/spare bits/);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('is not cut inside a character', () => {
    expect(what('AAAAA')).toMatch(/left over/);
  });
});

describe('the deflate stream', () => {
  const bytes = Buffer.from(payloadOf(DOCUMENT), 'base64url');

  it('may come from any encoder', () => {
    const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
      for (let level = 0; level <= 9; ++level) {
        for (const memLevel of [1, 8, 9]) {
          const stream = deflateRawSync(DOCUMENT, {
            level,
            strategy,
            memLevel,
            windowBits: 9 + memLevel / 2,
          });
          expect(decodeLink(base64url(stream))).toEqual({ ok: DOCUMENT });
        }
      }
    }
  });

  it('may have several blocks', () => {
    const stream = deflateRawSync(DOCUMENT.slice(0, 50), { finishFlush: constants.Z_FULL_FLUSH });
    const rest = deflateRawSync(DOCUMENT.slice(50));
    expect(decodeLink(base64url(Buffer.concat([stream, rest])))).toEqual({ ok: DOCUMENT });
  });

  it('is followed by no byte', () => {
    for (const more of [[0], [255], [0, 0], [3, 0], [...bytes]]) {
      expect(what(base64url(Buffer.concat([bytes, Buffer.from(more)])))).toMatch(/follow/);
    }
    const stored = deflateRawSync(DOCUMENT, { level: 0 });
    expect(what(base64url(Buffer.concat([stored, Buffer.from([0])])))).toMatch(/follow/);
  });

  it('is followed by no bit', () => {
    // A fixed block with one literal: 3 + 8 + 7 bits, six are left of the third byte.
    const stream = deflateRawSync('1', { strategy: constants.Z_FIXED });
    expect(stream.length).toBe(3);
    expect(code(base64url(stream))).toBe('ok');
    for (let bit = 2; bit < 8; ++bit) {
      const changed = Buffer.from(stream);
      changed[2] = (changed[2] ?? 0) | (1 << bit);
      expect(what(base64url(changed))).toMatch(/bits follow/);
    }
  });

  it('is not cut short', () => {
    for (let length = 0; length < bytes.length; ++length) {
      expect(code(base64url(bytes.subarray(0, length)))).toBe('bad-link');
    }
    const stored = deflateRawSync(DOCUMENT, { level: 0 });
    for (let length = 1; length < stored.length; ++length) {
      expect(what(base64url(stored.subarray(0, length)))).toMatch(/cut short/);
    }
  });

  it('is raw: no zlib and no gzip header', () => {
    expect(code(base64url(Buffer.concat([Buffer.from([0x78, 0x9c]), bytes])))).toBe('bad-link');
    expect(
      code(base64url(Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), bytes]))),
    ).toBe('bad-link');
  });

  it('holds at most 1 MiB', () => {
    const exactly = deflateRawSync(Buffer.alloc(MAX_INFLATED_BYTES, 0x20), { level: 9 });
    expect(code(base64url(exactly))).toBe('ok');
    const more = deflateRawSync(Buffer.alloc(MAX_INFLATED_BYTES + 1, 0x20), { level: 9 });
    expect(code(base64url(more))).toBe('too-large');
    const fullPayload = deflateRawSync(Buffer.alloc(6_000_000), { level: 9 });
    expect(base64url(fullPayload).length).toBeLessThan(MAX_ENCODED_BYTES);
    expect(code(base64url(fullPayload))).toBe('too-large');
  });

  it('holds UTF-8, byte order mark and all', () => {
    expect(what(base64url(deflateRawSync(Buffer.from([0x7b, 0xff, 0x7d]))))).toMatch(/UTF-8/);
    expect(what(base64url(deflateRawSync(Buffer.from([0xed, 0xa0, 0x80]))))).toMatch(/UTF-8/);
    expect(decodeLink(base64url(deflateRawSync('\ufeff{}')))).toEqual({ ok: '\ufeff{}' });
  });
});

describe('damage', () => {
  it('by any one character gives an error or another document', () => {
    const payload = payloadOf(DOCUMENT);
    for (let at = 0; at < payload.length; ++at) {
      for (const character of ALPHABET) {
        if (character === payload[at]) continue;
        const reply = decodeLink(payload.slice(0, at) + character + payload.slice(at + 1));
        expect('ok' in reply && reply.ok === DOCUMENT, `${at} to ${character}`).toBe(false);
      }
    }
  });

  it('of any kind is an error value, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()),
        (text) => {
          decodeLink(text);
          decodeLink(`#/claim?v=1&c=${text}`);
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        decodeLink(base64url(garbage));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a base', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['https://example.org/name', 'https://example.org/name/'],
    ['https://example.org/name/', 'https://example.org/name/'],
    ['http://127.0.0.1:5173/index.html', 'http://127.0.0.1:5173/index.html'],
    ['https://example.org/?lang=en', 'https://example.org/?lang=en'],
  ])('%s leads to %s', (base, expected) => {
    expect(linkBase(base)).toEqual({ ok: expected });
  });

  it.each([
    '',
    'example.org',
    'javascript:alert(1)',
    'https://example.org/#/x',
    'data:text/html,x',
  ])('%j is refused', (base) => {
    expect(linkBase(base)).toMatchObject({ error: { code: 'bad-base', where: 'base' } });
  });
});
