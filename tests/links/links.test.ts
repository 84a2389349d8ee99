/** Every link that was ever published here replays for ever. One link a file, v1-*.txt. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../lib/engine/node.js';

const FOLDER = new URL('.', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const engine = await createEngine();

describe('published links', () => {
  it('are there, and named for their version', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(name).toMatch(/^v1-[a-z0-9-]+\.txt$/);
  });

  it.each(files)('%s agrees', async (name) => {
    const link = readFileSync(new URL(name, FOLDER), 'utf8').trimEnd();
    const replayed = await engine.replay(link);
    expect(replayed.differences).toEqual([]);
    expect(replayed.agrees).toBe(true);
    // The verdict is not part of the digest; the file's name states it: v1-STATE-….
    expect(name).toContain(`v1-${replayed.verdict.state}-`);
    // The same text comes out again, so the pinned deflate has not changed either.
    expect(replayed.verified.link?.split('#')[1]).toBe(link.split('#')[1]);
  });
});
