/** A search of lists over the pool: units as workers ask for more, what came of them in order. */
import type { ListsInput, ListsSummary } from '../protocol/results.js';
import type { SearchApi } from '../protocol/search-api.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';
import type { SearchPool } from './search-pool.js';
import { type Shard, unitListOf, WHOLE } from './shard.js';

/** What a search of lists looks through. */
export interface ListsPlan {
  space: string;
  recipes: number;
  /** Pieces of the space; each is run on all names. */
  units: number;
  /** Different ones. */
  names: number;
  tags: number;
}

/** How far a search of lists is. */
export interface ListsProgress extends ListsPlan {
  /** The share that is done, 0 to 1. */
  done: number;
  /** The share that was taken over from `records`. */
  before: number;
  /** Hits so far, where they are kept. */
  hits: number;
}

/** What came of one unit: bytes that do not depend on who ran it. */
export interface ListRecord {
  unit: number;
  record: Uint8Array;
}

export interface ListsOptions {
  /** Gives the search up within a tenth of a second; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  onOpen?: (plan: ListsPlan) => void;
  onProgress?: (progress: ListsProgress) => void;
  /**
   * Told the hits as they are found, JSON lines of `ListHit` in UTF-8: in the order of the space,
   * under one recipe in that of the names. The search waits for what it returns.
   */
  onHits?: (lines: Uint8Array) => void | Promise<void>;
  /** Run only the units of one shard; the summary is then of these. */
  shard?: Shard;
  /**
   * Records of the first units, or of all, in ascending order: from an earlier run that was given
   * up, or from other machines. Error `bad-part` where they are not.
   */
  records?: AsyncIterable<ListRecord> | Iterable<ListRecord>;
  /** Told the record of every unit that is run here, in ascending order. */
  onRecord?: (record: ListRecord) => void | Promise<void>;
}

/** A worker is asked again about every so many milliseconds. */
const SLICE_MS = 40;
const FIRST_NAMES = 1000;
/** Below so many steps of work one worker is enough: another takes a tenth of a second to start. */
const WORTH_A_SECOND = 4_000_000;
/** Records that may wait for an earlier one, or for whoever takes the hits. */
const MOST_WAITING = 8;
const HITS_A_CALL = 50_000;

/** @internal */
export function runLists(
  pool: SearchPool,
  lists: ListsInput,
  options: ListsOptions,
): Promise<ListsSummary> {
  const { signal } = options;
  const { names, tags, space = 'quick@1', hits: keepHits = true } = lists;
  const json = JSON.stringify({ names, tags, space, hits: keepHits });
  return pool.run(signal, async (worker) => {
    const shares: { search: SearchApi; handle: number; work: number }[] = [];
    let over = false;
    const join = async (index: number) => {
      const { search } = await worker(index);
      const opened = answered(await search.openLists(json));
      if (over) {
        // The search was given up meanwhile.
        search.close(opened.handle).catch(() => undefined);
        signal?.throwIfAborted();
      }
      const share = { search, handle: opened.handle, work: 0 };
      shares.push(share);
      return { share, opened };
    };
    try {
      const { share: first, opened } = await join(0);
      const plan: ListsPlan = {
        space: opened.space,
        recipes: opened.recipes,
        units: opened.units,
        names: opened.names,
        tags: opened.tags,
      };
      options.onOpen?.(plan);
      const units = unitListOf(options.shard ?? WHOLE, opened.units);
      // Shards are alike enough for progress.
      const total = (opened.work * units.length) / opened.units;
      let [before, added, hits] = [0, 0, 0];
      const tell = () => {
        const running = shares.reduce((sum, { work }) => sum + work, 0);
        const share = (work: number) => (total === 0 ? 1 : Math.min(1, work / total));
        const done = share(added + running);
        options.onProgress?.({ ...plan, done, before: share(before), hits });
      };
      /** How many records were taken in; they are, in ascending order. */
      let taken = 0;
      const take = async ({ unit, record }: ListRecord) => {
        const { search, handle } = first;
        const found = answered(await search.addListRecord(handle, unit, record));
        taken += 1;
        added += found.work;
        hits += found.hits;
        for (let at = 0; options.onHits && at < found.hits; at += HITS_A_CALL) {
          signal?.throwIfAborted();
          await options.onHits(answered(await search.listHits(handle, at, at + HITS_A_CALL)));
        }
      };

      for await (const known of options.records ?? []) {
        signal?.throwIfAborted();
        if (known.unit !== units[taken]) throw outOfOrder(known.unit, units[taken]);
        await take(known);
        before = added;
        tell();
      }

      let next = taken;
      const waiting = new Map<number, Uint8Array>();
      let taking: Promise<void> = Promise.resolve();
      const takeInOrder = async () => {
        for (;;) {
          const unit = units[taken];
          const record = unit === undefined ? undefined : waiting.get(unit);
          if (unit === undefined || record === undefined) return;
          waiting.delete(unit);
          await options.onRecord?.({ unit, record });
          await take({ unit, record });
        }
      };
      let slice = FIRST_NAMES;
      const work = async (share: { search: SearchApi; handle: number; work: number }) => {
        for (;;) {
          const unit = units[next];
          if (unit === undefined) return;
          next += 1;
          for (;;) {
            signal?.throwIfAborted();
            const begun = performance.now();
            const run = answered(await share.search.runListUnit(share.handle, unit, slice));
            const took = Math.max(performance.now() - begun, 0.1);
            slice = Math.max(1, Math.min(slice * 4, Math.round((slice * SLICE_MS) / took)));
            share.work = run.work;
            tell();
            if (run.done) break;
          }
          const record = answered(await share.search.listRecord(share.handle));
          share.work = 0;
          waiting.set(unit, record);
          taking = taking.then(takeInOrder);
          taking.catch(() => undefined);
          if (waiting.size > MOST_WAITING) await taking;
        }
      };
      tell();
      const left = units.length - next;
      const small = (total / units.length) * left * opened.names < WORTH_A_SECOND;
      const width = Math.max(1, Math.min(small ? 1 : pool.width, left));
      const helpers = Array.from({ length: width - 1 }, async (_, i) => {
        const { share } = await join(i + 1);
        await work(share);
      });
      await Promise.all([work(first), ...helpers]);
      await taking;
      signal?.throwIfAborted();
      tell();
      return answered(await first.search.finishLists(first.handle));
    } finally {
      over = true;
      for (const { search, handle } of shares) search.close(handle).catch(() => undefined);
    }
  });
}

function outOfOrder(unit: number, wanted: number | undefined): EngineError {
  const what =
    wanted === undefined ? 'is more than there are' : `stands where unit ${wanted} should`;
  return new EngineError({ code: 'bad-part', where: `unit ${unit}`, what });
}
