import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointParts, divided } from '../../web/src/engine/digest-plan.js';
import { type Digester, DigestPool } from '../../web/src/engine/digest-pool.js';
import { EngineError } from '../../web/src/engine/error.js';
import {
  digestTexts,
  type HashOptions,
  type HashSource,
  hashSource,
} from '../../web/src/engine/hash.js';
import type { DigestApi, DigestPart, ReadableSource } from '../../web/src/protocol/digest-api.js';
import { BlobReader, type ByteReader, Unreadable } from '../../web/src/worker/byte-reader.js';
import { openDigests } from '../../web/src/worker/digests.js';

const MODULE = new URL('./fake/digests.mjs', import.meta.url).href;
const { calls } = (await import(MODULE)) as { calls: unknown[][] };
const called = (name: string) => calls.filter((call) => call[0] === name);

/** Inputs by path, as a file system would hold them. */
const files = new Map<
  string,
  { bytes: Uint8Array<ArrayBuffer>; size?: number | null; failsAt?: number }
>();

class FakeFile implements ByteReader {
  readonly size: number | null;
  constructor(
    private readonly file: {
      bytes: Uint8Array<ArrayBuffer>;
      size?: number | null;
      failsAt?: number;
    },
  ) {
    this.size = file.size === undefined ? file.bytes.length : file.size;
  }
  async read(into: Uint8Array, at: number): Promise<number> {
    if (this.file.failsAt !== undefined && at >= this.file.failsAt) {
      throw new Unreadable('not-readable', 'cannot be read (EIO)');
    }
    const part = this.file.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }
  async checkUnchanged(): Promise<void> {}
  async close(): Promise<void> {
    calls.push(['close']);
  }
}

async function openFake(): Promise<DigestApi> {
  const opened = await openDigests({
    module: MODULE,
    load: () => Promise.resolve(new TextEncoder().encode('fake wasm')),
    openReader: async (source) => {
      if (source instanceof Blob) return new BlobReader(source);
      const file = files.get(source.path);
      if (file === undefined) throw new Unreadable('not-found', 'does not exist');
      return new FakeFile(file);
    },
  });
  if ('error' in opened) throw new Error(opened.error.what);
  const { ok: digests } = opened;
  const start = digests.start.bind(digests);
  digests.start = async (parts, source) => {
    await onStart();
    return start(parts, source);
  };
  return digests;
}

/** What a worker waits for before it starts a job. */
let onStart: () => Promise<void>;
let pool: DigestPool;
let opened: number;
let kill: (reason: unknown) => void;

beforeEach(() => {
  calls.length = 0;
  files.clear();
  opened = 0;
  onStart = () => Promise.resolve();
  pool = new DigestPool({
    width: 3,
    async open(): Promise<Digester> {
      ++opened;
      const broken = new Promise<never>((_, reject) => {
        kill = reject;
      });
      broken.catch(() => undefined);
      return { digests: await openFake(), broken, close: () => calls.push(['closed']) };
    },
    sizeOf: async (path) => {
      const file = files.get(path);
      return file === undefined || file.size === null ? null : file.bytes.length;
    },
    send: (bytes) => bytes.slice(),
  });
});

const MIB = 1024 * 1024;
const bytes = Uint8Array.from({ length: 5 * MIB + 3 }, (_, i) => i * 7);
/** What the reader of checkpoints says of a header that is valid, or of another kind of file. */
async function contentOf(source: ReadableSource) {
  if (!(source instanceof Blob)) throw new Error('not in these tests');
  const buffer = await source.arrayBuffer();
  const { size } = source;
  const length = size < 9 ? 0n : new DataView(buffer).getBigUint64(0, true);
  if (length === 0n || length > BigInt(size)) return { size, content_begin: null, declared: [] };
  const content_begin = 8 + Number(length);
  const header = JSON.parse(new TextDecoder().decode(buffer.slice(8, content_begin))) as {
    __metadata__: Record<string, string>;
  };
  const declared = Object.entries(header.__metadata__).map(([key, value]) => ({ key, value }));
  return { size, content_begin, declared };
}

const hash = (source: HashSource, options?: HashOptions) =>
  hashSource(pool, source, options, contentOf);

function digestOf(all: Uint8Array) {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(all.length);
  const whole = Buffer.concat([digest, all.subarray(0, 4)]);
  return { hex: whole.toString('hex'), base64: whole.toString('base64') };
}

async function failure(promise: Promise<unknown>): Promise<EngineError['failure']> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}

