/**
 * What a searching worker offers and the engine's pool calls. A search is cut into units; each
 * worker runs some, and one of them takes in what the others counted. A worker goes on only as
 * long as it is asked to, so progress and cancelling need no messages of their own.
 */
import type { CoreReplayed, CoreVerified, Reply } from './core-api.js';
import type { ListsSummary, Membership, SpaceInfo } from './results.js';

/** A search of a claim's space, open in one worker. */
export interface OpenedSearch {
  /** Of that worker alone. */
  handle: number;
  /** The space's full name, with its version. */
  space: string;
  /** Units to run; 0 where a proof covers the whole space. */
  units: number;
  /** Recipes in all units. */
  recipes: number;
  covered: boolean;
  /** The claim's canonical JSON text. */
  claim: string;
}

/** A search of lists, open in one worker. */
export interface OpenedLists {
  /** Of that worker alone. */
  handle: number;
  space: string;
  units: number;
  recipes: number;
  /** Different ones. */
  names: number;
  tags: number;
  /** What there is to do in all units, in steps of about equal time. */
  work: number;
}

export interface SearchApi {
  spaces(): Promise<Reply<SpaceInfo[]>>;
  /** Does the space hold the recipe? `texts`: what its free keys' words are drawn from. */
  contains(space: string, recipe: string, texts: string[]): Promise<Reply<Membership>>;
  /** The JSON text of a claim that sets a space. */
  open(claimJson: string): Promise<Reply<OpenedSearch>>;
  /** The claim in the JSON text of {claim, assets, digest}; `strict` as for replaying. */
  openDocument(documentJson: string, strict: boolean): Promise<Reply<OpenedSearch>>;
  /**
   * Runs the units begin, begin + step (left out: 1), … below end. `tried`: recipes of all units
   * that this worker has run.
   */
  run(handle: number, begin: number, end: number, step?: number): Promise<Reply<{ tried: number }>>;
  /** What this worker has counted. */
  save(handle: number): Promise<Reply<Uint8Array>>;
  /** Takes in what another worker, or an earlier run, has saved. Errors: `bad-part`. */
  merge(handle: number, part: Uint8Array): Promise<Reply<null>>;
  /** The same for what must hold the units of one shard and no other; `index` is 1 to `of`. */
  mergeShard(handle: number, part: Uint8Array, index: number, of: number): Promise<Reply<null>>;
  /** The codes of the shape that a pair's name reaches, a bit each; empty where there are too many. */
  reached(handle: number, pair: number): Promise<Reply<Uint8Array>>;
  finish(handle: number): Promise<Reply<CoreVerified>>;
  /** The document is the one that was opened. */
  finishReplay(handle: number, documentJson: string, strict: boolean): Promise<Reply<CoreReplayed>>;
  close(handle: number): Promise<Reply<null>>;

  /** The JSON text of {names, tags, space, hits}. Errors: `bad-lists`, `unknown-space`. */
  openLists(listsJson: string): Promise<Reply<OpenedLists>>;
  /** Begins a unit, or goes on with it, for about so many names. `work`: done of it so far. */
  runListUnit(
    handle: number,
    unit: number,
    names: number,
  ): Promise<Reply<{ done: boolean; work: number }>>;
  /** What came of the unit that this worker has done. */
  listRecord(handle: number): Promise<Reply<Uint8Array>>;
  /** Adds the record of a unit, from any worker or an earlier run. Errors: `bad-part`. */
  addListRecord(
    handle: number,
    unit: number,
    record: Uint8Array,
  ): Promise<Reply<{ hits: number; work: number }>>;
  /** Hits of the record that was added last: JSON lines in UTF-8. */
  listHits(handle: number, begin: number, end: number): Promise<Reply<Uint8Array>>;
  finishLists(handle: number): Promise<Reply<ListsSummary>>;
}

/** What a searching worker's thread exposes: `search` answers once `open` has. */
export interface SearchWorkerEntry {
  /** `assets`: absolute URL of the asset folder, as WorkerEntry's. */
  open(assets: string): Promise<Reply<null>>;
  search?: SearchApi;
}
