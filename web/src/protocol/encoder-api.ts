/**
 * What the worker of text encoders offers and the engine calls. Opening an encoder is a job
 * that goes on only as long as it is asked to, and so is encoding: progress and cancelling
 * need no messages of their own.
 */
import type { Activation, CheckpointEncoder } from './checkpoint.js';
import type { Reply } from './core-api.js';
import type { ReadableSource } from './digest-api.js';
import type { ModelStoreApi } from './model-api.js';
import type { SweepStoreApi } from './sweep.js';

/** What a text encoder found in a checkpoint can answer. W: its width. */
export type EncoderOutput =
  /** [length, W]: the last block's output under the final LayerNorm. */
  | 'last'
  /** [length, W]: the output of the last block but one, bare. */
  | 'penultimate'
  /** [length, W]: the same under the final LayerNorm. */
  | 'penultimate_ln'
  /** [W]: `last` at the end token. */
  | 'pooled'
  /** [projection]: `pooled` under the text projection. */
  | 'projected';

/** A file, or one of the public encoders by its id. */
export type ModelSource = ReadableSource | { model: string };

export interface EncoderOptions {
  /** Which of the file's encoders; 0, the first, where left out. */
  encoder?: number;
  /** Heads of attention, which no file says; width / 64 where left out. */
  heads?: number;
  /** Needed where neither layout nor width tell. */
  activation?: Activation;
  /** An {@link EncoderOutput}, or the name of an .onnx file's output. Left out: the embedding of a text. */
  output?: string;
  /** Left out: WebGPU where it is there and gives the same numbers, else the processor. */
  provider?: 'webgpu' | 'wasm';
}

/** What runs an encoder. */
export interface EncoderRuntime {
  name: 'onnxruntime-web' | 'onnxruntime-node';
  /** onnxruntime-web's build. */
  bundle: 'jspi' | 'webgpu' | 'wasm' | 'native';
  provider: 'webgpu' | 'wasm' | 'cpu';
  /** The graphics adapter's name, where it is used. */
  adapter: string | null;
  threads: number;
  /** Where WebGPU was not used, why: a sentence for people. */
  note: string | null;
  /** The largest difference from the processor's answer, relative to the largest number in it. */
  self_test: { difference: number; limit: number } | null;
}

/** How texts become the encoder's input. */
export interface EncoderTokens {
  tokenizer: 'clip';
  profile: string;
  start: number;
  end: number;
  /** What fills the positions after the end token. */
  pad: number;
}

export interface EncoderInfo {
  format: 'safetensors' | 'onnx';
  /** Whether it is the one that comes with the program. */
  builtin: boolean;
  /** As the checkpoint describes it; null for .onnx files. */
  checkpoint: Omit<CheckpointEncoder, 'weights'> | null;
  /** As it is run; null for .onnx files. */
  heads: number | null;
  activation: Activation | null;
  /** Positions: how many ids a text has. */
  context: number;
  /** Ids are below it; null where the file does not say. */
  vocab: number | null;
  tokens: EncoderTokens;
  output: string;
  /** Those that can be asked for. */
  outputs: string[];
  /** Whether a text's answer is one row, or one for each position. */
  pooled: boolean;
  /** Length of a row. */
  width: number;
  /** Whether what follows the end token changes nothing before it, so that padding can be left out. */
  causal: boolean;
  /** Bytes of the file that are read: of its weights that the output needs. */
  weight_bytes: number;
  runtime: EncoderRuntime;
}

/** How far opening is. */
export type OpeningState =
  | { stage: 'runtime' | 'session' | 'self-test' }
  | { stage: 'weights'; bytes: number; total: number }
  | { stage: 'ready'; info: EncoderInfo };

/** Texts of equal length: ids row by row. */
export interface EncoderBatch {
  /** [size, length] */
  ids: Int32Array;
  size: number;
  length: number;
  /** The end token's position in each text. */
  ends: number[];
}

/** Row-major float32. */
export interface EncodedBatch {
  data: Float32Array<ArrayBuffer>;
  /** [size, width] or [size, length, width] */
  shape: number[];
  /** Where what runs the encoder changed: a lost device was replaced, or given up. */
  runtime?: EncoderRuntime;
}

export interface EncoderApi {
  /** Reads what the file says of itself; answers a handle. */
  open(source: ModelSource, options: EncoderOptions): Promise<Reply<number>>;
  /** Goes on with opening for about a tenth of a second, or one step that cannot be divided. */
  advance(handle: number): Promise<Reply<OpeningState>>;
  run(handle: number, batch: EncoderBatch): Promise<Reply<EncodedBatch>>;
  close(handle: number): Promise<Reply<null>>;
}

/** Where the worker finds what it loads. */
export interface EncoderPlaces {
  /** Absolute URL of the asset folder, with its final slash; a query goes to every file. */
  assets: string;
  /** In browsers the same of onnxruntime-web's files. */
  runtime: string;
  /** Takes the place of the address that public encoders are fetched from. */
  mirror: string | null;
}

/** What the worker offers. */
export interface EncoderServices {
  encoders: EncoderApi;
  models: ModelStoreApi;
  sweeps: SweepStoreApi;
}

/** What the worker's thread exposes: the services answer once `open` has. */
export interface EncoderWorkerEntry extends Partial<EncoderServices> {
  open(places: EncoderPlaces): Promise<Reply<null>>;
}

/** What Node's engine loads into its own thread. */
export interface EncoderModule {
  openEncodersHere(places: EncoderPlaces): Promise<Reply<EncoderServices>>;
}
