/**
 * The calls of the similarity module as Embind exposes them (wasm/bindings/similarity.cpp).
 * Memory grows, so a view is good only until the next call.
 */
export interface SimilarityBinding {
  version(): string;
  /** What a file begins with (9 bytes, less of a shorter one): the length of its header, as JSON. */
  headerLength(begin: Uint8Array, fileBytes: number): string;
  /** Makes room for the JSON of a header. */
  openHeader(bytes: number): void;
  /** That room. */
  header(): Uint8Array;
  /** Reads the header that was written there, and gives the room up. */
  inspect(fileBytes: number, list: boolean): string;
  /** The same for its metadata alone, whatever its tensors are. */
  metadata(): string;
  /** The same for the tensor of a textual inversion. */
  inversion(fileBytes: number, width: number): string;

  /** Rows of float32, all zero: a handle, or 0 where memory does not suffice. */
  openRows(rows: number, width: number): number;
  /** Below, `handle` must be open, and what is named lie inside its rows. */
  closeRows(handle: number): void;
  /** Rows to be written to. */
  rows(handle: number, first: number, count: number): Float32Array;
  /** Room for so many bytes. */
  staging(bytes: number): Uint8Array;
  /** Can a data type of checkpoints be read as float32? */
  readable(dtype: string): boolean;
  /** Reads all staged bytes as `count` numbers, to be the rows' from number `first` on. */
  convert(handle: number, first: number, count: number, dtype: string): void;
  /** Compares every row with the query. */
  score(handle: number, query: Float32Array, cosine: boolean): void;
  /** What the last score() gave. */
  scores(): Float32Array;
  /** The rows of the k best of it, the best first. */
  best(k: number): Uint32Array;
  mean(handle: number): Float32Array;
  centre(handle: number, mean: Float32Array): void;
  /** Reads all rows, for comparison with score(). */
  readThrough(handle: number): number;

  draw(population: number, count: number, seed: number): Uint32Array;
  randomCode(length: number, seed: number, i: number): string;
  nullSize(others: number, comparisons: number, level: number): number;
  empiricalP(drawn: Float32Array, observed: Float32Array): Float64Array;
  adjust(p: Float64Array, anyDependence: boolean): Float64Array;
}

/** The default export of similarity.mjs. */
export type SimilarityFactory = (options: { wasmBinary: Uint8Array }) => Promise<SimilarityBinding>;
