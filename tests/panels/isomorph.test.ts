import fc from 'fast-check';
import { expect, test } from 'vitest';
import { obstacles, patternOf, windowsOf } from '../../web/src/panels/claim/isomorph.js';

test('patterns number characters as they first come', () => {
  expect(patternOf('aua')).toBe('121');
  expect(patternOf('houshou')).toBe('1234123');
  expect(patternOf('😀é😀')).toBe('121');
  expect(patternOf('')).toBe('');
});

test('the worked case: positions two apart stop all twelve placements', () => {
  expect(windowsOf('houshou_marine', 3)).toHaveLength(12);
  const found = obstacles('houshou_marine', 'aua');
  expect(found).toHaveLength(12);
  expect(found.every((item) => item.j === item.i + 2 && item.wanted)).toBe(true);
});

test('a tag longer than the name has no placement', () => {
  expect(windowsOf('ab', 3)).toEqual([]);
  expect(obstacles('ab', 'xyz')).toEqual([]);
});

test('a placement is stopped exactly when the patterns differ', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
  fc.assert(
    fc.property(text, text, (name, tag) => {
      fc.pre(tag.length > 0);
      const stopped = new Set(obstacles(name, tag).flatMap((item) => item.placements));
      for (const { at, pattern } of windowsOf(name, tag.length)) {
        expect(stopped.has(at)).toBe(pattern !== patternOf(tag));
      }
    }),
  );
});
