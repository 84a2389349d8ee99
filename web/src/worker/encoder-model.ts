/** What is run: a text encoder found in a checkpoint, or a whole .onnx file. */
import {
  buildTextEncoder,
  type EncoderGraph,
  type EncoderOutput,
  type EncoderTraits,
  type EncoderWeights,
  type GraphOptions,
  INPUT_IDS,
  outputsOf,
  POOLED_ROWS,
  projectedWidth,
  UnfitWeights,
  WHOLE_FILE,
} from '#models/text-encoder.js';
import type { CheckpointEncoder } from '../protocol/checkpoint.js';
import type {
  EncoderBatch,
  EncoderInfo,
  EncoderOptions,
  EncoderTokens,
} from '../protocol/encoder-api.js';
import type { Failure } from '../protocol/results.js';
import { ELEMENT_BYTES } from './float32.js';
import type { Feed, OnnxSession, ValueDescription } from './onnx-runtime.js';

/** Where the file or the options are at fault. */
export class UnfitEncoder extends Error {
  readonly failure: Failure;

  constructor(code: string, where: string, what: string) {
    super(`${where}: ${what}`);
    this.failure = { code, where, what };
  }
}

/** Bytes of the source that a session is to be given as one file of external data. */
export interface ModelFile {
  path: string;
  dtype: string;
  begin: number;
  end: number;
  /** Whether as float32. */
  converted: boolean;
}

export interface PreparedModel {
  model: Uint8Array;
  files: ModelFile[];
  /** `location` under which the whole source is to be given; null where it is not. */
  wholeFile: string | null;
}

export interface ModelPlan {
  placement: GraphOptions['placement'];
  /** As float32 beforehand: all data types, or those that no graph can hold. */
  converts: 'all' | 'foreign';
  gathersStored: boolean;
  /** Only the first blocks, for a test of the operators. */
  blocks?: number;
}

export type ModelTraits = Omit<EncoderInfo, 'runtime' | 'weight_bytes'>;

/** What stays the same, whatever runs it. */
export interface EncoderModel {
  readonly format: EncoderInfo['format'];
  /** Bytes of weights in the file, and as float32. */
  readonly storedBytes: number;
  readonly float32Bytes: number;
  /** The largest tensor as float32; null where it is not known before the runtime has read it. */
  readonly largest: { name: string; bytes: number } | null;
  readonly hasOtherThanFloat32: boolean;
  prepare(plan: ModelPlan): PreparedModel;
  /** Throws an {@link UnfitEncoder} where the session is not a text encoder's. */
  traits(session: OnnxSession): ModelTraits;
  feeds(batch: EncoderBatch, traits: ModelTraits): Record<string, Feed>;
}

const START = 49406;
const END = 49407;
/** CLIP's positions, for a file that does not say. */
const CONTEXT = 77;

// CLIP-L's pipelines pad with the end token, OpenCLIP's tokenizer with 0.
const CLIP_TOKENS: EncoderTokens = {
  tokenizer: 'clip',
  profile: 'openai',
  start: START,
  end: END,
  pad: END,
};
const OPEN_CLIP_TOKENS: EncoderTokens = { ...CLIP_TOKENS, profile: 'open_clip', pad: 0 };

/** Throws an {@link UnfitEncoder}. */
export function checkpointModel(
  encoders: readonly CheckpointEncoder[],
  options: EncoderOptions,
): EncoderModel {
  const { encoder: index = 0 } = options;
  const encoder = encoders[index];
  if (encoder === undefined) {
    const there =
      encoders.length === 1 ? 'there is 1 text encoder' : `there are ${encoders.length}`;
    const what =
      encoders.length === 0 ? 'holds no text encoder' : `is ${index}; ${there}, counted from 0`;
    throw new UnfitEncoder('no-encoder', encoders.length === 0 ? '' : 'encoder', what);
  }
  if (encoder.unreadable !== null) throw new UnfitEncoder('bad-encoder', '', encoder.unreadable);
  return new CheckpointModel(encoder, options);
}

class CheckpointModel implements EncoderModel {
  readonly format = 'safetensors';
  readonly storedBytes: number;
  readonly float32Bytes: number;
  readonly largest: { name: string; bytes: number } | null;
  readonly hasOtherThanFloat32: boolean;
  readonly #encoder: CheckpointEncoder;
  readonly #traits: EncoderTraits;
  readonly #output: EncoderOutput;

