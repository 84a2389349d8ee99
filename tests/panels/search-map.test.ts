import { describe, expect, test } from 'vitest';
import {
  cellAt,
  codeOf,
  holds,
  isMap,
  LETTERS,
  mapLayout,
  reachedCodes,
} from '../../web/src/panels/claim/search/code-map.js';

describe('the map of codes', () => {
  test('counts as the engine does: the first letter weighs most', () => {
    expect(codeOf('aaa')).toBe(0);
    expect(codeOf('aab')).toBe(1);
    expect(codeOf('aua')).toBe(20 * 26);
    expect(codeOf('zzz')).toBe(17_575);
    expect(codeOf('ZZZ')).toBe(17_575);
    for (const tag of ['', 'ab', 'abcd', 'a1b', 'Abc', 'åbc']) expect(codeOf(tag), tag).toBeNull();
  });

  test('reads bits from the lowest', () => {
    const reached = new Uint8Array(2200);
    reached[0] = 0b1000_0010;
    reached[2196] = 0b1000_0000;
    expect(reachedCodes(reached)).toEqual([1, 7, 17_575]);
    expect(holds(reached, 2)).toBe(false);
    expect(isMap(reached)).toBe(true);
    // hex³, four letters, nothing.
    expect([new Uint8Array(512), new Uint8Array(57_128), null].map(isMap)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([320, 358, 520, 600, 900])('has a place for each code at %i pixels', (width) => {
    const layout = mapLayout(width);
    expect(layout.width).toBeLessThanOrEqual(width);
    const cells = Array.from({ length: LETTERS ** 3 }, (_, code) => cellAt(layout, code));
    const outside = cells.filter(
      ({ x, y }) =>
        Math.min(x, y) < 0 || x + layout.cell > layout.width || y + layout.cell > layout.height,
    );
    expect(outside).toEqual([]);
    expect(new Set(cells.map(({ x, y }) => `${x} ${y}`)).size).toBe(LETTERS ** 3);
  });
});
