/** Blobs that are read from their first byte to their last. */
import { BlobReader, type ByteReader, Unreadable, unreadableBlob } from './byte-reader.js';
import { messageOf } from './failure.js';

/**
 * The fastest reader for a blob as a whole. It should be read in order: elsewhere it begins anew.
 */
export function blobStreamReader(blob: Blob): ByteReader {
  try {
    return new BlobStreamReader(blob);
  } catch {
    // A browser whose blobs are no streams of bytes.
    return new BlobReader(blob);
  }
}

/**
 * One stream, read into one buffer again and again. Chromium takes four to eight times as long to
 * read a slice, for which it makes a pipe and a buffer each time: as long as a digest takes.
 */
class BlobStreamReader implements ByteReader {
  readonly size: number;
  readonly #blob: Blob;
  #stream: ReadableStreamBYOBReader;
  /** Where the stream is. */
  #at = 0;
  /** What the stream fills; it moves away and comes back with every read. */
  #buffer = new ArrayBuffer(0);

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
    this.#stream = openStream(blob, 0);
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at !== this.#at) {
      await this.close();
      this.#stream = openStream(this.#blob, at);
      this.#at = at;
    }
    try {
      return await this.#next(into);
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      // A stream says no more than "network error"; a slice says why.
      await this.#check();
      throw new Unreadable('not-readable', `cannot be read (${messageOf(error)})`);
    }
  }

  // What has come is taken at once, so that more can come while it is used.
  async #next(into: Uint8Array): Promise<number> {
    if (this.#buffer.byteLength < into.length) this.#buffer = new ArrayBuffer(into.length);
    const { value } = await this.#stream.read(new Uint8Array(this.#buffer, 0, into.length));
    // Of a stream that was cancelled nothing comes back.
    if (value === undefined) return 0;
    this.#buffer = value.buffer;
    into.set(value);
    this.#at += value.length;
    return value.length;
  }

  /** Rejects with an Unreadable where a new read is refused: what is open may still go on. */
  async #check(): Promise<void> {
    try {
      await this.#blob.slice(0, 1).arrayBuffer();
    } catch (error) {
      throw await unreadableBlob(this.#blob, error, 0);
    }
    if (this.#at >= this.size) return;
    try {
      await this.#blob.slice(this.#at, this.#at + 1).arrayBuffer();
    } catch {
      throw new Unreadable('file-changed', 'has become shorter since it was chosen');
    }
  }

  checkUnchanged(): Promise<void> {
    return this.#check();
  }

  async close(): Promise<void> {
    await this.#stream.cancel().catch(() => undefined);
  }
}

function openStream(blob: Blob, at: number): ReadableStreamBYOBReader {
  const stream = at === 0 ? blob.stream() : blob.slice(at).stream();
  return stream.getReader({ mode: 'byob' });
}
