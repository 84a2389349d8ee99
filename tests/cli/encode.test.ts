import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Similar } from '../../web/src/protocol/similar.js';
import { goldenCases, TOLERANCE } from '../support/encoder-goldens.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { complaint, json, output, tagscope } from './tagscope.js';

const folder = mkdtempSync(join(tmpdir(), 'tagscope-encode-'));
const seeded = join(folder, 'seeded.safetensors');
const golden = (file: string, name: string) => {
  const found = goldenCases().find((one) => one.file === file && one.output === name);
  if (found === undefined) throw new Error(`there is no golden ${file} ${name}`);
  return found;
};
const tiny = golden('sd1_fp16.safetensors', 'last').path;

beforeAll(() => {
  const prefix = 'cond_stage_model.transformer.text_model.';
  const encoder = { layers: 1, width: 64, vocab: 49_408, prefix };
  writeSeededEncoder(seeded, encoder);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  model: string;
  output: string;
  shape: number[];
  data: number[];
}

describe('encode', () => {
  it.each([
    ['sd1_fp16.safetensors', 'last'],
    ['sd2_fp16.safetensors', 'penultimate_ln'],
    ['hf_l_fp16.safetensors', 'projected'],
  ])('gives the reference’s numbers, line by line: %s %s', async (file, name) => {
    const { path, heads, ids, encoder, difference, activation } = golden(file, name);
    const { code, stdout } = await tagscope(
      [
        ...['encode', '--model', path, '--encoder', String(encoder), '--heads', String(heads)],
        ...['--activation', activation, '--output', name, '--jsonl', '-'],
      ],
      { input: ids.map((row) => JSON.stringify({ ids: row })).join('\n') },
    );
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
    expect(lines).toHaveLength(ids.length);
    for (const line of lines) {
      expect(line).toMatchObject({ model: path, output: name });
      expect(line.shape.reduce((product, size) => product * size)).toBe(line.data.length);
    }
    expect(difference(Float32Array.from(lines.flatMap(({ data }) => data)))).toBeLessThan(
      TOLERANCE,
    );
  });

  it('takes a text, and the ids that it has', async () => {
    const text = (await json(['encode', '--model', seeded, 'aua'])) as Answer;
    expect(text).toMatchObject({ output: 'pooled', shape: [64] });
    const padded = [49406, 45906, ...Array.from({ length: 75 }, () => 49407)];
    const { stdout } = await tagscope(['encode', '--model', seeded, '--jsonl', '-'], {
      input: JSON.stringify({ ids: padded }),
    });
    expect((JSON.parse(stdout) as Answer).data).toEqual(text.data);
    const states = await json(['encode', '--model', seeded, '--output', 'last', 'aua']);
    expect(states).toMatchObject({ output: 'last', shape: [77, 64] });
    expect(await output(['encode', '--model', seeded, 'aua'])).toMatch(/^pooled {2}\[64\]/);
  });

  it('answers lines that fail in their place', async () => {
    const lines = ['{"ids":[510,511]}', '{"ids":[512]}', '{"ids":[]}', '{"ids":[1.5]}', '{}'];
    const { code, stdout } = await tagscope(
      ['encode', '--model', tiny, '--heads', '4', '--jsonl', '-'],
      { input: lines.join('\n') },
    );
    expect(code).toBe(2);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ error }) => error?.code)).toEqual([
      undefined,
      'bad-ids',
      'bad-ids',
      'bad-ids',
      'bad-argument',
    ]);
  });

  it('says what is wrong', async () => {
    const none = join(folder, 'none.bin');
    writeFileSync(none, 'nothing of the kind');
    const long = 'aua '.repeat(80);
    const cases: [string[], RegExp][] = [
      [['encode'], /^encode: the input is missing/],
      [['encode', '--model', join(folder, 'absent'), 'aua'], /absent: is no file/],
      [
        ['encode', '--model', 'sdxl-clip-l', 'aua'],
        /^sdxl-clip-l: is not here yet.*246 MB.*OpenRAIL/,
      ],
      [['encode', '--model', none, 'aua'], /none\.bin: is neither/],
      [
        ['encode', '--model', tiny, '--heads', '5', 'aua'],
        /^--heads: is 5; it must divide the width 64/,
      ],
      [['encode', '--model', tiny, '--heads', '4', '--output', 'x', 'a'], /^--output: is "x"/],
      [
        ['encode', '--model', tiny, '--heads', '4', '--output', 'projected', 'a'],
        /no text projection/,
      ],
      [
        ['encode', '--model', tiny, '--encoder', '1', 'a'],
        /^--encoder: is 1; there is 1 text encoder/,
      ],
      [['encode', '--model', tiny, '--activation', 'relu', 'a'], /^--activation: is "relu"/],
      [['encode', '--model', tiny, '--heads', '4', 'aua'], /ids are 0 to 511 here/],
      [['encode', '--model', seeded, long], /texts\[0\]/],
    ];
    for (const [args, expected] of cases) expect(await complaint(args)).toMatch(expected);
    const cut = await json(['encode', '--model', seeded, '--truncate', long]);
    expect(cut).toMatchObject({ shape: [64] });
  });
});

