/**
 * The ONNX graph of a CLIP text encoder whose weights lie in a checkpoint. The graph holds
 * no weights: its initializers are external data that point at byte ranges of the file.
 *
 * The network is that of CLIP (https://arxiv.org/abs/2103.00020, section 2.4): token and
 * position embedding; per layer a residual attention block and a residual MLP, each behind
 * a LayerNorm; a final LayerNorm. Attention is written out as MatMul and Softmax: the fused
 * operator gave silently wrong results on WebGPU.
 */
import { type Attribute, DataType, type Initializer, type Node, writeModel } from './onnx.js';

/** What an encoder can answer. W: its width, P: its projection's. */
export type EncoderOutput =
  /** [batch, length, W]: the last block's output under the final LayerNorm. */
  | 'last'
  /** [batch, length, W]: the output of the last block but one, bare. */
  | 'penultimate'
  /** [batch, length, W]: the same under the final LayerNorm. */
  | 'penultimate_ln'
  /** [batch, W]: `last` at the end token. */
  | 'pooled'
  /** [batch, P]: `pooled` under the text projection. */
  | 'projected';

/** A tensor of the checkpoint: bytes [begin, end) of the file, row-major, little-endian. */
export interface Weight {
  name: string;
  /** As .safetensors names it: F32, F16, BF16, F8_E4M3, … */
  dtype: string;
  shape: readonly number[];
  begin: number;
  end: number;
}

export interface Affine {
  weight: Weight;
  bias: Weight;
}

export interface EncoderBlock {
  /** LayerNorm before attention, and before the MLP; [W] each. */
  ln_1: Affine;
  ln_2: Affine;
  /** [W, W] each, or packed as [3 W, W]: query, key, value one below the other. */
  attention: { query: Affine; key: Affine; value: Affine } | { packed: Affine };
  /** [W, W] */
  attention_out: Affine;
  /** [M, W] and [W, M] */
  mlp_in: Affine;
  mlp_out: Affine;
}

/**
 * A text encoder's tensors, as the protocol's checkpoint description has them. Matrices are
 * [out, in] but where said.
 */
export interface EncoderWeights {
  /** [vocabulary, W] */
  token_embedding: Weight;
  /** [positions, W] */
  position_embedding: Weight;
  blocks: readonly EncoderBlock[];
  ln_final: Affine;
  /** [P, W] where `transposed`, else [W, P]; null where the checkpoint has none. */
  text_projection: { tensor: Weight; transposed: boolean } | null;
}

/** What no checkpoint says. */
export interface EncoderTraits {
  heads: number;
  activation: 'quick_gelu' | 'gelu';
}

export interface GraphOptions {
  outputs: readonly EncoderOutput[];
  /**
   * Where the weights lie for the runtime. `file`: all in one file called `weights`, at their
   * own offsets; `parts`: each a file of its own, which holds nothing else.
   */
  placement: 'file' | 'parts';
  /** Data types that the runtime gets as F32, converted beforehand. Others are cast by the graph. */
  converted: ReadonlySet<string>;
  /** Whether Gather runs on the stored type, so that only the tokens met are cast. */
  gathersStored: boolean;
}

/** A file of external data that the runtime is to be given. */
export interface WeightPart {
  /** `location` in the model. */
  location: string;
  name: string;
  /** As stored. */
  dtype: string;
  begin: number;
  end: number;
  /** Whether the runtime expects it as F32 instead. */
  converted: boolean;
}

export interface EncoderGraph {
  model: Uint8Array<ArrayBuffer>;
  /** Every part under placement `parts`; under `file` only those that are converted. */
  parts: WeightPart[];
}

/**
 * Input of the graph: token ids, int32 [batch, length], length at most the positions that
 * the encoder has. Later positions do not change earlier ones, so a batch may be cut after
 * its longest prompt.
 */
export const INPUT_IDS = 'input_ids';
/**
 * Second input where `pooled` or `projected` is asked for: int32 [batch], the end token's
 * row among the batch · length rows.
 */
