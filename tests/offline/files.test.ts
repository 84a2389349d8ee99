import { describe, expect, it } from 'vitest';
import { keptEarly, nameOf, placeOf } from '../../web/src/offline/files.js';

const SCOPE = 'https://example.org/tagscope/';

describe('keptEarly', () => {
  it('leaves the large files until they are used, and takes all others', () => {
    const early = [
      'index.html',
      'assets/tokens-x.js',
      'core/clip.vocab?v=1',
      'core/tokens.wasm?v=1',
    ];
    const late = ['core/gpt2.vocab?v=1', 'core/cl100k.vocab?v=1', 'core/o200k.vocab', 'ort/a.wasm'];
    const files = [...early, ...late].map((url) => ({ url, integrity: '' }));
    expect(keptEarly(files).map(({ url }) => url)).toEqual(early);
  });
});

describe('nameOf', () => {
  it('names a document without its query, and the folder by its index', () => {
    expect(nameOf(SCOPE, SCOPE, true)).toBe('index.html');
    expect(nameOf(`${SCOPE}?from=home#/tokens`, SCOPE, true)).toBe('index.html');
    expect(nameOf(`${SCOPE}index.html`, SCOPE, true)).toBe('index.html');
  });

  it('names a file with its query, which says which version is asked for', () => {
    expect(nameOf(`${SCOPE}core/clip.vocab?v=12`, SCOPE, false)).toBe('core/clip.vocab?v=12');
    expect(nameOf(SCOPE, SCOPE, false)).toBe('');
  });

  it('knows nothing outside the folder', () => {
    expect(nameOf('https://example.org/tagscope', SCOPE, true)).toBeUndefined();
    expect(nameOf('https://example.org/tagscope-2/', SCOPE, true)).toBeUndefined();
    expect(nameOf('https://example.com/tagscope/', SCOPE, false)).toBeUndefined();
    expect(nameOf(`${SCOPE}../other.js`, SCOPE, false)).toBeUndefined();
  });
});

describe('placeOf', () => {
  it('keeps two versions of a file apart', () => {
    const [one, two] = ['sha256-a+/=', 'sha256-b'].map((integrity) =>
      placeOf({ url: 'ort/a.mjs', integrity }, SCOPE),
    );
    expect(one).not.toBe(two);
    expect(new URL(one ?? '').searchParams.get('kept')).toBe('sha256-a+/=');
  });

  it('keeps the query that a file has', () => {
    const place = new URL(placeOf({ url: 'core/a.wasm?v=1', integrity: 'x' }, SCOPE));
    expect(place.searchParams.get('v')).toBe('1');
  });
});
