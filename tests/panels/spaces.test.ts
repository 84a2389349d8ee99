/** The spaces that the form offers, against those that the engine has. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../lib/engine/node.js';
import { formOf } from '../../web/src/panels/claim/claim-form.js';
import { duration, SPACES, sizeOf } from '../../web/src/panels/claim/spaces.js';

let engine: Engine;

beforeAll(async () => {
  engine = await createEngine();
});

afterAll(() => engine?.close());

test('are all that there are, with their numbers', async () => {
  const offered = SPACES.map(({ id, recipes, perWord }) => ({ id, recipes, perWord }));
  const there = await engine.spaces();
  expect(offered).toEqual(
    there.map(({ id, recipes, recipes_per_word }) => ({ id, recipes, perWord: recipes_per_word })),
  );
});

test.each(
  SPACES.map(({ id }) => id).filter((id) => id !== 'deep@1'),
)('the size of %s is what a search of it plans', async (id) => {
  const claim = { pairs: [{ name: 'houshou_marine', tag: 'aua' }], recipe: null, space: id };
  const { evidence } = await engine.verify(claim);
  const search = evidence.find((item) => item.kind === 'search');
  const space = SPACES.find((item) => item.id === id);
  expect(space && sizeOf(space, formOf(claim))).toEqual({
    recipes: search?.recipes,
    exact: true,
  });
});

test('tags of each length are a space of their own', async () => {
  const pairs = ['uu', 'jbe', 'pngf', 'abcde', 'xyz'].map((tag, i) => ({ name: `name ${i}`, tag }));
  const claim = { pairs, recipe: null, space: 'quick@1' };
  const { evidence } = await engine.verify(claim);
  const search = evidence.find((item) => item.kind === 'search');
  const quick = SPACES.find((item) => item.id === 'quick@1');
  const size = quick && sizeOf(quick, formOf(claim));
  // What lengths share is tried once.
  expect(Math.abs((size?.recipes ?? 0) / (search?.recipes ?? 1) - 1)).toBeLessThan(0.01);
  expect(size?.exact).toBe(false);
});

test('words of the claim make deep@1 larger', async () => {
  const claim = { pairs: [{ name: 'houshou_marine', tag: 'aua' }], recipe: null, space: 'deep@1' };
  const deep = SPACES.find((item) => item.id === 'deep@1');
  const stop = new AbortController();
  let planned = 0;
  const search = engine.verify(claim, {
    signal: stop.signal,
    onProgress: ({ recipes }) => {
      planned = recipes;
      stop.abort();
    },
  });
  await expect(search).rejects.toThrow();
  expect(deep && sizeOf(deep, formOf(claim))).toEqual({ recipes: planned, exact: false });
});

test('no tag, no size', () => {
  expect(SPACES.map((space) => sizeOf(space, formOf({ pairs: [] })))).toEqual(
    SPACES.map(() => null),
  );
});

test('times are round', () => {
  expect([0.2, 1, 40.2, 89, 150, 6000].map(duration)).toEqual([
    'under a second',
    'about 1 second',
    'about 41 seconds',
    'about 89 seconds',
    'about 3 minutes',
    'about 100 minutes',
  ]);
});
