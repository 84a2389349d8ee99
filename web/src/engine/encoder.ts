/** A text encoder: texts or token ids to embeddings, in batches of like length. */
import type { Reply } from '../protocol/core-api.js';
import type { ReadableSource } from '../protocol/digest-api.js';
import type {
  EncoderBatch,
  EncoderInfo,
  EncoderOptions,
  EncoderServices,
  ModelSource,
  OpeningState,
} from '../protocol/encoder-api.js';
import type { FetchState, PublicModel } from '../protocol/model-api.js';
import type { SweepStoreApi } from '../protocol/sweep.js';
import { plannedBatches } from './encoder-plan.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';
import type { TextTokens } from './tokens-holder.js';
import { Turns } from './turns.js';

/**
 * A checkpoint or an .onnx file, the id of a public encoder that was fetched, or `builtin`. A `File` is
 * a Blob; a path is opened in Node only.
 */
export type EncoderSource = Uint8Array | ArrayBuffer | Blob | { path: string } | { model: string };

/** What opening is at; `weights` counts bytes. */
export type OpeningProgress = Exclude<OpeningState, { stage: 'ready' }>;

export interface OpenEncoderOptions extends EncoderOptions {
  signal?: AbortSignal;
  onProgress?: (progress: OpeningProgress) => void;
}

export interface FetchModelOptions {
  /** Gives it up; what is there already is gone on from the next time. */
  signal?: AbortSignal;
  onProgress?: (progress: FetchState) => void;
}

export interface EncodeOptions {
  /** Cuts texts that are too long, as image models do; else they are an error. */
  truncate?: boolean;
  signal?: AbortSignal;
  /** Called when encoding begins, and after every batch. */
  onProgress?: (progress: { texts: number; total: number }) => void;
}

export interface Encoded {
  output: string;
  /** [texts, width], or [texts, length, width] where the output has a row for each position. */
  shape: number[];
  /** Row-major. */
  data: Float32Array<ArrayBuffer>;
}

export interface Encoder {
  readonly info: EncoderInfo;
  /** What it was opened from. */
  readonly source: EncoderSource;
  /**
   * Embeddings in the order of the texts. Token ids are taken as they are, start and end
   * included; where the output has a row for each position they must be equally many.
   * Errors: `too-long`, `bad-ids`, `encoder-failed`, `closed`.
   */
  encode(
    texts: readonly string[] | readonly (readonly number[])[],
    options?: EncodeOptions,
  ): Promise<Encoded>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** The worker of encoders. */
export interface EncoderHost extends EncoderServices {
  /** Rejects if the worker dies. */
  broken: Promise<never>;
  close(): void;
}

/** What a platform offers for encoding. */
export interface EncoderPlatform {
  /** Called once, and again after the worker died. */
  open(): Promise<EncoderHost>;
  /** A batch that the worker may take over: moved, or in Node's own thread as it is. */
  transferred(batch: EncoderBatch): EncoderBatch;
  /** Asks that what is stored stays, before something large is; the answer may take its time. */
  persist?(): void;
}

/**
 * WebGPU compiles its shaders for every shape that it meets: lengths are multiples of this,
 * batches powers of two.
 */
const GPU_LENGTH_STEP = 4;

/** @internal The encoders of one engine. */
export class EncoderHouse {
  readonly #platform: EncoderPlatform;
  readonly #textTokens: TextTokens;
  #host: Promise<EncoderHost> | undefined;
  readonly #open = new Set<OpenedEncoder>();
  #closed = false;

  constructor(platform: EncoderPlatform, textTokens: TextTokens) {
    this.#platform = platform;
    this.#textTokens = textTokens;
  }

  async open(source: EncoderSource, options: OpenEncoderOptions = {}): Promise<Encoder> {
    const { signal, onProgress, ...rest } = options;
    signal?.throwIfAborted();
    const name = nameOf(source);
    const host = await this.#opened();
    const ask = <T>(call: Promise<T>) => Promise.race([call, host.broken]);
    let handle: number | undefined;
    try {
      handle = answered(await ask(host.encoders.open(readable(source), rest)));
      for (;;) {
        const state = answered(await ask(host.encoders.advance(handle)));
        signal?.throwIfAborted();
        if (state.stage === 'ready') {
          const opened: OpenedEncoder = new OpenedEncoder(
            host,
            handle,
            state.info,
            this.#textTokens,
            this.#platform,
            source,
            () => this.#open.delete(opened),
          );
          this.#open.add(opened);
          return opened;
        }
        onProgress?.(state);
      }
    } catch (error) {
      if (handle !== undefined) void host.encoders.close(handle).catch(() => undefined);
      throw placed(error, name);
    }
  }

