import { describe, expect, test } from 'vitest';
import {
  FIRST_SETTINGS,
  fragmentOf,
  MAX_SHARED_LENGTH,
  type Settings,
  settingsOf,
} from '../../../web/src/panels/similarity/settings.js';

const ALL: Settings = {
  tag: 'px & c#',
  name: 'a=b',
  model: 'sdxl-clip-l',
  encoder: 1,
  output: 'pooled',
  heads: 12,
  activation: 'gelu',
  token: 'cat',
  rank: { by: 'name', measure: 'raw', nearest: true },
};

describe('the fragment of the Similarity panel', () => {
  test('holds every setting, and nothing where all is as at first', () => {
    expect(fragmentOf(FIRST_SETTINGS)).toBe('#/similarity');
    expect(settingsOf('')).toEqual(FIRST_SETTINGS);
    expect(settingsOf(fragmentOf(ALL).slice('#/similarity?'.length))).toEqual(ALL);
  });

  test('lets the token follow the tag', () => {
    expect(settingsOf('tag=px').token).toBe('px');
    expect(fragmentOf({ ...FIRST_SETTINGS, tag: 'px', token: 'px' })).toBe('#/similarity?tag=px');
  });

  test('leaves out what is too long, or no Unicode', () => {
    const long = 'a'.repeat(MAX_SHARED_LENGTH + 1);
    expect(fragmentOf({ ...FIRST_SETTINGS, tag: long, token: long })).toBe('#/similarity');
    expect(fragmentOf({ ...FIRST_SETTINGS, name: '\ud800' })).toBe('#/similarity');
  });

  test('passes over what it cannot mean', () => {
    const query =
      'model=../x&encoder=10&output=a%20b&heads=0&activation=relu&by=x&measure=1&first=far';
    expect(settingsOf(query)).toEqual(FIRST_SETTINGS);
  });
});
