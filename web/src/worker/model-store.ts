/**
 * Fetches public encoders and keeps them. Bytes go to a file called by the digest that they
 * must have, with `.part` behind it; only when all are there and the digest is right does
 * the file get its own name, in one step. So whatever ends in between (a cut connection, a
 * full disk, a closed tab), nothing half-written is ever used, and nothing is fetched twice.
 */
import type { Reply } from '../protocol/core-api.js';
import type { DigestApi, ReadableSource } from '../protocol/digest-api.js';
import type {
  BuiltinId,
  FetchState,
  ManifestEntry,
  ModelManifest,
  ModelStoreApi,
  PublicModel,
} from '../protocol/model-api.js';
import type { Failure } from '../protocol/results.js';
import { failure, messageOf } from './failure.js';

/** A folder of the store's own; names are plain. Everything rejects with {@link StoreFailed}, or as the platform does. */
export interface StoreFolder {
  /** Bytes of a file; null where there is none. */
  size(name: string): Promise<number | null>;
  /** Opens for appending, and makes it where it is not there. Rejects where another one has it open. */
  append(name: string): Promise<StoreFile>;
  /** In one step; what has the new name is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Of all its files. */
  names(): Promise<string[]>;
  /** Nothing happens where there is none. */
  remove(name: string): Promise<void>;
  /** For whoever reads the file. */
  source(name: string): Promise<ReadableSource>;
  /** Bytes that may still be written; null where that is not known. */
  room(): Promise<number | null>;
}

export interface StoreFile {
  readonly size: number;
  /** As many bytes as there are at `at`, up to the buffer's length. */
  read(into: Uint8Array<ArrayBuffer>, at: number): Promise<number>;
  /** Appends all of them. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Keeps its first bytes; none where no size is given. */
  truncate(size?: number): Promise<void>;
  /** On the disk when it returns. */
  close(): Promise<void>;
}

export interface StoreSources {
  manifest(): Promise<ModelManifest>;
  /** A file among the assets. */
  asset(file: string): Promise<Uint8Array>;
  folder(): Promise<StoreFolder>;
  digests(): Promise<DigestApi>;
  fetch: typeof fetch;
  /** Takes the place of the manifest's base. */
  mirror: string | null;
}

/** What the store says of itself; the code is stable. */
export class StoreFailed extends Error {
  readonly failure: Failure;

  constructor(code: string, where: string, what: string) {
    super(what);
    this.failure = { code, where, what };
  }
}

/** By which the encoder among the assets is opened. */
export const BUILTIN_ID: BuiltinId = 'builtin';
const TURN_MS = 100;
const CHECKED_BYTES = 4 * 1024 * 1024;
/** A connection that is cut is taken up again so often, as long as each brings something. */
const MOST_CUTS = 5;

export class ModelStore implements ModelStoreApi {
  readonly #sources: StoreSources;
  readonly #jobs = new Map<
    number,
    { steps: AsyncGenerator<FetchState, void>; stop: AbortController }
  >();
  readonly #fetching = new Set<string>();
  #last = 0;

  constructor(sources: StoreSources) {
    this.#sources = sources;
  }

  list(): Promise<Reply<PublicModel[]>> {
    return guarded(async () => {
      const manifest = await this.#sources.manifest();
      const folder = await this.#sources.folder();
      const models = manifest.encoders.map(async (entry): Promise<PublicModel> => {
        const whole = await folder.size(nameOf(entry));
        const part = whole === null ? await folder.size(partOf(entry)) : null;
        return {
          ...entry,
          builtin: false,
          source: this.#addressOf(entry, manifest),
          state: whole !== null ? 'present' : part !== null && part > 0 ? 'partial' : 'absent',
          stored: whole ?? part ?? 0,
        };
      });
      return { ok: [builtinOf(manifest), ...(await Promise.all(models))] };
    });
  }

