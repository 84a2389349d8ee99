import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../web/src/protocol/core-api.js';
import { nodeFolder } from '../../web/src/worker/store-node.js';
import { SweepStore } from '../../web/src/worker/sweep-store.js';

const KEY = 'ab'.repeat(32);

let folder: string;
let store: SweepStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-sweeps-'));
  store = new SweepStore(() => nodeFolder(folder));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ok<T>(reply: Reply<T>): T {
  if ('error' in reply) throw new Error(`${reply.error.where}: ${reply.error.what}`);
  return reply.ok;
}

describe('rows of sweeps', () => {
  it('are appended, read again by another, and removed', async () => {
    const { handle, rows } = ok(await store.open(KEY, 2));
    expect(rows).toBe(0);
    ok(await store.append(handle, Float32Array.of(1, 2, 3, 4)));
    ok(await store.append(handle, Float32Array.of(0, 5, 6, 7).subarray(2)));
    ok(await store.close(handle));
    const later = new SweepStore(() => nodeFolder(folder));
    const again = ok(await later.open(KEY, 2));
    expect(again.rows).toBe(3);
    expect(ok(await later.read(again.handle, 1, 2))).toEqual(Float32Array.of(3, 4, 6, 7));
    expect(ok(await later.kept())).toEqual({ sweeps: 1, bytes: 24 });
    // What is open stays.
    ok(await later.removeAll());
    expect(ok(await later.kept()).sweeps).toBe(1);
    ok(await later.clear(again.handle));
    ok(await later.close(again.handle));
    expect(ok(await later.kept())).toEqual({ sweeps: 1, bytes: 0 });
    ok(await later.removeAll());
    expect(ok(await later.kept())).toEqual({ sweeps: 0, bytes: 0 });
  });

  it('lose a part of a row at the end', async () => {
    const { handle } = ok(await store.open(KEY, 2));
    ok(await store.append(handle, Float32Array.of(1, 2)));
    ok(await store.close(handle));
    const path = join(folder, `${KEY}.rows`);
    appendFileSync(path, new Uint8Array(5));
    const again = ok(await store.open(KEY, 2));
    expect(again.rows).toBe(1);
    expect(statSync(path).size).toBe(8);
    ok(await store.append(again.handle, Float32Array.of(3, 4)));
    expect(ok(await store.read(again.handle, 0, 2))).toEqual(Float32Array.of(1, 2, 3, 4));
    ok(await store.close(again.handle));
  });

  it('are open to one at a time, and refuse what is not there', async () => {
    const { handle } = ok(await store.open(KEY, 2));
    const other = new SweepStore(() => nodeFolder(folder));
    expect(await other.open(KEY, 2)).toMatchObject({ error: { code: 'busy' } });
    expect(await store.read(handle, 0, 1)).toMatchObject({ error: { code: 'file-changed' } });
    expect(await store.open('../x', 2)).toMatchObject({ error: { code: 'bad-argument' } });
    ok(await store.close(handle));
    expect(await store.close(handle)).toMatchObject({ error: { code: 'bad-handle' } });
  });
});