export const POOLED_ROWS = 'pooled_rows';
/** `location` of the checkpoint under placement `file`. */
export const WHOLE_FILE = 'weights';

/** torch.nn.LayerNorm's default, which every CLIP uses. */
const LAYER_NORM_EPSILON = 1e-5;
/** exp() of it is exactly 0 in float32, and unlike −∞ no runtime treats it specially. */
const MASKED = -1e9;
/** Past these a file is not a CLIP text encoder; the mask would be positions² floats. */
const MAX_POSITIONS = 1024;
const MAX_BLOCKS = 256;

const BYTES_PER_ELEMENT: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

const GRAPH_TYPES: Readonly<Record<string, DataType>> = {
  F32: DataType.float,
  F16: DataType.float16,
  BF16: DataType.bfloat16,
};

/** Weights of which no encoder can be made. `failure` names the tensor. */
export class UnfitWeights extends Error {
  readonly failure: { code: 'bad-encoder'; where: string; what: string };

  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.failure = { code: 'bad-encoder', where, what };
  }
}

/** The outputs that these weights can give. */
export function outputsOf(weights: Pick<EncoderWeights, 'text_projection'>): EncoderOutput[] {
  const all: EncoderOutput[] = ['last', 'penultimate', 'penultimate_ln', 'pooled'];
  return weights.text_projection === null ? all : [...all, 'projected'];
}

/** Writes the graph. Throws {@link UnfitWeights}. */
export function buildTextEncoder(
  weights: EncoderWeights,
  traits: EncoderTraits,
  options: GraphOptions,
): EncoderGraph {
  checkWeights(weights, traits, options.outputs);
  return new Builder(weights, traits, options).build();
}

/** Names of values within the graph. */
type Value = string;

class Builder {
  readonly #weights: EncoderWeights;
  readonly #traits: EncoderTraits;
  readonly #options: GraphOptions;
  readonly #width: number;
  readonly #nodes: Node[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #parts: WeightPart[] = [];
  /** Values of weights and constants that were made already. */
  readonly #made = new Map<string, Value>();
  #lastValue = 0;

  constructor(weights: EncoderWeights, traits: EncoderTraits, options: GraphOptions) {
    this.#weights = weights;
    this.#traits = traits;
    this.#options = options;
    this.#width = weights.token_embedding.shape[1] ?? 0;
  }

