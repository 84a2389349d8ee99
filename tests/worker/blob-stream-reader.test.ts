import { describe, expect, it } from 'vitest';
import { blobStreamReader } from '../../web/src/worker/blob-stream-reader.js';
import type { ByteReader } from '../../web/src/worker/byte-reader.js';

const input = Uint8Array.from({ length: 20_003 }, (_, i) => i * 7);

/** All that a reader gives from `at` on, in pieces. */
async function all(reader: ByteReader, piece: number, at = 0): Promise<Uint8Array> {
  const read: number[] = [];
  for (;;) {
    const into = new Uint8Array(piece);
    const bytes = await reader.read(into, at + read.length);
    if (bytes === 0) return Uint8Array.from(read);
    read.push(...into.subarray(0, bytes));
  }
}

/** A blob whose streams give `error` after some bytes, or cannot be read as bytes. */
class OddBlob extends Blob {
  constructor(private readonly odd: () => ReadableStream) {
    super([input]);
  }
  override stream() {
    return this.odd() as ReturnType<Blob['stream']>;
  }
}

/** A file that was changed: its stream fails after five bytes, as do slices that end after `at`. */
class FailingBlob extends OddBlob {
  constructor(
    private readonly error: string,
    private readonly at: number,
  ) {
    let given = false;
    super(
      () =>
        new ReadableStream({
          type: 'bytes',
          pull(controller) {
            if (given) return controller.error(new TypeError('network error'));
            given = true;
            controller.enqueue(input.slice(0, 5));
          },
        }),
    );
  }
  override slice(begin: number, end: number): Blob {
    const slice = super.slice(begin, end);
    if (end <= this.at) return slice;
    slice.arrayBuffer = () => Promise.reject(new DOMException('it', this.error));
    return slice;
  }
}

describe('a blob as a stream', () => {
  it.each([1_000, 4096, 20_002, 20_003, 30_000])('is read whole in pieces of %i', async (piece) => {
    const reader = blobStreamReader(new Blob([input]));
    expect(reader.size).toBe(input.length);
    expect(await all(reader, piece)).toEqual(input);
    await reader.checkUnchanged();
    await reader.close();
  });

  it('begins anew at another place', async () => {
    const reader = blobStreamReader(new Blob([input]));
    await reader.read(new Uint8Array(10), 0);
    expect(await all(reader, 4096, 10_000)).toEqual(input.subarray(10_000));
    expect(await all(reader, 4096)).toEqual(input);
    await reader.close();
  });

  it('may be empty', async () => {
    const reader = blobStreamReader(new Blob([]));
    expect(await reader.read(new Uint8Array(10), 0)).toBe(0);
    await reader.checkUnchanged();
    await reader.close();
  });

  it('is read by slices where the browser has no streams of bytes', async () => {
    const reader = blobStreamReader(new OddBlob(() => new ReadableStream()));
    expect(await all(reader, 4096)).toEqual(input);
  });

  it.each([
    ['NotReadableError', 0, 'file-changed'],
    ['NotFoundError', 0, 'not-found'],
    // The browser sees a change only where a file has another time, and that is not exact.
    ['NotFoundError', 1, 'file-changed'],
    ['NotFoundError', Infinity, 'not-readable'],
  ])('that fails with %s at byte %d says %s', async (name, at, code) => {
    const reader = blobStreamReader(new FailingBlob(name, at));
    await reader.read(new Uint8Array(5), 0);
    await expect(reader.read(new Uint8Array(5), 5)).rejects.toMatchObject({ failure: { code } });
    if (at === 0)
      await expect(reader.checkUnchanged()).rejects.toMatchObject({ failure: { code } });
  });

  it('ends where it is given up', async () => {
    const waiting = new OddBlob(() => new ReadableStream({ type: 'bytes' }));
    const reader = blobStreamReader(waiting);
    const read = reader.read(new Uint8Array(10), 0);
    await reader.close();
    expect(await read).toBe(0);
  });
});
