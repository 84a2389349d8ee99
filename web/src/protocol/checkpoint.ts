/** What stands in a .safetensors file: its tensors, and the CLIP text encoders among them. */
import type { Failure } from './results.js';

/** A tensor of a file. Its bytes are [begin, end) of the whole file, little-endian, row-major. */
export interface StoredTensor {
  name: string;
  /** As the format names them: "F32", "F16", "BF16", "F8_E4M3", … */
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** A linear map or a LayerNorm: x · weightᵀ + bias, or normalised x · weight + bias. */
export interface AffineTensors {
  /** Of a linear map [out, in], of a LayerNorm [width]. */
  weight: StoredTensor;
  bias: StoredTensor;
}

/** One residual attention block of a text transformer. */
export interface EncoderBlock {
  ln_1: AffineTensors;
  /** OpenCLIP packs query, key and value, in this order, as [3 · width, width]. */
  attention:
    | { packed: AffineTensors }
    | { query: AffineTensors; key: AffineTensors; value: AffineTensors };
  attention_out: AffineTensors;
  ln_2: AffineTensors;
  /** width to inner width, before the activation. */
  mlp_in: AffineTensors;
  mlp_out: AffineTensors;
}

/** The tensors of a text encoder by the part that they play. */
export interface EncoderWeights {
  /** [vocab, width] */
  token_embedding: StoredTensor;
  /** [context, width] */
  position_embedding: StoredTensor;
  /** From the input to the output. */
  blocks: EncoderBlock[];
  ln_final: AffineTensors;
  /** `transposed`: stored as [out, width], used as x · Pᵀ; else [width, out] and x · P. */
  text_projection: { tensor: StoredTensor; transposed: boolean } | null;
}

/**
 * Whose way of naming tensors a file follows. `sd3` is also said of other files that keep
 * their encoders under `text_encoders.`; `openclip` of OpenAI's own files too.
 */
export type CheckpointLayout =
  | 'sd1'
  | 'sd2'
  | 'sdxl'
  | 'refiner'
  | 'sd3'
  | 'transformers'
  | 'openclip';

export type Activation = 'quick_gelu' | 'gelu';

/** The hidden states that a diffusion model takes from its encoder. */
export type Conditioning = 'last' | 'penultimate' | 'penultimate_ln';

/** A CLIP text encoder inside a file. */
export interface CheckpointEncoder {
  /** `clip` where neither the layout nor the width tells which. */
  kind: 'clip-l' | 'openclip-h' | 'openclip-bigg' | 'clip';
  layout: CheckpointLayout;
  /** What stands before the names of its tensors; "" where nothing does. */
  prefix: string;
  layers: number;
  width: number;
  /** No file says it: width / 64, as in the real models; null where that is no whole number. */
  heads: number | null;
  /** Inner width of the blocks' MLP. */
  inner: number;
  vocab: number;
  /** Positions. */
  context: number;
  /** That of its weights; "mixed" where they differ. */
  dtype: string;
  /** No file says it: the layout's, else the width's; null where it has to be told. */
  activation: Activation | null;
  /** Width of the projected embedding; null where the file has no projection. */
  projection: number | null;
  /** null where the layout does not name a diffusion model. */
  conditioning: Conditioning | null;
  /** Why its weights cannot be read as float32; null where they can. */
  unreadable: string | null;
  weights: EncoderWeights;
}

/**
 * What is there of a text encoder that cannot be used. `encoder-incomplete`: the error names
 * the tensors that it lacks; `encoder-shape`: one whose shape does not fit the others.
 */
export interface UnfitEncoder {
  layout: CheckpointLayout;
  prefix: string;
  error: Failure;
}

/** What `inspect` answers. */
export interface Inspected {
  name: string;
  /** Of the file, in bytes. */
  size: number;
  /** That of the first whole encoder, or else of the first unfit one; null where there is none. */
  layout: CheckpointLayout | null;
  /** The whole ones, in the order in which the layout numbers them. */
  encoders: CheckpointEncoder[];
  /** Those that are there in part, or whose parts do not fit each other. */
  unfit: UnfitEncoder[];
  /** How many there are. */
  tensors: number;
  /** How many tensors and bytes there are of each data type. */
  dtypes: Record<string, { tensors: number; bytes: number }>;
  /** `__metadata__`; empty where the file has none. */
  metadata: Record<string, string>;
  /** First byte after the header. */
  data_begin: number;
  /** Every tensor in the order of the data; where asked for. */
  list?: StoredTensor[];
  /** First 8 digits of SHA-256 of 0x10000 bytes at 0x100000; null for files under 0x200000 bytes. */
  autov1: string | null;
  /** First 10 digits of the file's SHA-256; null unless asked for. */
  autov2: string | null;
  /** First 12 digits of SHA-256 of what follows the header; null unless asked for. */
  autov3: string | null;
}

/** Vocabulary rows near one vector. */
export interface TokenNeighbours {
  /** The token's id, or the vector's number in its textual inversion. */
  of: { id: number } | { vector: number };
  /** The nearest first. `piece`: where the vocabulary is CLIP's. */
  neighbours: { id: number; cosine: number; piece?: string }[];
}

/** Where in the space of its token embedding an encoder has a token, or a textual inversion. */
export interface Neighbourhood {
  encoder: Pick<CheckpointEncoder, 'kind' | 'layout' | 'prefix' | 'vocab' | 'width'>;
  /** The mean of the vocabulary's rows was taken from all vectors first. */
  centred: boolean;
  vectors: TokenNeighbours[];
}
