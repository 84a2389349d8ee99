/**
 * What the similarity worker offers and the engine calls: checkpoints read by their headers,
 * and rows of float32 in the module's memory.
 */
import type { Inspected, StoredTensor } from './checkpoint.js';
import type { Reply } from './core-api.js';
import type { CheckpointHeader, ReadableSource } from './digest-api.js';

/** What a header says, and the bytes whose SHA-256 begins with AutoV1. */
export type InspectedFile = Omit<Inspected, 'name' | 'autov1' | 'autov2' | 'autov3'> & {
  autov1_bytes: Uint8Array | null;
};

/** `dot`: the plain product. `cosine` is NaN where the row or the query is zero. */
export type Measure = 'cosine' | 'dot';

export interface SimilarityApi {
  /** Errors: `bad-safetensors`, `too-large`, `encoder-incomplete`, `encoder-shape`. */
  inspect(source: ReadableSource, list: boolean): Promise<Reply<InspectedFile>>;
  /** Size of an input, and where its checkpoint's content begins: nowhere in other files. */
  content(source: ReadableSource): Promise<Reply<CheckpointHeader & { size: number }>>;
  /** The vectors of a textual inversion for an encoder of that width. Error: `no-inversion`. */
  inversion(source: ReadableSource, width: number): Promise<Reply<StoredTensor>>;

  /** Rows of float32 in the module's memory, all zero; a handle. Error: `too-large`. */
  openRows(rows: number, width: number): Promise<Reply<number>>;
  /** Sets rows from `first` on. Below, a handle that is not open is a `bad-handle`. */
  writeRows(rows: number, first: number, values: Float32Array): Promise<Reply<null>>;
  /**
   * Opens rows that hold a tensor of a file, read block by block and converted on the way: its
   * last dimension is the width. Errors: `unsupported-dtype`, `too-large`, those of reading.
   */
  loadRows(source: ReadableSource, tensor: StoredTensor): Promise<Reply<number>>;
  /** One of them. */
  row(rows: number, i: number): Promise<Reply<Float32Array>>;
  /** Takes `mean` from every row, or the rows' own where it is null, and answers it. */
  centre(rows: number, mean: Float32Array | null): Promise<Reply<Float32Array>>;
  /** The measure of every row and the query. */
  score(rows: number, query: Float32Array, measure: Measure): Promise<Reply<Float32Array>>;
  /** The k best rows, the best first; of equal ones the lower first. */
  nearest(
    rows: number,
    query: Float32Array,
    measure: Measure,
    k: number,
  ): Promise<Reply<{ row: number; score: number }[]>>;
  closeRows(rows: number): Promise<Reply<null>>;

  /** `count` different numbers below `population`, ascending; the same everywhere for a seed. */
  draw(population: number, count: number, seed: number): Promise<Reply<Uint32Array>>;
  /** Codes number `first` … of an endless row of random ones, a–z, for a seed. */
  randomCodes(length: number, first: number, count: number, seed: number): Promise<Reply<string[]>>;
  /** How many to draw from a class of `others`, the tag left out: all, or enough for the level. */
  nullSize(others: number, comparisons: number, level: number): Promise<Reply<number>>;
  /** For each observed score, (b + 1) / (m + 1): b of the null's m are at least as large. */
  empiricalP(observed: Float32Array, drawn: Float32Array): Promise<Reply<number[]>>;
  /** Adjusted for many tests: Benjamini–Hochberg, or under any dependence Benjamini–Yekutieli. */
  adjustedP(p: number[], dependence: 'positive' | 'any'): Promise<Reply<number[]>>;
}

/** What the similarity worker exposes: `similarity` answers once `open` has. */
export interface SimilarityWorkerEntry {
  /** `assets`: absolute URL of the asset folder, as WorkerEntry's. */
  open(assets: string): Promise<Reply<null>>;
  similarity?: SimilarityApi;
}

/** What Node's engine loads into its own thread. */
export interface SimilarityModule {
  openSimilarityHere(assets: string): Promise<Reply<SimilarityApi>>;
}
