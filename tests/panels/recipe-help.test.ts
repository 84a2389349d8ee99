import { describe, expect, test } from 'vitest';
import { stepAtCaret, suggestionsAt } from '../../web/src/panels/common/recipe-help.js';
import type { MethodInfo } from '../../web/src/protocol/results.js';

const method = (id: string, more: Partial<MethodInfo> = {}): MethodInfo => ({
  id,
  kind: 'cipher',
  summary: `what ${id} does`,
  source: 'somewhere',
  params: [],
  in: 'text',
  out: 'text',
  reversible: false,
  ...more,
});

const METHODS: MethodInfo[] = [
  method('rot', {
    reversible: true,
    params: [{ name: 'n', type: 'integer', summary: 'letters', required: false, default: '13' }],
  }),
  method('rot47', { reversible: true }),
  method('xor', { params: [{ name: 'key', type: 'key', summary: 'the key', required: true }] }),
  method('keep', {
    params: [
      {
        name: 'class',
        type: 'choice',
        summary: 'what stays',
        required: true,
        choices: ['letters', 'digits', 'alnum'],
      },
    ],
  }),
  method('take'),
];

/** The source with the caret written as ^, and what is suggested there. */
function at(marked: string): string[] {
  const caret = marked.indexOf('^');
  const source = marked.replace('^', '');
  return suggestionsAt(source, caret, METHODS).map((item) => {
    const applied = source.slice(0, item.from) + item.text + source.slice(item.to);
    return applied;
  });
}

describe('methods', () => {
  test('all of them where nothing is typed', () => {
    expect(at('^')).toEqual(METHODS.map((item) => item.id));
    expect(at('rot | ^')).toHaveLength(METHODS.length);
  });

  test('those that begin so first, then those that contain it', () => {
    expect(at('ro^')).toEqual(['rot', 'rot47']);
    expect(at('4^')).toEqual(['rot47']);
  });

  test('in the middle of a recipe', () => {
    expect(at('rot n=3 | xo^ | take')).toEqual(['rot n=3 | xor | take']);
  });

  test('backwards only what is reversible', () => {
    expect(at('~^')).toEqual(['~rot', '~rot47']);
  });
});

describe('parameters', () => {
  test('of the step under the caret, without those given', () => {
    expect(at('xor ^')).toEqual(['xor key=']);
    expect(at('rot n=3 ^')).toEqual([]);
    expect(at('rot | xor k^')).toEqual(['rot | xor key=']);
  });

  test('choices after the sign', () => {
    expect(at('keep class=^')).toEqual([
      'keep class=letters',
      'keep class=digits',
      'keep class=alnum',
    ]);
    expect(at('keep class=d^')).toEqual(['keep class=digits']);
  });

  test('nothing for a method that is none', () => {
    expect(at('xro ^')).toEqual([]);
  });
});

describe('quotes', () => {
  test('a bar inside them ends no step, and nothing is suggested there', () => {
    expect(at('xor key="a | ro^"')).toEqual([]);
    expect(at('xor key="a | b" | ro^')).toEqual([
      'xor key="a | b" | rot',
      'xor key="a | b" | rot47',
    ]);
  });

  test('an escaped quote does not close them', () => {
    const source = String.raw`xor key="a\" | b" | ta`;
    expect(stepAtCaret(source, source.length).id).toBe('ta');
    expect(stepAtCaret(source, 14).quoted).toBe(true);
  });
});
