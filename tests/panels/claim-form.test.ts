import { expect, test } from 'vitest';
import {
  claimOf,
  emptyForm,
  formOf,
  placeOf,
  questionOf,
  row,
} from '../../web/src/panels/claim/claim-form.js';

const failure = (where: string) => ({ code: 'bad-claim', where, what: 'is wrong' });

test('a claim survives the way into the form and out', () => {
  const claim = {
    version: 1 as const,
    title: 'Is it?',
    pairs: [{ name: 'hello', tag: 'uryyb' }],
    recipe: 'rot n=13',
    match: 'window' as const,
    ignore_case: true,
    population: 110000,
    level: 0.01,
    encoder: 'a'.repeat(64),
  };
  expect(claimOf(formOf(claim))).toEqual({ claim });
});

test('what is left out takes its default', () => {
  expect(claimOf(formOf({ pairs: [{ name: 'a', tag: 'b' }] }))).toEqual({
    claim: {
      version: 1,
      title: null,
      pairs: [{ name: 'a', tag: 'b' }],
      recipe: null,
      match: 'exact',
      population: null,
      level: 0.001,
    },
  });
});

test('names and tags are not trimmed, empty rows do not count', () => {
  const form = { ...emptyForm(), rows: [row(), row({ name: ' a ', tag: '' }), row()] };
  const stated = claimOf(form);
  expect('claim' in stated && stated.claim.pairs).toEqual([{ name: ' a ', tag: '' }]);
});

test('numbers are read as people write them', () => {
  const population = (text: string) => {
    const stated = claimOf({ ...emptyForm(), population: text });
    return 'claim' in stated ? stated.claim.population : stated.failure.what;
  };
  for (const text of ['110000', ' 110,000 ', '110 000', '110_000', '1.1e5', '110\u202f000']) {
    expect(population(text)).toBe(110000);
  }
  expect(population('')).toBeNull();
  expect(population('1,10')).toBe('"1,10" is not a number');
  expect(population('many')).toBe('"many" is not a number');
  expect(population('1,000_000')).toBe('"1,000_000" is not a number');
});

test('a failure finds its field, past rows that do not count', () => {
  const [blank, first, second] = [row(), row({ name: 'a', tag: 'b' }), row({ name: 'c', tag: '' })];
  const form = { ...emptyForm(), rows: [blank, first, second] };
  expect(placeOf(failure('pairs[1].tag'), form)).toEqual({ field: 'tag', row: second.key });
  expect(placeOf(failure('pairs[0].name'), form)).toEqual({ field: 'name', row: first.key });
  expect(placeOf(failure('pairs[0]'), form)).toEqual({ field: 'name', row: first.key });
  expect(placeOf(failure('pairs[9].tag'), form)).toEqual({ field: 'pairs' });
  expect(placeOf(failure('pairs'), form)).toEqual({ field: 'pairs' });
  expect(placeOf(failure('recipe, step 2, n'), form)).toEqual({ field: 'recipe' });
  expect(placeOf(failure('ignore_case'), form)).toEqual({ field: 'match' });
  expect(placeOf(failure('clip.vocab'), form)).toEqual({ field: 'claim' });
});

test('a claim without a title asks its own question', () => {
  const form = { ...emptyForm(), rows: [row({ name: 'a', tag: 'b' }), row()] };
  expect(questionOf(form)).toBe('Is “\u2068b\u2069” made from “\u2068a\u2069”?');
  expect(questionOf({ ...form, rows: [...form.rows, row({ name: 'c', tag: 'd' })] })).toBe(
    'Are these 2 tags made from their names?',
  );
  expect(questionOf(emptyForm())).toBe('Which tag is made from which name?');
});
