import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../web/src/engine/error.js';
import {
  FileQueue,
  type HashFile,
  type QueuedFile,
} from '../../../web/src/panels/digests/file-queue.js';

const HASH = { hex: '00', base64: 'AA==' };

function row(path: string, size = 10): QueuedFile {
  const file = new File([new Uint8Array(size)], path);
  return { path, file, state: 'waiting', failure: null, digests: {}, checkpoint: undefined };
}

/** An engine whose calls are answered by hand, even those that were given up. */
function hands() {
  interface Call {
    name: string;
    ids: readonly string[];
    checkpoint: boolean | undefined;
    signal: AbortSignal | undefined;
    progress(bytes: number): void;
    answer(): Promise<void>;
    fail(error: unknown): Promise<void>;
  }
  const calls: Call[] = [];
  const hash: HashFile = (file, { name = '', ids = [], checkpoint, signal, onProgress }) =>
    new Promise((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setImmediate(done));
      calls.push({
        name,
        ids,
        checkpoint,
        signal,
        progress: (bytes) => onProgress?.({ bytes, total: file.size }),
        answer: () => {
          const digests = Object.fromEntries(ids.map((id) => [id, HASH]));
          resolve({ name, size: file.size, digests });
          return settled();
        },
        fail: (error) => {
          reject(error);
          return settled();
        },
      });
    });
  return { calls, hash };
}

/** The call of a file that was made last. */
function of(calls: ReturnType<typeof hands>['calls'], name: string) {
  const call = calls.findLast((one) => one.name === name);
  if (call === undefined) throw new Error(`${name} was not asked for`);
  return call;
}

describe('the queue', () => {
  test('reads for what is missing, and again only for what was chosen since', async () => {
    const { calls, hash } = hands();
    let ids = ['crc32', 'sha1'];
    const queue = new FileQueue(hash, () => ({ ids, checkpoint: false }));
    const a = row('a');
    queue.update([a]);
    expect(a.state).toBe('waiting');
    of(calls, 'a').progress(4);
    expect(a.state).toBe('reading');
    expect(queue.bytesOf(a)).toBe(4);

    // Chosen while it is read: a second pass, for that alone.
    ids = ['crc32', 'sha1', 'md5'];
    queue.update([a]);
    expect(calls).toHaveLength(1);
    await of(calls, 'a').answer();
    expect(calls.map((call) => call.ids)).toEqual([['crc32', 'sha1'], ['md5']]);
    of(calls, 'a').progress(5);
    expect(queue.bytesOf(a)).toBe(5);
    expect(queue.progress).toEqual({ files: 1, filesDone: 0, bytes: 15, total: 20 });
    await of(calls, 'a').answer();
    expect(a.state).toBe('done');
    expect(Object.keys(a.digests)).toEqual(['crc32', 'sha1', 'md5']);
    expect(queue.busy).toBe(false);

    // What is no longer wanted is kept: choosing it again reads nothing.
    ids = ['md5'];
    queue.update([a]);
    ids = ['crc32', 'sha1', 'md5'];
    queue.update([a]);
    expect(calls).toHaveLength(2);
  });

  test('has few files under way, and takes the rest in their order', async () => {
    const { calls, hash } = hands();
    const queue = new FileQueue(hash, () => ({ ids: ['crc32'], checkpoint: false }));
    const rows = Array.from({ length: 20 }, (_, i) => row(`f${i}`));
    queue.update(rows);
    const under = calls.length;
    expect(under).toBeLessThan(20);
    for (let i = 0; i < 20; ++i) await calls[i]?.answer();
    expect(calls.map(({ name }) => name)).toEqual(rows.map(({ path }) => path));
    expect(rows.every(({ state }) => state === 'done')).toBe(true);
  });

  test('gives up one file or all, and takes them up again', async () => {
    const { calls, hash } = hands();
    const queue = new FileQueue(hash, () => ({ ids: ['crc32'], checkpoint: false }));
    const rows = Array.from({ length: 12 }, (_, i) => row(`f${i}`, 10));
    queue.update(rows);
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) throw new Error('no rows');
    queue.stop([first, last]);
    expect(of(calls, 'f0').signal?.aborted).toBe(true);
    expect([first.state, last.state]).toEqual(['stopped', 'stopped']);
    expect(queue.progress.total).toBe(100);
    // A late answer to what was given up changes nothing.
    await of(calls, 'f0').answer();
    expect([first.state, first.digests]).toEqual(['stopped', {}]);

    queue.resume([first]);
    expect(first.state).toBe('waiting');
    queue.stop(rows);
    expect(queue.busy).toBe(false);
    expect(queue.progress.files).toBe(0);
    expect(rows.every(({ state }) => state === 'stopped')).toBe(true);
  });

  test('forgets files that were removed while they are read', async () => {
    const { calls, hash } = hands();
    const queue = new FileQueue(hash, () => ({ ids: ['crc32'], checkpoint: false }));
    const [a, b] = [row('a'), row('b')];
    queue.update([a, b]);
    queue.update([b]);
    expect(of(calls, 'a').signal?.aborted).toBe(true);
    await of(calls, 'b').answer();
    expect([b.state, queue.busy]).toEqual(['done', false]);
  });

  test('tells a failure by code, place and reason, and goes on with the others', async () => {
    const { calls, hash } = hands();
    const queue = new FileQueue(hash, () => ({ ids: ['crc32'], checkpoint: false }));
    const [a, b, c] = [row('a'), row('b'), row('c')];
    queue.update([a, b, c]);
    await of(calls, 'a').fail(new DOMException('changed', 'NotReadableError'));
    const failure = { code: 'io-error', where: 'b', what: 'is short' };
    await of(calls, 'b').fail(new EngineError(failure));
    await of(calls, 'c').answer();
    expect([a.state, b.state, c.state]).toEqual(['failed', 'failed', 'done']);
    expect(a.failure).toMatchObject({ code: 'not-readable', where: 'a' });
    expect(b.failure).toEqual(failure);
    // It is not tried again by itself.
    queue.update([a, b, c]);
    expect(calls).toHaveLength(3);
    queue.resume([a]);
    await of(calls, 'a').answer();
    expect([a.state, a.failure]).toEqual(['done', null]);
  });

  test('asks for checkpoint hashes once, and in the first pass', async () => {
    const { calls, hash } = hands();
    let ids = ['crc32'];
    const queue = new FileQueue(hash, () => ({ ids, checkpoint: true }));
    const a = row('model.safetensors');
    queue.update([a]);
    await of(calls, a.path).answer();
    expect([a.state, a.checkpoint]).toEqual(['done', null]);
    ids = ['crc32', 'md5'];
    queue.update([a]);
    await of(calls, a.path).answer();
    expect(calls.map(({ checkpoint }) => checkpoint)).toEqual([true, false]);
  });
});
