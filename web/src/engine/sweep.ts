/**
 * A sweep: many texts through an encoder, each compared with the empty prompt and with a name.
 * Its rows are kept by the encoder's digest and the list, so that a sweep goes on where it was
 * left, and another name costs nothing more.
 */
import type { Reply } from '../protocol/core-api.js';
import type { TokenizedMany } from '../protocol/results.js';
import type { Sweep, SweepColumns, SweepCosines, SweepStoreApi } from '../protocol/sweep.js';
import type { TokenizeManyOptions } from '../protocol/tokens-api.js';
import { noteOf } from './builtin.js';
import { codesOf } from './code-class.js';
import type { Encoder } from './encoder.js';
import { EngineError } from './error.js';
import { REFERENCE, ReferenceTexts } from './reference-texts.js';
import type { SimilarityClient } from './similarity.js';
import type { TextTokens } from './tokens-holder.js';
import { cosine, less, meanOf } from './vectors.js';

/** What a sweep is at. `bytes` of the encoder's file are digested; then texts are encoded. */
export type SweepProgress =
  | { stage: 'digest'; bytes: number; total: number }
  | { stage: 'texts'; texts: number; total: number; restored: number };

export interface SweepOptions {
  /** All codes of three letters where left out. A text that stands twice is taken once. */
  texts?: readonly string[];
  /** A name whose nearness is wanted too. */
  near?: string;
  /** How the answer calls the encoder. */
  model?: string;
  /** Whether rows are kept, and those of an earlier sweep are used. True where left out. */
  keep?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SweepProgress) => void;
  /** What is there so far, whenever more is: the same columns each time, longer filled. */
  onColumns?: (columns: SweepColumns) => void;
}

/** Which texts come first. */
export interface SweepRank {
  by: 'empty' | 'name';
  measure: keyof SweepCosines;
  /** The nearest first; else the farthest. */
  nearest: boolean;
}

/** From the empty prompt the farthest are looked for, of a name the nearest. */
export function usualRank(near: string | null): SweepRank {
  return near === null
    ? { by: 'empty', measure: 'centred', nearest: false }
    : { by: 'name', measure: 'centred', nearest: true };
}

const LETTERS = 3;
/** Texts that run, and are kept, together. */
const PART = 256;
const READ_PART = 4096;
const MAX_ROWS_BYTES = 1024 ** 3;
/** A row that is encoded again, on this machine or another, differs by less. */
const SAME = 1e-3;

/** What a sweep needs of the engine. @internal */
export interface SweepServices {
  textTokens: TextTokens;
  similarity: SimilarityClient;
  tokenizeMany(texts: readonly string[], options: TokenizeManyOptions): Promise<TokenizedMany>;
  /** Asks what keeps rows. */
  store<T>(call: (sweeps: SweepStoreApi) => Promise<Reply<T>>): Promise<T>;
  /** SHA-256 of the encoder's file. */
  encoderDigest(): Promise<string>;
  /** SHA-256 of a text, in hex. */
  digest(text: string): Promise<string>;
}

/** Errors: `bad-argument`, `too-large`, and those of encoding and digesting. @internal */
export async function sweep(
  encoder: Encoder,
  services: SweepServices,
  options: SweepOptions = {},
): Promise<Sweep> {
  const texts = options.texts === undefined ? codesOf(LETTERS) : [...new Set(options.texts)];
  refuseUnfit(encoder, texts);
  return new Sweeping(encoder, services, texts, options).swept();
}

/** Where the rows of a sweep are kept. */
interface Kept {
  handle: number;
  rows: number;
}

class Sweeping {
  readonly #encoder: Encoder;
  readonly #services: SweepServices;
  readonly #texts: readonly string[];
  readonly #options: SweepOptions;
  readonly #width: number;
  #notKept: string | null = null;

  constructor(
    encoder: Encoder,
    services: SweepServices,
    texts: readonly string[],
    options: SweepOptions,
  ) {
    this.#encoder = encoder;
    this.#services = services;
    this.#texts = texts;
    this.#options = options;
    this.#width = encoder.info.width;
  }

