/**
 * A text encoder as a session of ONNX Runtime: opened step by step on what fits it, WebGPU
 * checked against the processor; run; reopened where its device was lost.
 */
import type {
  EncodedBatch,
  EncoderBatch,
  EncoderInfo,
  EncoderOptions,
  EncoderRuntime,
  OpeningState,
} from '../protocol/encoder-api.js';
import type { ByteReader } from './byte-reader.js';
import {
  type EncoderModel,
  type ModelFile,
  type ModelPlan,
  type ModelTraits,
  type PreparedModel,
  UnfitEncoder,
} from './encoder-model.js';
import { messageOf } from './failure.js';
import { toFloat32 } from './float32.js';
import type { Gpu } from './gpu.js';
import type { OnnxRuntime, OnnxSession, Provider } from './onnx-runtime.js';

export interface SessionSources {
  /** Loads ONNX Runtime; rejects with an Error that says what was not found. */
  runtime(): Promise<OnnxRuntime>;
  /** Null where the platform has no WebGPU. */
  openGpu: (() => Promise<Gpu | null>) | null;
}

/** The file, open for reading, and as a blob where it is one. */
export interface OpenFile {
  reader: ByteReader;
  blob: Blob | null;
}

const GIB = 1024 ** 3;
/** Up to here weights are handed over as float32: twice in memory for a moment, in 4 GiB of address space. */
const MOST_CONVERTED_BYTES = 1.5 * GIB;
/** What a session on the processor can hold: WebAssembly's 4 GiB less what a run needs. */
const MOST_HELD_BYTES = 3 * GIB;
/** How long reading goes on before it tells how far it is. */
const TURN_MS = 100;
const READ_BYTES = 8 * 1024 * 1024;

/** Largest difference in the self-test, relative to the largest number; rounding makes about 1e-5. */
const SELF_TEST_LIMIT = 1e-3;
/** Of an encoder too large to be in memory twice, so many blocks are tested. */
const TESTED_BLOCKS = 2;
/** A device that is lost again and again is given up. */
const MOST_LOSSES = 3;

type LoadedFile = { path: string; data: Uint8Array | Blob };

interface OpenSession {
  session: OnnxSession;
  provider: Provider;
  gpu: Gpu | null;
}

export class EncoderSession {
  readonly #model: EncoderModel;
  /** Null where the model has no weights beside it. */
  readonly #file: OpenFile | null;
  readonly #options: EncoderOptions;
  readonly #sources: SessionSources;
  readonly #opening: AsyncGenerator<OpeningState, void>;
  #runtime: OnnxRuntime | undefined;
  #open: OpenSession | undefined;
  #traits: ModelTraits | undefined;
  #note: string | null = null;
  #selfTest: EncoderRuntime['self_test'] = null;
  #losses = 0;

  constructor(
    model: EncoderModel,
    file: OpenFile | null,
    options: EncoderOptions,
    sources: SessionSources,
  ) {
    this.#model = model;
    this.#file = file;
    this.#options = options;
    this.#sources = sources;
    this.#opening = this.#steps();
  }