  build(): EncoderGraph {
    const { blocks, ln_final } = this.#weights;
    const { outputs } = this.#options;
    const asked = new Set(outputs);
    const pools = asked.has('pooled') || asked.has('projected');
    const afterLast = asked.has('last') || pools;

    const length = this.#node(
      'Gather',
      [this.#node('Shape', [INPUT_IDS]), this.#int64('one', [1])],
      { axis: 0 },
    );
    const sizes = this.#node('Shape', [INPUT_IDS]);
    // [batch, length, W] as most of the graph has it: [batch · length, W].
    let x = this.#node('Reshape', [this.#embedded(length), this.#int64('rows', [-1, this.#width])]);
    const context: Context = {
      split: this.#node(
        'Concat',
        [sizes, this.#int64('heads', [this.#traits.heads, this.#width / this.#traits.heads])],
        { axis: 0 },
      ),
      mask: this.#mask(length),
    };
    const whole = this.#node('Concat', [sizes, this.#int64('width', [this.#width])], { axis: 0 });

    const shaped = (name: EncoderOutput, value: Value) =>
      this.#emit('Reshape', [value, whole], [name]);
    for (const [i, block] of blocks.entries()) {
      if (i === blocks.length - 1) {
        if (asked.has('penultimate')) shaped('penultimate', x);
        if (asked.has('penultimate_ln')) shaped('penultimate_ln', this.#norm(x, ln_final));
        if (!afterLast) break;
      }
      x = this.#block(x, block, context);
    }
    if (asked.has('last')) shaped('last', this.#norm(x, ln_final));
    if (pools) {
      const row = this.#node('Gather', [x, POOLED_ROWS], { axis: 0 });
      const pooled = this.#norm(row, ln_final);
      if (asked.has('pooled')) this.#emit('Identity', [pooled], ['pooled']);
      if (asked.has('projected')) this.#project(pooled);
    }

    const model = writeModel({
      name: 'text_encoder',
      inputs: [
        { name: INPUT_IDS, type: DataType.int32, shape: ['batch', 'length'] },
        ...(pools ? [{ name: POOLED_ROWS, type: DataType.int32, shape: ['batch'] }] : []),
      ],
      outputs: outputs.map((name) => ({
        name,
        type: DataType.float,
        shape: outputShape(name, this.#weights),
      })),
      nodes: this.#nodes,
      initializers: this.#initializers,
    });
    return { model, parts: this.#parts };
  }

  #embedded(length: Value): Value {
    const { token_embedding, position_embedding } = this.#weights;
    const stored = this.#stored(token_embedding);
    const tokens =
      this.#options.gathersStored && stored.cast
        ? this.#cast(this.#node('Gather', [stored.value, INPUT_IDS], { axis: 0 }))
        : this.#node('Gather', [this.#weight(token_embedding), INPUT_IDS], { axis: 0 });
    const positions = this.#node('Slice', [
      this.#weight(position_embedding),
      this.#int64('zero', [0]),
      length,
      this.#int64('zero', [0]),
    ]);
    return this.#node('Add', [tokens, positions]);
  }

  // [length, length]: 0 where a position may look, MASKED at what comes after it.
  #mask(length: Value): Value {
    const positions = this.#weights.position_embedding.shape[0] ?? 0;
    const mask = new Float32Array(positions * positions);
    for (let row = 0; row < positions; ++row) {
      mask.fill(MASKED, row * positions + row + 1, (row + 1) * positions);
    }
    this.#initializers.push({
      name: 'mask',
      type: DataType.float,
      shape: [positions, positions],
      data: new Uint8Array(mask.buffer),
    });
    return this.#node('Slice', [
      'mask',
      this.#int64('zeros', [0, 0]),
      this.#node('Concat', [length, length], { axis: 0 }),
      this.#int64('axes', [0, 1]),
    ]);
  }

  #block(x: Value, block: EncoderBlock, context: Context): Value {
    const attended = this.#attention(this.#norm(x, block.ln_1), block, context);
    const y = this.#node('Add', [x, this.#affine(attended, block.attention_out)]);
    const inner = this.#activation(this.#affine(this.#norm(y, block.ln_2), block.mlp_in));
    return this.#node('Add', [y, this.#affine(inner, block.mlp_out)]);
  }

  #attention(x: Value, { attention }: EncoderBlock, { split, mask }: Context): Value {
    const { query, key, value } =
      'packed' in attention ? unpacked(attention.packed, this.#width) : attention;
    const scale = 1 / Math.sqrt(this.#width / this.#traits.heads);
    const heads = (rows: Value, perm: readonly number[]) =>
      this.#node('Transpose', [this.#node('Reshape', [rows, split])], { perm });
    const queries = heads(this.#affine(x, query, scale), [0, 2, 1, 3]);
    const keys = heads(this.#affine(x, key), [0, 2, 3, 1]);
    const values = heads(this.#affine(x, value), [0, 2, 1, 3]);
    const scores = this.#node('Add', [this.#node('MatMul', [queries, keys]), mask]);
    const shares = this.#node('Softmax', [scores], { axis: -1 });
    const mixed = this.#node('Transpose', [this.#node('MatMul', [shares, values])], {
      perm: [0, 2, 1, 3],
    });
    return this.#node('Reshape', [mixed, this.#int64('rows', [-1, this.#width])]);
  }

  // Gemm takes matrices as [out, in], so nothing is transposed beforehand.
  #affine(x: Value, { weight, bias }: Affine, scale = 1): Value {
    return this.#node('Gemm', [x, this.#weight(weight), this.#weight(bias)], {
      transB: 1,
      alpha: { float: scale },
      beta: { float: scale },
    });
  }

  #activation(x: Value): Value {
    if (this.#traits.activation === 'quick_gelu') {
      const inner = this.#node('Mul', [x, this.#float('quick', 1.702)]);
      return this.#node('Mul', [x, this.#node('Sigmoid', [inner])]);
    }
    // Written as the runtime's own fusion looks for it.
    const scaled = this.#node('Div', [x, this.#float('sqrt2', Math.SQRT2)]);
    const error = this.#node('Add', [this.#node('Erf', [scaled]), this.#float('unit', 1)]);
    return this.#node('Mul', [this.#node('Mul', [x, error]), this.#float('half', 0.5)]);
  }

  #norm(x: Value, { weight, bias }: Affine): Value {
    return this.#node('LayerNormalization', [x, this.#weight(weight), this.#weight(bias)], {
      axis: -1,
      epsilon: { float: LAYER_NORM_EPSILON },
    });
  }

  #project(pooled: Value): void {
    const { text_projection } = this.#weights;
    if (text_projection === null) throw noProjection();
    this.#emit('Gemm', [pooled, this.#weight(text_projection.tensor)], ['projected'], {
      transB: text_projection.transposed ? 1 : 0,
    });
  }

  /** A weight as float32. */
  #weight(weight: Weight): Value {
    const known = this.#made.get(keyOf(weight));
    if (known !== undefined) return known;
    const stored = this.#stored(weight);
    const value = stored.cast ? this.#cast(stored.value) : stored.value;
    this.#made.set(keyOf(weight), value);
    return value;
  }

  /** A weight as the runtime is given it; `cast` where that is not float32. */
  #stored(weight: Weight): { value: Value; cast: boolean } {
    const { name, dtype, shape, begin, end } = weight;
    const type = GRAPH_TYPES[dtype];
    const converted = type === undefined || this.#options.converted.has(dtype);
    const cast = !converted && type !== DataType.float;
    const key = `stored ${keyOf(weight)}`;
    const known = this.#made.get(key);
    if (known !== undefined) return { value: known, cast };
    const value = `w${this.#made.size}`;
    this.#made.set(key, value);
    const inFile = this.#options.placement === 'file' && !converted;
    const length = converted ? elementsOf(shape) * 4 : end - begin;
    if (!inFile) this.#parts.push({ location: value, name, dtype, begin, end, converted });
    this.#initializers.push({
      name: value,
      type: converted ? DataType.float : type,
      shape,
      data: inFile
        ? { location: WHOLE_FILE, offset: begin, length }
        : { location: value, offset: 0, length },
    });
    return { value, cast };
  }

  #cast(value: Value): Value {
    return this.#node('Cast', [value], { to: DataType.float });
  }

  #int64(name: string, values: readonly number[]): Value {
    const data = new BigInt64Array(values.map(BigInt));
    return this.#constant(name, DataType.int64, [values.length], new Uint8Array(data.buffer));
  }

  #float(name: string, value: number): Value {
    const data = Float32Array.of(value);
    return this.#constant(name, DataType.float, [], new Uint8Array(data.buffer));
  }

  #constant(name: string, type: DataType, shape: readonly number[], data: Uint8Array): Value {
    if (!this.#made.has(name)) {
      this.#made.set(name, name);
      this.#initializers.push({ name, type, shape, data });
    }
    return name;
  }

  #node(
    op: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    const output = `v${this.#lastValue++}`;
    this.#emit(op, inputs, [output], attributes);
    return output;
  }

  #emit(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.#nodes.push({ op, inputs, outputs, attributes });
  }
}

