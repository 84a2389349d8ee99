/** Digests of one input, read in chunks so that memory stays flat. */
import type {
  CheckpointHeader,
  DigestApi,
  DigestPart,
  ReadableSource,
} from '../protocol/digest-api.js';
import type { CheckpointHashes, FileDigests } from '../protocol/results.js';
import {
  AUTOV1_KEY,
  AUTOV3_KEY,
  CHECKPOINT_DIGESTS,
  checkpointParts,
  divided,
} from './digest-plan.js';
import type { DigestPool } from './digest-pool.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';

/**
 * What can be hashed. A `File` is a Blob; a Node stream is an async iterable; a path is
 * opened in Node only. Blobs and files are read by the workers themselves.
 */
export type HashSource =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | { path: string }
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
  /**
   * Adds the hashes of checkpoint sites, and the digests crc32, sha256 and blake3, in the
   * same pass. For blobs, bytes and paths of files. Error: `bad-argument` for streams.
   */
  checkpoint?: boolean;
  /** For the answer; a File's own name, or the path, where left out. */
  name?: string;
  /** Called when hashing begins, about ten times a second, and at the end; never after it failed. */
  onProgress?: (progress: HashProgress) => void;
  signal?: AbortSignal;
}

/** CRC32, CRC64, SHA1, SHA256 and BLAKE2sp, as 7-Zip shows them. */
export const DEFAULT_DIGESTS: readonly string[] = ['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp'];

/** Up to here a second worker, or in Node a first one, costs more than it saves. */
const SMALL_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 2 * 1024 * 1024;

/** What no worker can read by itself. */
type Pushable = Exclude<HashSource, Blob | { path: string }>;

type Progress = (bytes: number) => void;
type Digested = Record<string, Uint8Array>;

/** An input that workers read, each by itself. */
interface Readable {
  source: ReadableSource;
  size: number | null;
}

/** Says where the content of a checkpoint begins, and what its metadata declares. */
export type ContentOf = (source: ReadableSource) => Promise<CheckpointHeader & { size: number }>;

/**
 * `contentOf`: needed for checkpoint hashes.
 *
 * @internal
 */
export async function hashSource(
  pool: DigestPool,
  source: HashSource,
  options: HashOptions = {},
  contentOf: ContentOf = () => Promise.reject(new Error('no reader of checkpoints')),
): Promise<FileDigests> {
  const { ids = DEFAULT_DIGESTS, signal } = options;
  signal?.throwIfAborted();
  const name = options.name ?? nameOf(source);
  const wanted = [...new Set(options.checkpoint ? [...ids, ...CHECKPOINT_DIGESTS] : ids)];
  try {
    const readable = await readableOf(pool, source, options.checkpoint === true);
    const whole = wanted.map((id) => ({ key: id, id }));
    if (readable === null) {
      const { size, digested } = await hashPushed(pool, source as Pushable, whole, options);
      return { name, size, digests: written(wanted, digested) };
    }
    if (!options.checkpoint) {
      const { size, digested } = await hashReadable(pool, readable, whole, options);
      return { name, size, digests: written(wanted, digested) };
    }
    const header = await contentOf(readable.source);
    signal?.throwIfAborted();
    const parts = [...whole, ...checkpointParts(header.size, header.content_begin)];
    const { size, digested } = await hashReadable(pool, readable, parts, options);
    return {
      name,
      size,
      digests: written(wanted, digested),
      checkpoint: checkpointOf(digested, header.declared),
    };
  } catch (error) {
    throw error instanceof EngineError ? placed(error, name) : error;
  }
}

/** @internal */
export function digestTexts(
  pool: DigestPool,
  id: string,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return near(pool, signal, async (digests) => answered(await digests.digestTexts(id, [...texts])));
}

// Null: the bytes have to be pushed. Bytes in memory are pushed too, unless ranges of them are read.
async function readableOf(
  pool: DigestPool,
  source: HashSource,
  ranged: boolean,
): Promise<Readable | null> {
  if (source instanceof Blob) return { source, size: source.size };
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    const blob = ranged ? new Blob([source as Uint8Array<ArrayBuffer>]) : null;
    return blob && { source: blob, size: blob.size };
  }
  if ('path' in source) {
    const { path } = source;
    const size = (await pool.platform.sizeOf?.(path)) ?? null;
    if (size !== null || !ranged) return { source: { path }, size };
  }
  if (!ranged) return null;
  throw new EngineError({
    code: 'bad-argument',
    where: '',
    what: 'is a stream; checkpoint hashes read their input by ranges',
  });
}

async function hashReadable(
  pool: DigestPool,
  { source, size }: Readable,
  parts: DigestPart[],
  { signal, onProgress }: HashOptions,
): Promise<{ size: number; digested: Digested }> {
  // A pipe can be read once only.
  const small = size !== null && size <= SMALL_BYTES;
  const groups = divided(parts, size === null || small ? 1 : pool.width);
  const reached = groups.map(() => 0);
  const report =
    (group: number): Progress =>
    (bytes) => {
      reached[group] = bytes;
      onProgress?.({ bytes: Math.min(...reached), total: size });
    };
  const work = (group: DigestPart[], i: number) => (digests: DigestApi) =>
    readThrough(digests, group, source, report(i), signal);
  if (small) {
    const [only = []] = groups;
    return near(pool, signal, work(only, 0));
  }
  // Where one group fails the others are not waited for.
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  try {
    const results = await Promise.all(
      groups.map((group, i) =>
        pool.run(1, either, ([digests]) =>
          digests === undefined
            ? Promise.reject(new Error('no worker'))
            : readThrough(digests, group, source, report(i), either),
        ),
      ),
    );
    return {
      size: results[0]?.size ?? 0,
      digested: Object.assign({}, ...results.map(({ digested }) => digested)) as Digested,
    };
  } finally {
    stop.abort();
  }
}

