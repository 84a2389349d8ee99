import { beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../web/src/engine/error.js';
import { type ListRecord, type ListsOptions, runLists } from '../../web/src/engine/lists.js';
import { SearchPool } from '../../web/src/engine/search-pool.js';
import { unitListOf, unitsOf } from '../../web/src/engine/shard.js';
import type { SearchApi } from '../../web/src/protocol/search-api.js';

const UNITS = 12;
const LISTS = { names: ['a', 'b'], tags: ['c'], space: 'quick@1' };

/** Runs of units that wait for the test, by unit. */
let held: Map<number, () => void>;
let ran: { worker: number; unit: number; names: number }[];
let added: number[];
let opened: number;
let closed: number;
let failing: number | undefined;
let onHold: ((unit: number) => void) | undefined;

// A worker that does a unit in two slices; what came of it is the unit's number.
function worker(index: number): SearchApi {
  let slices = 0;
  let current = -1;
  return {
    openLists: async () => {
      opened += 1;
      return {
        ok: {
          handle: index + 1,
          space: 'quick@1',
          units: UNITS,
          recipes: 7,
          names: 5_000_000,
          tags: 1,
          work: 10 * UNITS,
        },
      };
    },
    runListUnit: async (_: number, unit: number, names: number) => {
      if (unit === failing) return { error: { code: 'internal', where: 'unit', what: 'failed' } };
      if (current !== unit) [current, slices] = [unit, 0];
      slices += 1;
      ran.push({ worker: index, unit, names });
      if (slices === 1 && onHold) {
        await new Promise<void>((resolve) => {
          held.set(unit, resolve);
          onHold?.(unit);
        });
      }
      return { ok: { done: slices === 2, work: 5 * slices } };
    },
    listRecord: async () => ({ ok: Uint8Array.of(current) }),
    addListRecord: async (_: number, unit: number, record: Uint8Array) => {
      if (record[0] !== unit) {
        return { error: { code: 'bad-part', where: `unit ${unit}`, what: 'is damaged' } };
      }
      added.push(unit);
      return { ok: { hits: 1, work: 10 } };
    },
    listHits: async () => ({ ok: new TextEncoder().encode(`${added.at(-1)} `) }),
    finishLists: async () => ({ ok: { total: { hits: added.length } } }),
    close: async () => {
      closed += 1;
      return { ok: null };
    },
  } as unknown as SearchApi;
}

function pool(width: number): SearchPool {
  let workers = 0;
  return new SearchPool({
    width,
    open: async () => ({
      search: worker(workers++),
      broken: new Promise<never>(() => undefined),
      close: () => undefined,
    }),
  });
}

async function run(width: number, options: ListsOptions = {}) {
  let hits = '';
  const records: number[] = [];
  const summary = await runLists(pool(width), LISTS, {
    onHits: (lines) => {
      hits += new TextDecoder().decode(lines);
    },
    onRecord: ({ unit }) => {
      records.push(unit);
    },
    ...options,
  });
  return { hits, records, summary };
}

const inOrder = (units: readonly number[]) => units.map((unit) => `${unit} `).join('');
const all = Array.from({ length: UNITS }, (_, unit) => unit);
const recordOf = (unit: number): ListRecord => ({ unit, record: Uint8Array.of(unit) });

beforeEach(() => {
  held = new Map();
  [ran, added, opened, closed, failing, onHold] = [[], [], 0, 0, undefined, undefined];
});

describe('a search of lists', () => {
  it('tells hits in the order of the space, however many work', async () => {
    for (const width of [1, 2, 5]) {
      added = [];
      const { hits, records } = await run(width);
      expect(hits).toBe(inOrder(all));
      expect(records).toEqual(all);
    }
  });

  it('tells them in that order whichever worker is done first', async () => {
    // The first unit waits until the seventh is begun.
    onHold = (unit) => {
      if (unit !== 0) held.get(unit)?.();
      if (unit === 6) held.get(0)?.();
    };
    const { hits, records } = await run(3);
    expect(hits).toBe(inOrder(all));
    expect(records).toEqual(all);
    expect(ran.findIndex(({ unit }) => unit === 6)).toBeLessThan(
      ran.findLastIndex(({ unit }) => unit === 0),
    );
  });

  it('goes on after the records that it is given, and tells their hits too', async () => {
    const progress: number[] = [];
    const { hits, records } = await run(2, {
      records: [0, 1, 2, 3].map(recordOf),
      onProgress: ({ done, before }) => progress.push(done, before),
    });
    expect(hits).toBe(inOrder(all));
    expect(records).toEqual(all.slice(4));
    expect(Math.min(...ran.map(({ unit }) => unit))).toBe(4);
    expect(progress.at(-2)).toBe(1);
    expect(progress.at(-1)).toBeCloseTo(4 / UNITS);
  });

  it('runs nothing where all records are there', async () => {
    const { hits, records } = await run(2, { records: all.map(recordOf) });
    expect(hits).toBe(inOrder(all));
    expect(records).toEqual([]);
    expect(ran).toEqual([]);
    expect(opened).toBe(1);
  });

  it('refuses records that are out of order, too many or damaged', async () => {
    const refused = async (records: ListRecord[]) => {
      added = [];
      const error = await run(1, { records }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EngineError);
      return (error as EngineError).failure;
    };
    expect(await refused([recordOf(1)])).toMatchObject({ code: 'bad-part', where: 'unit 1' });
    expect(await refused([...all, 12].map(recordOf))).toMatchObject({ where: 'unit 12' });
    expect(await refused([{ unit: 0, record: Uint8Array.of(9) }])).toMatchObject({
      what: 'is damaged',
    });
  });

  it('runs the units of its shard alone', async () => {
    for (const [index, units] of [
      [1, [0, 5, 10]],
      [3, [2, 7]],
      [5, [4, 9]],
    ] as const) {
      [added, ran] = [[], []];
      const { hits, records } = await run(2, { shard: { index, of: 5 } });
      expect(records).toEqual(units);
      expect(hits).toBe(inOrder(units));
    }
    added = [];
    expect((await run(2, { shard: { index: 20, of: 20 } })).records).toEqual([]);
  });

  it('is given up between two slices, and its searches are closed', async () => {
    const abort = new AbortController();
    const given = run(2, {
      signal: abort.signal,
      onHits: () => abort.abort(new Error('enough')),
    });
    await expect(given).rejects.toThrow('enough');
    expect(ran.length).toBeLessThan(2 * UNITS);
    expect(closed).toBe(opened);
  });

  it('waits for whoever takes the hits', async () => {
    let running = 0;
    const { hits } = await run(3, {
      onHits: async () => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        running -= 1;
      },
    });
    expect(hits).toBe('');
    expect(added).toEqual(all);
  });

  it('fails with the worker that fails, or with whoever takes the hits', async () => {
    failing = 4;
    await expect(run(3)).rejects.toThrow('failed');
    failing = undefined;
    const full = () => Promise.reject(new Error('disk full'));
    await expect(run(3, { onRecord: full })).rejects.toThrow('disk full');
  });
});

describe('shards', () => {
  it('cut the units so that each is in one of them', () => {
    for (const units of [0, 1, 7, 12, 100]) {
      for (const of of [1, 2, 5, 13]) {
        const lists = Array.from({ length: of }, (_, i) => unitListOf({ index: i + 1, of }, units));
        expect(lists.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: units }, (_, unit) => unit),
        );
        lists.forEach((list, i) => {
          expect(list).toHaveLength(unitsOf({ index: i + 1, of }, units));
        });
      }
    }
  });
});
