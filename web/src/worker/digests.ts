/** The digests module behind {@link DigestApi}; runs in a Worker, or in Node's own thread. */
import type { Reply } from '../protocol/core-api.js';
import type { DigestApi, DigestPart, JobState, ReadableSource } from '../protocol/digest-api.js';
import { type ByteReader, Unreadable } from './byte-reader.js';
import type { DigestsBinding, DigestsFactory } from './digests-binding.js';
import { failure, messageOf } from './failure.js';

export interface DigestSources {
  /** URL of the module's loader, digests.mjs. */
  module: string;
  /** The whole of digests.wasm; rejects with an Error that says what was not found. */
  load(): Promise<Uint8Array>;
  /** Rejects with an {@link Unreadable}. */
  openReader(source: ReadableSource): Promise<ByteReader>;
}

/** Loads the module. Errors: `asset-unavailable`. */
export async function openDigests(sources: DigestSources): Promise<Reply<DigestApi>> {
  try {
    const [loader, wasmBinary] = await Promise.all([
      import(/* @vite-ignore */ sources.module) as Promise<{ default: DigestsFactory }>,
      sources.load(),
    ]);
    return { ok: new Digests(await loader.default({ wasmBinary }), sources) };
  } catch (error) {
    const what = `the digests cannot be loaded: ${messageOf(error)}`;
    return failure('asset-unavailable', sources.module, what);
  }
}

/** How long a job goes on before it tells how far it is. */
const TURN_MS = 100;
/** Every digest of a job takes its turn over so many bytes, which then lie in the cache. */
const PASS_BYTES = 128 * 1024;

interface Running {
  key: string;
  handle: number;
  begin: number;
  end: number;
}

interface Job {
  digests: Running[];
  reader: ByteReader | null;
  /** Bytes digested. */
  bytes: number;
  /** The chunk under way into one half of the staging buffer. */
  ahead: { half: number; read: Promise<number> } | null;
}