  async models(): Promise<PublicModel[]> {
    const { models, broken } = await this.#opened();
    return answered(await Promise.race([models.list(), broken]));
  }

  async fetchModel(id: string, { signal, onProgress }: FetchModelOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#platform.persist?.();
    const { models, broken } = await this.#opened();
    const handle = answered(await Promise.race([models.begin(id), broken]));
    const cancel = () => Promise.race([models.cancel(handle), broken]).catch(() => undefined);
    // A server that has fallen silent ends nothing by itself.
    signal?.addEventListener('abort', cancel);
    try {
      for (;;) {
        const state = await Promise.race([models.advance(handle), broken]);
        signal?.throwIfAborted();
        const known = answered(state);
        onProgress?.(known);
        if (known.stage === 'done') return;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      await cancel();
    }
  }

  async removeModel(id: string): Promise<void> {
    const { models, broken } = await this.#opened();
    answered(await Promise.race([models.remove(id), broken]));
  }

  /** The file of a public encoder that was fetched. */
  async stored(id: string): Promise<ReadableSource> {
    const { models, broken } = await this.#opened();
    return answered(await Promise.race([models.stored(id), broken]));
  }

  /** What keeps rows; rejects with the worker. */
  async sweeps<T>(call: (sweeps: SweepStoreApi) => Promise<Reply<T>>): Promise<T> {
    const { sweeps, broken } = await this.#opened();
    return answered(await Promise.race([call(sweeps), broken]));
  }

  close(): void {
    this.#closed = true;
    for (const encoder of this.#open) void encoder.close();
    this.#open.clear();
    void this.#host?.then(({ close }) => close()).catch(() => undefined);
  }

  #opened(): Promise<EncoderHost> {
    if (this.#closed) return Promise.reject(closed('engine'));
    if (this.#host === undefined) {
      const opening = this.#platform.open();
      this.#host = opening;
      const forget = () => {
        if (this.#host === opening) this.#host = undefined;
      };
      opening.then(({ broken }) => broken.catch(forget), forget);
    }
    return this.#host;
  }
}

class OpenedEncoder implements Encoder {
  info: EncoderInfo;
  readonly source: EncoderSource;
  readonly #host: EncoderHost;
  readonly #handle: number;
  readonly #textTokens: TextTokens;
  readonly #platform: EncoderPlatform;
  readonly #name: string;
  readonly #forget: () => void;
  #closed = false;

  constructor(
    host: EncoderHost,
    handle: number,
    info: EncoderInfo,
    textTokens: TextTokens,
    platform: EncoderPlatform,
    source: EncoderSource,
    forget: () => void,
  ) {
    this.#forget = forget;
    this.#host = host;
    this.#handle = handle;
    this.info = info;
    this.#textTokens = textTokens;
    this.#platform = platform;
    this.source = source;
    this.#name = nameOf(source);
  }

  async encode(
    texts: readonly string[] | readonly (readonly number[])[],
    { truncate = false, signal, onProgress }: EncodeOptions = {},
  ): Promise<Encoded> {
    const { info } = this;
    const rows: TokenRow[] = [];
    const turns = new Turns();
    for (const [i, text] of texts.entries()) {
      await turns.next(signal);
      if (this.#closed) throw closed('encoder');
      rows.push(
        typeof text === 'string'
          ? await this.#tokenized(text, i, truncate)
          : rowOf(text, `ids[${i}]`, info),
      );
    }
    const shape = shapeOf(rows, info);
    const each = shape.slice(1).reduce((product, size) => product * size, 1);
    const data = new Float32Array(rows.length * each);
    const lengths = rows.map(({ ids, end }) =>
      info.causal && info.pooled ? end + 1 : info.causal ? ids.length : info.context,
    );
    const step = info.runtime.provider === 'webgpu' ? GPU_LENGTH_STEP : 1;
    // Hidden states come for the positions given, and for no others.
    const batches = plannedBatches(lengths, {
      step: info.pooled ? step : 1,
      most: info.context,
    });
    let done = 0;
    onProgress?.({ texts: 0, total: rows.length });
    for (const { texts: members, length } of batches) {
      await turns.next(signal);
      if (this.#closed) throw closed('encoder');
      const found = await this.#run(
        members.map((i) => rows[i] ?? NO_ROW),
        length,
      );
      members.forEach((i, place) => {
        data.set(found.subarray(place * each, (place + 1) * each), i * each);
      });
      done += members.length;
      onProgress?.({ texts: done, total: rows.length });
    }
    return { output: info.output, shape, data };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#forget();
    const { encoders, broken } = this.#host;
    await Promise.race([encoders.close(this.#handle), broken]).catch(() => undefined);
  }

  async #run(rows: readonly TokenRow[], length: number): Promise<Float32Array> {
    const onGpu = this.info.runtime.provider === 'webgpu';
    const size = onGpu ? 2 ** Math.ceil(Math.log2(rows.length)) : rows.length;
    const ids = new Int32Array(size * length).fill(this.#filler());
    rows.forEach((row, i) => {
      ids.set(row.ids.slice(0, length), i * length);
    });
    const ends = Array.from({ length: size }, (_, i) => rows[i]?.end ?? 0);
    const batch = { ids, size, length, ends };
    const run = this.#host.encoders.run(this.#handle, this.#platform.transferred(batch));
    try {
      const encoded = answered(await Promise.race([run, this.#host.broken]));
      if (encoded.runtime !== undefined) this.info = { ...this.info, runtime: encoded.runtime };
      return encoded.data;
    } catch (error) {
      throw placed(error, this.#name);
    }
  }

  /** An id that the vocabulary surely has. */
  #filler(): number {
    const { pad } = this.info.tokens;
    return this.info.vocab === null || pad < this.info.vocab ? pad : 0;
  }

  async #tokenized(text: string, i: number, truncate: boolean): Promise<TokenRow> {
    const { tokens, context } = this.info;
    const { tokenizer, profile, pad } = tokens;
    const reply = await this.#textTokens.tokenize(text, {
      tokenizer,
      profile,
      context,
      pad,
      truncate,
    });
    try {
      return rowOf(answered(reply).context ?? [], '', this.info);
    } catch (error) {
      throw placed(error, `texts[${i}]`);
    }
  }
}

interface TokenRow {
  ids: readonly number[];
  /** Where its end token stands; of the built-in encoder, which passes over those, what it sees last. */
  end: number;
}
const NO_ROW: TokenRow = { ids: [], end: 0 };

function rowOf(ids: readonly number[], where: string, info: EncoderInfo): TokenRow {
  const refuse = (what: string) => new EngineError({ code: 'bad-ids', where, what });
  if (ids.length < 1 || ids.length > info.context) {
    throw refuse(`are ${ids.length}; there must be 1 to ${info.context}`);
  }
  const most = (info.vocab ?? 2 ** 31) - 1;
  const wrong = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id > most);
  if (wrong >= 0) {
    throw refuse(`at ${wrong} is ${String(ids[wrong]).slice(0, 32)}; ids are 0 to ${most} here`);
  }
  if (info.builtin) {
    return {
      ids,
      end: Math.max(
        0,
        ids.findLastIndex((id) => id !== info.tokens.end),
      ),
    };
  }
  // Encoders pool at the end token; where there is none of CLIP's, at the first largest id.
  const end = ids.indexOf(info.tokens.end);
  return { ids, end: end >= 0 ? end : ids.indexOf(Math.max(...ids)) };
}

function shapeOf(rows: readonly TokenRow[], info: EncoderInfo): number[] {
  if (info.pooled) return [rows.length, info.width];
  const length = info.causal ? (rows[0]?.ids.length ?? info.context) : info.context;
  const other = info.causal ? rows.findIndex(({ ids }) => ids.length !== length) : -1;
  if (other >= 0) {
    const what = `are ${rows[other]?.ids.length}, of the first text ${length}; ${info.output} wants equally many`;
    throw new EngineError({ code: 'bad-ids', where: `ids[${other}]`, what });
  }
  return [rows.length, length, info.width];
}

function readable(source: EncoderSource): ModelSource {
  if (source instanceof Blob) return source;
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    return new Blob([source as Uint8Array<ArrayBuffer>]);
  }
  return source;
}

function nameOf(source: EncoderSource): string {
  if (source instanceof Blob && 'name' in source) return String(source.name);
  if ('model' in source) return source.model;
  return 'path' in source ? source.path : 'encoder';
}

const OPTIONS: ReadonlySet<string> = new Set<keyof EncoderOptions>([
  'encoder',
  'heads',
  'activation',
  'output',
]);

/** What goes wrong in the file is said of it; options keep their own name. */
function placed(error: unknown, name: string): unknown {
  if (!(error instanceof EngineError)) return error;
  const { where } = error.failure;
  if (OPTIONS.has(where)) return error;
  return new EngineError({ ...error.failure, where: where === '' ? name : `${name}, ${where}` });
}

function closed(where: string): EngineError {
  return new EngineError({ code: 'closed', where, what: 'is closed' });
}