  begin(id: string): Promise<Reply<number>> {
    return guarded(async () => {
      const { entry, manifest } = await this.#entry(id);
      if (this.#fetching.has(entry.sha256)) {
        throw new StoreFailed('busy', id, 'is being fetched already');
      }
      const stop = new AbortController();
      const steps = this.#fetched(entry, this.#addressOf(entry, manifest), stop.signal);
      this.#jobs.set(++this.#last, { steps, stop });
      return { ok: this.#last };
    });
  }

  advance(handle: number): Promise<Reply<FetchState>> {
    return guarded(async () => {
      const job = this.#jobs.get(handle);
      if (job === undefined) throw new StoreFailed('bad-handle', 'models', `${handle} is not open`);
      try {
        const { value } = await job.steps.next();
        if (value !== undefined && value.stage !== 'done') return { ok: value };
        this.#jobs.delete(handle);
        await job.steps.return();
        return { ok: value ?? { stage: 'done', bytes: 0, total: 0 } };
      } catch (error) {
        this.#jobs.delete(handle);
        throw error;
      }
    });
  }

  async cancel(handle: number): Promise<Reply<null>> {
    const job = this.#jobs.get(handle);
    this.#jobs.delete(handle);
    // What waits for the server has to end before its steps can.
    job?.stop.abort();
    await job?.steps.return().catch(() => undefined);
    return { ok: null };
  }

  remove(id: string): Promise<Reply<null>> {
    return guarded(async () => {
      const { entry } = await this.#entry(id);
      if (this.#fetching.has(entry.sha256)) {
        throw new StoreFailed('busy', id, 'is being fetched; end that first');
      }
      const folder = await this.#sources.folder();
      await folder.remove(nameOf(entry));
      await folder.remove(partOf(entry));
      return { ok: null };
    });
  }

  stored(id: string): Promise<Reply<ReadableSource>> {
    return guarded(async () => ({ ok: await this.source(id) }));
  }

  /** The file of the built-in encoder. Throws a {@link StoreFailed}: `asset-unavailable`. */
  async builtin(): Promise<Uint8Array> {
    const { builtin } = await this.#sources.manifest();
    return this.#sources.asset(builtin.path);
  }

  /** The stored file. Throws a {@link StoreFailed}: `unknown-model`, `model-absent`. */
  async source(id: string): Promise<ReadableSource> {
    if (id === BUILTIN_ID) return new Blob([(await this.builtin()) as Uint8Array<ArrayBuffer>]);
    const { entry } = await this.#entry(id);
    const folder = await this.#sources.folder();
    const size = await folder.size(nameOf(entry));
    if (size === entry.bytes) return folder.source(nameOf(entry));
    const what = `is not here: it has to be fetched first, ${entry.bytes} bytes under ${entry.licence.name}`;
    throw new StoreFailed('model-absent', id, what);
  }

  async #entry(id: string): Promise<{ entry: ManifestEntry; manifest: ModelManifest }> {
    const manifest = await this.#sources.manifest();
    if (id === BUILTIN_ID) {
      throw new StoreFailed(
        'built-in',
        id,
        'comes with the program: it is neither fetched nor removed',
      );
    }
    const entry = manifest.encoders.find((one) => one.id === id);
    if (entry !== undefined) return { entry, manifest };
    const known = manifest.encoders.map((one) => one.id).join(', ');
    throw new StoreFailed(
      'unknown-model',
      'model',
      `"${id.slice(0, 64)}" is none; there are ${known}`,
    );
  }

