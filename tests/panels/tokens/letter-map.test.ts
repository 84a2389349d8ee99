import { describe, expect, test } from 'vitest';
import { mapGeometry, pointedAt } from '../../../web/src/panels/tokens/draw-map.js';
import {
  indexAt,
  indexOf,
  neighbour,
  placeOf,
  shapeOf,
  stringOf,
  stringsOf,
} from '../../../web/src/panels/tokens/letter-map.js';

describe.each([1, 2, 3, 4])('the map of %i letters', (letters) => {
  const shape = shapeOf(letters);
  const strings = 26 ** letters;
  // All of them but for four letters: every 97th, which is prime to 26.
  const indices = Array.from({ length: strings }, (_, i) => i).filter(
    (i) => letters < 4 || i % 97 === 0,
  );

  test('every string has a place of its own, and the place leads back', () => {
    expect(indices.filter((i) => indexAt(shape, placeOf(shape, i)) !== i)).toEqual([]);
    expect(indices.filter((i) => indexOf(stringOf(letters, i)) !== i)).toEqual([]);
  });

  test('the middle of a string’s box points at it', () => {
    const geometry = mapGeometry(shape, 702);
    const wrong = indices.filter((i) => {
      const { x, y, w, h } = geometry.boxOf(placeOf(shape, i));
      return pointedAt(shape, geometry, x + w / 2, y + h / 2) !== i;
    });
    expect(wrong).toEqual([]);
  });

  test('arrow keys lead to another string and back, and stop at the edge', () => {
    expect(neighbour(shape, 0, -1, 0)).toBe(0);
    expect(neighbour(shape, 0, 0, -1)).toBe(0);
    expect(neighbour(shape, strings - 1, 1, 0)).toBe(strings - 1);
    expect(neighbour(shape, strings - 1, 0, 1)).toBe(strings - 1);
    expect(neighbour(shape, neighbour(shape, 0, 1, 0), -1, 0)).toBe(0);
  });
});

test('the first letter is the row, the second the column, the third lies inside', () => {
  expect(placeOf(shapeOf(3), indexOf('bci'))).toEqual({
    row: 1,
    column: 2,
    innerColumn: 2,
    innerRow: 1,
  });
  expect(placeOf(shapeOf(4), indexOf('bcde'))).toEqual({
    row: 1,
    column: 2,
    innerRow: 3,
    innerColumn: 4,
  });
});

test('from the last third letters the arrows go on to the next square', () => {
  const shape = shapeOf(3);
  const step = (text: string, right: number, down: number) =>
    stringOf(3, neighbour(shape, indexOf(text), right, down));
  expect(step('aaf', 1, 0)).toBe('aba');
  // Four places behind the z are free.
  expect(step('aaz', 1, 0)).toBe('aby');
  expect(step('aaw', 0, 1)).toBe('bae');
  expect(step('baa', 0, -1)).toBe('aay');
});

test('lists strings of so many tokens that contain some letters', () => {
  const counts = new Uint8Array(26 * 26).fill(2);
  for (const text of ['ab', 'ba', 'zz']) counts[indexOf(text)] = 1;
  expect(stringsOf(counts, 2, 1, '')).toEqual(['ab', 'ba', 'zz']);
  expect(stringsOf(counts, 2, 1, 'a')).toEqual(['ab', 'ba']);
  expect(stringsOf(counts, 2, 3, '')).toEqual([]);
});
