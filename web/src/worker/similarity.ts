/** The similarity module behind {@link SimilarityApi}; runs in a Worker, or in Node's own thread. */

import type { StoredTensor } from '../protocol/checkpoint.js';
import type { Reply } from '../protocol/core-api.js';
import type { CheckpointHeader, ReadableSource } from '../protocol/digest-api.js';
import type { InspectedFile, Measure, SimilarityApi } from '../protocol/similarity-api.js';
import { type ByteReader, readFully, Unreadable } from './byte-reader.js';
import { failure, messageOf } from './failure.js';
import type { SimilarityBinding, SimilarityFactory } from './similarity-binding.js';

export interface SimilaritySources {
  /** URL of the module's loader, similarity.mjs. */
  module: string;
  /** The whole of similarity.wasm; rejects with an Error that says what was not found. */
  load(): Promise<Uint8Array>;
  /** Rejects with an {@link Unreadable}. */
  openReader(source: ReadableSource): Promise<ByteReader>;
}

/** Loads the module. Errors: `asset-unavailable`. */
export async function openSimilarity(sources: SimilaritySources): Promise<Reply<SimilarityApi>> {
  try {
    const [loader, wasmBinary] = await Promise.all([
      import(/* @vite-ignore */ sources.module) as Promise<{ default: SimilarityFactory }>,
      sources.load(),
    ]);
    const start = () => loader.default({ wasmBinary });
    return { ok: new Similarity(await start(), start, sources) };
  } catch (error) {
    const what = `the similarity module cannot be loaded: ${messageOf(error)}`;
    return failure('asset-unavailable', sources.module, what);
  }
}

const HEADER_LENGTH_BYTES = 8;
const CHUNK_BYTES = 4 * 1024 * 1024;
/** The module's memory never shrinks: past this, a fresh module takes over. */
const LARGE_HEADER_BYTES = 16 * 1024 * 1024;

/** AutoV1 looks at 64 KiB from the second mebibyte on, of files that have two. */
const AUTOV1 = { begin: 0x100000, bytes: 0x10000, least_bytes: 0x200000 };

/** Of a 32-bit memory; the module may hold less. */
const MAX_ROWS_BYTES = 2 ** 32;
const MAX_POPULATION = 2 ** 32 - 1;
const MAX_CODE_LETTERS = 64;

/** Metadata that states SHA-256 of what follows the header: ModelSpec's, and sd-scripts'. */
const DECLARING_KEYS = ['modelspec.hash_sha256', 'sshs_model_hash'];

type Metadata = Record<string, string>;
type Content = CheckpointHeader & { size: number };

