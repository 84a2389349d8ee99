import { describe, expect, it } from 'vitest';
import {
  classMembers,
  codeAt,
  codesOf,
  isCode,
  numberOf,
} from '../../web/src/engine/code-class.js';

describe('codes', () => {
  it('are one to four letters of a–z', () => {
    expect(['a', 'aua', 'abcd'].map(isCode)).toEqual([true, true, true]);
    expect(['', 'abcde', 'Aua', 'a1', 'ä', 'aua\n'].map(isCode)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('stand in alphabetical order', () => {
    expect(codesOf(1)).toEqual(Array.from('abcdefghijklmnopqrstuvwxyz'));
    expect([0, 1, 26, 17_575].map((i) => codeAt(i, 3))).toEqual(['aaa', 'aab', 'aba', 'zzz']);
    const all = codesOf(3);
    expect(all).toHaveLength(17_576);
    expect(all).toEqual(all.toSorted());
  });

  it('of a class have its token count, and leave the tag out', () => {
    // One token for each code that begins with a vowel, two else.
    const counts = Uint8Array.from(codesOf(2), (code) => (/^[aeiou]/.test(code) ? 1 : 2));
    const vowels = classMembers(counts, 2, 1, 'au').map((i) => codeAt(i, 2));
    expect(vowels).toHaveLength(5 * 26 - 1);
    expect(vowels).not.toContain('au');
    for (const code of vowels) expect(code).toMatch(/^[aeiou]/);
    expect(classMembers(counts, 2, 9, 'au')).toEqual([]);
  });

  it('read as numbers are below the bound, each as often', () => {
    const found = new Array<number>(5).fill(0);
    for (const code of codesOf(3)) {
      const number = numberOf(code, 5);
      found[number] = (found[number] ?? 0) + 1;
    }
    expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(1);
    expect(numberOf('zzzzzzzz', 2 ** 40)).toBe(26 ** 8 - 1);
  });
});