  #addressOf(entry: ManifestEntry, { base }: ModelManifest): string {
    const { mirror } = this.#sources;
    const folder = mirror ?? base;
    try {
      return new URL(entry.path, folder.endsWith('/') ? folder : `${folder}/`).href;
    } catch {
      throw new StoreFailed('bad-argument', 'mirror', `"${folder.slice(0, 64)}" is no address`);
    }
  }

  async *#fetched(
    entry: ManifestEntry,
    address: string,
    stop: AbortSignal,
  ): AsyncGenerator<FetchState, void> {
    this.#fetching.add(entry.sha256);
    try {
      const folder = await this.#sources.folder();
      if ((await folder.size(nameOf(entry))) !== entry.bytes) {
        yield* this.#completed(folder, entry, address, stop);
        await folder.rename(partOf(entry), nameOf(entry));
      }
      yield { stage: 'done', bytes: entry.bytes, total: entry.bytes };
    } finally {
      this.#fetching.delete(entry.sha256);
    }
  }

  // Ends when all bytes of `.part` are there and have the right digest.
  async *#completed(
    folder: StoreFolder,
    entry: ManifestEntry,
    address: string,
    stop: AbortSignal,
  ): AsyncGenerator<FetchState, void> {
    const part = await folder.append(partOf(entry));
    const fetching = new Fetching(part, entry, await this.#sources.digests());
    let right = false;
    try {
      await this.#requireRoom(folder, entry, part.size);
      yield* fetching.checked();
      let cuts = 0;
      while (fetching.bytes < entry.bytes) {
        const before = fetching.bytes;
        try {
          yield* fetching.rest(address, this.#sources.fetch, stop);
        } catch (error) {
          const cut = error instanceof StoreFailed && error.failure.code === 'connection-lost';
          const goesOn = cut && !stop.aborted && fetching.bytes > before;
          if (!goesOn || ++cuts > MOST_CUTS) throw error;
        }
      }
      right = await fetching.isRight();
    } finally {
      await fetching.end();
      await part.close();
    }
    if (right) return;
    await folder.remove(partOf(entry));
    throw new StoreFailed(
      'wrong-digest',
      entry.id,
      `has the SHA-256 ${fetching.digest}; it must be ${entry.sha256}. What was fetched is removed`,
    );
  }

  async #requireRoom(folder: StoreFolder, entry: ManifestEntry, stored: number): Promise<void> {
    const room = await folder.room();
    const needed = entry.bytes - stored;
    if (room === null || room >= needed) return;
    const what = `needs ${needed} bytes more; there is room for ${room}`;
    throw new StoreFailed('disk-full', entry.id, what);
  }
}

function builtinOf({ builtin }: ModelManifest): PublicModel {
  const { id, title, path, bytes, sha256, licence } = builtin;
  const entry = { id, title, path, bytes, sha256, licence };
  return { ...entry, builtin: true, source: '', state: 'present', stored: bytes };
}

/** One file on its way: what is written is digested, byte for byte. */
class Fetching {
  bytes = 0;
  digest = '';
  readonly #part: StoreFile;
  readonly #entry: ManifestEntry;
  readonly #digests: DigestApi;
  #job = 0;

  constructor(part: StoreFile, entry: ManifestEntry, digests: DigestApi) {
    this.#part = part;
    this.#entry = entry;
    this.#digests = digests;
  }

