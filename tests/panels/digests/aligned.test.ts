import { describe, expect, test } from 'vitest';
import {
  aligned,
  cased,
  elided,
  grouped,
  nearestFirst,
} from '../../../web/src/panels/digests/aligned.js';

describe('two digests over each other', () => {
  test('mark the digits that differ, and no others', () => {
    const { groups, differing, first, length } = aligned('0123456789ab', '0123456789AC');
    expect({ differing, first, length }).toEqual({ differing: 1, first: 12, length: 12 });
    expect(groups).toHaveLength(2);
    expect(groups[0]?.expected).toEqual([{ text: '01234567', differs: false }]);
    expect(groups[1]?.expected).toEqual([
      { text: '89a', differs: false },
      { text: 'b', differs: true },
    ]);
    expect(groups[1]?.computed).toEqual([
      { text: '89A', differs: false },
      { text: 'C', differs: true },
    ]);
  });

  test('of unlike length differ where one has no digit', () => {
    const { differing, first } = aligned('0123', '012345');
    expect({ differing, first }).toEqual({ differing: 2, first: 5 });
  });

  test('that are equal have no first difference', () => {
    expect(aligned('AB', 'ab')).toMatchObject({ differing: 0, first: null });
  });

  test('come with the nearest first', () => {
    const compared = [
      { id: 'far', hex: 'ffff' },
      { id: 'near', hex: '0123' },
    ];
    expect(nearestFirst('0124', compared).map(({ id }) => id)).toEqual(['near', 'far']);
  });
});

test('a digest is set in groups that add up to it, short ones whole', () => {
  expect(grouped('0123456789abcdef01')).toEqual(['01234567', '89abcdef', '01']);
  expect(grouped('0123456789')).toEqual(['0123456789']);
});

test('a long digest is elided in its middle, a short one stands whole', () => {
  expect(elided('0123456789abcdef')).toBe('0123…cdef');
  expect(elided('0123456789ab')).toBe('0123456789ab');
});

test('letters are written in the case that is asked for', () => {
  expect([cased('aB3', true), cased('aB3', false)]).toEqual(['ab3', 'AB3']);
});
