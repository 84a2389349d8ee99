import { expect, test } from 'vitest';
import { mergeTree } from '../../../web/src/panels/tokens/merge-tree.js';
import type { Merges } from '../../../web/src/protocol/results.js';

function merges(letters: string, steps: [at: number, piece: string][]): Merges {
  return {
    word: letters,
    start: 0,
    end: letters.length,
    symbols: Array.from(letters, (piece, id) => ({ id, piece })),
    steps: steps.map(([at, piece], i) => ({ at, left: 0, right: 0, id: 100 + i, piece, rank: i })),
  };
}

test('each merge lies under what it joins, and what is left reaches down', () => {
  const tree = mergeTree(
    merges('abcd', [
      [1, 'bc'],
      [0, 'abc'],
    ]),
  );
  expect(tree).toMatchObject({ columns: 4, rows: 3 });
  const boxes = tree.boxes.map(({ piece, begin, end, top, bottom, step }) => [
    piece,
    begin,
    end,
    top,
    bottom,
    step,
  ]);
  expect(boxes).toEqual([
    ['a', 0, 1, 0, 2, 0],
    ['b', 1, 2, 0, 1, 0],
    ['c', 2, 3, 0, 1, 0],
    ['d', 3, 4, 0, 3, 0],
    ['bc', 1, 3, 1, 2, 1],
    ['abc', 0, 3, 2, 3, 2],
  ]);
});

test('the boxes fill the figure without a gap or an overlap', () => {
  const tree = mergeTree(
    merges('abcdefg', [
      [2, 'cd'],
      [0, 'ab'],
      [2, 'ef'],
      [1, 'cdef'],
      [0, 'abcdef'],
    ]),
  );
  const covered = new Map<string, number>();
  for (const { begin, end, top, bottom } of tree.boxes) {
    for (let x = begin; x < end; ++x) {
      for (let y = top; y < bottom; ++y)
        covered.set(`${x} ${y}`, (covered.get(`${x} ${y}`) ?? 0) + 1);
    }
  }
  expect(covered.size).toBe(tree.columns * tree.rows);
  expect([...covered.values()].every((times) => times === 1)).toBe(true);
});

test('a symbol by itself is a figure of one box', () => {
  expect(mergeTree(merges('a', []))).toMatchObject({ columns: 1, rows: 1, boxes: [{ bottom: 1 }] });
});