  /** The next step of opening. Throws an {@link UnfitEncoder} or an Unreadable. */
  async advance(): Promise<OpeningState> {
    const { value, done } = await this.#opening.next();
    return done || value === undefined ? { stage: 'ready', info: this.#info() } : value;
  }

  /** Throws an {@link UnfitEncoder} where the runtime fails. */
  async run(batch: EncoderBatch): Promise<EncodedBatch> {
    const { open } = this.#ready();
    try {
      const encoded = await this.#ran(open, batch);
      // What a device computed while it was lost is not to be trusted.
      if (!open.gpu?.isLost()) return encoded;
    } catch (error) {
      if (!open.gpu?.isLost()) {
        throw new UnfitEncoder('encoder-failed', '', `the encoder failed: ${messageOf(error)}`);
      }
    }
    await this.#reopen(open);
    return { ...(await this.run(batch)), runtime: this.#runtimeInfo() };
  }

  async close(): Promise<void> {
    await this.#opening.return().catch(() => undefined);
    await this.#release(this.#open);
    this.#open = undefined;
    await this.#file?.reader.close();
  }

  async *#steps(): AsyncGenerator<OpeningState, void> {
    yield { stage: 'runtime' };
    try {
      this.#runtime = await this.#sources.runtime();
    } catch (error) {
      const what = `ONNX Runtime cannot be loaded: ${messageOf(error)}`;
      throw new UnfitEncoder('asset-unavailable', '', what);
    }
    const gpu = await this.#usableGpu();
    if (gpu !== null) yield* this.#onGpu(gpu);
    if (this.#open === undefined) {
      this.#open = yield* this.#onProcessor();
    }
    const traits = this.#model.traits(this.#open.session);
    this.#traits = traits;
    if (traits.width === 0) this.#traits = { ...traits, width: await this.#measuredWidth(traits) };
  }

  // Some exporters leave it open: what comes out tells.
  async #measuredWidth(traits: ModelTraits): Promise<number> {
    const { open } = this.#ready();
    let width = 0;
    try {
      width = (await this.#ran(open, testBatch(traits))).shape.at(-1) ?? 0;
    } catch (error) {
      throw new UnfitEncoder('encoder-failed', '', `the encoder failed: ${messageOf(error)}`);
    }
    if (width > 0) return width;
    throw new UnfitEncoder('bad-encoder', `output "${traits.output}"`, 'has no numbers for a text');
  }

  async #usableGpu(): Promise<Gpu | null> {
    const { openGpu } = this.#sources;
    if (this.#options.provider === 'wasm' || openGpu === null) return null;
    if (this.#runtime?.bundle === 'wasm') return this.#without('WebGPU is not there');
    const gpu = await openGpu().catch((error: unknown) => messageOf(error));
    if (typeof gpu === 'string') return this.#without(`WebGPU gave no device (${gpu})`);
    if (gpu === null) return this.#without('WebGPU has no adapter');
    const { largest } = this.#model;
    if (largest === null || largest.bytes <= gpu.maxTensorBytes) return gpu;
    const allowed = `${gpu.adapter} allows ${mib(gpu.maxTensorBytes)}`;
    return this.#without(`${largest.name} needs ${mib(largest.bytes)} at once; ${allowed}`);
  }

  #without(why: string): null {
    if (this.#options.provider === 'webgpu') throw new UnfitEncoder('no-webgpu', '', why);
    this.#note = `${why}: the processor is used`;
    return null;
  }

  // Ends without a session where the device does not do what the processor does.
  async *#onGpu(gpu: Gpu): AsyncGenerator<OpeningState, void> {
    let tested: OpenSession | null = null;
    try {
      const files = yield* this.#loaded(this.#prepared('webgpu'));
      yield { stage: 'session' };
      this.#open = await this.#created(files, 'webgpu', gpu);
      if (this.#selfTest === null) {
        yield { stage: 'self-test' };
        tested = yield* this.#selfTested(gpu);
      }
      return;
    } catch (error) {
      await this.#release(this.#open);
      this.#open = undefined;
      this.#without(`WebGPU failed (${messageOf(error)})`);
    } finally {
      await this.#release(tested ?? undefined);
    }
  }

  // Compares with the processor. A large encoder is not opened twice: its first blocks are.
  async *#selfTested(gpu: Gpu): AsyncGenerator<OpeningState, OpenSession | null> {
    const whole = this.#model.float32Bytes <= MOST_CONVERTED_BYTES;
    const blocks = whole ? {} : { blocks: TESTED_BLOCKS };
    const onProcessor = yield* this.#onProcessor(blocks);
    let onGpu = this.#open;
    let isUsed = false;
    try {
      if (!whole) {
        const files = yield* this.#loaded(this.#prepared('webgpu', blocks));
        onGpu = await this.#created(files, 'webgpu', gpu);
      }
      const traits = this.#model.traits(onProcessor.session);
      const batch = testBatch(traits);
      const feeds = this.#model.feeds(batch, traits);
      const expected = await onProcessor.session.run(feeds, traits.output);
      const found = await onGpu?.session.run(feeds, traits.output);
      const difference = relativeDifference(expected.data, found?.data ?? new Float32Array());
      this.#selfTest = { difference, limit: SELF_TEST_LIMIT };
      isUsed = difference <= SELF_TEST_LIMIT || whole;
      if (difference <= SELF_TEST_LIMIT) return onProcessor;
      await this.#release(this.#open);
      this.#open = whole ? onProcessor : undefined;
      const by = difference.toExponential(1);
      this.#without(`${gpu.adapter} gives other numbers than the processor (by ${by})`);
      return null;
    } finally {
      // Opening may also be given up while files are read.
      if (!whole && onGpu !== this.#open) await this.#release(onGpu);
      if (!isUsed) await this.#release(onProcessor);
    }
  }

  async *#onProcessor(blocks: { blocks?: number } = {}): AsyncGenerator<OpeningState, OpenSession> {
    const provider = this.#runtime?.processor ?? 'wasm';
    const { storedBytes, float32Bytes } = this.#model;
    const held = Math.min(float32Bytes, Math.max(storedBytes, MOST_CONVERTED_BYTES));
    if (blocks.blocks === undefined && held > MOST_HELD_BYTES && provider === 'wasm') {
      const what = `needs ${mib(held)} of memory; the limit is ${mib(MOST_HELD_BYTES)}`;
      throw new UnfitEncoder('too-large', '', what);
    }
    const files = yield* this.#loaded(this.#prepared(provider, blocks));
    yield { stage: 'session' };
    try {
      return await this.#created(files, provider, null);
    } catch (error) {
      const what = `ONNX Runtime refuses it: ${messageOf(error)}`;
      throw new UnfitEncoder('bad-encoder', '', what);
    }
  }

