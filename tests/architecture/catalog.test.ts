import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourcesBelow, top } from './rooms.js';

// methods.def with the lists that it includes in their place, as the compiler reads it.
const read = (path: string): string =>
  readFileSync(join(top, 'wasm/src', path), 'utf8').replace(
    /^#include "(catalog\/\w+\.def)"$/gm,
    (_, included: string) => read(included).trimEnd(),
  );
const list = read('catalog/methods.def');
const listed = Array.from(
  list.matchAll(/^TAGSCOPE_CATALOG_ENTRY\((\w+)\)$/gm),
  (match) => match[1] ?? '',
);
const methodFiles = sourcesBelow('wasm/src', /\.cpp$/).flatMap(({ path, text }) =>
  Array.from(text.matchAll(/^TAGSCOPE_METHOD\(\s*(\w+)/gm), (match) => ({
    path,
    symbol: match[1] ?? '',
  })),
);

describe('methods.def', () => {
  it('names every method file, and each once', () => {
    expect(listed.length).toBeGreaterThan(20);
    expect(new Set(listed).size).toBe(listed.length);
    expect([...listed].sort()).toEqual(methodFiles.map(({ symbol }) => symbol).sort());
  });

  it('has no line but entries and comments', () => {
    const others = list
      .split('\n')
      .filter((line) => !/^(\/\/.*|TAGSCOPE_CATALOG_ENTRY\(\w+\)|)$/.test(line));
    expect(others).toEqual([]);
  });
});

describe('a method file', () => {
  it('is named after its method, and holds one', () => {
    for (const { path, symbol } of methodFiles) expect(basename(path)).toBe(`${symbol}.cpp`);
    expect(new Set(methodFiles.map(({ path }) => path)).size).toBe(methodFiles.length);
  });
});
