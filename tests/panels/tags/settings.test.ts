import { describe, expect, test } from 'vitest';
import {
  arrangementOf,
  FIRST_SETTINGS,
  fragmentOf,
  readingOf,
  type Settings,
  settingsOf,
} from '../../../web/src/panels/tags/settings.js';

const ALL: Settings = {
  find: 'a & b=c#',
  column: 2,
  tokens: '45906',
  sort: 0,
  descending: true,
  name: 1,
  tag: 0,
  header: false,
  rot13: true,
};

describe('the fragment of the Tags panel', () => {
  test('holds every setting, and nothing where all is as at first', () => {
    expect(fragmentOf(FIRST_SETTINGS)).toBe('#/tags');
    expect(settingsOf('')).toEqual(FIRST_SETTINGS);
    const fragment = fragmentOf(ALL);
    expect(settingsOf(fragment.slice('#/tags?'.length))).toEqual(ALL);
    expect(fragment).toContain('sort=1&desc=1&name=2&tag=1&header=0&rot13=1');
  });

  test('passes over what it cannot mean', () => {
    expect(settingsOf('in=0&sort=-1&name=x&tag=1e3&tokens=two&header=yes&rot13=2&more=1')).toEqual(
      FIRST_SETTINGS,
    );
    expect(settingsOf('sort=tokens&tokens=one')).toMatchObject({ sort: 'tokens', tokens: 'one' });
  });
});

describe('what the engine is asked', () => {
  test('is within the table', () => {
    expect(readingOf(ALL, 3)).toEqual({ rot13: true, name: '2', tag: '1', header: false });
    expect(readingOf(ALL, 1)).toEqual({ rot13: true, tag: '1', header: false });
    expect(arrangementOf(ALL, 2, true)).toMatchObject({ column: null, sort: 0 });
  });

  test('names tokens only once they are known', () => {
    const byTokens: Settings = { ...ALL, sort: 'tokens' };
    expect(arrangementOf(byTokens, 3, false)).toMatchObject({ tokens: '', sort: 'file' });
    expect(arrangementOf(byTokens, 3, true)).toMatchObject({ tokens: '45906', sort: 'tokens' });
  });
});
