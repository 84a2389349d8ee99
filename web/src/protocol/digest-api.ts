/**
 * What a digesting worker offers and the engine's pool calls. A job is one pass
 * over one input for some digests; it goes on only as long as it is asked to, so
 * progress and cancelling need no messages of their own.
 */
import type { Reply } from './core-api.js';
import type { DeclaredHash } from './results.js';

/** One digest over a part of the input. */
export interface DigestPart {
  /** What the answer calls it; a job has each key once. */
  key: string;
  /** A digest method. */
  id: string;
  /** First byte; 0 where left out. */
  begin?: number;
  /** The byte after the last; the input's end where left out. */
  end?: number;
}

/** An input that a worker reads by itself. Paths are Node's alone. */
export type ReadableSource = Blob | { path: string };

export interface JobState {
  /** Bytes read so far. */
  bytes: number;
  /** The input's size when it was opened; null where it has none (a pipe). */
  total: number | null;
  done: boolean;
}

/** What a checkpoint file says of itself before its tensors. */
export interface CheckpointHeader {
  /** First byte after the header; null where the file is no .safetensors. */
  content_begin: number | null;
  /** The hashes of the content that the metadata states, not compared yet. */
  declared: Omit<DeclaredHash, 'agrees'>[];
}

export interface DigestApi {
  /** Answers the job's handle. Without a source the bytes are pushed. */
  start(parts: DigestPart[], source: ReadableSource | null): Promise<Reply<number>>;
  /** Reads and digests for about a tenth of a second. */
  advance(job: number): Promise<Reply<JobState>>;
  /** Digests the next bytes of a job without a source. */
  push(job: number, bytes: Uint8Array): Promise<Reply<null>>;
  /** The digests by key; ends the job. */
  finish(job: number): Promise<Reply<Record<string, Uint8Array>>>;
  /** Ends the job without an answer. */
  cancel(job: number): Promise<Reply<null>>;
  /** The digests of many short texts, one after another, each as long as the first. */
  digestTexts(id: string, texts: string[]): Promise<Reply<Uint8Array>>;
}

/** What a digesting worker's thread exposes: `digests` answers once `open` has. */
export interface DigestWorkerEntry {
  /** `assets`: absolute URL of the asset folder, as WorkerEntry's. */
  open(assets: string): Promise<Reply<null>>;
  digests?: DigestApi;
}

/** What Node's engine loads into its own thread for small inputs. */
export interface DigestModule {
  openDigestsHere(assets: string): Promise<Reply<DigestApi>>;
}
