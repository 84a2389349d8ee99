import { spawn, spawnSync } from 'node:child_process';
import { createHash, getHashes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { progressLine } from '../../web/src/cli/progress.js';
import { readExpected } from '../../web/src/engine/checksums.js';
import { digestName } from '../../web/src/engine/words.js';
import type { FileDigests } from '../../web/src/protocol/results.js';
import { complaint, folder, json, MAIN, output, TOP, tagscope } from './tagscope.js';

interface Case {
  len: number;
  [id: string]: number | string;
}

/** Published digests of the first `len` bytes of "byte i = i mod 251". */
function vectors(file: string): Map<number, Case> {
  const { cases } = JSON.parse(readFileSync(join(TOP, 'tests/vectors', file), 'utf8')) as {
    cases: Case[];
  };
  return new Map(cases.map((item) => [item.len, item]));
}

const HASHLIB = vectors('hashlib_pattern.json');
const BLAKE2 = vectors('blake2_pattern.json');
const LENGTHS = [0, 1, 65_537, 1024 * 1024 + 1];

let dir: string;
const fileOf = (length: number) => join(dir, `${length}.bin`);

beforeAll(() => {
  dir = folder();
  for (const length of LENGTHS)
    writeFileSync(
      fileOf(length),
      Uint8Array.from({ length }, (_, i) => i % 251),
    );
});

const hash = async (...args: string[]) => (await json(['hash', ...args])) as FileDigests[];

describe('a digest of eight digits', () => {
  it('is compared on standard input too, and a missing file is said to be missing', async () => {
    const { stdout, code } = await tagscope(['hash', '-', '--expect', '352441c2'], {
      input: 'abc',
    });
    expect(stdout).toBe('-: OK (CRC32)\n');
    expect(code).toBe(0);
    expect(await complaint(['hash', '/no/such/file', '--expect', '352441c2'])).toBe(
      '/no/such/file: does not exist',
    );
  });
});

describe('hash', () => {
  it('gives the known digests of an empty file, one byte, and 1 MiB + 1', async () => {
    const results = await hash(...LENGTHS.map(fileOf));
    expect(results.map(({ name, size }) => [name, size])).toEqual(
      LENGTHS.map((length) => [fileOf(length), length]),
    );
    results.forEach(({ digests, size }) => {
      expect(Object.keys(digests)).toEqual(['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp']);
      const bytes = readFileSync(fileOf(size));
      expect(digests['crc32']?.hex).toBe(crc32(bytes).toString(16).padStart(8, '0'));
      for (const id of ['sha1', 'sha256']) {
        expect(digests[id]?.hex).toBe(createHash(id).update(bytes).digest('hex'));
      }
      const known = { ...HASHLIB.get(size), ...BLAKE2.get(size) };
      for (const id of ['sha1', 'sha256', 'blake2sp']) {
        if (known[id] !== undefined) expect(digests[id]?.hex).toBe(known[id]);
      }
      for (const { hex, base64 } of Object.values(digests)) {
        expect(base64).toBe(Buffer.from(hex, 'hex').toString('base64'));
      }
    });
  });

  it('gives the catalogued check values', async () => {
    const file = join(dir, 'check');
    writeFileSync(file, '123456789');
    // The catalogue's check values of CRC-32/ISO-HDLC and CRC-64/XZ.
    const [result] = await hash(file, '--only', 'crc32,crc64');
    expect(result?.digests).toEqual({
      crc32: { hex: 'cbf43926', base64: 'y/Q5Jg==' },
      crc64: { hex: '995dc9bbdf1939fa', base64: 'mV3Ju98ZOfo=' },
    });
  });

  it('takes a choice of digests, all of them, and standard input', async () => {
    const [only] = await hash(fileOf(0), '--only', 'sha256, md5');
    expect(Object.keys(only?.digests ?? {})).toEqual(['sha256', 'md5']);
    expect(only?.digests['md5']?.hex).toBe(HASHLIB.get(0)?.['md5']);
    const [all] = await hash(fileOf(1), '--all');
    expect(Object.keys(all?.digests ?? {})).toEqual(
      expect.arrayContaining(['crc32', 'md5', 'blake2sp']),
    );
    const input = readFileSync(fileOf(65_537));
    const [piped] = JSON.parse(await output(['hash', '-', '--json'], input)) as FileDigests[];
    expect(piped).toMatchObject({ name: '-', size: input.length });
    expect(piped?.digests['sha256']?.hex).toBe(HASHLIB.get(input.length)?.['sha256']);
  });

  it('shows people hex and Base64', async () => {
    const text = await output(['hash', fileOf(0), fileOf(1)]);
    expect(text).toContain('0 bytes');
    expect(text).toMatch(
      /SHA1 +da39a3ee5e6b4b0d3255bfef95601890afd80709 +2jmj7l5rSw0yVb\/vlWAYkK\/YBwk=/,
    );
  });

  it('tells of each file that cannot be read, and hashes the others', async () => {
    const [none, sub, good] = [join(dir, 'none'), join(dir, 'folder'), fileOf(1)];
    mkdirSync(sub, { recursive: true });
    expect(await complaint(['hash', none])).toBe(`${none}: does not exist`);
    expect(await complaint(['hash', sub, '--json'])).toBe(
      `${sub}: is a directory; --recursive hashes what is in it`,
    );
    const { code, stdout, stderr } = await tagscope(['hash', none, good, sub, '--json']);
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as FileDigests[]).map(({ name }) => name)).toEqual([good]);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      `tagscope: ${sub}: is a directory; --recursive hashes what is in it`,
      `tagscope: ${none}: does not exist`,
    ]);
    if (process.getuid?.() !== 0) {
      writeFileSync(join(dir, 'locked'), '');
      chmodSync(join(dir, 'locked'), 0);
      expect(await complaint(['hash', join(dir, 'locked')])).toContain('may not be read');
    }
  });

  it.each([
    [['hash']],
    [['hash', '-', '-']],
    [['hash', 'x', '--check', 'y']],
    [['hash', '--check', 'y', '--all']],
    [['hash', 'x', 'y', '--expect', '00000000']],
    [['hash', 'x', '--expect', '00000000', '--export', 'sums']],
    [['hash', 'x', '--export', 'sums', '--json']],
    [['hash', 'x', '--export', 'zip']],
    [['hash', 'x', '--export', 'sums', '--all']],
    [['hash', 'x', '--export', 'bsd', '--only', 'md5,sha1']],
    [['hash', 'x', '--export', 'sfv', '--only', 'sha256']],
  ])('refuses %j', async (args) => {
    await complaint(args);
  });

  it('refuses digests that are none', async () => {
    expect(await complaint(['hash', fileOf(1), '--only', 'sha256,rot'])).toContain(
      '--only: "rot" is not a digest',
    );
    expect(await complaint(['hash', fileOf(1), '--only', ''])).toContain('--only');
    expect(await complaint(['hash', fileOf(1), '--only', 'md5', '--all'])).toContain('not both');
  });
});

