import { describe, expect, it } from 'vitest';
import { pairIn } from '../../../web/src/panels/tokens/pair-in.js';

describe('a text of the panel, elsewhere', () => {
  it.each([
    ['houshou_marine, aua', 'houshou_marine', 'aua'],
    ['a b ,c', 'a b', 'c'],
    ['aua', '', 'aua'],
    [' aua ', '', 'aua'],
    ['a, b, c', '', 'a, b, c'],
    ['aua,', '', 'aua,'],
    [', aua', '', ', aua'],
    ['', '', ''],
  ])('%j', (text, name, tag) => expect(pairIn(text)).toEqual({ name, tag }));
});
