import { describe, expect, it } from 'vitest';
import {
  fragmentOf,
  isShared,
  MAX_SHARED_LENGTH,
  type Settings,
  settingsOf,
} from '../../../web/src/panels/recipe/settings.js';

const FIRST: Settings = {
  recipe: 'rot n=42',
  input: { as: 'text', text: 'houshou_marine' },
  withoutInput: false,
};
const again = (settings: Settings) =>
  settingsOf(fragmentOf(settings, FIRST).replace(/^#\/recipe\??/, ''), FIRST);

describe('the fragment of the Recipe panel', () => {
  it('is bare where nothing was changed', () => {
    expect(fragmentOf(FIRST, FIRST)).toBe('#/recipe');
    expect(settingsOf('', FIRST)).toEqual(FIRST);
  });

  it('brings back recipe and input, whatever they hold', () => {
    for (const settings of [
      { recipe: '', input: { as: 'text', text: '' }, withoutInput: false },
      {
        recipe: 'xor key="a&b=c #|+%20"',
        input: { as: 'hex', text: '00 ff' },
        withoutInput: false,
      },
      { recipe: 'hex', input: { as: 'base64', text: 'AA==' }, withoutInput: false },
      {
        recipe: 'not a recipe "',
        input: { as: 'text', text: 'a+b&c=d\n🦄 مرحبا' },
        withoutInput: false,
      },
    ] satisfies Settings[]) {
      expect(again(settings)).toEqual(settings);
    }
  });

  it('leaves the input out where that is asked, and says so', () => {
    const secret: Settings = {
      recipe: 'sha256 | hex',
      input: { as: 'text', text: 'my secret' },
      withoutInput: true,
    };
    const fragment = fragmentOf(secret, FIRST);
    expect(fragment).not.toContain('secret');
    expect(again(secret)).toEqual({ ...secret, input: { as: 'text', text: '' } });
  });

  it('holds no input that is too long, or that no address can hold', () => {
    const long = { as: 'text', text: 'x'.repeat(MAX_SHARED_LENGTH + 1) } as const;
    expect(isShared(long)).toBe(false);
    const fragment = fragmentOf({ ...FIRST, input: long }, FIRST);
    expect(fragment).toBe('#/recipe?recipe=rot+n%3D42&input=none');
    // The same address again: the input stays, as nothing else is opened.
    const read = settingsOf(fragment.slice(fragment.indexOf('?') + 1), FIRST);
    expect(fragmentOf(read, FIRST)).toBe(fragment);
    expect(isShared({ as: 'text', text: '\ud800' })).toBe(false);
  });
});
