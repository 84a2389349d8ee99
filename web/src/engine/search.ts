/** A search over the pool: units are handed out as workers ask for more, then counts are merged. */
import type { Reply } from '../protocol/core-api.js';
import type { OpenedSearch, SearchApi } from '../protocol/search-api.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';
import type { SearchPool } from './search-pool.js';
import { type Shard, unitsOf, WHOLE } from './shard.js';

/** How far a search is. */
export interface SearchProgress {
  /** Recipes tried. */
  tried: number;
  /** Recipes in the space. */
  recipes: number;
  /** Codes of the shape that the first name reaches so far, a bit each, code 0 lowest. */
  reached?: Uint8Array;
}

export interface SearchOptions {
  signal?: AbortSignal;
  onProgress?: (progress: SearchProgress) => void;
  /** Tell the codes reached with every progress. */
  reached?: boolean;
}

/** What one shard of a claim's search has counted. */
export interface ClaimPart {
  shard: Shard;
  counts: Uint8Array;
}

interface Share {
  search: SearchApi;
  handle: number;
  tried: number;
  reached: Uint8Array;
}

/** A worker is asked again about every so many milliseconds. */
const SLICE_MS = 50;
/** A worker takes a tenth of a second to start: below this many outputs one is enough. */
const WORTH_A_SECOND = 4_000_000;

/**
 * `open` opens the same search in any worker, `finish` asks for its answer; units of one shard
 * alone where that is given.
 *
 * @internal
 */
export function runSearch<T>(
  pool: SearchPool,
  names: number,
  open: (search: SearchApi) => Promise<Reply<OpenedSearch>>,
  finish: (search: SearchApi, handle: number) => Promise<Reply<T>>,
  options: SearchOptions,
  shard: Shard = WHOLE,
): Promise<T> {
  const { signal } = options;
  return pool.run(signal, async (worker) => {
    const shares: Share[] = [];
    let over = false;
    // What is opened after the search was given up is closed at once.
    const openedIn = async (search: SearchApi): Promise<OpenedSearch> => {
      const opened = answered(await open(search));
      if (over) search.close(opened.handle).catch(() => undefined);
      return opened;
    };
    const join = async (index: number): Promise<[Share, OpenedSearch]> => {
      const { search } = await worker(index);
      const opened = await openedIn(search);
      const share = { search, handle: opened.handle, tried: 0, reached: new Uint8Array() };
      shares.push(share);
      return [share, opened];
    };
    try {
      const [first, opened] = await join(0);
      // Units of the shard are counted from 0 here.
      const count = unitsOf(shard, opened.units);
      const unitAt = (place: number) => shard.index - 1 + place * shard.of;
      let next = 0;
      const tell = () =>
        options.onProgress?.({
          tried: shares.reduce((sum, { tried }) => sum + tried, 0),
          recipes: opened.recipes / shard.of,
          ...(options.reached ? { reached: union(shares) } : {}),
        });
      const work = async (share: Share) => {
        let units = 1;
        while (next < count) {
          signal?.throwIfAborted();
          const begin = unitAt(next);
          next = Math.min(next + units, count);
          const end = unitAt(next - 1) + 1;
          const begun = performance.now();
          share.tried = answered(await share.search.run(share.handle, begin, end, shard.of)).tried;
          const took = Math.max(performance.now() - begun, 0.1);
          if (options.reached) {
            share.reached = answered(await share.search.reached(share.handle, 0));
          }
          signal?.throwIfAborted();
          tell();
          units = Math.max(1, Math.min(units * 4, Math.round((units * SLICE_MS) / took)));
        }
      };
      tell();
      const width = (opened.recipes / shard.of) * names < WORTH_A_SECOND ? 1 : pool.width;
      const helpers = Array.from({ length: width - 1 }, async (_, i) => {
        // A search may be over before a helper is there.
        const { search } = await worker(i + 1);
        if (next >= count) return;
        const share: Share = { search, handle: 0, tried: 0, reached: new Uint8Array() };
        share.handle = (await openedIn(search)).handle;
        if (over) return;
        shares.push(share);
        await work(share);
      });
      await Promise.all([work(first), ...helpers]);
      for (const share of shares.slice(1)) {
        const part = answered(await share.search.save(share.handle));
        answered(await first.search.merge(first.handle, part));
      }
      signal?.throwIfAborted();
      return answered(await finish(first.search, first.handle));
    } finally {
      over = true;
      for (const { search, handle } of shares) search.close(handle).catch(() => undefined);
    }
  });
}

/**
 * The answer of a search of which every shard was run elsewhere. Errors: `bad-part` with where =
 * "shard 3 of 8".
 *
 * @internal
 */
export function mergeParts<T>(
  pool: SearchPool,
  parts: readonly ClaimPart[],
  open: (search: SearchApi) => Promise<Reply<OpenedSearch>>,
  finish: (search: SearchApi, handle: number) => Promise<Reply<T>>,
  signal?: AbortSignal,
): Promise<T> {
  return pool.run(signal, async (worker) => {
    const { search } = await worker(0);
    const { handle } = answered(await open(search));
    try {
      for (const { shard, counts } of parts) {
        signal?.throwIfAborted();
        const merged = await search.mergeShard(handle, counts, shard.index, shard.of);
        if ('error' in merged) {
          const where = `shard ${shard.index} of ${shard.of}`;
          throw new EngineError({ ...merged.error, where });
        }
      }
      return answered(await finish(search, handle));
    } finally {
      search.close(handle).catch(() => undefined);
    }
  });
}

function union(shares: readonly Share[]): Uint8Array {
  const all = new Uint8Array(Math.max(0, ...shares.map(({ reached }) => reached.length)));
  for (const { reached } of shares) {
    for (const [i, byte] of reached.entries()) all[i] = (all[i] ?? 0) | byte;
  }
  return all;
}
