import { describe, expect, it } from 'vitest';
import { ALIASES, found, methodEntry } from '../../../web/src/panels/common/find.js';
import { CATALOG } from '../../../web/src/protocol/catalog.gen.js';
import type { MethodInfo } from '../../../web/src/protocol/results.js';

const entries = (CATALOG as unknown as MethodInfo[]).map(methodEntry);
const names = (query: string) => found(entries, query).map(({ name }) => name);

describe('looking for a method', () => {
  it('finds it by its name first', () => {
    expect(names('sha')[0]).toMatch(/^sha/);
    expect(names('xor')[0]).toBe('xor');
    expect(names('rot')[0]).toBe('rot');
  });

  it('finds it by other names, by its source and by what it does', () => {
    expect(names('caesar')[0]).toBe('rot');
    expect(names('B64')[0]).toBe('base64');
    expect(names('suetonius')).toContain('rot');
    expect(names('mirror alphabet')).toContain('atbash');
    // With marks or without.
    expect(names('vigenère')[0]).toBe('vigenere');
  });

  it('asks for every word, and has all where none is typed', () => {
    expect(names('caesar zebra')).toEqual([]);
    expect(names(' ')).toHaveLength(CATALOG.length);
  });

  it('has other names for methods that there are', () => {
    const ids = new Set<string>(CATALOG.map(({ id }) => id));
    expect(Object.keys(ALIASES).filter((id) => !ids.has(id))).toEqual([]);
  });
});