/** What another program wrote. */
function ran(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

const AWKWARD = ['two words', 'line\nfeed', 'back\\slash', '(a) = b', 'ねこ ü', '-dash', ' lead'];

function awkwardFolder(): string {
  const own = folder();
  for (const name of AWKWARD) writeFileSync(join(own, name), `content of ${name}`);
  return own;
}

describe('hash --all', () => {
  it('has no digest whose length the checks do not know', async () => {
    const [result] = await hash(fileOf(1), '--all');
    for (const [id, { hex, base64 }] of Object.entries(result?.digests ?? {})) {
      expect([id, readExpected(hex)?.ids]).toEqual([id, expect.arrayContaining([id])]);
      expect([id, readExpected(base64)?.ids]).toEqual([id, expect.arrayContaining([id])]);
      expect([id, readExpected(`${digestName(id)}: ${hex}`)?.ids]).toEqual([id, [id]]);
    }
  });

  it('agrees with OpenSSL', async () => {
    const ids: Record<string, string> = { blake2b: 'blake2b512', blake2s: 'blake2s256' };
    const path = fileOf(65_537);
    const [result] = await hash(path, '--all');
    const bytes = readFileSync(path);
    const compared = Object.entries(result?.digests ?? {}).filter(([id, { hex }]) => {
      const theirs = ids[id] ?? id;
      if (!getHashes().includes(theirs) && !theirs.startsWith('sha')) return false;
      expect([id, hex]).toEqual([id, createHash(theirs).update(bytes).digest('hex')]);
      return true;
    });
    expect(compared.map(([id]) => id)).toEqual(
      expect.arrayContaining(['md5', 'sha1', 'sha512-256', 'sha3-256', 'blake2b', 'blake2s']),
    );
  });

  it.skipIf(!has('python3'))('agrees with Python', async () => {
    const path = fileOf(65_537);
    const [result] = await hash(path, '--all');
    const program = `
import hashlib, json, sys, zlib
data = open(sys.argv[1], 'rb').read()
names = 'md5 sha1 sha224 sha256 sha384 sha512 sha3-224 sha3-256 sha3-384 sha3-512 blake2b blake2s'
found = {n: hashlib.new(n.replace('sha3-', 'sha3_'), data).hexdigest() for n in names.split()}
found.update(crc32='%08x' % zlib.crc32(data), adler32='%08x' % zlib.adler32(data))
print(json.dumps(found))`;
    const theirs = JSON.parse(ran('python3', ['-c', program, path], TOP)) as Record<string, string>;
    for (const [id, hex] of Object.entries(theirs)) {
      expect([id, result?.digests[id]?.hex]).toEqual([id, hex]);
    }
  });
});

describe('hash --recursive', () => {
  it('walks folders in the order of names, and follows no links', async () => {
    const own = folder();
    for (const path of ['b/z', 'b/a/deep', 'a', 'c', 'b.txt', 'empty']) {
      mkdirSync(join(own, path, '..'), { recursive: true });
      if (path === 'empty') mkdirSync(join(own, path));
      else writeFileSync(join(own, path), path);
    }
    symlinkSync(own, join(own, 'loop'));
    symlinkSync(join(own, 'a'), join(own, 'link'));
    const results = await hash(own, '-r', '--only', 'crc32');
    expect(results.map(({ name }) => name.slice(own.length + 1))).toEqual([
      'a',
      'b/a/deep',
      'b/z',
      'b.txt',
      'c',
    ]);
    expect(await hash(join(own, 'empty'), '--recursive')).toEqual([]);
    writeFileSync(join(own, '-'), 'no standard input');
    const { stdout } = await tagscope(['hash', '-r', '.', '--export', 'sums'], { cwd: own });
    expect(stdout).toBe(ran('sha256sum', ['./-', 'a', 'b/a/deep', 'b/z', 'b.txt', 'c'], own));
  });
});

describe('hash --export', () => {
  it('is what sha256sum, md5sum and b2sum write, and accept', async () => {
    const own = awkwardFolder();
    for (const [id, program] of [
      ['sha256', 'sha256sum'],
      ['md5', 'md5sum'],
      ['blake2b', 'b2sum'],
    ] as const) {
      for (const [form, flags] of [
        ['sums', []],
        ['bsd', ['--tag']],
      ] as const) {
        const { stdout, code } = await tagscope(
          ['hash', '--only', id, '--export', form, '--', ...AWKWARD],
          { cwd: own },
        );
        expect(code).toBe(0);
        expect(stdout).toBe(ran(program, [...flags, '--', ...AWKWARD], own));
        const sums = join(folder(), 'sums');
        writeFileSync(sums, stdout);
        ran(program, ['--strict', '-c', sums], own);
      }
    }
  });

  it.each(['sums', 'sfv', 'bsd', 'hashes'])('as %s is accepted by --check', async (form) => {
    const own = awkwardFolder();
    const exported = await tagscope(['hash', '-r', '.', '--export', form], { cwd: own });
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    const sums = join(folder(), form === 'sfv' ? 'x.sfv' : 'x.sha256');
    writeFileSync(sums, exported.stdout);
    const args = ['hash', '--check', sums, '--json'];
    const { code, stdout, stderr } = await tagscope(args, { cwd: own });
    expect([code, stderr]).toEqual([0, '']);
    const checked = JSON.parse(stdout) as Checked;
    expect(checked).toMatchObject({ form, problems: [] });
    expect(new Set(checked.files.map(({ name }) => name))).toEqual(new Set(AWKWARD));
    expect(checked.files).toHaveLength(AWKWARD.length * (form === 'hashes' ? 5 : 1));
    expect(checked.files.every(({ state }) => state === 'match')).toBe(true);
  });
});

interface Checked {
  form: string;
  files: {
    name: string;
    line: number;
    state: string;
    id: string | null;
    expected: string;
    computed: { id: string; hex: string }[];
    path?: string;
    error?: { code: string };
  }[];
  problems: { line: number; what: string }[];
}

describe('hash --check', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('accepts what coreutils and OpenSSL write', async () => {
    const own = awkwardFolder();
    const written: [sums: string, text: string][] = [
      ['SHA256SUMS', ran('sha256sum', ['--', ...AWKWARD], own)],
      ['x.b2', ran('b2sum', ['-b', '--', ...AWKWARD], own)],
      ['tagged', ran('sha512sum', ['--tag', '--', ...AWKWARD], own)],
    ];
    if (has('openssl')) {
      for (const digest of ['-sha256', '-sha3-256', '-sha512-256', '-blake2s256']) {
        written.push([`openssl${digest}`, ran('openssl', ['dgst', digest, '(a) = b'], own)]);
      }
    }
    for (const [name, text] of written) {
      const sums = join(folder(), name);
      writeFileSync(sums, text);
      const { code, stdout, stderr } = await tagscope(['hash', '--check', sums], { cwd: own });
      expect([name, code, stderr]).toEqual([name, 0, '']);
      expect(stdout).toContain('(a) = b: OK\n');
    }
  });

  it('behaves like sha256sum -c', async () => {
    const own = folder();
    for (const name of ['good', 'bad', 'gone']) writeFileSync(join(own, name), name);
    mkdirSync(join(own, 'sub'));
    writeFileSync(
      join(own, 'SHA256SUMS'),
      `${ran('sha256sum', ['good', 'bad', 'gone'], own)}nonsense\n${sha256('')}  sub\n`,
    );
    writeFileSync(join(own, 'bad'), 'bAd');
    rmSync(join(own, 'gone'));
    const theirs = spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: own, encoding: 'utf8' });
    const ours = await tagscope(['hash', '--check', 'SHA256SUMS'], { cwd: own });
    expect([ours.code, theirs.status]).toEqual([1, 1]);
    const verdicts = ours.stdout.split('\n').filter((line) => !line.startsWith('  '));
    expect(verdicts.join('\n')).toBe(theirs.stdout);
    expect(ours.stdout).toContain(
      `bad: FAILED\n  expected  SHA256  ${sha256('bad')}\n  computed  SHA256  ${sha256('bAd')}\n`,
    );
    expect(ours.stderr).toBe(
      [
        'gone: does not exist',
        'sub: is a directory',
        'SHA256SUMS, line 4: is in no known form: "nonsense"',
        'SHA256SUMS: WARNING: 1 line is improperly formatted',
        'SHA256SUMS: WARNING: 2 listed files could not be read',
        'SHA256SUMS: WARNING: 1 computed checksum did NOT match',
        '',
      ]
        .map((line) => (line === '' ? '' : `tagscope: ${line}`))
        .join('\n'),
    );
    const { code, stdout } = await tagscope(['hash', '--check', 'SHA256SUMS', '--json'], {
      cwd: own,
    });
    expect(code).toBe(1);
    const { form, files, problems } = JSON.parse(stdout) as Checked;
    expect([form, problems.map(({ line }) => line)]).toEqual(['sums', [4]]);
    expect(files.map(({ name, line, state, id }) => [name, line, state, id])).toEqual([
      ['good', 1, 'match', 'sha256'],
      ['bad', 2, 'mismatch', 'sha256'],
      ['gone', 3, 'unreadable', 'sha256'],
      ['sub', 5, 'unreadable', 'sha256'],
    ]);
    expect(files[1]).toMatchObject({
      expected: sha256('bad'),
      computed: [{ id: 'sha256', hex: sha256('bAd') }],
    });
    expect(files[2]).toMatchObject({ computed: [], error: { code: 'not-found' } });
  });

  it('names the digest where the form leaves it open', async () => {
    const own = folder();
    writeFileSync(join(own, 'x'), 'x');
    const blake2s = createHash('blake2s256').update('x').digest('hex');
    writeFileSync(join(own, 'list'), `${blake2s}  x\n`);
    expect(await tagscope(['hash', '--check', 'list'], { cwd: own })).toMatchObject({
      code: 0,
      stdout: 'x: OK (BLAKE2s)\n',
    });
    writeFileSync(join(own, 'x.sha256'), blake2s);
    expect(await tagscope(['hash', '--check', 'x.sha256'], { cwd: own })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('x: FAILED\n'),
    });
  });

  it('finds files beside the checksums, and says so', async () => {
    const own = folder();
    mkdirSync(join(own, 'sub'));
    writeFileSync(join(own, 'sub/x'), 'x');
    writeFileSync(join(own, 'sub/list.sha256'), `${sha256('x')}  x\r\n${sha256('x')}  sub\\x\r\n`);
    const args = ['hash', '--check', 'sub/list.sha256'];
    const { code, stdout, stderr } = await tagscope(args, { cwd: own });
    expect([code, stdout]).toEqual([0, 'x: OK\nsub\\x: OK\n']);
    expect(stderr).toBe(
      'tagscope: sub/list.sha256: 1 file not in the current directory; checked beside the checksums: sub/x\n',
    );
    // What is in the current directory goes first.
    writeFileSync(join(own, 'x'), 'other');
    expect((await tagscope(args, { cwd: own })).code).toBe(1);
  });

  it('does not pass a digest that it cannot compute', async () => {
    const own = folder();
    writeFileSync(join(own, 'x'), 'x');
    writeFileSync(join(own, 'list'), `RIPEMD160 (x) = ${'00'.repeat(20)}\n`);
    const { code, stdout, stderr } = await tagscope(['hash', '--check', 'list'], { cwd: own });
    expect([code, stdout]).toEqual([1, 'x: NOT COMPARED: ripemd160\n']);
    expect(stderr).toContain('WARNING: 1 listed digest cannot be computed here');
  });

  it('refuses a file without a checksum', async () => {
    const path = join(folder(), 'text');
    writeFileSync(path, 'no checksum here\n');
    expect(await complaint(['hash', '--check', path])).toBe(
      `${path}: has no line that states a checksum`,
    );
    writeFileSync(path, sha256(''));
    expect(await complaint(['hash', '--check', path])).toContain('names no file');
    expect(await complaint(['hash', '--check', join(dir, 'none')])).toContain('does not exist');
  });
});