async function* pieces(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe('a source', () => {
  it.each([
    ['bytes', () => bytes],
    ['a buffer', () => bytes.buffer as ArrayBuffer],
    ['a blob', () => new Blob([bytes])],
    ['a path', () => ({ path: 'a' })],
    ['a stream', () => new Blob([bytes]).stream()],
    ['an async iterable', () => pieces(65_537)],
  ])('is digested whole: %s', async (_, source) => {
    files.set('a', { bytes });
    const { size, digests } = await hash(source(), { ids: ['crc32', 'sha1'] });
    expect(size).toBe(bytes.length);
    expect(digests).toEqual({ crc32: digestOf(bytes), sha1: digestOf(bytes) });
    // Large enough to be divided: one pass for each digest, by a worker of its own.
    expect(opened).toBe(2);
  });

  it('keeps the order asked for, the defaults, and a file’s name', async () => {
    const { digests } = await hash(new Uint8Array(), { ids: ['sha1', 'crc32', 'sha1'] });
    expect(Object.keys(digests)).toEqual(['sha1', 'crc32']);
    const file = await hash(new File([bytes.slice(0, 4)], 'a.bin'));
    expect(file.name).toBe('a.bin');
    expect(Object.keys(file.digests)).toEqual(['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp']);
    expect(opened).toBe(1);
  });

  it('that is a pipe is read once, by one worker', async () => {
    files.set('pipe', { bytes, size: null });
    const { size, digests } = await hash({ path: 'pipe' }, { ids: ['crc32', 'sha1'] });
    expect(size).toBe(bytes.length);
    expect(digests['sha1']).toEqual(digestOf(bytes));
    expect(called('close')).toHaveLength(1);
  });

  it('tells its progress from nothing to the end', async () => {
    const seen: { bytes: number; total: number | null }[] = [];
    await hash(new Blob([bytes]), { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ bytes: 0, total: bytes.length });
    expect(seen.at(-1)).toEqual({ bytes: bytes.length, total: bytes.length });
    expect(seen.map(({ bytes }) => bytes)).toEqual(
      seen.map(({ bytes }) => bytes).toSorted((a, b) => a - b),
    );
  });
});

describe('what goes wrong', () => {
  it('names the input', async () => {
    expect(await failure(hash({ path: 'none' }))).toEqual({
      code: 'not-found',
      where: 'none',
      what: 'does not exist',
    });
    files.set('bad', { bytes, failsAt: MIB });
    expect(await failure(hash({ path: 'bad' }))).toMatchObject({ where: 'bad', what: /EIO/ });
    expect(await failure(hash(new Uint8Array(1), { ids: ['md6'] }))).toMatchObject({
      code: 'unknown-method',
    });
  });

  it('sees that a file was cut while it was read', async () => {
    files.set('cut', { bytes: bytes.subarray(0, MIB), size: MIB + 1 });
    expect(await failure(hash({ path: 'cut' }))).toEqual({
      code: 'file-changed',
      where: 'cut',
      what: 'ended after 1,048,576 bytes; it had 1,048,577 when it was opened',
    });
  });

  it('tells no progress after it', async () => {
    files.set('bad', { bytes, failsAt: 0 });
    let go: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      go = resolve;
    });
    let started = 0;
    onStart = () => (++started === 1 ? Promise.resolve() : late);
    let told = 0;
    const onProgress = () => {
      ++told;
    };
    await failure(hash({ path: 'bad' }, { ids: ['crc32', 'sha1'], onProgress }));
    const before = told;
    go();
    // All workers are free again only when the one that began late has ended.
    onStart = () => Promise.resolve();
    await hash(bytes);
    expect(started).toBe(2);
    expect(told).toBe(before);
  });

  it('frees everything when it is aborted', async () => {
    const stop = new AbortController();
    const call = hash(pieces(65_536), {
      ids: ['crc32'],
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes > 0 && stop.abort('enough'),
    });
    await expect(call).rejects.toBe('enough');
    expect(called('cancel')).toHaveLength(1);
    await expect(hash(bytes, { signal: stop.signal })).rejects.toBe('enough');
    // The workers are free again.
    expect((await hash(bytes)).size).toBe(bytes.length);
  });

  it('frees everything when the source fails', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 10);
      throw new Error('read error');
    }
    await expect(hash(broken())).rejects.toThrow('read error');
    expect(called('cancel').length).toBe(called('start').length);
  });

  it('gives up where it waits for its turn', async () => {
    const stop = new AbortController();
    const first = Array.from({ length: 4 }, () => hash(bytes));
    const last = hash(bytes, { signal: stop.signal });
    stop.abort('no more');
    await expect(last).rejects.toBe('no more');
    for (const { size } of await Promise.all(first)) expect(size).toBe(bytes.length);
    expect(opened).toBe(3);
  });

  it('replaces a worker that died', async () => {
    let stuck: () => void = () => undefined;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 10);
      await new Promise<void>((resolve) => {
        stuck = resolve;
      });
    }
    const call = hash(endless(), {
      ids: ['crc32'],
      onProgress: ({ bytes }) => bytes === 0 && opened === 1 && kill(new Error('it died')),
    });
    await expect(call).rejects.toThrow('it died');
    stuck();
    expect((await hash(new Uint8Array(3), { ids: ['crc32'] })).size).toBe(3);
    expect(opened).toBe(2);
  });

  it('refuses after close', async () => {
    const waiting = hash(bytes);
    pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a checkpoint', () => {
  function safetensors(metadata: Record<string, string>, content: Uint8Array) {
    const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata }));
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
    return new Uint8Array(Buffer.concat([length, header, content]));
  }

  it('has its hashes computed in the same pass', async () => {
    const content = bytes.subarray(0, 3 * MIB);
    const file = safetensors({ 'modelspec.hash_sha256': `0x${'AB'.repeat(32)}` }, content);
    const { digests, checkpoint } = await hash(new Blob([file]), {
      ids: ['crc32'],
      checkpoint: true,
    });
    expect(Object.keys(digests)).toEqual(['crc32', 'sha256', 'blake3']);
    expect(checkpoint).toEqual({
      autov1: digestOf(file.subarray(0x100000, 0x110000)).hex.slice(0, 8),
      autov2: digestOf(file).hex.slice(0, 10),
      autov3: digestOf(content).hex.slice(0, 12),
      content_sha256: digestOf(content).hex,
      declared: [{ key: 'modelspec.hash_sha256', value: `0x${'AB'.repeat(32)}`, agrees: false }],
    });
  });

  it('declares what its content has', async () => {
    const content = bytes.subarray(0, 100);
    const file = safetensors({ sshs_model_hash: digestOf(content).hex }, content);
    const { checkpoint } = await hash(file, { checkpoint: true });
    expect(checkpoint?.declared).toEqual([
      { key: 'sshs_model_hash', value: digestOf(content).hex, agrees: true },
    ]);
    expect(checkpoint?.autov1).toBeNull();
  });

  it('has no content where it is a file of another kind', async () => {
    const { checkpoint } = await hash(bytes.subarray(0, 1000), { checkpoint: true });
    expect(checkpoint).toMatchObject({ autov1: null, autov3: null, declared: [] });
  });

  it('has to be read by ranges', async () => {
    expect(await failure(hash(pieces(100), { checkpoint: true }))).toMatchObject({
      code: 'bad-argument',
    });
  });

  it('has AutoV1 from two mebibytes on', () => {
    expect(checkpointParts(2 * MIB - 1, null)).toEqual([]);
    expect(checkpointParts(2 * MIB, 9)).toEqual([
      { key: 'autov1', id: 'sha256', begin: MIB, end: MIB + 65536 },
      { key: 'autov3', id: 'sha256', begin: 9 },
    ]);
  });
});