  #prepared(provider: Provider, blocks: { blocks?: number } = {}): PreparedModel {
    return this.#model.prepare({ ...this.#plan(provider), ...blocks });
  }

  #plan(provider: Provider): Omit<ModelPlan, 'blocks'> {
    const large = this.#isLarge();
    const streams = this.#runtime?.readsBlobs === true && this.#file?.blob != null;
    return {
      placement:
        streams && (large || !this.#model.hasOtherThanFloat32) && provider === 'webgpu'
          ? 'file'
          : 'parts',
      // On the processor the runtime converts what it knows as fast as it can take it.
      converts: large || provider !== 'webgpu' ? 'foreign' : 'all',
      // WebGPU's Gather knows no half precision.
      gathersStored: large && provider !== 'webgpu',
    };
  }

  #isLarge(): boolean {
    return this.#model.float32Bytes > MOST_CONVERTED_BYTES;
  }

  async *#loaded({
    model,
    files,
    wholeFile,
  }: PreparedModel): AsyncGenerator<OpeningState, { model: Uint8Array; files: LoadedFile[] }> {
    if (this.#file === null) return { model, files: [] };
    const { reader, blob } = this.#file;
    const total = files.reduce((sum, { begin, end }) => sum + end - begin, 0);
    const loaded: LoadedFile[] = [];
    if (wholeFile !== null && blob !== null) loaded.push({ path: wholeFile, data: blob });
    let bytes = 0;
    let turn = performance.now() + TURN_MS;
    for (const file of files) {
      const stored = new Uint8Array(file.end - file.begin);
      for (let at = 0; at < stored.length; ) {
        const room = stored.subarray(at, at + READ_BYTES);
        await readFully(reader, room, file.begin + at, file);
        at += room.length;
        bytes += room.length;
        if (performance.now() < turn) continue;
        yield { stage: 'weights', bytes, total };
        turn = performance.now() + TURN_MS;
      }
      const data = file.converted ? new Uint8Array(toFloat32(file.dtype, stored).buffer) : stored;
      loaded.push({ path: file.path, data });
    }
    return { model, files: loaded };
  }

  async #created(
    { model, files }: { model: Uint8Array; files: LoadedFile[] },
    provider: Provider,
    gpu: Gpu | null,
  ): Promise<OpenSession> {
    if (this.#runtime === undefined) throw new Error('the runtime is not loaded');
    const session = await this.#runtime.create(model, {
      provider,
      files,
      foldsConstants: provider === 'webgpu' || !this.#isLarge(),
      ...(gpu === null ? {} : { device: gpu.device }),
    });
    return { session, provider, gpu };
  }

  async #ran({ session }: OpenSession, batch: EncoderBatch): Promise<EncodedBatch> {
    const { traits } = this.#ready();
    return session.run(this.#model.feeds(batch, traits), traits.output);
  }

  // A new device, or the processor.
  async #reopen(lost: OpenSession): Promise<void> {
    await this.#release(lost);
    this.#open = undefined;
    this.#losses += 1;
    const gpu =
      this.#losses > MOST_LOSSES
        ? this.#without(`WebGPU’s device was lost ${this.#losses} times`)
        : await this.#usableGpu();
    if (gpu !== null) for await (const _ of this.#onGpu(gpu));
    if (this.#open !== undefined) {
      this.#note = 'WebGPU’s device was lost and replaced';
      return;
    }
    const opening = this.#onProcessor();
    for (;;) {
      const { value, done } = await opening.next();
      if (!done) continue;
      this.#open = value;
      return;
    }
  }

  async #release(open: OpenSession | undefined): Promise<void> {
    // A lost device's session may fail at anything.
    await open?.session.release().catch(() => undefined);
  }

  #ready(): { open: OpenSession; traits: ModelTraits } {
    if (this.#open === undefined || this.#traits === undefined) {
      throw new UnfitEncoder('bad-handle', 'encoder', 'is not open');
    }
    return { open: this.#open, traits: this.#traits };
  }

  #info(): EncoderInfo {
    const { traits } = this.#ready();
    return { ...traits, weight_bytes: this.#model.storedBytes, runtime: this.#runtimeInfo() };
  }

  #runtimeInfo(): EncoderRuntime {
    const { open } = this.#ready();
    const { name = 'onnxruntime-web', bundle = 'wasm', threads = 1 } = this.#runtime ?? {};
    return {
      name,
      bundle,
      provider: open.provider,
      adapter: open.gpu?.adapter ?? null,
      threads,
      note: this.#note,
      self_test: this.#selfTest,
    };
  }
}

async function readFully(
  reader: ByteReader,
  into: Uint8Array,
  at: number,
  { begin, end }: ModelFile,
): Promise<void> {
  for (let filled = 0; filled < into.length; ) {
    const read = await reader.read(into.subarray(filled), at + filled);
    if (read === 0) {
      const what = `ended at byte ${at + filled}; a tensor lies at [${begin}, ${end})`;
      throw new UnfitEncoder('file-changed', '', what);
    }
    filled += read;
  }
}

// A full context of ids all over the vocabulary, by the generator of Numerical Recipes (chapter 7.1).
function testBatch({ context, vocab, tokens }: ModelTraits): EncoderBatch {
  const ids = new Int32Array(context);
  const most = vocab ?? tokens.start;
  let state = 1;
  for (let i = 0; i < context; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    ids[i] = Math.floor((state / 2 ** 32) * most);
  }
  return { ids, size: 1, length: context, ends: [context - 1] };
}

function relativeDifference(expected: Float32Array, found: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0;
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const other = found[i] ?? Number.NaN;
    if (Number.isNaN(value) !== Number.isNaN(other)) return Infinity;
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - other) || 0);
  }
  return largest === 0 ? difference : difference / largest;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2).toLocaleString('en-US')} MiB`;
}