  /** Digests what was fetched before. */
  async *checked(): AsyncGenerator<FetchState, void> {
    if (this.#part.size > this.#entry.bytes) await this.#part.truncate();
    await this.#restart();
    const before = this.#part.size;
    const buffer = new Uint8Array(Math.min(before, CHECKED_BYTES));
    let turn = performance.now() + TURN_MS;
    while (this.bytes < before) {
      const read = await this.#part.read(buffer, this.bytes);
      if (read === 0) break;
      await this.#pushed(buffer.slice(0, read));
      if (performance.now() < turn) continue;
      yield this.#state('checking');
      turn = performance.now() + TURN_MS;
    }
  }

  /** What is missing, by one request. */
  async *rest(
    address: string,
    fetchIt: typeof fetch,
    given: AbortSignal,
  ): AsyncGenerator<FetchState, void> {
    const stop = new AbortController();
    try {
      const signal = AbortSignal.any([given, stop.signal]);
      const response = await this.#response(address, fetchIt, signal);
      const reader = response.body?.getReader();
      if (reader === undefined) throw this.#failed('connection-lost', 'sent nothing');
      let turn = performance.now() + TURN_MS;
      yield this.#state('fetching');
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw this.#failed('connection-lost', `the connection was cut (${messageOf(error)})`);
        });
        if (done) break;
        await this.#received(value);
        if (performance.now() < turn) continue;
        yield this.#state('fetching');
        turn = performance.now() + TURN_MS;
      }
      if (this.bytes < this.#entry.bytes) {
        throw this.#failed('connection-lost', 'the connection was cut');
      }
    } finally {
      stop.abort();
    }
  }

  async isRight(): Promise<boolean> {
    const finished = await this.#digests.finish(this.#job);
    this.#job = 0;
    if ('error' in finished) throw new StoreFailed('internal', 'digests', finished.error.what);
    const bytes = finished.ok['sha256'] ?? new Uint8Array();
    this.digest = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return this.digest === this.#entry.sha256;
  }

  async end(): Promise<void> {
    if (this.#job !== 0) await this.#digests.cancel(this.#job);
    this.#job = 0;
  }

  async #response(address: string, fetchIt: typeof fetch, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = this.bytes > 0 ? { Range: `bytes=${this.bytes}-` } : {};
    // A cache would hold it a second time, and might answer a range with what it has.
    const request: RequestInit = { headers, signal, cache: 'no-store', credentials: 'omit' };
    const response = await fetchIt(address, request).catch((error: unknown) => {
      throw this.#failed('connection-lost', `cannot be reached (${messageOf(error)})`);
    });
    if (response.status === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '');
      // The header is hidden from pages unless the server allows it; the digest will tell.
      if (range !== null && Number(range[1]) !== this.bytes) {
        throw this.#failed(
          'bad-answer',
          `sent bytes from ${range[1]}; ${this.bytes} were asked for`,
        );
      }
      this.#refuseSize(range?.[2] === '*' ? undefined : range?.[2]);
      return response;
    }
    if (!response.ok) throw this.#failed('bad-answer', `answered HTTP ${response.status}`);
    // The server does not continue: from the beginning.
    if (this.bytes > 0) {
      await this.#part.truncate();
      await this.#restart();
    }
    if (!response.headers.has('Content-Encoding')) {
      this.#refuseSize(response.headers.get('Content-Length') ?? undefined);
    }
    return response;
  }

  #refuseSize(stated: string | undefined): void {
    if (stated === undefined || Number(stated) === this.#entry.bytes) return;
    throw this.#failed('wrong-size', `is ${stated} bytes there; it must be ${this.#entry.bytes}`);
  }

  async #received(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.bytes + bytes.length > this.#entry.bytes) {
      // Not even its beginning is to be trusted.
      await this.#part.truncate();
      throw this.#failed('wrong-size', `goes on after ${this.#entry.bytes} bytes`);
    }
    await this.#part.write(bytes);
    await this.#pushed(bytes);
  }

  async #pushed(bytes: Uint8Array): Promise<void> {
    const pushed = await this.#digests.push(this.#job, bytes);
    if ('error' in pushed) throw new StoreFailed('internal', 'digests', pushed.error.what);
    this.bytes += bytes.length;
  }

  async #restart(): Promise<void> {
    await this.end();
    const started = await this.#digests.start([{ key: 'sha256', id: 'sha256' }], null);
    if ('error' in started) throw new StoreFailed('internal', 'digests', started.error.what);
    this.#job = started.ok;
    this.bytes = 0;
  }

  #state(stage: FetchState['stage']): FetchState {
    return { stage, bytes: this.bytes, total: this.#entry.bytes };
  }

  #failed(code: string, what: string): StoreFailed {
    return new StoreFailed(code, this.#entry.id, what);
  }
}

function nameOf({ sha256 }: ManifestEntry): string {
  return `${sha256}.safetensors`;
}

function partOf({ sha256 }: ManifestEntry): string {
  return `${sha256}.part`;
}

async function guarded<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFailed) return { error: error.failure };
    return failure('internal', 'models', messageOf(error));
  }
}
