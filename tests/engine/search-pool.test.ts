import { expect, test } from 'vitest';
import { type Searcher, SearchPool } from '../../web/src/engine/search-pool.js';

const task = () => new Promise((resolve) => setTimeout(resolve));

/** Workers that open when the test lets them. */
function workers() {
  const opening: ((of: Searcher) => void)[] = [];
  const busy: (boolean | null)[] = [];
  const closed: number[] = [];
  const pool = new SearchPool({
    width: 4,
    open: () => new Promise((resolve) => opening.push(resolve)),
  });
  const open = (i: number) => {
    busy[i] = null;
    opening[i]?.({
      search: {} as Searcher['search'],
      broken: new Promise<never>(() => undefined),
      setBusy: (is) => {
        busy[i] = is;
      },
      close: () => closed.push(i),
    });
  };
  return { pool, open, busy, closed };
}

test('a worker that opens when the work is over is kept for the next, idle', async () => {
  const { pool, open, busy } = workers();
  let late: Promise<unknown> = Promise.resolve();
  const work = pool.run(undefined, async (worker) => {
    late = worker(1);
    late.catch(() => undefined);
    await worker(0);
    throw new Error('given up');
  });
  await task();
  // The second to be asked for is the first worker.
  open(1);
  await expect(work).rejects.toThrow('given up');
  expect(busy[1]).toBe(false);
  open(0);
  await expect(late).rejects.toMatchObject({ code: 'closed' });
  expect(busy[0]).toBe(false);
  await pool.run(undefined, async (worker) => {
    await worker(1);
    expect(busy[0]).toBe(true);
  });
  expect(busy[0]).toBe(false);
});

test('is closed while workers are opening', async () => {
  const { pool, open, closed } = workers();
  const work = pool.run(undefined, (worker) => Promise.all([worker(0), worker(1), worker(2)]));
  await task();
  // The last one is there first.
  open(2);
  await task();
  pool.close();
  expect(closed).toEqual([2]);
  open(0);
  open(1);
  await expect(work).rejects.toMatchObject({ code: 'closed' });
  await task();
  expect(closed).toEqual([2, 0, 1]);
});