interface Context {
  /** Shape [batch, length, heads, W / heads]. */
  split: Value;
  /** [length, length] */
  mask: Value;
}

// Rows of a row-major matrix follow each other, so a third of the rows is a third of the bytes.
function unpacked(
  { weight, bias }: Affine,
  width: number,
): { query: Affine; key: Affine; value: Affine } {
  const third = (whole: Weight, i: number): Weight => {
    const bytes = (whole.end - whole.begin) / 3;
    const begin = whole.begin + i * bytes;
    return { ...whole, shape: [width, ...whole.shape.slice(1)], begin, end: begin + bytes };
  };
  const part = (i: number): Affine => ({ weight: third(weight, i), bias: third(bias, i) });
  return { query: part(0), key: part(1), value: part(2) };
}

function keyOf({ name, begin }: Weight): string {
  return `${begin} ${name}`;
}

function outputShape(output: EncoderOutput, weights: EncoderWeights): (number | string)[] {
  const width = weights.token_embedding.shape[1] ?? 0;
  if (output === 'pooled') return ['batch', width];
  if (output === 'projected') return ['batch', projectedWidth(weights) ?? 0];
  return ['batch', 'length', width];
}

/** P, or null where there is no projection. */
export function projectedWidth({
  text_projection,
}: Pick<EncoderWeights, 'text_projection'>): number | null {
  if (text_projection === null) return null;
  return text_projection.tensor.shape[text_projection.transposed ? 0 : 1] ?? null;
}

