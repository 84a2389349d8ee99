/** Comparisons in the built-in encoder, in Node, where everything runs in one thread. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Encoder, type Engine } from '../../lib/engine/node.js';

let engine: Engine;
let encoder: Encoder;

beforeAll(async () => {
  engine = await createEngine();
  encoder = await engine.openEncoder({ model: 'builtin' });
});

afterAll(async () => {
  await encoder?.close();
  engine?.close();
});

/** Aborted as soon as the thread has a turn for it. */
function soon(): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => stop.abort());
  return stop.signal;
}

test('a level as small as it likes draws no more than 65,536 texts', async () => {
  const found = await engine.similar(encoder, ['aua', 'iwv'], { level: 1e-9, pairs: [[0, 1]] });
  expect(found.m).toBe(65_536);
  // Of the class of these codes all are taken: there are fewer.
  expect(found.comparisons[0]?.nulls[0]?.m).toBe(3530);
  const [half] = (await engine.similar(encoder, ['aua', 'iwv'], { m: 100, pairs: [[0, 1]] }))
    .comparisons;
  expect(half?.nulls[0]?.m).toBe(100);
});

test('comparing can be given up, while names are drawn and while they are encoded', async () => {
  const texts = ['houshou marine', 'aua'];
  const tiny = engine.similar(encoder, texts, { level: 1e-9, signal: soon() });
  await expect(tiny).rejects.toThrow(/abort/i);
  const many = engine.similar(encoder, texts, { m: 1_000_000, signal: soon() });
  await expect(many).rejects.toThrow(/abort/i);
});

test('an engine that is closed closes its encoders, and runs nothing but texts and bytes', async () => {
  const other = await createEngine();
  const opened = await other.openEncoder({ model: 'builtin' });
  for (const input of [new ArrayBuffer(3), 12345, null, new Uint16Array(2)]) {
    await expect(other.run('md5', input as unknown as string)).rejects.toMatchObject({
      failure: { code: 'bad-argument', where: 'input' },
    });
  }
  other.close();
  await expect(opened.encode(['a'])).rejects.toMatchObject({ code: 'closed' });
});

test('encoding can be given up', async () => {
  const texts = Array.from({ length: 100_000 }, (_, i) => `text number ${i}`);
  await expect(encoder.encode(texts, { signal: soon() })).rejects.toThrow(/abort/i);
});

test.each([
  [[0, 2], '[0, 2]'],
  [[-1, 0], '[-1, 0]'],
  [[0.5, null], '[0.5, null]'],
] as [
  [number, number | null],
  string,
][])('pairs of texts that are not there are refused: %j', async (pair, shown) => {
  await expect(engine.similar(encoder, ['a', 'b'], { pairs: [pair] })).rejects.toMatchObject({
    failure: { code: 'bad-argument', where: 'pairs', what: `hold ${shown}; texts are 0 to 1` },
  });
});
