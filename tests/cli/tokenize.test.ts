import { describe, expect, it } from 'vitest';
import { complaint, json, output, tagscope } from './tagscope.js';

const SCORES =
  'score_9, score_8_up, score_7_up, score_6_up, score_5_up, score_4_up, just describe what you want, tag1, tag2';

describe('tokenize', () => {
  it('counts as the observation counted', async () => {
    const prompt = (await json(['tokenize', SCORES])) as Record<string, unknown>;
    expect(prompt).toMatchObject({
      count: 45,
      characters: 108,
      decoded_characters: 141,
      cleaned: SCORES,
    });
    expect(prompt['ids']).toHaveLength(45);
    expect(await json(['tokenize', 'aua'])).toMatchObject({
      ids: [45906],
      tokens: [{ id: 45906, piece: 'aua</w>', text: 'aua', start: 0, end: 3 }],
    });
    expect(await json(['tokenize', 'iwv'])).toMatchObject({ count: 2 });
    expect(await json(['tokenize', 'houshou_marine'])).toMatchObject({
      ids: [1011, 719, 340, 318, 5746],
    });
  });

  it('shows people the same', async () => {
    const text = await output(['tokenize', SCORES]);
    expect(text).toMatch(/^45 tokens {2}108 characters, 141 characters when decoded again\n/);
    expect(await output(['tokenize', ''])).toMatch(/^0 tokens/);
  });

  it('gives a context', async () => {
    const { context } = (await json(['tokenize', 'aua', '--context', '6', '--pad', '0'])) as {
      context: number[];
    };
    expect(context).toEqual([49406, 45906, 49407, 0, 0, 0]);
    expect(await complaint(['tokenize', SCORES, '--context', '10'])).toContain('context');
    const cut = (await json(['tokenize', SCORES, '--context', '10', '--truncate'])) as {
      context: number[];
    };
    expect(cut.context).toHaveLength(10);
  });

  it('takes lines', async () => {
    const { code, stdout } = await tagscope(['tokenize', '--jsonl', '-'], {
      input: '{"text":"aua"}\n{"text":1}\n{}\n{"text":"iwv"}',
    });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(answers.map((answer) => answer.count ?? answer.error.where)).toEqual([
      1,
      'line 2, text',
      'line 3, text',
      2,
    ]);
  });

  it.each([
    [['tokenize']],
    [['tokenize', 'a', 'b']],
    [['tokenize', 'a', '--jsonl', '-']],
    [['tokenize', 'a', '--context', '-1']],
    [['tokenize', 'a', '--context', '1e2']],
    [['tokenize', 'a', '--context', '1']],
    [['tokenize', 'a', '--pad', '999999']],
    [['tokenize', 'a', '--tokenizer', 'none']],
    [['tokenize', 'a', '--profile', 'none']],
    [['tokenize', '--jsonl', '/nonexistent']],
  ])('refuses %j', async (args) => {
    await complaint(args);
  });
});

describe('decode', () => {
  it('gives the text back', async () => {
    expect(await json(['decode', '45906'])).toEqual({ text: 'aua ' });
    const expected = { text: 'houshou _ marine ' };
    for (const ids of [
      ['1011', '719', '340', '318', '5746'],
      ['1011,719,340, 318,5746'],
      ['[1011,719,340,318,5746]'],
    ]) {
      expect(await json(['decode', ...ids])).toEqual(expected);
    }
    expect(await json(['decode', '-'], '45906\n')).toEqual({ text: 'aua ' });
    expect(await output(['decode', '45906'])).toBe('aua \n');
  });

  it('takes lines', async () => {
    const { code, stdout } = await tagscope(['decode', '--jsonl', '-'], {
      input: '{"ids":[45906]}\n{"ids":[1.5]}\n{"ids":[99999]}\n',
    });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(2);
    expect(answers[0]).toEqual({ text: 'aua ' });
    expect(answers[1].error.where).toBe('line 2, ids');
    expect(answers[2].error.where).toBe('line 3, ids[0]');
  });

  it.each([
    [['decode']],
    [['decode', 'x']],
    [['decode', '-5']],
    [['decode', '1,,2']],
    [['decode', '49408']],
    [['decode', '99999999999']],
    [['decode', '1', '--tokenizer', 'none']],
  ])('refuses %j', async (args) => {
    await complaint(args);
  });
});