  constructor(encoder: CheckpointEncoder, options: EncoderOptions) {
    this.#encoder = encoder;
    this.#traits = traitsOf(encoder, options);
    this.#output = outputOf(encoder, options.output);
    const { parts } = this.#built({
      placement: 'parts',
      converts: 'foreign',
      gathersStored: false,
    });
    let largest = { name: '', bytes: 0 };
    let float32Bytes = 0;
    for (const { name, dtype, begin, end } of parts) {
      const bytes = ((end - begin) / (ELEMENT_BYTES[dtype] ?? 1)) * 4;
      float32Bytes += bytes;
      if (bytes > largest.bytes) largest = { name, bytes };
    }
    this.largest = largest;
    this.float32Bytes = float32Bytes;
    this.storedBytes = parts.reduce((sum, { begin, end }) => sum + end - begin, 0);
    this.hasOtherThanFloat32 = parts.some(({ dtype }) => dtype !== 'F32');
  }

  prepare(plan: ModelPlan): PreparedModel {
    const { model, parts } = this.#built(plan);
    return {
      model,
      files: parts.map(({ location, ...part }) => ({ ...part, path: location })),
      wholeFile: plan.placement === 'file' ? WHOLE_FILE : null,
    };
  }

  #built({ placement, converts, gathersStored, blocks }: ModelPlan): EncoderGraph {
    const all: EncoderWeights = this.#encoder.weights;
    const weights = blocks === undefined ? all : { ...all, blocks: all.blocks.slice(0, blocks) };
    // The runtime converts half precision; its build for the web knows no bfloat16.
    const kept = converts === 'all' ? ['F32'] : ['F32', 'F16'];
    const converted = new Set(Object.keys(ELEMENT_BYTES).filter((dtype) => !kept.includes(dtype)));
    try {
      return buildTextEncoder(weights, this.#traits, {
        outputs: [this.#output],
        placement,
        converted,
        gathersStored,
      });
    } catch (error) {
      if (!(error instanceof UnfitWeights)) throw error;
      const { code, where, what } = error.failure;
      throw new UnfitEncoder(code, where, what);
    }
  }

  traits(): ModelTraits {
    const { weights, ...checkpoint } = this.#encoder;
    const output = this.#output;
    return {
      format: 'safetensors',
      checkpoint,
      ...this.#traits,
      context: checkpoint.context,
      vocab: checkpoint.vocab,
      tokens: checkpoint.kind.startsWith('openclip') ? OPEN_CLIP_TOKENS : CLIP_TOKENS,
      output,
      outputs: outputsOf(weights),
      pooled: output === 'pooled' || output === 'projected',
      width: output === 'projected' ? (projectedWidth(weights) ?? 0) : checkpoint.width,
      causal: true,
      builtin: false,
    };
  }

  feeds({ ids, size, length, ends }: EncoderBatch, { pooled }: ModelTraits): Record<string, Feed> {
    const feeds: Record<string, Feed> = {
      [INPUT_IDS]: { type: 'int32', data: ids, shape: [size, length] },
    };
    if (pooled) {
      const data = Int32Array.from(ends, (end, text) => text * length + end);
      feeds[POOLED_ROWS] = { type: 'int32', data, shape: [size] };
    }
    return feeds;
  }
}

const HEAD_WIDTH = 64;

function traitsOf(encoder: CheckpointEncoder, options: EncoderOptions): EncoderTraits {
  const { width } = encoder;
  const heads = options.heads ?? encoder.heads;
  if (heads === null) {
    const what = `is needed: the width ${width} is no multiple of ${HEAD_WIDTH}, and no file says the number`;
    throw new UnfitEncoder('bad-argument', 'heads', what);
  }
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
    const what = `is ${heads}; it must divide the width ${width}`;
    throw new UnfitEncoder('bad-argument', 'heads', what);
  }
  const activation = options.activation ?? encoder.activation;
  if (activation === null) {
    const what = `is needed (quick_gelu or gelu): neither the layout nor the width ${width} tells`;
    throw new UnfitEncoder('bad-argument', 'activation', what);
  }
  return { heads, activation };
}

function outputOf({ weights }: CheckpointEncoder, asked: string | undefined): EncoderOutput {
  const outputs = outputsOf(weights);
  // The embedding of a text: projected where the model has a projection.
  if (asked === undefined) return outputs.includes('projected') ? 'projected' : 'pooled';
  const output = outputs.find((name) => name === asked);
  if (output !== undefined) return output;
  const what =
    asked === 'projected'
      ? 'is projected, but the file has no text projection'
      : `is "${asked.slice(0, 64)}"; there are ${outputs.join(', ')}`;
  throw new UnfitEncoder('bad-argument', 'output', what);
}

/** What a file's own description cannot tell. */
export type KnownTraits = Partial<Pick<ModelTraits, 'builtin' | 'causal' | 'vocab'>>;

/** The built-in encoder passes over end tokens: padding with them can be left out. */
export const BUILTIN_TRAITS: KnownTraits = { builtin: true, causal: true, vocab: END + 1 };

