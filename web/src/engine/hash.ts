/** Digests of one input, read in chunks so that memory stays flat. */
import type { CoreApi, Reply } from '../protocol/core-api.js';
import type { FileDigests } from '../protocol/results.js';
import { answered } from './reply.js';

/** What can be hashed. A `File` is a Blob; a Node stream is an async iterable. */
export type HashSource =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

export interface HashProgress {
  /** Bytes hashed so far. */
  bytes: number;
  /** Bytes in all, where that is known beforehand. */
  total: number | null;
}

export interface HashOptions {
  /** Digest methods; {@link DEFAULT_DIGESTS} where left out. */
  ids?: readonly string[];
  /** For the answer; a File's own name where left out. */
  name?: string;
  onProgress?: (progress: HashProgress) => void;
  signal?: AbortSignal;
}

/** CRC32, CRC64, SHA1, SHA256 and BLAKE2sp, as 7-Zip shows them. */
export const DEFAULT_DIGESTS: readonly string[] = ['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp'];

const CHUNK_BYTES = 2 * 1024 * 1024;

/** Hands bytes over to the core; `owned`: nobody else looks at them any more. */
export type Sender = (bytes: Uint8Array, owned: boolean) => Uint8Array;

interface Chunk {
  bytes: Uint8Array;
  owned: boolean;
}

/** @internal */
export async function hashSource(
  core: CoreApi,
  send: Sender,
  source: HashSource,
  options: HashOptions = {},
): Promise<FileDigests> {
  const { ids = DEFAULT_DIGESTS, onProgress, signal } = options;
  signal?.throwIfAborted();
  const wanted = [...new Set(ids)];
  const total = sizeOf(source);
  const handle = answered(await core.hashStart(wanted));
  let size = 0;
  let update: Promise<Reply<null>> = Promise.resolve({ ok: null });
  let finished = false;
  try {
    for await (const { bytes, owned } of chunksOf(source)) {
      // The next chunk is read while the core works on this one.
      answered(await update);
      signal?.throwIfAborted();
      const length = bytes.length;
      update = core.hashUpdate(handle, send(bytes, owned));
      size += length;
      onProgress?.({ bytes: size, total });
    }
    answered(await update);
    signal?.throwIfAborted();
    finished = true;
    const digests = answered(await core.hashFinish(handle));
    return {
      name: options.name ?? (source instanceof Blob && 'name' in source ? String(source.name) : ''),
      size,
      digests: Object.fromEntries(
        wanted.flatMap((id) => (id in digests ? [[id, digests[id]]] : [])),
      ) as FileDigests['digests'],
    };
  } finally {
    if (!finished) {
      await update.catch(() => undefined);
      await core.hashCancel(handle).catch(() => undefined);
    }
  }
}

function sizeOf(source: HashSource): number | null {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return source.byteLength;
  return source instanceof Blob ? source.size : null;
}

async function* chunksOf(source: HashSource): AsyncGenerator<Chunk> {
  if (source instanceof Blob) {
    for (let at = 0; at < source.size; at += CHUNK_BYTES) {
      const part = await source.slice(at, at + CHUNK_BYTES).arrayBuffer();
      yield { bytes: new Uint8Array(part), owned: true };
    }
  } else if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    yield* cut(source instanceof ArrayBuffer ? new Uint8Array(source) : source);
  } else if (Symbol.asyncIterator in source) {
    for await (const bytes of source) yield* cut(bytes);
  } else {
    yield* fromReader(source);
  }
}

// Safari's streams are not async iterable yet.
async function* fromReader(stream: ReadableStream<Uint8Array>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      yield* cut(value);
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

function* cut(bytes: Uint8Array): Generator<Chunk> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield { bytes: bytes.subarray(at, at + CHUNK_BYTES), owned: false };
  }
}