async function readThrough(
  digests: DigestApi,
  parts: DigestPart[],
  source: ReadableSource,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<{ size: number; digested: Digested }> {
  return withJob(digests, parts, source, async (job) => {
    // Nothing is heard of an input that has failed already, or was given up.
    signal?.throwIfAborted();
    progress(0);
    for (;;) {
      const state = await digests.advance(job);
      signal?.throwIfAborted();
      const { bytes, done } = answered(state);
      progress(bytes);
      if (done) return { size: bytes, digested: answered(await digests.finish(job)) };
    }
  });
}

async function hashPushed(
  pool: DigestPool,
  source: Pushable,
  parts: DigestPart[],
  { signal, onProgress }: HashOptions,
): Promise<{ size: number; digested: Digested }> {
  const total =
    source instanceof Uint8Array || source instanceof ArrayBuffer ? source.byteLength : null;
  if (total !== null && total <= SMALL_BYTES) {
    return near(pool, signal, (digests) =>
      pushThrough([digests], [parts], pool, source, total, signal, onProgress),
    );
  }
  const groups = divided(parts, pool.width);
  return pool.run(groups.length, signal, (workers) =>
    pushThrough(workers, groups, pool, source, total, signal, onProgress),
  );
}

async function pushThrough(
  workers: DigestApi[],
  groups: DigestPart[][],
  pool: DigestPool,
  source: Pushable,
  total: number | null,
  signal: AbortSignal | undefined,
  onProgress: HashOptions['onProgress'],
): Promise<{ size: number; digested: Digested }> {
  const jobs: { digests: DigestApi; job: number }[] = [];
  let update: Promise<unknown> = Promise.resolve();
  try {
    for (const [i, digests] of workers.entries()) {
      jobs.push({ digests, job: answered(await digests.start(groups[i] ?? [], null)) });
    }
    let size = 0;
    onProgress?.({ bytes: 0, total });
    for await (const bytes of chunksOf(source)) {
      // The next chunk is read while the workers digest this one.
      await update;
      signal?.throwIfAborted();
      size += bytes.length;
      onProgress?.({ bytes: size - bytes.length, total });
      update = Promise.all(
        jobs.map(async ({ digests, job }) =>
          answered(await digests.push(job, pool.platform.send(bytes))),
        ),
      );
      update.catch(() => undefined);
    }
    await update;
    signal?.throwIfAborted();
    onProgress?.({ bytes: size, total });
    const finished = await Promise.all(
      jobs.splice(0).map(async ({ digests, job }) => answered(await digests.finish(job))),
    );
    return { size, digested: Object.assign({}, ...finished) as Digested };
  } finally {
    await update.catch(() => undefined);
    await Promise.all(jobs.map(({ digests, job }) => digests.cancel(job).catch(() => undefined)));
  }
}

async function withJob<T>(
  digests: DigestApi,
  parts: DigestPart[],
  source: ReadableSource,
  work: (job: number) => Promise<T>,
): Promise<T> {
  const job = answered(await digests.start(parts, source));
  try {
    return await work(job);
  } catch (error) {
    await digests.cancel(job).catch(() => undefined);
    throw error;
  }
}

/** In this thread where the platform has that, else with one worker. */
function near<T>(
  pool: DigestPool,
  signal: AbortSignal | undefined,
  work: (digests: DigestApi) => Promise<T>,
): Promise<T> {
  const { here } = pool.platform;
  if (here !== undefined) return here().then(work);
  return pool.run(1, signal, ([digests]) =>
    digests === undefined ? Promise.reject(new Error('no worker')) : work(digests),
  );
}

function checkpointOf(
  digested: Digested,
  declared: Omit<CheckpointHashes['declared'][number], 'agrees'>[],
): CheckpointHashes {
  const sha256 = hex(digested['sha256'] ?? new Uint8Array());
  const first = digested[AUTOV1_KEY];
  const bytes = digested[AUTOV3_KEY];
  const content = bytes === undefined ? null : hex(bytes);
  return {
    autov1: first === undefined ? null : hex(first).slice(0, 8),
    autov2: sha256.slice(0, 10),
    autov3: content === null ? null : content.slice(0, 12),
    content_sha256: content,
    declared: declared.map(({ key, value }) => ({
      key,
      value,
      agrees: value.toLowerCase().replace(/^0x/, '') === content,
    })),
  };
}

function written(ids: readonly string[], digested: Digested): FileDigests['digests'] {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const bytes = digested[id];
      return bytes === undefined ? [] : [[id, { hex: hex(bytes), base64: base64(bytes) }]];
    }),
  );
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** A File's own name, or the path. */
export function nameOf(source: HashSource): string {
  if (source instanceof Blob && 'name' in source) return String(source.name);
  return 'path' in source ? source.path : '';
}

// Workers do not know what an input is called.
function placed(error: EngineError, name: string): EngineError {
  const { where } = error.failure;
  return where === '' ? new EngineError({ ...error.failure, where: name || 'input' }) : error;
}

async function* chunksOf(source: Pushable): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    yield* cut(source instanceof ArrayBuffer ? new Uint8Array(source) : source);
  } else if (Symbol.asyncIterator in source) {
    for await (const bytes of source) yield* cut(bytes);
  } else {
    yield* fromReader(source);
  }
}

// Safari's streams are not async iterable yet.
async function* fromReader(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
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

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}
