import { describe, expect, test } from 'vitest';
import {
  FIRST_SETTINGS,
  fragmentOf,
  isShared,
  lettersOnly,
  MAX_SHARED_LENGTH,
  type Settings,
  settingsOf,
} from '../../../web/src/panels/tokens/settings.js';

const ALL: Settings = {
  source: { kind: 'text', text: 'a & b=c#\n(x:1.2)' },
  tokenizer: 'cl100k',
  profile: 'open_clip',
  special: true,
  syntax: 'comfy',
  letters: 4,
  listed: 3,
  find: 'au',
};
const read = (fragment: string) => settingsOf(fragment.slice('#/tokens?'.length));

describe('the fragment of the Tokens panel', () => {
  test('holds every setting, and nothing where all is as at first', () => {
    expect(fragmentOf(FIRST_SETTINGS)).toBe('#/tokens');
    expect(settingsOf('')).toEqual(FIRST_SETTINGS);
    expect(read(fragmentOf(ALL))).toEqual(ALL);
    const ids: Settings = { ...FIRST_SETTINGS, source: { kind: 'ids', ids: '320 2368' } };
    expect(fragmentOf(ids)).toBe('#/tokens?ids=320+2368');
    expect(read(fragmentOf(ids))).toEqual(ids);
  });

  test('an emptied field is not the first text', () => {
    const empty: Settings = { ...FIRST_SETTINGS, source: { kind: 'text', text: '' } };
    expect(read(fragmentOf(empty))).toEqual(empty);
  });

  test('passes over what it cannot mean', () => {
    const wrong = 'tokenizer=x&profile=y&special=2&syntax=z&letters=5&listed=0&find=%C3%A4&more=1';
    expect(settingsOf(wrong)).toEqual(FIRST_SETTINGS);
    // More tokens than letters there cannot be.
    expect(settingsOf('letters=2&listed=3').listed).toBe(1);
  });

  test('keeps out what is too long or no Unicode', () => {
    const long: Settings['source'] = { kind: 'text', text: 'x'.repeat(MAX_SHARED_LENGTH + 1) };
    expect(isShared(long)).toBe(false);
    expect(fragmentOf({ ...FIRST_SETTINGS, source: long })).toBe('#/tokens');
    expect(isShared({ kind: 'text', text: 'a\ud800' })).toBe(false);
    expect(isShared({ kind: 'text', text: '😀' })).toBe(true);
  });

  test('the map is searched for letters only', () => {
    expect(lettersOnly('A u-a1xyz')).toBe('auax');
  });
});
