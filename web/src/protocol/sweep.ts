/** What a sweep answers, and how the worker keeps the rows of one so that it can go on later. */
import type { Reply } from './core-api.js';

/** Cosines of every text with one other, in the order of the texts. */
export interface SweepCosines {
  raw: Float32Array;
  /** Each less the mean of its reference set. */
  centred: Float32Array;
}

/** The numbers of a sweep; those of the first `done` texts are there. */
export interface SweepColumns {
  texts: readonly string[];
  done: number;
  tokens: Uint8Array;
  /** With the empty prompt. */
  empty: SweepCosines;
  /** With the name that was given. */
  name: SweepCosines | null;
}

export interface Sweep extends SweepColumns {
  model: string;
  /** Of the built-in encoder: what it knows, and what it is not. */
  note?: string;
  /** SHA-256 of the encoder's file; null where nothing was to be kept. */
  encoder: string | null;
  output: string;
  width: number;
  near: string | null;
  reference: { codes: string; names: string };
  /** How many texts were there from an earlier sweep. */
  restored: number;
  /** Why the rows are not kept; null where they are. */
  not_kept: string | null;
}

/** Rows of float32 by a key, which are appended to and read again. */
export interface SweepStoreApi {
  /**
   * Opens what is kept under a key, and begins it where there is nothing. Errors: `busy` where
   * another tab or process has it open, `not-writable`, `disk-full`.
   */
  open(key: string, width: number): Promise<Reply<{ handle: number; rows: number }>>;
  read(handle: number, first: number, count: number): Promise<Reply<Float32Array<ArrayBuffer>>>;
  append(handle: number, rows: Float32Array<ArrayBuffer>): Promise<Reply<null>>;
  /** Forgets its rows. */
  clear(handle: number): Promise<Reply<null>>;
  close(handle: number): Promise<Reply<null>>;
  /** How many sweeps are kept, and their size. */
  kept(): Promise<Reply<{ sweeps: number; bytes: number }>>;
  /** Removes all that are kept and not open. */
  removeAll(): Promise<Reply<null>>;
}
