import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf16Range } from '../../web/src/panels/common/utf8-span.js';

const bytes = (text: string) => new TextEncoder().encode(text).length;

test('offsets of ASCII are the same', () => {
  expect(utf16Range('rot n=42 | xro', [11, 14])).toEqual([11, 14]);
});

test('every prefix of any text lands where TextEncoder puts it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (text, a, b) => {
      const points = Array.from(text);
      const [from, to] = [a % (points.length + 1), b % (points.length + 1)].sort((x, y) => x - y);
      const before = points.slice(0, from).join('');
      const until = points.slice(0, to).join('');
      expect(utf16Range(text, [bytes(before), bytes(until)])).toEqual([
        before.length,
        until.length,
      ]);
    }),
  );
});

test('offsets inside a character fall on its edges', () => {
  // é is bytes 1 and 2, 😀 bytes 3 to 6 and two code units.
  expect(utf16Range('aé😀b', [2, 4])).toEqual([1, 4]);
});

test('offsets past the end fall on the end', () => {
  expect(utf16Range('é', [7, 9])).toEqual([1, 1]);
  expect(utf16Range('', [0, 1])).toEqual([0, 0]);
});