/** `bytes`: the file. It is understood when a session was made of it. */
export function onnxModel(
  bytes: Uint8Array,
  options: EncoderOptions,
  known: KnownTraits = {},
): EncoderModel {
  for (const name of ['encoder', 'heads', 'activation'] as const) {
    if (options[name] === undefined) continue;
    throw new UnfitEncoder('bad-argument', name, 'is for checkpoints; this is an .onnx file');
  }
  return new OnnxModel(bytes, options.output, known);
}

class OnnxModel implements EncoderModel {
  readonly format = 'onnx';
  readonly storedBytes: number;
  readonly float32Bytes: number;
  readonly largest = null;
  readonly hasOtherThanFloat32 = false;
  readonly #bytes: Uint8Array;
  readonly #asked: string | undefined;
  readonly #known: KnownTraits;
  #inputs: readonly ValueDescription[] = [];
  #ids = '';

  constructor(bytes: Uint8Array, asked: string | undefined, known: KnownTraits) {
    this.#bytes = bytes;
    this.#asked = asked;
    this.#known = known;
    this.storedBytes = bytes.length;
    this.float32Bytes = bytes.length;
  }

  prepare(): PreparedModel {
    return { model: this.#bytes, files: [], wholeFile: null };
  }

  traits({ inputs, outputs }: OnnxSession): ModelTraits {
    this.#inputs = inputs;
    const ids = idsOf(inputs);
    this.#ids = ids.name;
    const output = onnxOutput(outputs, this.#asked);
    const context = ids.shape[1];
    const width = output.shape.at(-1);
    return {
      format: 'onnx',
      checkpoint: null,
      heads: null,
      activation: null,
      context: typeof context === 'number' && context > 0 ? context : CONTEXT,
      vocab: null,
      tokens: CLIP_TOKENS,
      output: output.name,
      outputs: outputs.filter(isEmbedding).map(({ name }) => name),
      pooled: output.shape.length === 2,
      // 0: not known before a run.
      width: typeof width === 'number' && width > 0 ? width : 0,
      // What the graph does with later positions is not known.
      causal: false,
      builtin: false,
      ...this.#known,
    };
  }

  feeds({ ids, size, length }: EncoderBatch): Record<string, Feed> {
    const shape = [size, length];
    return Object.fromEntries(
      this.#inputs.map(({ name, type }) => {
        const feed = (data: Int32Array): Feed => ({
          type: type === 'int64' ? type : 'int32',
          data,
          shape,
        });
        if (name === this.#ids) return [name, feed(ids)];
        if (isMask(name)) return [name, feed(new Int32Array(size * length).fill(1))];
        return [name, feed(ids.map((_, i) => i % length))];
      }),
    );
  }
}

const isMask = (name: string) => /mask/i.test(name);
const isPosition = (name: string) => /position/i.test(name);

const isInteger = ({ type, shape }: ValueDescription) =>
  (type === 'int64' || type === 'int32') && shape.length === 2;

/** The input of token ids: by its name, else the only one it can be. */
function idsOf(inputs: readonly ValueDescription[]): ValueDescription {
  const foreign = inputs.find((input) => !isInteger(input));
  if (foreign !== undefined) {
    const what = `is ${foreign.type || 'no tensor'} [${foreign.shape}]; a text encoder takes int32 or int64 [batch, length]`;
    throw new UnfitEncoder('bad-encoder', `input "${foreign.name}"`, what);
  }
  const candidates = inputs.filter(({ name }) => !isMask(name) && !isPosition(name));
  const [ids, ...others] = candidates.filter(({ name }) => /(^|_)ids$|token|text/i.test(name));
  const [only, ...rest] = candidates;
  const found =
    ids !== undefined && others.length === 0 ? ids : rest.length === 0 ? only : undefined;
  if (found !== undefined && candidates.length === 1) return found;
  const names = inputs.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new UnfitEncoder(
    'bad-encoder',
    'inputs',
    `are ${names}; which of them takes token ids is not clear`,
  );
}

const isEmbedding = ({ type, shape }: ValueDescription) =>
  type === 'float32' && (shape.length === 2 || shape.length === 3);

function onnxOutput(
  outputs: readonly ValueDescription[],
  asked: string | undefined,
): ValueDescription {
  const usable = outputs.filter(isEmbedding);
  const names = usable.map(({ name }) => name).join(', ');
  if (asked !== undefined) {
    const output = usable.find(({ name }) => name === asked);
    if (output !== undefined) return output;
    const what = `is "${asked.slice(0, 64)}"; there are ${names || 'none of float32'}`;
    throw new UnfitEncoder('bad-argument', 'output', what);
  }
  const pooled = usable.filter(({ shape }) => shape.length === 2);
  const found = pooled.find(({ name }) => /embed|proj/i.test(name)) ?? pooled[0] ?? usable[0];
  if (found !== undefined) return found;
  throw new UnfitEncoder(
    'bad-encoder',
    'outputs',
    'hold no float32 [batch, width] or [batch, length, width]',
  );
}
