import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChecksumForm,
  check,
  neededFor,
  readChecksums,
  readExpected,
  writeChecksums,
} from '../../web/src/engine/checksums.js';
import type { FileDigests } from '../../web/src/protocol/results.js';

// Digests of "abc": FIPS 180-4's examples, RFC 1321, RFC 7693, and the CRC catalogue's method.
const MD5 = '900150983cd24fb0d6963f7d28e17f72';
const SHA1 = 'a9993e364706816aba3e25717850c26c9cd0d89d';
const SHA256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const SHA512 =
  'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
const BLAKE2S = '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982';
const CRC32 = '352441c2';

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

function digestsOf(name: string, digests: Record<string, string>): FileDigests {
  const entries = Object.entries(digests);
  return {
    name,
    size: 3,
    digests: Object.fromEntries(entries.map(([id, hex]) => [id, { hex, base64: base64(hex) }])),
  };
}

const ABC = digestsOf('abc', { crc32: CRC32, sha256: SHA256, blake2s: BLAKE2S, md5: MD5 });

/** What a text states, without the line and the way it is written. */
function stated(text: string, fileName?: string): [name: string, hex: string, ids: string][] {
  const read = readChecksums(text, fileName);
  expect(read?.problems).toEqual([]);
  return (read?.entries ?? []).map(({ name, expected }) => [
    name,
    expected.hex,
    expected.ids.join(),
  ]);
}

describe('a digest that somebody states', () => {
  it.each([
    [8, 'crc32 crc32c adler32 autov1'],
    [10, 'autov2'],
    [12, 'autov3'],
    [16, 'crc64 xxh64 crc64-ecma'],
    [32, 'md5'],
    [40, 'sha1'],
    [56, 'sha224 sha3-224'],
    [64, 'sha256 blake2s blake2sp blake3 sha3-256 sha512-256'],
    [96, 'sha384 sha3-384'],
    [128, 'sha512 blake2b sha3-512 blake2bp'],
  ])('of %i digits is one of %s', (digits, ids) => {
    const hex = 'c3'.repeat(digits / 2);
    expect(readExpected(hex)).toEqual({ written: hex, hex, encoding: 'hex', ids: ids.split(' ') });
  });

  it.each([
    SHA256.toUpperCase(),
    `  ${SHA256}\n`,
    `0x${SHA256}`,
    SHA256.replace(/..(?=.)/g, '$&:'),
    SHA256.replace(/..(?=.)/g, '$&-'),
    SHA256.replace(/.{8}(?=.)/g, '$& ').toUpperCase(),
  ])('is hex in many ways: %s', (text) => {
    expect(readExpected(text)).toMatchObject({
      written: text.trim(),
      hex: SHA256,
      encoding: 'hex',
      ids: ['sha256', 'blake2s', 'blake2sp', 'blake3', 'sha3-256', 'sha512-256'],
    });
  });

  it('is Base64 in either alphabet, padded or not', () => {
    for (const hex of [MD5, SHA1, SHA256, SHA512, 'fb'.repeat(32), 'ff'.repeat(20)]) {
      const padded = base64(hex);
      const url = padded.replaceAll('+', '-').replaceAll('/', '_');
      for (const text of [padded, padded.replace(/=+$/, ''), url, url.replace(/=+$/, '')]) {
        expect(readExpected(text)).toMatchObject({ hex, encoding: 'base64' });
      }
    }
    expect(readExpected(base64(CRC32))?.ids).toEqual(['crc32', 'crc32c', 'adler32']);
    // Six letters are a word, unless somebody says otherwise.
    expect(readExpected('README')).toBeNull();
    expect(readExpected(`crc32: ${base64(CRC32).replace(/=+$/, '')}`)?.hex).toBe(CRC32);
  });

  it.each([
    [`SHA256: ${SHA256}`, 'sha256'],
    [`sha256=${SHA256}`, 'sha256'],
    [`sha-256 = 0x${SHA256}`, 'sha256'],
    [`SHA2-256: ${SHA256}`, 'sha256'],
    [`sha256:${SHA256}`, 'sha256'],
    [`SHA256 ${SHA256}`, 'sha256'],
    [`SHA256:${base64(SHA256).replace('=', '')}`, 'sha256'],
    [`sha256-${base64(SHA256)}`, 'sha256'],
    [`sha512-${base64(SHA512)}?ct=application/javascript`, 'sha512'],
    [`BLAKE2s: ${BLAKE2S}`, 'blake2s'],
    [`SHA3-256: ${SHA256}`, 'sha3-256'],
    [`SHA512/256 = ${SHA256}`, 'sha512-256'],
    [`sha512-256: ${SHA256}`, 'sha512-256'],
    [`BLAKE2B-512: ${SHA512}`, 'blake2b'],
    [`MD5 checksum: ${MD5}`, 'md5'],
    [`sha1sum: ${SHA1}`, 'sha1'],
    ['AutoV2: 6CE0161689', 'autov2'],
    ['AutoV1: E1441589', 'autov1'],
    ['Model hash: 6ce0161689', 'autov2'],
    [`Checksum: ${SHA256}`, 'sha256 blake2s blake2sp blake3 sha3-256 sha512-256'],
  ])('is told by its label: %s', (text, ids) => {
    expect(readExpected(text)).toMatchObject({ written: text, ids: ids.split(' ') });
  });

  it.each([
    '',
    ' ',
    'abc',
    SHA256.slice(1),
    SHA256.slice(2),
    `${SHA256}00`,
    `${SHA256.slice(1)}g`,
    `${MD5}\n${MD5}`,
    `0x 0x${MD5}`,
    `${SHA256.slice(0, 32)}:-${SHA256.slice(32)}`,
    `sha1: ${SHA256}`,
    `tel: ${CRC32}`,
    'sha256:',
    'houshou_marine',
    '0123456789012345678901=',
    `${base64(MD5)}=`,
    // The last digit's spare bits are not zero.
    `${base64(MD5).slice(0, 21)}R==`,
    'constructor',
    '__proto__: deadbeef',
    '٣'.repeat(32),
    'a'.repeat(2_000),
  ])('is none: %j', (text) => {
    expect(readExpected(text)).toBeNull();
  });
});

