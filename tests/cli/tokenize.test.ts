import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaint, json, output, TOP, tagscope } from './tagscope.js';

type Golden = Record<string, unknown> & { n: number; text: string; ids: number[] };

const goldens = (name: string) =>
  readFileSync(join(TOP, 'tests/vectors', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Golden);

const linesOf = (objects: readonly unknown[]) =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');

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

  // clip_tokenizer_variants.jsonl holds what differs from openai's ids, and nothing else.
  it.each([
    ['openai', 'openai'],
    ['open_clip', 'open_clip'],
    ['hf-fast', 'hf_fast'],
  ])('agrees with every golden case under %s', async (profile, key) => {
    const cases = goldens('clip_tokenizer.jsonl');
    const variants = new Map(goldens('clip_tokenizer_variants.jsonl').map((one) => [one.n, one]));
    const answers = (
      await output(
        ['tokenize', '--profile', profile, '--jsonl', '-'],
        linesOf(cases.map(({ text }) => ({ text }))),
      )
    )
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { ids: number[]; tokens: { piece: string }[] });
    expect(answers).toHaveLength(1403);
    const wrong = cases.filter(({ n, ids }, i) => {
      const expected = variants.get(n)?.[key] ?? ids;
      return JSON.stringify(answers[i]?.ids) !== JSON.stringify(expected);
    });
    expect(wrong).toEqual([]);
  });

  it('reads special tokens as the profile does', async () => {
    const ids = async (...args: string[]) =>
      ((await json(['tokenize', 'a<|endoftext|>', ...args])) as { ids: number[] }).ids;
    expect(await ids()).toEqual([320, 49407]);
    expect(await ids('--profile', 'hf-fast', '--special')).toEqual([320, 49407]);
    expect((await ids('--profile', 'open_clip')).length).toBeGreaterThan(2);
  });

  it.each([
    [['tokenize']],
    [['tokenize', 'a', 'b']],
    [['tokenize', 'a', '--jsonl', '-']],
    [['tokenize', 'a', '--context', '-1']],
    [['tokenize', 'a', '--context', '1e2']],
    [['tokenize', 'a', '--context', '1']],
    [['tokenize', 'a', '--pad', '999999', '--context', '9']],
    [['tokenize', 'a', '--pad', '0']],
    [['tokenize', 'a', '--truncate']],
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

  it('agrees with every golden case', async () => {
    const cases = goldens('clip_decode.jsonl');
    const decoded = await output(
      ['decode', '--jsonl', '-'],
      linesOf(cases.map(({ ids }) => ({ ids }))),
    );
    expect(decoded).toBe(linesOf(cases.map((one) => ({ text: one['decoded'] }))));
    expect(cases).toHaveLength(81);
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

describe('atlas', () => {
  it('counts the strings of three letters as the golden does', async () => {
    expect(await json(['atlas', '3'])).toEqual({
      length: 3,
      strings: 17576,
      by_tokens: { 1: 3531, 2: 13601, 3: 444 },
    });
  });

  it('lists those of so many tokens', async () => {
    const { list } = (await json(['atlas', '3', '--list', '1'])) as {
      list: { text: string; ids: number[] }[];
    };
    expect(list).toHaveLength(3531);
    expect(list).toContainEqual({ text: 'aua', ids: [45906] });
    const { single } = JSON.parse(
      readFileSync(join(TOP, 'tests/vectors/clip_three_letter.json'), 'utf8'),
    ) as { single: [string, number][] };
    for (const [text, id] of single) expect(list).toContainEqual({ text, ids: [id] });
  });

  it('shows people the same', async () => {
    // More lines than a call takes arguments.
    expect((await output(['atlas', '4', '--list', '2'])).split('\n').length).toBeGreaterThan(
      308_075,
    );
    const text = await output(['atlas', '2', '--list', '1']);
    expect(text).toMatch(/^676 strings of 2 letters\n/);
    expect(text).toMatch(/\nab {2}3937\n/);
  });

  it.each([
    [['atlas']],
    [['atlas', '0']],
    [['atlas', '5']],
    [['atlas', 'x']],
    [['atlas', '3', '--list', '0']],
    [['atlas', '3', '--tokenizer', 'none']],
  ])('refuses %j', async (args) => {
    await complaint(args);
  });
});
