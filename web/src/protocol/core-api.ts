/**
 * What the worker offers and the engine calls: the core module's answers as plain
 * values that cross by structured clone. No call throws for anything a user can
 * do; the engine turns an `error` into an EngineError. Links are the engine's
 * business: the core gives and takes the document that a link holds.
 */
import type {
  Failure,
  MethodInfo,
  Output,
  RecipeInfo,
  Replayed,
  RunResult,
  Verified,
} from './results.js';

/** Either the answer or what went wrong. */
export type Reply<T> = { ok: T } | { error: Failure };

export type RunInput = { kind: 'text'; text: string } | { kind: 'bytes'; bytes: Uint8Array };

/** A verification before the engine adds its version and makes the link. */
export type CoreVerified = Omit<Verified, 'link' | 'engine'> & {
  /** Canonical JSON of {claim, assets, digest}: what the link holds. */
  document: string;
};

export type CoreReplayed = Omit<Replayed, 'verified'> & { verified: CoreVerified };

export interface CoreApi {
  version(): Promise<Reply<string>>;
  methods(): Promise<Reply<MethodInfo[]>>;
  /** Reads a recipe without running it. */
  recipe(source: string): Promise<Reply<RecipeInfo>>;
  run(recipe: string, input: RunInput): Promise<Reply<RunResult>>;
  /** The JSON text of a claim; errors name line and column, or the field. */
  verify(claimJson: string): Promise<Reply<CoreVerified>>;
  /** The JSON text of {claim, assets, digest}. `strict`: it must be canonical, as in links. */
  replay(documentJson: string, strict: boolean): Promise<Reply<CoreReplayed>>;
}

/** A file of the asset folder: the core's binary, a tokenizer's vocabulary, the tables of Unicode. */
export type AssetFile = 'tagscope.wasm' | `${Vocabulary}.vocab` | 'text.tables';

/** Methods and tokenizers whose vocabulary is a file, NAME.vocab. */
export type Vocabulary = 'clip' | 'gpt2' | 'cl100k' | 'o200k';

export interface CoreSources {
  /** URL of the core's loader, tagscope.mjs. */
  module: string;
  /** The whole file; rejects with an Error that says what was not found. */
  load(file: AssetFile): Promise<Uint8Array>;
}

/** The worker's core.js, which Node loads into its own thread. */
export interface CoreModule {
  openCore(sources: CoreSources): Promise<Reply<CoreApi>>;
}

/** What the worker thread exposes: `core` answers once `open` has. */
export interface WorkerEntry {
  /** `assets`: absolute URL of the asset folder, with its final slash; a query goes to every file. */
  open(assets: string): Promise<Reply<null>>;
  core?: CoreApi;
}

export type { Output };