class Digests implements DigestApi {
  readonly #binding: DigestsBinding;
  readonly #sources: DigestSources;
  readonly #known: ReadonlySet<string>;
  readonly #staging: Uint8Array;
  readonly #halfBytes: number;
  readonly #jobs = new Map<number, Job>();
  #lastJob = 0;
  // Jobs share the staging buffer, so whatever touches it waits for its turn.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(binding: DigestsBinding, sources: DigestSources) {
    this.#binding = binding;
    this.#sources = sources;
    this.#known = new Set(binding.digests().split('\n'));
    this.#staging = binding.staging();
    this.#halfBytes = this.#staging.length / 2;
  }

  async start(parts: DigestPart[], source: ReadableSource | null): Promise<Reply<number>> {
    const unknown = parts.find(({ id }) => !this.#known.has(id));
    if (unknown !== undefined) return this.#unknown(unknown.id);
    return readable(async () => {
      const reader = source === null ? null : await this.#sources.openReader(source);
      const digests = parts.map(({ key, id, begin = 0, end = Infinity }) => ({
        key,
        handle: this.#binding.start(id),
        begin,
        end,
      }));
      this.#jobs.set(++this.#lastJob, { digests, reader, bytes: 0, ahead: null });
      return { ok: this.#lastJob };
    });
  }

  advance(handle: number): Promise<Reply<JobState>> {
    return this.#inTurn(() => this.#advance(handle));
  }

  async #advance(handle: number): Promise<Reply<JobState>> {
    const job = this.#jobs.get(handle);
    if (!job?.reader) return noJob(handle);
    const { reader } = job;
    const until = performance.now() + TURN_MS;
    // Other jobs may have used the buffer since: a turn begins and ends with nothing under way.
    job.ahead = this.#readAhead(job, job.bytes, 0);
    let done = false;
    while (job.ahead !== null) {
      const { half, read } = job.ahead;
      const filled = await read;
      // Given up while the bytes came.
      if (!this.#jobs.has(handle)) return noJob(handle);
      const next = job.bytes + filled;
      done = filled === 0;
      // The next chunk is read while this one is digested.
      job.ahead = done || performance.now() >= until ? null : this.#readAhead(job, next, 1 - half);
      const begin = half * this.#halfBytes;
      this.#digest(job, begin, begin + filled);
    }
    // Some files of the system say that they are empty and are not.
    const size = reader.size || null;
    if (size !== null && job.bytes > size) {
      const what = `goes on after the ${grouped(size)} bytes that it had when it was opened`;
      throw new Unreadable('file-changed', what);
    }
    if (size !== null && done && job.bytes < size) {
      const what = `ended after ${grouped(job.bytes)} bytes; it had ${grouped(size)} when it was opened`;
      throw new Unreadable('file-changed', what);
    }
    if (done) await reader.checkUnchanged();
    return { ok: { bytes: job.bytes, total: reader.size, done } };
  }

  #readAhead(job: Job, at: number, half: number): Job['ahead'] {
    const begin = half * this.#halfBytes;
    const room = this.#staging.subarray(begin, begin + this.#halfBytes);
    // Past the size that it had, a file is read only to see that it ends there.
    const read = job.reader?.read(room, at) ?? Promise.resolve(0);
    read.catch(() => undefined); // it is awaited later, or its job was given up
    return { half, read };
  }

  push(handle: number, bytes: Uint8Array): Promise<Reply<null>> {
    return this.#inTurn(async () => {
      const job = this.#jobs.get(handle);
      if (job === undefined) return noJob(handle);
      // So that what is copied is still in the cache when it is digested.
      const step = Math.min(PASS_BYTES, this.#staging.length);
      for (let at = 0; at < bytes.length; at += step) {
        const part = bytes.subarray(at, at + step);
        this.#staging.set(part);
        this.#digest(job, 0, part.length);
      }
      return { ok: null };
    });
  }

  // Digests the staged bytes [begin, end), which are the job's next.
  #digest(job: Job, begin: number, end: number): void {
    for (let at = begin; at < end; at += PASS_BYTES) {
      const stop = Math.min(end, at + PASS_BYTES);
      // Where staged byte 0 would lie in the input.
      const origin = job.bytes - at;
      for (const digest of job.digests) {
        const from = Math.max(at, digest.begin - origin);
        const to = Math.min(stop, digest.end - origin);
        if (from < to) this.#binding.update(digest.handle, from, to);
      }
      job.bytes += stop - at;
    }
  }

  async finish(handle: number): Promise<Reply<Record<string, Uint8Array>>> {
    const job = this.#jobs.get(handle);
    if (job === undefined) return noJob(handle);
    this.#jobs.delete(handle);
    await job.reader?.close();
    const finished = job.digests.map(({ key, handle }) => [key, this.#binding.finish(handle)]);
    return { ok: Object.fromEntries(finished) as Record<string, Uint8Array> };
  }

  async cancel(handle: number): Promise<Reply<null>> {
    const job = this.#jobs.get(handle);
    if (job === undefined) return { ok: null };
    this.#jobs.delete(handle);
    for (const digest of job.digests) this.#binding.cancel(digest.handle);
    // A read under way writes into the buffer, and a closed file cannot be read.
    await job.ahead?.read.catch(() => undefined);
    await job.reader?.close();
    return { ok: null };
  }

  digestTexts(id: string, texts: string[]): Promise<Reply<Uint8Array>> {
    return this.#inTurn(async () => {
      if (!this.#known.has(id)) return this.#unknown(id);
      return this.#digestTexts(id, texts);
    });
  }

  #digestTexts(id: string, texts: string[]): Reply<Uint8Array> {
    const parts: Uint8Array[] = [];
    // A UTF-16 unit takes at most three bytes.
    const mostUnits = Math.floor(this.#staging.length / 3);
    for (let begin = 0; begin < texts.length; ) {
      let units = 0;
      let end = begin;
      for (const text of texts.slice(begin)) {
        if (units + text.length > mostUnits) break;
        units += text.length;
        ++end;
      }
      if (end === begin) {
        const what = `is ${texts[begin]?.length} characters long; the limit is ${mostUnits}`;
        return failure('too-large', `texts[${begin}]`, what);
      }
      parts.push(this.#binding.digestMany(id, this.#stage(texts.slice(begin, end), units)));
      begin = end;
    }
    return { ok: joined(parts) };
  }

  // Writes texts one after another into the buffer, and tells where each ends. ASCII, one byte a
  // unit, is written in one call; else half a surrogate pair could meet its other half.
  #stage(texts: string[], units: number): Uint32Array {
    const encoder = new TextEncoder();
    const isAscii = encoder.encodeInto(texts.join(''), this.#staging).written === units;
    const ends = new Uint32Array(texts.length);
    let filled = 0;
    for (const [i, text] of texts.entries()) {
      filled += isAscii
        ? text.length
        : encoder.encodeInto(text, this.#staging.subarray(filled)).written;
      ends[i] = filled;
    }
    return ends;
  }

  #inTurn<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const mine = this.#turn.then(() => readable(work));
    this.#turn = mine;
    return mine;
  }

  #unknown(id: string): ReturnType<typeof failure> {
    return failure('unknown-method', 'digests', `"${id.slice(0, 64)}" is not a digest`);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** 1,234,567: as every message writes counts. */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function noJob(handle: number): ReturnType<typeof failure> {
  return failure('bad-handle', 'hash', `job ${handle} is not open`);
}

async function readable<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.failure };
    return failure('internal', 'digests', messageOf(error));
  }
}
