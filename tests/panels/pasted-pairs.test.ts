import { expect, test } from 'vitest';
import { pastedPairs } from '../../web/src/panels/claim/pasted-pairs.js';

const pair = (name: string, tag: string) => ({ name, tag });

test('plain text goes into one cell', () => {
  expect(pastedPairs('houshou_marine')).toBeNull();
  expect(pastedPairs('a=b')).toBeNull();
  expect(pastedPairs('a word\n')).toBeNull();
  expect(pastedPairs('\n\n')).toBeNull();
});

test('two columns of a spreadsheet', () => {
  expect(pastedPairs('hello\turyyb\r\nworld\tjbeyq\r\n')).toEqual([
    pair('hello', 'uryyb'),
    pair('world', 'jbeyq'),
  ]);
  expect(pastedPairs('one\ttwo')).toEqual([pair('one', 'two')]);
  // A third column is none of ours.
  expect(pastedPairs('a\tb\tc')).toEqual([pair('a', 'b')]);
});

test('spaces in a spreadsheet cell are kept', () => {
  expect(pastedPairs(' a \t b ')).toEqual([pair(' a ', ' b ')]);
});

test('NAME=TAG lines split at the first sign', () => {
  expect(pastedPairs('a=b\nc = d=e\n\nf')).toEqual([
    pair('a', 'b'),
    pair('c', 'd=e'),
    pair('f', ''),
  ]);
});

test('NAME,TAG lines split at their comma where each has one', () => {
  const pairs = [pair('hello', 'uryyb'), pair('a name', 'jbeyq')];
  expect(pastedPairs('hello,uryyb\na name, jbeyq')).toEqual(pairs);
  expect(pastedPairs('Name,Tag\nhello,uryyb\na name, jbeyq')).toEqual(pairs);
  expect(pastedPairs('name\ttag\nhello\turyyb')).toEqual([pair('hello', 'uryyb')]);
  // A list of names with commas in some of them.
  expect(pastedPairs('a, b\nc')).toEqual([pair('a, b', ''), pair('c', '')]);
  expect(pastedPairs('a,b=x\nc,d=y')).toEqual([pair('a,b', 'x'), pair('c,d', 'y')]);
});

test('a tab decides before a sign does', () => {
  expect(pastedPairs('a=b\tc=d')).toEqual([pair('a=b', 'c=d')]);
});

test('quoted cells hold quotes and line feeds', () => {
  expect(pastedPairs('"say ""hi"""\tx\ny\tz')).toEqual([pair('say "hi"', 'x'), pair('y', 'z')]);
  expect(pastedPairs('a\t"b\nc"\nd\te')).toEqual([pair('a', 'b\nc'), pair('d', 'e')]);
});

test('a quote that never closes is a quote', () => {
  expect(pastedPairs('"a\tb\nc\td')).toEqual([pair('"a', 'b'), pair('c', 'd')]);
});