describe('a checksum file', () => {
  it('is what coreutils write', () => {
    // sha256sum and b2sum 9.1 of files named so, "abc" in each.
    const text = [
      `${SHA256}  plain name.bin`,
      `${SHA256} *binary`,
      `\\${SHA256}  line\\nfeed`,
      `\\${SHA256}  back\\\\slash\\\\n`,
      `\\${SHA256} *carriage\\rreturn`,
      `${SHA256}   leading`,
      `${SHA256}  - `,
      '',
    ].join('\n');
    const names = stated(text, 'SHA256SUMS').map(([name, hex, ids]) => {
      expect([hex, ids]).toEqual([SHA256, 'sha256']);
      return name;
    });
    expect(names).toEqual([
      'plain name.bin',
      'binary',
      'line\nfeed',
      'back\\slash\\n',
      'carriage\rreturn',
      ' leading',
      '- ',
    ]);
    expect(readChecksums(text)?.form).toBe('sums');
  });

  it('is what BSD, coreutils --tag and OpenSSL write', () => {
    const text = [
      `SHA256 (a (1) = b.bin) = ${SHA256}`,
      `\\SHA256 (line\\nfeed) = ${SHA256}`,
      `MD5 (c) = ${MD5}`,
      `SHA512/256 (d) = ${SHA256}`,
      `SHA3-256 (e) = ${SHA256}`,
      `BLAKE2sp (f) = ${SHA256}`,
      `BLAKE2b (g) = ${SHA512}`,
      `BLAKE3 (h) = ${SHA256}`,
      `SHA2-256(a (1) = b\\c)= ${SHA256}`,
      `SHA2-512/256(i)= ${SHA256}`,
      `BLAKE2S-256(j)= ${BLAKE2S}`,
      `SHA256 (k) = ${base64(SHA256)}`,
    ].join('\n');
    expect(stated(text)).toEqual([
      ['a (1) = b.bin', SHA256, 'sha256'],
      ['line\nfeed', SHA256, 'sha256'],
      ['c', MD5, 'md5'],
      ['d', SHA256, 'sha512-256'],
      ['e', SHA256, 'sha3-256'],
      ['f', SHA256, 'blake2sp'],
      ['g', SHA512, 'blake2b'],
      ['h', SHA256, 'blake3'],
      ['a (1) = b\\c', SHA256, 'sha256'],
      ['i', SHA256, 'sha512-256'],
      ['j', BLAKE2S, 'blake2s'],
      ['k', SHA256, 'sha256'],
    ]);
    expect(readChecksums(text)?.form).toBe('bsd');
  });

  it('never takes one digest for another of the same length', () => {
    const text = `BLAKE2b-256 (a) = ${SHA256}\nRIPEMD160 (b) = ${SHA1}\n`;
    expect(stated(text)).toEqual([
      ['a', SHA256, 'blake2b-256'],
      ['b', SHA1, 'ripemd160'],
    ]);
  });

  it('is an .sfv', () => {
    const text = `; Generated by a program\r\nold name.bin 352441C2\r\nsub\\new.bin    352441c2\r\n#1.bin 352441C2\r\n`;
    expect(stated(text, 'x.sfv')).toEqual([
      ['old name.bin', CRC32, 'crc32'],
      ['sub\\new.bin', CRC32, 'crc32'],
      ['#1.bin', CRC32, 'crc32'],
    ]);
    expect(readChecksums(text)).toMatchObject({ form: 'sfv', problems: [] });
    // Two names of eight hex digits: the file's own name decides.
    expect(stated(`deadbeef  ${CRC32}\n`, 'x.sfv')).toEqual([['deadbeef', CRC32, 'crc32']]);
    expect(stated(`deadbeef  ${CRC32}\n`, 'x.crc32')).toEqual([[CRC32, 'deadbeef', 'crc32']]);
  });

  it('is a labelled .hashes', () => {
    // The layout of https://github.com/namazso/OpenHashTab/issues/144.
    const text = `[A name [1].zip]\r\nBLAKE2sp: ${SHA256.toUpperCase()}\r\nCRC32:    352441C2\r\nMD4:      ${MD5}\r\nSHA-1:    ${SHA1.toUpperCase()}\r\n\r\n[b]\r\nSHA-512:  ${SHA512}\r\n`;
    expect(stated(text)).toEqual([
      ['A name [1].zip', SHA256, 'blake2sp'],
      ['A name [1].zip', CRC32, 'crc32'],
      ['A name [1].zip', MD5, 'md4'],
      ['A name [1].zip', SHA1, 'sha1'],
      ['b', SHA512, 'sha512'],
    ]);
    expect(readChecksums(text)?.form).toBe('hashes');
    expect(stated(`CRC32: ${CRC32}\nSHA256: ${SHA256}\n`, 'dir/x.bin.hashes')).toEqual([
      ['x.bin', CRC32, 'crc32'],
      ['x.bin', SHA256, 'sha256'],
    ]);
  });

  it('is a .hash whose comments say the kind', () => {
    // As in https://github.com/namazso/OpenHashTab/issues/32.
    const text = `# Generated by OpenHashTab\r\n#\r\n#blake2sp#x.exe#1970.01.01@00.00:00\r\n${SHA256} *x.exe\r\n#sha1#x.exe#1970.01.01@00.00:00\r\n${SHA1} *x.exe\r\n${SHA256} *y.exe\r\n`;
    expect(stated(text)).toEqual([
      ['x.exe', SHA256, 'blake2sp'],
      ['x.exe', SHA1, 'sha1'],
      ['y.exe', SHA256, 'sha256,blake2s,blake2sp,blake3,sha3-256,sha512-256'],
    ]);
  });

  it.each([
    ['model.safetensors.sha256', 'model.safetensors', 'sha256'],
    ['C:\\Users\\x\\model.b3', 'model', 'blake3'],
    ['/tmp/x.blake2sp.txt', 'x', 'blake2sp'],
    ['SHA256SUMS', '', 'sha256'],
    ['constructor', '', 'sha256,blake2s,blake2sp,blake3,sha3-256,sha512-256'],
    ['x.md5', 'x', 'sha256,blake2s,blake2sp,blake3,sha3-256,sha512-256'],
  ])('is one bare digest, of what its name says: %s', (fileName, name, ids) => {
    expect(stated(`\ufeff${SHA256}\r\n`, fileName)).toEqual([[name, SHA256, ids]]);
  });

  it('says which lines are none', () => {
    const text = `${SHA256}  good\nnonsense\n${SHA256.slice(1)}  short\nSHA1 (x) = ${SHA256}\n\\${SHA256}  bad\\escape\n${SHA256}\n${'x'.repeat(20_000)}\nx: ${SHA1}\n`;
    expect(readChecksums(text)?.problems).toEqual([
      { line: 2, what: 'is in no known form: "nonsense"' },
      { line: 3, what: 'states 63 digits, as no known digest has' },
      { line: 4, what: 'states 64 digits; SHA1 has 40' },
      { line: 5, what: expect.stringContaining('is in no known form') },
      { line: 6, what: 'has a digest, but no name' },
      { line: 7, what: 'has 20,000 characters; the limit is 16,384' },
      { line: 8, what: 'is in no known form' },
    ]);
  });

  it.each([
    '',
    '\n\n',
    '# nothing\n; here',
    'Hello, world',
    `${SHA256}\n${SHA256}\n`,
    '[a]\n',
  ])('is none: %j', (text) => {
    expect(readChecksums(text)).toBeNull();
  });

  it('may mix forms, and takes the name of most', () => {
    const text = `${SHA256}  a\nSHA256 (b) = ${SHA256}\nSHA256 (c) = ${SHA256}\nd 352441C2\n[e]\nMD5: ${MD5}\n`;
    expect(stated(text, 'x.sha256').map(([name]) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(readChecksums(text)?.form).toBe('bsd');
  });

  it('may be long, or hostile', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `${SHA256}  file ${i}`).join('\n');
    expect(readChecksums(many)?.entries).toHaveLength(100_000);
    const megabyte = 1_000_000;
    expect(readExpected('a'.repeat(megabyte))).toBeNull();
    expect(readExpected(' a'.repeat(megabyte))).toBeNull();
    for (const line of [
      'a'.repeat(megabyte),
      ' '.repeat(megabyte),
      `${SHA256}  ${'\\'.repeat(megabyte)}`,
      `SHA256 ${'('.repeat(megabyte)}`,
      `${'x '.repeat(megabyte / 2)}352441C2`,
      '#'.repeat(megabyte),
      `[${']'.repeat(megabyte)}`,
    ]) {
      expect(readChecksums(line)?.entries ?? []).toEqual([]);
    }
    // As long as a line may be, so that nothing is slower than its length.
    for (const line of ['a ', '\\', '(', ' ', 'a:', '#a', '=', 'A=']) {
      readChecksums(`${line.repeat(8_000)}!\n`.repeat(20));
    }
  });
});

