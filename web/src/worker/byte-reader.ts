/** Inputs read in order and by range, whatever platform they come from. */
import type { Failure } from '../protocol/results.js';
import { messageOf } from './failure.js';

export interface ByteReader {
  /** Null where the input has no size (a pipe). */
  readonly size: number | null;
  /**
   * Puts bytes from `at` on into `into`, not always as many as there is room for; 0 at the input's
   * end. Rejects with an Unreadable.
   */
  read(into: Uint8Array, at: number): Promise<number>;
  /** Rejects with an Unreadable where the input is not any more what was opened. */
  checkUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** An input that cannot be read, or not to its end. */
export class Unreadable extends Error {
  readonly failure: Failure;

  constructor(code: 'not-readable' | 'not-found' | 'not-a-file' | 'file-changed', what: string) {
    super(what);
    this.failure = { code, where: '', what };
  }
}

export class BlobReader implements ByteReader {
  readonly size: number;
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    let bytes: ArrayBuffer;
    try {
      bytes = await this.#blob.slice(at, at + into.length).arrayBuffer();
    } catch (error) {
      throw await unreadableBlob(this.#blob, error, at);
    }
    into.set(new Uint8Array(bytes));
    return bytes.byteLength;
  }

  // A browser refuses every later read of a file that was changed.
  async checkUnchanged(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Why a browser does not read a blob, which it answered with an error when asked for byte `at`. */
export async function unreadableBlob(blob: Blob, error: unknown, at: number): Promise<Unreadable> {
  let name = error instanceof DOMException ? error.name : '';
  if (name === 'AbortError') name = await readerErrorOf(blob.slice(at, at + 1));
  if (name === 'NotFoundError') return new Unreadable('not-found', 'is not there any more');
  if (name === 'NotReadableError') {
    return new Unreadable(
      'file-changed',
      'cannot be read any more: it was changed, moved or locked since it was chosen',
    );
  }
  return new Unreadable('not-readable', `cannot be read (${messageOf(error)})`);
}

// Firefox's promises say only that they were given up; the older interface says why.
function readerErrorOf(blob: Blob): Promise<string> {
  if (typeof FileReader === 'undefined') return Promise.resolve('');
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onloadend = () => resolve(reader.error?.name ?? '');
    reader.readAsArrayBuffer(blob);
  });
}

/** Fills `into` from `at` on; fewer bytes only where the input ends. */
export async function readFully(reader: ByteReader, into: Uint8Array, at: number): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const read = await reader.read(into.subarray(filled), at + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