describe('dividing', () => {
  const parts = (...ids: string[]): DigestPart[] => ids.map((id) => ({ key: id, id }));
  const keys = (groups: DigestPart[][]) => groups.map((group) => group.map(({ key }) => key));

  it('puts the dearest digest by itself', () => {
    const groups = keys(divided(parts('crc32', 'crc64', 'sha1', 'sha256', 'blake2sp'), 2));
    expect(groups).toEqual([['sha256'], ['sha1', 'blake2sp', 'crc64', 'crc32']]);
  });

  it('gives every digest to exactly one worker, and none to more than needed', () => {
    for (let workers = 1; workers < 6; ++workers) {
      const groups = keys(divided(parts('crc32', 'md5', 'sha1'), workers));
      expect(groups.flat().toSorted()).toEqual(['crc32', 'md5', 'sha1']);
      expect(groups.length).toBe(Math.min(workers, 3));
    }
  });
});

describe('texts', () => {
  it('are packed into as few calls as the buffer allows', async () => {
    const texts = Array.from({ length: 500 }, (_, i) => `name ${i} ü€`);
    const all = await digestTexts(pool, 'sha256', texts, undefined);
    expect(all).toHaveLength(500 * 8);
    texts.forEach((text, i) => {
      const expected = digestOf(new TextEncoder().encode(text)).hex;
      expect(Buffer.from(all.subarray(8 * i, 8 * i + 8)).toString('hex')).toBe(expected);
    });
    expect(called('digestMany').length).toBeLessThan(5);
  });

  it('may be none, and are refused where one is too long', async () => {
    expect(await digestTexts(pool, 'sha256', [], undefined)).toHaveLength(0);
    expect(
      await failure(digestTexts(pool, 'sha256', ['a', 'b'.repeat(9000)], undefined)),
    ).toMatchObject({ code: 'too-large', where: 'texts[1]' });
  });
});