describe('written and read again', () => {
  const FORMS: [form: ChecksumForm, id: string, fileName: string][] = [
    ['sums', 'sha256', ''],
    ['sums', 'crc32', 'x.crc32'],
    ['bsd', 'sha256', ''],
    ['bsd', 'blake2s', ''],
    ['sfv', 'crc32', 'x.sfv'],
    ['hashes', '', ''],
  ];
  const NAMES = [
    'plain.bin',
    'two words',
    ' leading',
    'trailing ',
    'tab\t',
    'line\nfeed',
    'carriage\r',
    'back\\slash',
    '\\new',
    '\\',
    'a\\nb',
    '(a) = b)',
    '[a]',
    ']',
    ';comment',
    '#comment',
    '# a 352441C2',
    '*star',
    'ねこ — ü.bin',
    'e\u0301',
    '\ufeffmark',
    `${SHA256}  x`,
    'deadbeef',
    'deadbeef  x',
    'CRC32:',
    'SHA256 (x) = y',
    '-',
    '..',
    '\u2028',
  ];

  it.each(FORMS)('%s of %s holds every name', (form, id, fileName) => {
    const text = writeChecksums(
      form,
      NAMES.map((name) => ({ ...ABC, name })),
      id,
    );
    const read = readChecksums(text, fileName);
    expect(read).toMatchObject({ form, problems: [] });
    expect([...new Set(read?.entries.map(({ name }) => name))]).toEqual(NAMES);
    for (const { expected } of read?.entries ?? []) {
      expect(check(expected, ABC).state).toBe('match');
    }
    if (form !== 'hashes') expect(read?.entries).toHaveLength(NAMES.length);
  });

  it.each(FORMS)('%s of %s is the identity on any name', (form, id, fileName) => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({
        unit: fc.constantFrom(...'\\\n\r ()[]=:;#*aA0', '\ufeff', '  ', SHA256, CRC32, 'MD5'),
        minLength: 1,
        maxLength: 12,
      }),
    );
    const digest = (bytes: number) =>
      fc
        .uint8Array({ minLength: bytes, maxLength: bytes })
        .map((array) => Buffer.from(array).toString('hex'));
    const file = fc
      .record({ name, crc32: digest(4), sha256: digest(32), blake2s: digest(32) })
      .map(({ name, ...digests }) => digestsOf(name, digests));
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), (files) => {
        const read = readChecksums(writeChecksums(form, files, id), fileName);
        expect(read?.form).toBe(form);
        expect(read?.problems).toEqual([]);
        const wanted = form === 'hashes' ? ['crc32', 'sha256', 'blake2s'] : [id];
        expect(read?.entries.map((entry) => [entry.name, entry.expected.hex])).toEqual(
          files.flatMap((item) => wanted.map((one) => [item.name, item.digests[one]?.hex])),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('looks as other programs write it', () => {
    const files = [ABC, { ...ABC, name: 'b\\c' }];
    expect(writeChecksums('sums', files, 'sha256')).toBe(`${SHA256}  abc\n\\${SHA256}  b\\\\c\n`);
    expect(writeChecksums('bsd', files, 'sha256')).toBe(
      `SHA256 (abc) = ${SHA256}\n\\SHA256 (b\\\\c) = ${SHA256}\n`,
    );
    expect(writeChecksums('sfv', files, 'crc32')).toBe('abc 352441C2\nb\\c 352441C2\n');
    const checkpoint = {
      autov1: null,
      autov2: SHA256.slice(0, 10),
      autov3: null,
      content_sha256: null,
      declared: [],
    };
    const two = [
      { ...digestsOf('abc', { crc32: CRC32, sha256: SHA256 }), checkpoint },
      digestsOf('b', { md5: MD5 }),
    ];
    expect(writeChecksums('hashes', two, '')).toBe(
      `[abc]\nCRC32:      352441C2\nSHA-256:    ${SHA256.toUpperCase()}\nAutoV2:     BA7816BF8F\n\n[b]\nMD5:        ${MD5.toUpperCase()}\n`,
    );
    expect(writeChecksums('sums', [], 'sha256')).toBe('');
    expect(() => writeChecksums('sums', [ABC], 'sha1')).toThrow('abc: has no SHA1');
  });
});

describe('a stated digest against a file', () => {
  const expected = (text: string) => {
    const read = readExpected(text);
    if (read === null) throw new Error(`${text} is no digest`);
    return read;
  };

  it('matches under the candidate that agrees', () => {
    expect(check(expected(SHA256.toUpperCase()), ABC)).toEqual({ state: 'match', id: 'sha256' });
    expect(check(expected(BLAKE2S), ABC)).toEqual({ state: 'match', id: 'blake2s' });
    expect(check(expected(base64(MD5)), ABC)).toEqual({ state: 'match', id: 'md5' });
    expect(check(expected('BA7816BF8F'), ABC)).toEqual({ state: 'match', id: 'autov2' });
  });

  it('shows what the file has where none agrees', () => {
    expect(check(expected('00'.repeat(32)), ABC)).toEqual({
      state: 'mismatch',
      compared: [
        { id: 'sha256', hex: SHA256 },
        { id: 'blake2s', hex: BLAKE2S },
      ],
    });
    // A label rules the others out.
    expect(check(expected(`SHA256: ${BLAKE2S}`), ABC).state).toBe('mismatch');
  });

  it('says what is missing', () => {
    expect(check(expected(SHA1), ABC)).toEqual({ state: 'not-compared', missing: ['sha1'] });
    expect(check(expected('AutoV1: 00000000'), ABC).state).toBe('not-compared');
  });

  it('knows checkpoint hashes', () => {
    const file: FileDigests = {
      ...ABC,
      checkpoint: {
        autov1: 'e1441589',
        autov2: SHA256.slice(0, 10),
        autov3: null,
        content_sha256: null,
        declared: [],
      },
    };
    expect(check(expected('E1441589'), file)).toEqual({ state: 'match', id: 'autov1' });
    expect(check(expected('5A1D3D2E8C4F'), file)).toEqual({
      state: 'not-compared',
      missing: ['autov3'],
    });
  });

  it('says what has to be computed, once', () => {
    expect(neededFor([])).toEqual([]);
    expect(
      neededFor([
        expected(MD5),
        expected('BA7816BF8F'),
        expected(`sha256: ${SHA256}`),
        expected(MD5),
      ]),
    ).toEqual(['md5', 'sha256']);
    expect(neededFor([expected('E1441589')])).toEqual(['crc32', 'crc32c', 'adler32', 'autov1']);
  });
});