describe('hash --expect', () => {
  it('finds the kind by the form', async () => {
    const path = fileOf(1);
    for (const [id, name] of [
      ['md5', 'MD5'],
      ['sha256', 'SHA256'],
      ['blake2s256', 'BLAKE2s'],
      ['sha3-512', 'SHA3-512'],
    ] as const) {
      const digest = createHash(id).update(readFileSync(path)).digest();
      for (const text of [digest.toString('hex').toUpperCase(), digest.toString('base64')]) {
        expect(await output(['hash', path, '--expect', text])).toBe(`${path}: OK (${name})\n`);
      }
    }
  });

  it('shows both where they differ', async () => {
    const path = fileOf(0);
    const wrong = '0'.repeat(40);
    const { code, stdout } = await tagscope(['hash', path, '--expect', `sha1:${wrong}`]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      `${path}: FAILED\n  expected  SHA1  ${wrong}\n  computed  SHA1  da39a3ee5e6b4b0d3255bfef95601890afd80709\n`,
    );
    const found = await tagscope(['hash', path, '--expect', wrong, '--json']);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject([
      { name: path, expected: { hex: wrong, ids: ['sha1'] }, check: { state: 'mismatch' } },
    ]);
  });

  it('refuses what is no digest, or not the one that was asked for', async () => {
    expect(await complaint(['hash', fileOf(0), '--expect', 'aua'])).toBe(
      '--expect: "aua" has the form of no digest',
    );
    const args = ['hash', fileOf(0), '--expect', '0'.repeat(40), '--only', 'md5'];
    expect(await complaint(args)).toBe('--expect: has the form of SHA1; --only says MD5');
  });
});

