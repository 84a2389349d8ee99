/** Text encoders behind {@link EncoderApi}; runs in a Worker, or in Node's own thread. */
import type { CheckpointEncoder } from '../protocol/checkpoint.js';
import type { Reply } from '../protocol/core-api.js';
import type { ReadableSource } from '../protocol/digest-api.js';
import type {
  EncodedBatch,
  EncoderApi,
  EncoderBatch,
  EncoderOptions,
  ModelSource,
  OpeningState,
} from '../protocol/encoder-api.js';
import { type ByteReader, readFully, Unreadable } from './byte-reader.js';
import {
  BUILTIN_TRAITS,
  checkpointModel,
  type EncoderModel,
  onnxModel,
  UnfitEncoder,
} from './encoder-model.js';
import { EncoderSession, type OpenFile, type SessionSources } from './encoder-session.js';
import { failure, messageOf } from './failure.js';
import { BUILTIN_ID, StoreFailed } from './model-store.js';

export interface EncoderSources extends SessionSources {
  /** The file of the built-in encoder. Rejects with a StoreFailed. */
  builtin(): Promise<Uint8Array>;
  /** The stored file of a public encoder. Rejects with a StoreFailed. */
  stored(id: string): Promise<ReadableSource>;
  /** Rejects with an {@link Unreadable}. */
  openReader(source: ReadableSource): Promise<ByteReader>;
  /** The text encoders of a .safetensors file. */
  encodersIn(source: ReadableSource): Promise<Reply<CheckpointEncoder[]>>;
}

/** An .onnx file is read whole, and copied into the runtime's memory. */
const MAX_ONNX_BYTES = 2 ** 31 - 1;
/** ModelProto's first field, ir_version, as a varint. */
const ONNX_FIRST_BYTE = 0x08;
const OPENING_BRACE = 0x7b;

export class Encoders implements EncoderApi {
  readonly #sources: EncoderSources;
  readonly #sessions = new Map<number, EncoderSession>();
  #last = 0;
  // The runtime takes one call at a time.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(sources: EncoderSources) {
    this.#sources = sources;
  }

  open(asked: ModelSource, options: EncoderOptions): Promise<Reply<number>> {
    return guarded(async () => {
      const { model, file } = await this.#modelOf(asked, options);
      this.#sessions.set(++this.#last, new EncoderSession(model, file, options, this.#sources));
      return { ok: this.#last };
    });
  }

  advance(handle: number): Promise<Reply<OpeningState>> {
    return this.#inTurn(handle, async (session) => ({ ok: await session.advance() }));
  }

  run(handle: number, batch: EncoderBatch): Promise<Reply<EncodedBatch>> {
    return this.#inTurn(handle, async (session) => ({ ok: await session.run(batch) }));
  }

  close(handle: number): Promise<Reply<null>> {
    const session = this.#sessions.get(handle);
    this.#sessions.delete(handle);
    const mine = this.#turn.then(() =>
      guarded(async () => {
        await session?.close();
        return { ok: null };
      }),
    );
    this.#turn = mine;
    return mine;
  }

  /** `file`: what stays open, as its weights are still to be read. */
  async #modelOf(
    asked: ModelSource,
    options: EncoderOptions,
  ): Promise<{ model: EncoderModel; file: OpenFile | null }> {
    if ('model' in asked && asked.model === BUILTIN_ID) {
      const bytes = await this.#sources.builtin();
      return { model: onnxModel(bytes, options, BUILTIN_TRAITS), file: null };
    }
    const source = 'model' in asked ? await this.#sources.stored(asked.model) : asked;
    const reader = await this.#sources.openReader(source);
    try {
      const model = await this.#modelIn(source, reader, options);
      return { model, file: { reader, blob: source instanceof Blob ? source : null } };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async #modelIn(
    source: ReadableSource,
    reader: ByteReader,
    options: EncoderOptions,
  ): Promise<EncoderModel> {
    const start = new Uint8Array(9);
    const filled = await readFully(reader, start, 0);
    if (filled === start.length && start[8] === OPENING_BRACE) {
      const found = await this.#sources.encodersIn(source);
      if ('error' in found) {
        const { code, where, what } = found.error;
        throw new UnfitEncoder(code, where, what);
      }
      return checkpointModel(found.ok, options);
    }
    if (start[0] === ONNX_FIRST_BYTE) return onnxModel(await wholeOf(reader), options);
    throw new UnfitEncoder('bad-encoder', '', 'is neither a .safetensors nor an .onnx file');
  }

  #inTurn<T>(
    handle: number,
    work: (session: EncoderSession) => Promise<Reply<T>>,
  ): Promise<Reply<T>> {
    const mine = this.#turn.then(() => {
      const session = this.#sessions.get(handle);
      if (session === undefined) return failure('bad-handle', 'encoder', `${handle} is not open`);
      return guarded(() => work(session));
    });
    this.#turn = mine;
    return mine;
  }
}

async function wholeOf(reader: ByteReader): Promise<Uint8Array> {
  const size = reader.size ?? 0;
  if (size > MAX_ONNX_BYTES) {
    const what = `is ${size} bytes; the limit for .onnx files is ${MAX_ONNX_BYTES}`;
    throw new UnfitEncoder('too-large', '', what);
  }
  const bytes = new Uint8Array(size);
  for (let filled = 0; filled < size; ) {
    const read = await reader.read(bytes.subarray(filled), filled);
    if (read === 0) {
      throw new UnfitEncoder('file-changed', '', `ended at byte ${filled} of ${size}`);
    }
    filled += read;
  }
  return bytes;
}

async function guarded<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await work();
  } catch (error) {
    if (
      error instanceof Unreadable ||
      error instanceof UnfitEncoder ||
      error instanceof StoreFailed
    ) {
      return { error: error.failure };
    }
    return failure('internal', 'encoder', messageOf(error));
  }
}