function noProjection(): UnfitWeights {
  return new UnfitWeights('text_projection', 'is not in the checkpoint');
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function checkWeights(
  weights: EncoderWeights,
  { heads }: EncoderTraits,
  outputs: readonly EncoderOutput[],
): void {
  const { blocks, token_embedding, position_embedding, ln_final, text_projection } = weights;
  const [vocabulary = 0, width = 0] = token_embedding.shape;
  const [positions = 0] = position_embedding.shape;
  expectShape(token_embedding, [vocabulary, width]);
  expectShape(position_embedding, [positions, width]);
  if (positions < 2 || positions > MAX_POSITIONS) {
    const what = `has ${positions} positions; it must have 2 to ${MAX_POSITIONS}`;
    throw new UnfitWeights(position_embedding.name, what);
  }
  if (blocks.length < 1 || blocks.length > MAX_BLOCKS) {
    throw new UnfitWeights('blocks', `are ${blocks.length}; there must be 1 to ${MAX_BLOCKS}`);
  }
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0) {
    throw new UnfitWeights('heads', `are ${heads}, which do not divide the width ${width}`);
  }
  for (const block of blocks) {
    expectAffine(block.ln_1, width);
    expectAffine(block.ln_2, width);
    if ('packed' in block.attention) expectAffine(block.attention.packed, 3 * width, width);
    else for (const part of Object.values(block.attention)) expectAffine(part, width, width);
    expectAffine(block.attention_out, width, width);
    const [inner = 0] = block.mlp_in.weight.shape;
    expectAffine(block.mlp_in, inner, width);
    expectAffine(block.mlp_out, width, inner);
  }
  expectAffine(ln_final, width);
  if (text_projection === null) {
    if (outputs.includes('projected')) throw noProjection();
    return;
  }
  const projected = projectedWidth(weights) ?? 0;
  const shape = text_projection.transposed ? [projected, width] : [width, projected];
  expectShape(text_projection.tensor, shape);
}

function expectAffine({ weight, bias }: Affine, rows: number, columns?: number): void {
  expectShape(weight, columns === undefined ? [rows] : [rows, columns]);
  expectShape(bias, [rows]);
}

function expectShape({ name, dtype, shape, begin, end }: Weight, expected: readonly number[]) {
  if (shape.length !== expected.length || shape.some((size, i) => size !== expected[i])) {
    throw new UnfitWeights(name, `has the shape [${shape}]; it must be [${expected}]`);
  }
  const size = BYTES_PER_ELEMENT[dtype];
  if (size === undefined) {
    const known = Object.keys(BYTES_PER_ELEMENT).join(', ');
    throw new UnfitWeights(name, `has the data type ${dtype}; an encoder’s are ${known}`);
  }
  const bytes = elementsOf(shape) * size;
  if (bytes === 0 || end - begin !== bytes) {
    throw new UnfitWeights(
      name,
      `is ${end - begin} bytes long; [${shape}] of ${dtype} is ${bytes}`,
    );
  }
}