describe('hash --checkpoint', () => {
  const content = new Uint8Array(0x200000).fill(7);
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  function model(): { path: string; bytes: Buffer } {
    const metadata = { 'modelspec.hash_sha256': `0x${digest(content)}`, sshs_model_hash: 'no' };
    const header = Buffer.from(JSON.stringify({ __metadata__: metadata }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const bytes = Buffer.concat([length, header, content]);
    const path = join(folder(), 'model.safetensors');
    writeFileSync(path, bytes);
    return { path, bytes };
  }

  it('gives the hashes that sites use, in upper case', async () => {
    const { path, bytes } = model();
    const autov1 = digest(bytes.subarray(0x100000, 0x110000)).slice(0, 8);
    const autov2 = digest(bytes).slice(0, 10);
    const autov3 = digest(content).slice(0, 12);
    const [result] = await hash(path, '--checkpoint', '--only', 'md5');
    expect(result?.checkpoint).toMatchObject({ autov1, autov2, autov3 });
    expect(Object.keys(result?.digests ?? {})).toEqual(['md5', 'crc32', 'sha256', 'blake3']);
    const text = await output(['hash', path, '--checkpoint']);
    expect(text).toMatch(new RegExp(`AutoV1 +${autov1.toUpperCase()}\n`));
    expect(text).toMatch(new RegExp(`AutoV2 +${autov2.toUpperCase()}\n`));
    expect(text).toMatch(new RegExp(`AutoV3 +${autov3.toUpperCase()}\n`));
    expect(text).toMatch(
      new RegExp(`modelspec.hash_sha256 +0x${digest(content)} +agrees with the content\n`),
    );
    expect(text).toMatch(/sshs_model_hash +no +does not agree with the content\n/);
    for (const [stated, id] of [
      [autov1, 'AutoV1'],
      [autov2, 'AutoV2'],
      [autov3, 'AutoV3'],
    ] as const) {
      const checked = await output(['hash', path, '--expect', stated.toUpperCase()]);
      expect(checked).toBe(`${path}: OK (${id})\n`);
    }
  });

  it('says why there is none', async () => {
    const text = await output(['hash', fileOf(1), '--checkpoint', '--upper']);
    expect(text).toMatch(/AutoV1 +none: the file is shorter than 2,097,152 bytes\n/);
    expect(text).toMatch(/AutoV3 +none: the file has no .safetensors header\n/);
    expect(text).toMatch(/CRC32 +[0-9A-F]{8} /);
  });
});

describe('hash, interrupted', () => {
  it('stops with exit code 130', async () => {
    // The first file's digests are out when the program waits for standard input.
    const child = spawn(process.execPath, [MAIN, 'hash', fileOf(1), '-', '--only', 'crc32']);
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
  });
});

describe('the line of progress', () => {
  it.each([
    [512e6, 2048e6, 2000, '512 MB (25 %)  256 MB/s  6 s left'],
    [1e9, 1e12, 10_000, '1,000 MB (0.1 %)  100 MB/s  2 h 46 min left'],
    [1e8, 1e10, 1000, '100 MB (1 %)  100 MB/s  1 min 39 s left'],
    [5e6, null, 1000, '5 MB  5 MB/s'],
    [0, 1e6, 1000, '0 MB (0 %)  0 MB/s'],
  ])('of %d of %s bytes after %d ms', (bytes, total, elapsed, line) => {
    expect(progressLine(bytes, total, elapsed)).toBe(line);
  });
});