describe('similar', () => {
  const args = ['similar', '--model', seeded, '--samples', '50'];

  it('gives cosines and p of every comparison, the same ones each time', async () => {
    const found = (await json([...args, 'aua', 'iwv', 'houshou_marine'])) as Similar;
    expect(await json([...args, 'aua', 'iwv', 'houshou_marine'])).toEqual(found);
    expect(found.texts.map(({ kind, tokens }) => [kind, tokens])).toEqual([
      ['code', 1],
      ['code', 2],
      ['name', 5],
    ]);
    // Each pair once, and each text with the empty prompt.
    expect(found.comparisons.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [0, null],
      [1, 2],
      [1, null],
      [2, null],
    ]);
    for (const { cosine, centred, nulls, p, p_adjusted } of found.comparisons) {
      expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
      expect(Math.abs(centred)).toBeLessThanOrEqual(1);
      for (const one of nulls) {
        expect(one.m).toBe(50);
        expect(one.p).toBeCloseTo((one.b + 1) / 51, 5);
      }
      expect(p).toBe(nulls.length === 0 ? null : Math.max(...nulls.map((one) => one.p)));
      if (p !== null) expect(p_adjusted).toBeGreaterThanOrEqual(p);
    }
    expect(found.comparisons[1]?.nulls.map(({ kind, population }) => [kind, population])).toEqual([
      // 3,531 codes of three letters are one token; the tag is left out.
      ['codes', 3530],
      ['names', null],
    ]);
    expect(found.comparisons[0]?.nulls.map(({ population }) => population)).toEqual([3530, 13_600]);
  });

  it('takes names to compare with', async () => {
    const names = join(folder, 'names.txt');
    writeFileSync(names, 'houshou_marine\nred_dress\nblue_eyes\nlong_hair\nhat\n');
    const found = (await json([...args, '--names', names, 'aua', 'red_dress'])) as Similar;
    expect(found.reference.names).toBe('given');
    const [codes, others] = found.comparisons[0]?.nulls ?? [];
    expect(codes?.kind).toBe('codes');
    expect(others).toMatchObject({ kind: 'names', tokens: 3, population: 2, m: 2 });
  });

  it('refuses what it cannot compare', async () => {
    expect(await complaint([...args, 'aua'])).toMatch(/^similar: takes two texts or more, not 1/);
    expect(await complaint([...args, '--output', 'last', 'aua', 'b'])).toMatch(/^output: is last/);
    expect(await complaint([...args, '--level', '2', 'aua', 'b'])).toMatch(/^level: is 2/);
  });
});

describe('models', () => {
  it('lists the encoders with size and licence, and fetches none by itself', async () => {
    const models = (await json(['models'])) as { id: string; state: string; bytes: number }[];
    const [builtin, ...publicOnes] = models;
    expect(builtin).toMatchObject({ id: 'builtin', state: 'present' });
    expect(publicOnes.map(({ id, bytes }) => [id, bytes])).toEqual([
      ['sdxl-clip-l', 246_144_152],
      ['sdxl-openclip-bigg', 1_389_382_176],
    ]);
    expect(await output(['models'])).toContain('CreativeML OpenRAIL++-M');
    expect(await complaint(['models', '--fetch', 'none'])).toMatch(/"none" is none; there are/);
    expect(await complaint(['models', '--fetch', 'a', '--remove', 'b'])).toMatch(/not both/);
  });
});
