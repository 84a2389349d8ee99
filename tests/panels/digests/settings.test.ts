import { describe, expect, test } from 'vitest';
import {
  choiceOf,
  chosenOf,
  fragmentOf,
  settingsOf,
} from '../../../web/src/panels/digests/settings.js';

const KNOWN = ['crc32', 'md5', 'sha1', 'sha256', 'sha512-256'];
const DEFAULTS = ['crc32', 'sha1', 'sha256'];

describe('the fragment', () => {
  test('says only what is not as usual', () => {
    expect(fragmentOf({ only: null, lower: false })).toBe('#/digests');
    expect(fragmentOf({ only: ['crc32', 'sha512-256'], lower: true })).toBe(
      '#/digests?only=crc32,sha512-256&case=lower',
    );
  });

  test('comes back as it went', () => {
    for (const only of [null, 'all', [], ['md5'], ['crc32', 'md5']] as const) {
      for (const lower of [false, true]) {
        const fragment = fragmentOf({ only, lower });
        expect(settingsOf(fragment.split('?')[1] ?? '')).toEqual({ only, lower });
      }
    }
  });

  test('of somebody else is read as far as it goes', () => {
    expect(settingsOf('x=1&case=UPPER&only=,md5,,')).toEqual({ only: ['md5'], lower: false });
  });
});

describe('the choice', () => {
  test('is in the order of the catalog, without what it does not know', () => {
    const only = ['sha256', 'whirlpool', 'crc32'];
    expect(chosenOf({ only, lower: false }, KNOWN, DEFAULTS)).toEqual(['crc32', 'sha256']);
    expect(chosenOf({ only: 'all', lower: false }, KNOWN, DEFAULTS)).toEqual(KNOWN);
    expect(chosenOf({ only: null, lower: false }, KNOWN, DEFAULTS)).toEqual(DEFAULTS);
  });

  test('is said in the shortest way', () => {
    expect(choiceOf(['sha256', 'sha1', 'crc32'], KNOWN, DEFAULTS)).toBeNull();
    expect(choiceOf([...KNOWN].reverse(), KNOWN, DEFAULTS)).toBe('all');
    expect(choiceOf(['md5', 'crc32'], KNOWN, DEFAULTS)).toEqual(['crc32', 'md5']);
    expect(choiceOf([], KNOWN, DEFAULTS)).toEqual([]);
  });
});