class Similarity implements SimilarityApi {
  #binding: SimilarityBinding;
  readonly #start: () => Promise<SimilarityBinding>;
  readonly #sources: SimilaritySources;
  /** The open handles; those of a module that died are gone. */
  #rows = new Map<number, { rows: number; width: number }>();
  // One call at a time uses the module's buffers.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    binding: SimilarityBinding,
    start: () => Promise<SimilarityBinding>,
    sources: SimilaritySources,
  ) {
    this.#binding = binding;
    this.#start = start;
    this.#sources = sources;
  }

  inspect(source: ReadableSource, list: boolean): Promise<Reply<InspectedFile>> {
    return this.#reading(source, async (reader, size) => {
      type Inspected = Omit<InspectedFile, 'size' | 'autov1_bytes'>;
      const reply = await this.#withHeader(
        reader,
        size,
        (module) => JSON.parse(module.inspect(size, list)) as Reply<Inspected>,
      );
      if ('error' in reply) return reply;
      const autov1_bytes = await autov1Bytes(reader, size);
      await reader.checkUnchanged();
      return { ok: { ...reply.ok, size, autov1_bytes } };
    });
  }

  content(source: ReadableSource): Promise<Reply<Content>> {
    return this.#reading<Content>(source, async (reader, size) => {
      const reply = await this.#withHeader<{ metadata: Metadata; content_begin: number }>(
        reader,
        size,
        (module, header_bytes) => {
          const metadata = JSON.parse(module.metadata()) as Reply<Metadata>;
          const content_begin = HEADER_LENGTH_BYTES + header_bytes;
          return 'error' in metadata ? metadata : { ok: { metadata: metadata.ok, content_begin } };
        },
      );
      // A file of another kind has no content to speak of.
      if ('error' in reply) return { ok: { content_begin: null, declared: [], size } };
      const { metadata, content_begin } = reply.ok;
      const declared = DECLARING_KEYS.flatMap((key) => {
        const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
        return value === undefined || value === '' ? [] : [{ key, value }];
      });
      return { ok: { content_begin, declared, size } };
    });
  }

  inversion(source: ReadableSource, width: number): Promise<Reply<StoredTensor>> {
    return this.#reading<StoredTensor>(source, (reader, size) =>
      this.#withHeader(
        reader,
        size,
        (module) => JSON.parse(module.inversion(size, width)) as Reply<StoredTensor>,
      ),
    );
  }

  openRows(rows: number, width: number): Promise<Reply<number>> {
    return this.#inTurn(async () => this.#openRows(rows, width));
  }

  #openRows(rows: number, width: number): Reply<number> {
    if (!isCount(rows) || !isCount(width)) return bad('rows', `are ${rows} × ${width}`);
    const bytes = rows * width * Float32Array.BYTES_PER_ELEMENT;
    const handle = bytes < MAX_ROWS_BYTES ? this.#binding.openRows(rows, width) : 0;
    if (handle === 0) {
      const what = `are ${bytes.toLocaleString('en-US')} bytes, more than the module’s memory holds`;
      return failure('too-large', 'rows', what);
    }
    this.#rows.set(handle, { rows, width });
    return { ok: handle };
  }

  writeRows(handle: number, first: number, values: Float32Array): Promise<Reply<null>> {
    return this.#withRows(handle, ({ rows, width }) => {
      const count = values.length / width;
      if (!Number.isInteger(first) || first < 0 || !Number.isInteger(count)) {
        return bad('values', `are ${values.length}, from row ${first} on; a row has ${width}`);
      }
      if (first + count > rows) {
        return bad('values', `end at row ${first + count}; there are ${rows}`);
      }
      this.#binding.rows(handle, first, count).set(values);
      return { ok: null };
    });
  }

  loadRows(source: ReadableSource, tensor: StoredTensor): Promise<Reply<number>> {
    return this.#reading<number>(source, async (reader) => {
      const { dtype, shape, begin, end } = tensor;
      if (!this.#binding.readable(dtype)) {
        const what = `is ${dtype}, which is not read as float32`;
        return failure('unsupported-dtype', `tensor "${tensor.name}"`, what);
      }
      const width = shape.at(-1) ?? 1;
      const elements = shape.reduce((product, dimension) => product * dimension, 1);
      const opened = this.#openRows(elements / width, width);
      if ('error' in opened) return opened;
      const handle = opened.ok;
      const element = (end - begin) / elements;
      // A multiple of every element's size.
      const chunk = new Uint8Array(Math.min(end - begin, CHUNK_BYTES));
      try {
        for (let at = begin; at < end; at += chunk.length) {
          const part = chunk.subarray(0, end - at);
          if ((await readFully(reader, part, at)) < part.length) {
            throw new Unreadable('file-changed', 'ended inside a tensor that its header states');
          }
          this.#binding.staging(part.length).set(part);
          this.#binding.convert(handle, (at - begin) / element, part.length / element, dtype);
        }
        await reader.checkUnchanged();
      } catch (error) {
        this.#closeRows(handle);
        throw error;
      }
      return opened;
    });
  }

  row(handle: number, i: number): Promise<Reply<Float32Array>> {
    return this.#withRows(handle, ({ rows }) => {
      if (!Number.isInteger(i) || i < 0 || i >= rows) {
        return bad('row', `is ${i}; there are ${rows}, from 0`);
      }
      return { ok: this.#binding.rows(handle, i, 1).slice() };
    });
  }

  centre(handle: number, mean: Float32Array | null): Promise<Reply<Float32Array>> {
    return this.#withRows(handle, ({ width }) => {
      const taken = mean ?? this.#binding.mean(handle);
      if (taken.length !== width) return bad('mean', `has ${taken.length} numbers, not ${width}`);
      this.#binding.centre(handle, taken);
      return { ok: taken };
    });
  }

  score(handle: number, query: Float32Array, measure: Measure): Promise<Reply<Float32Array>> {
    return this.#scored(handle, query, measure, () => this.#binding.scores().slice());
  }

  nearest(
    handle: number,
    query: Float32Array,
    measure: Measure,
    k: number,
  ): Promise<Reply<{ row: number; score: number }[]>> {
    if (!isCount(k)) return Promise.resolve(bad('k', `is ${k}`));
    return this.#scored(handle, query, measure, ({ rows }) => {
      const best = this.#binding.best(Math.min(k, rows));
      const scores = this.#binding.scores();
      return Array.from(best, (row) => ({ row, score: scores[row] ?? Number.NaN }));
    });
  }

  #scored<T>(
    handle: number,
    query: Float32Array,
    measure: Measure,
    answer: (size: { rows: number }) => T,
  ): Promise<Reply<T>> {
    return this.#withRows(handle, (size) => {
      if (query.length !== size.width) {
        return bad('query', `has ${query.length} numbers; the rows have ${size.width}`);
      }
      this.#binding.score(handle, query, measure === 'cosine');
      return { ok: answer(size) };
    });
  }

  closeRows(handle: number): Promise<Reply<null>> {
    return this.#inTurn(async () => {
      this.#closeRows(handle);
      return { ok: null };
    });
  }

  #closeRows(handle: number): void {
    if (this.#rows.delete(handle)) this.#binding.closeRows(handle);
  }

  draw(population: number, count: number, seed: number): Promise<Reply<Uint32Array>> {
    return this.#inTurn(async () => {
      if (!isNatural(count) || !(population <= MAX_POPULATION) || !(count <= population)) {
        return bad('count', `is ${count} of ${population}`);
      }
      if (!isNatural(seed)) return bad('seed', `is ${seed}`);
      return { ok: this.#binding.draw(population, count, seed) };
    });
  }

  randomCodes(
    length: number,
    first: number,
    count: number,
    seed: number,
  ): Promise<Reply<string[]>> {
    return this.#inTurn(async () => {
      if (![length, first, count, seed].every(isNatural) || length > MAX_CODE_LETTERS) {
        return bad('codes', `are ${count} of ${length} letters from ${first} on, seed ${seed}`);
      }
      const codes = Array.from({ length: count }, (_, i) =>
        this.#binding.randomCode(length, seed, first + i),
      );
      return { ok: codes };
    });
  }

  nullSize(others: number, comparisons: number, level: number): Promise<Reply<number>> {
    return this.#inTurn(async () => {
      if (!isNatural(others) || !isNatural(comparisons) || !(level > 0 && level <= 1)) {
        return bad('level', `is ${level}, for ${comparisons} comparisons with ${others}`);
      }
      return { ok: this.#binding.nullSize(others, comparisons, level) };
    });
  }

  empiricalP(observed: Float32Array, drawn: Float32Array): Promise<Reply<number[]>> {
    return this.#inTurn(async () => ({
      ok: Array.from(this.#binding.empiricalP(drawn, observed)),
    }));
  }

  adjustedP(p: number[], dependence: 'positive' | 'any'): Promise<Reply<number[]>> {
    return this.#inTurn(async () => ({
      ok: Array.from(this.#binding.adjust(Float64Array.from(p), dependence === 'any')),
    }));
  }

  #withRows<T>(
    handle: number,
    work: (size: { rows: number; width: number }) => Reply<T>,
  ): Promise<Reply<T>> {
    return this.#inTurn(async () => {
      const size = this.#rows.get(handle);
      if (size === undefined) return failure('bad-handle', 'rows', `${handle} are not open`);
      return work(size);
    });
  }

  /** Reads the header into the module's memory, then asks. */
  async #withHeader<T>(
    reader: ByteReader,
    size: number,
    ask: (module: SimilarityBinding, headerBytes: number) => Reply<T>,
  ): Promise<Reply<T>> {
    const begin = new Uint8Array(HEADER_LENGTH_BYTES + 1);
    const filled = await readFully(reader, begin, 0);
    const length = JSON.parse(
      this.#binding.headerLength(begin.subarray(0, filled), size),
    ) as Reply<number>;
    if ('error' in length) return length;
    this.#binding.openHeader(length.ok);
    const chunk = new Uint8Array(Math.min(length.ok, CHUNK_BYTES));
    for (let at = 0; at < length.ok; ) {
      const part = chunk.subarray(0, length.ok - at);
      const read = await readFully(reader, part, HEADER_LENGTH_BYTES + at);
      if (read === 0) throw new Unreadable('file-changed', 'ended inside its header');
      this.#binding.header().set(part.subarray(0, read), at);
      at += read;
    }
    const reply = ask(this.#binding, length.ok);
    if (length.ok > LARGE_HEADER_BYTES && this.#rows.size === 0) {
      this.#binding = await this.#start();
    }
    return reply;
  }

  #reading<T>(
    source: ReadableSource,
    work: (reader: ByteReader, size: number) => Promise<Reply<T>>,
  ): Promise<Reply<T>> {
    return this.#inTurn(async () => {
      const reader = await this.#sources.openReader(source);
      try {
        if (reader.size === null) {
          throw new Unreadable('not-a-file', 'is no file: it cannot be read by ranges');
        }
        return await work(reader, reader.size);
      } finally {
        await reader.close();
      }
    });
  }

  #inTurn<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const mine = this.#turn.then(() => this.#guarded(work));
    this.#turn = mine;
    return mine;
  }

  // The module answers with values; what it throws is an abort, after which its memory is not
  // to be trusted.
  async #guarded<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Unreadable) return { error: error.failure };
      this.#rows.clear();
      this.#binding = await this.#start();
      return failure('internal', 'similarity', messageOf(error));
    }
  }
}

async function autov1Bytes(reader: ByteReader, size: number): Promise<Uint8Array | null> {
  if (size < AUTOV1.least_bytes) return null;
  const bytes = new Uint8Array(AUTOV1.bytes);
  if ((await readFully(reader, bytes, AUTOV1.begin)) < bytes.length) {
    throw new Unreadable('file-changed', 'ended before the size that it had when it was opened');
  }
  return bytes;
}

function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isCount(value: number): boolean {
  return isNatural(value) && value > 0 && value < 2 ** 32;
}

function bad(where: string, what: string): ReturnType<typeof failure> {
  return failure('bad-argument', where, what);
}