  async swept(): Promise<Sweep> {
    const { near = null, model = '', signal } = this.#options;
    const { info } = this.#encoder;
    const reference = new ReferenceTexts(
      this.#services.similarity,
      this.#services.textTokens,
      info.tokens,
    );
    const columns: SweepColumns = {
      texts: this.#texts,
      done: 0,
      tokens: await this.#tokenCounts(),
      empty: cosines(this.#texts.length),
      name: near === null ? null : cosines(this.#texts.length),
    };
    this.#options.onColumns?.(columns);
    const [codes, names] = [await reference.codes(), await reference.names()];
    // The reference sets and the empty prompt are the first of the rows that are kept.
    const before = [...codes, ...names, ''];
    const all = [...before, ...this.#texts];
    const digest = this.#options.keep === false ? null : await this.#services.encoderDigest();
    signal?.throwIfAborted();
    const kept = digest === null ? null : await this.#opened(digest, all);
    try {
      const first = await this.#firstRows(kept, before);
      const means = {
        codes: meanOf(first.slice(0, codes.length), this.#width),
        names: meanOf(first.slice(codes.length, codes.length + names.length), this.#width),
      };
      const empty = first[before.length - 1] ?? new Float32Array(this.#width);
      const name = near === null ? null : ((await this.#encoded([near]))[0] ?? null);
      const targets = [
        { raw: empty, centred: less(empty, means.names) },
        ...(name === null ? [] : [{ raw: name, centred: less(name, means.names) }]),
      ];
      const restored = Math.max(0, (kept?.rows ?? 0) - before.length);
      const add = (rows: readonly Float32Array[]) => {
        for (const row of rows) {
          const centred = less(row, means.codes);
          for (const [i, into] of [columns.empty, columns.name].entries()) {
            const target = targets[i];
            if (into === null || target === undefined) continue;
            into.raw[columns.done] = cosine(row, target.raw);
            into.centred[columns.done] = cosine(centred, target.centred);
          }
          columns.done += 1;
        }
        this.#tell(columns, restored);
      };
      this.#tell(columns, restored);
      for (let at = 0; at < restored; at += READ_PART) {
        signal?.throwIfAborted();
        add(await this.#read(kept, before.length + at, Math.min(READ_PART, restored - at)));
      }
      for (let at = restored; at < this.#texts.length; at += PART) {
        add(await this.#encodedAndKept(kept, this.#texts.slice(at, at + PART)));
      }
      return {
        ...columns,
        model,
        ...noteOf(info),
        encoder: digest,
        output: info.output,
        width: this.#width,
        near,
        reference: REFERENCE,
        restored,
        not_kept: this.#options.keep === false ? 'as was asked' : this.#notKept,
      };
    } finally {
      if (kept !== null) await this.#close(kept);
    }
  }

  #tell(columns: SweepColumns, restored: number): void {
    const { onColumns, onProgress } = this.#options;
    onProgress?.({ stage: 'texts', texts: columns.done, total: columns.texts.length, restored });
    onColumns?.(columns);
  }

  // What cannot be kept is computed all the same.
  async #opened(digest: string, all: readonly string[]): Promise<Kept | null> {
    const { checkpoint, heads, activation, output } = this.#encoder.info;
    const identity = [digest, checkpoint?.prefix ?? '', heads, activation, output, this.#width];
    const key = await this.#services.digest(JSON.stringify([...identity, all]));
    let kept: Kept;
    try {
      kept = await this.#services.store((store) => store.open(key, this.#width));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#notKept = `${error.failure.where} ${error.failure.what}`;
      return null;
    }
    try {
      if (await this.#isSame(kept, all)) return kept;
      await this.#services.store((store) => store.clear(kept.handle));
      return { ...kept, rows: 0 };
    } catch (error) {
      await this.#close(kept);
      throw error;
    }
  }

  async #close({ handle }: Kept): Promise<void> {
    await this.#services.store((store) => store.close(handle)).catch(() => undefined);
  }

  // The last row tells whether all are this encoder's, and whole.
  async #isSame(kept: Kept, all: readonly string[]): Promise<boolean> {
    if (kept.rows === 0) return true;
    if (kept.rows > all.length) return false;
    const [stored] = await this.#read(kept, kept.rows - 1, 1);
    const [again] = await this.#encoded([all[kept.rows - 1] ?? '']);
    if (stored === undefined || again === undefined) return false;
    const largest = again.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return again.every((value, i) => Math.abs(value - (stored[i] ?? Infinity)) <= SAME * largest);
  }

  // Those of the reference sets; few, so they are kept all or not at all.
  async #firstRows(kept: Kept | null, before: readonly string[]): Promise<Float32Array[]> {
    const there = Math.min(before.length, kept?.rows ?? 0);
    const rows = there === 0 ? [] : await this.#read(kept, 0, there);
    for (let at = there; at < before.length; at += PART) {
      rows.push(...(await this.#encodedAndKept(kept, before.slice(at, at + PART))));
    }
    return rows;
  }

  async #encodedAndKept(kept: Kept | null, texts: readonly string[]): Promise<Float32Array[]> {
    const rows = await this.#encoded(texts);
    if (kept !== null && this.#notKept === null) {
      const joined = new Float32Array(rows.length * this.#width);
      rows.forEach((row, i) => {
        joined.set(row, i * this.#width);
      });
      try {
        await this.#services.store((store) => store.append(kept.handle, joined));
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        // A gap would be taken for rows: from here on nothing is kept.
        this.#notKept = `${error.failure.where} ${error.failure.what}`;
      }
    }
    return rows;
  }

  async #read(kept: Kept | null, first: number, count: number): Promise<Float32Array[]> {
    if (kept === null || count === 0) return [];
    const all = await this.#services.store((store) => store.read(kept.handle, first, count));
    return this.#rowsOf(all, count);
  }

  async #encoded(texts: readonly string[]): Promise<Float32Array[]> {
    const { signal } = this.#options;
    const { data } = await this.#encoder.encode(texts, signal === undefined ? {} : { signal });
    return this.#rowsOf(data, texts.length);
  }

  #rowsOf(all: Float32Array, count: number): Float32Array[] {
    const width = this.#width;
    return Array.from({ length: count }, (_, i) => all.subarray(i * width, (i + 1) * width));
  }

  async #tokenCounts(): Promise<Uint8Array> {
    const { tokenizer, profile } = this.#encoder.info.tokens;
    const counted = await this.#services.tokenizeMany(this.#texts, { tokenizer, profile });
    return Uint8Array.from(this.#texts, (_, i) =>
      Math.min(255, (counted.offsets[i + 1] ?? 0) - (counted.offsets[i] ?? 0)),
    );
  }
}

/** Places of the texts that are there, the first in rank first; of equal ones the earlier. */
export function ranked(
  { done, empty, name }: SweepColumns,
  { by, measure, nearest }: SweepRank,
): Uint32Array {
  const values = (by === 'name' ? (name ?? empty) : empty)[measure];
  const sign = nearest ? -1 : 1;
  const places = Uint32Array.from({ length: done }, (_, i) => i);
  return places.sort((a, b) => sign * ((values[a] ?? 0) - (values[b] ?? 0)) || a - b);
}

/** A table of comma-separated values (RFC 4180, lines end in LF), in parts of many rows. */
export function* sweepCsv(
  columns: SweepColumns,
  order: Iterable<number>,
): Generator<string, void, undefined> {
  const { texts, tokens, empty, name } = columns;
  const named = name === null ? '' : ',cosine_name,centred_name';
  let part = `rank,text,tokens,cosine_empty,centred_empty${named}\n`;
  let rank = 0;
  for (const i of order) {
    const cells = [
      ++rank,
      quoted(texts[i] ?? ''),
      tokens[i] ?? 0,
      ...numbersOf(empty, i),
      ...(name === null ? [] : numbersOf(name, i)),
    ];
    part += `${cells.join(',')}\n`;
    if (rank % PART !== 0) continue;
    yield part;
    part = '';
  }
  yield part;
}

const DIGITS = 6;

function numbersOf({ raw, centred }: SweepCosines, i: number): string[] {
  return [raw, centred].map((values) => (values[i] ?? 0).toFixed(DIGITS));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cosines(length: number): SweepCosines {
  return { raw: new Float32Array(length), centred: new Float32Array(length) };
}

function refuseUnfit({ info }: Encoder, texts: readonly string[]): void {
  if (!info.pooled) {
    const what = `is ${info.output}, a row for each position; one for a text is needed`;
    throw new EngineError({ code: 'bad-argument', where: 'output', what });
  }
  if (texts.length === 0) {
    throw new EngineError({ code: 'bad-argument', where: 'texts', what: 'are none' });
  }
  const bytes = texts.length * info.width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= MAX_ROWS_BYTES) return;
  const most = Math.floor(MAX_ROWS_BYTES / (info.width * Float32Array.BYTES_PER_ELEMENT));
  const what = `are ${texts.length}; with ${info.width} numbers each the limit is ${most}`;
  throw new EngineError({ code: 'too-large', where: 'texts', what });
}
