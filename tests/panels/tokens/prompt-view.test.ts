import { describe, expect, test } from 'vitest';
import {
  bodyOf,
  countShown,
  encoderDifferences,
  firstDifference,
  unreadByA1111,
  weightShown,
} from '../../../web/src/panels/tokens/prompt-view.js';
import type { PromptRead } from '../../../web/src/protocol/results.js';

const START = 49406;
const END = 49407;

function chunk(ids: number[], pad: number, weight = 1) {
  const all = [START, ...ids, END];
  while (all.length < 77) all.push(pad);
  return { ids: all, weights: all.map((_, i) => (i > 0 && i <= ids.length ? weight : 1)) };
}

function prompt(...chunks: PromptRead['chunks']): PromptRead {
  return { segments: [], chunks, token_count: 1 };
}

describe('a chunk’s own tokens', () => {
  test('lie between start and end, whatever fills the rest', () => {
    expect(bodyOf(chunk([320, 2368], END, 1.1))).toEqual({ ids: [320, 2368], weights: [1.1, 1.1] });
    expect(bodyOf(chunk([320, 2368], 0)).ids).toEqual([320, 2368]);
    expect(bodyOf(chunk([], END)).ids).toEqual([]);
    expect(bodyOf(chunk([], 0)).ids).toEqual([]);
  });

  test('a full chunk has seventy-five', () => {
    const full = Array.from({ length: 75 }, (_, i) => i + 300);
    expect(bodyOf(chunk(full, 0)).ids).toEqual(full);
  });

  test('id 0 at the end of a prompt is no padding', () => {
    expect(bodyOf(chunk([320, 0], 0)).ids).toEqual([320, 0]);
    expect(bodyOf(chunk([320, 0], END)).ids).toEqual([320, 0]);
  });
});

describe('two readings', () => {
  const plain = prompt(chunk([1, 2, 3], END));

  test('are the same where only the padding differs', () => {
    expect(firstDifference(plain, prompt(chunk([1, 2, 3], 0)))).toBeNull();
    expect(encoderDifferences(plain, prompt(chunk([1, 2, 3], 0)))).toEqual([]);
  });

  test('differ in the first id or weight that is another, or is missing', () => {
    expect(firstDifference(plain, prompt(chunk([1, 5, 6], END)))).toEqual({
      chunk: 0,
      token: 1,
      what: 'id',
    });
    expect(firstDifference(plain, prompt(chunk([1, 2, 3], END, 1.1)))).toEqual({
      chunk: 0,
      token: 0,
      what: 'weight',
    });
    expect(firstDifference(plain, prompt(chunk([1, 2], END)))).toMatchObject({ token: 2 });
    expect(firstDifference(plain, prompt(...plain.chunks, chunk([], END)))).toMatchObject({
      chunk: 1,
    });
    expect(encoderDifferences(plain, prompt(chunk([1, 2], 0)))).toEqual([
      { chunk: 0, place: 3, first: 3, second: undefined },
    ]);
  });
});

test('a prompt that AND parts is counted by its longest part, and compared part by part', () => {
  const parts = [
    { ...prompt(chunk([1], END)), text: 'a', weight: 1, token_count: 1, target: 75 },
    { ...prompt(chunk([2, 3], END)), text: 'b', weight: 1, token_count: 2, target: 75 },
  ];
  const parted = {
    ...prompt(chunk([1, 9, 2, 3], END)),
    token_count: 4,
    target: 75,
    subprompts: parts,
  };
  expect(countShown(parted)).toBe('2/75');
  expect(firstDifference(parted, prompt(chunk([1], END), chunk([2, 3], END)))).toBeNull();
  expect(firstDifference(parted, prompt(chunk([1, 9, 2, 3], END)))).not.toBeNull();
  // One part is the prompt itself.
  expect(countShown({ ...parted, subprompts: parts.slice(0, 1) })).toBe('4/75');
});

test('counts and weights are written as the programs write them', () => {
  expect(countShown({ ...prompt(), token_count: 12, target: 75 })).toBe('12/75');
  expect(countShown({ ...prompt(), token_count: 12 })).toBe('12');
  expect(weightShown(1.1 * 1.1)).toBe('1.21');
  expect(weightShown(1 / 1.1)).toBe('0.9091');
  expect(weightShown(-1)).toBe('-1');
});

test('what A1111 takes as instructions is named, and weights are none', () => {
  const named = (prompt: string) => unreadByA1111(prompt).map(({ text }) => text);
  expect(named('a [cat:dog:0.5] and [red|blue] hat <lora:foo:0.8>')).toEqual([
    '[cat:dog:0.5]',
    '[red|blue]',
    '<lora:foo:0.8>',
  ]);
  expect(named('[cat:10] [:dog:.5]')).toEqual(['[cat:10]']);
  expect(named('(cat:1.2) [dog] 1girl, a:b, c|d, <3, :< >')).toEqual([]);
});
