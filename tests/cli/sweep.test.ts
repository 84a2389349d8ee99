/** `similar --sweep`: the ranking of a list, what is kept of it, and how it goes on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Similar } from '../../web/src/protocol/similar.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { complaint, json, MAIN, output } from './tagscope.js';

const folder = mkdtempSync(join(tmpdir(), 'tagscope-sweep-'));
const model = join(folder, 'seeded.safetensors');
const list = join(folder, 'list.txt');
const cache = join(folder, 'cache');
const texts = ['aua', 'iwv', 'px', 'smp', 'zix', 'houshou_marine', 'a, "b"', 'aua'];
/** Rows that are kept before those of the list: two reference sets, and the empty prompt. */
const FIRST_ROWS = 513;
const WIDTH = 64;

interface Answer {
  texts: number;
  restored: number;
  not_kept: string | null;
  near: string | null;
  encoder: string | null;
  ranked: {
    text: string;
    tokens: number;
    cosine_empty: number;
    centred_empty: number;
    cosine_name?: number;
    centred_name?: number;
  }[];
}

const sweep = async (...args: string[]) =>
  (await json(['similar', '--model', model, '--sweep', '--list', list, ...args])) as Answer;
const kept = () => join(cache, 'sweeps', readdirSync(join(cache, 'sweeps'))[0] ?? '');

beforeAll(() => {
  process.env['TAGSCOPE_CACHE'] = cache;
  const prefix = 'cond_stage_model.transformer.text_model.';
  writeSeededEncoder(model, { layers: 1, width: WIDTH, vocab: 49_408, prefix });
  writeFileSync(list, texts.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a sweep', () => {
  it('takes no option of a comparison', async () => {
    for (const option of [['--seed', '5'], ['--level', '0.5'], ['--samples', '9'], ['--values']]) {
      expect(await complaint(['similar', '--sweep', 'dog', ...option])).toMatch(
        /^--(seed|level|samples|values): is of a comparison/,
      );
    }
  });

  it('ranks a list by distance from the empty prompt, with the numbers of similar', async () => {
    const found = await sweep();
    expect(found).toMatchObject({ texts: 7, restored: 0, not_kept: null, near: null });
    expect(found.encoder).toMatch(/^[0-9a-f]{64}$/);
    const centred = found.ranked.map(({ centred_empty }) => centred_empty);
    expect(centred).toEqual(centred.toSorted((a, b) => a - b));
    expect(new Set(found.ranked.map(({ text }) => text))).toEqual(new Set(texts));
    const args = ['similar', '--model', model, '--samples', '5', 'aua', 'iwv'];
    const { comparisons } = (await json(args)) as Similar;
    const alone = comparisons.find(({ a, b }) => a === 0 && b === null);
    const swept = found.ranked.find(({ text }) => text === 'aua');
    expect(swept?.tokens).toBe(1);
    expect(swept?.cosine_empty).toBeCloseTo(alone?.cosine ?? 0, 5);
    expect(swept?.centred_empty).toBeCloseTo(alone?.centred ?? 0, 5);
  });

  it('uses what is kept, whatever the name, and nothing that is not whole', async () => {
    const first = await sweep('houshou_marine');
    expect(first).toMatchObject({ restored: 7, near: 'houshou_marine' });
    expect(first.ranked[0]).toMatchObject({ text: 'houshou_marine', cosine_name: 1 });
    // Ended in the middle of the fourth text's row.
    truncateSync(kept(), (FIRST_ROWS + 3) * WIDTH * 4 + 6);
    const again = await sweep('houshou_marine');
    expect(again.restored).toBe(3);
    for (const [i, row] of again.ranked.entries()) {
      expect(row.text).toBe(first.ranked[i]?.text);
      expect(row.cosine_empty).toBeCloseTo(first.ranked[i]?.cosine_empty ?? 0, 4);
    }
    expect(statSync(kept()).size).toBe((FIRST_ROWS + 7) * WIDTH * 4);
    // The last rows were never written: all are made anew.
    truncateSync(kept(), FIRST_ROWS * WIDTH * 4);
    truncateSync(kept(), (FIRST_ROWS + 2) * WIDTH * 4);
    expect((await sweep()).restored).toBe(0);
    expect(await sweep('--no-keep')).toMatchObject({ restored: 0, encoder: null });
  });

  it('is written as a table, whole or its beginning', async () => {
    const args = ['similar', '--model', model, '--sweep', '--list', list];
    const lines = (await output([...args, '--csv'])).trimEnd().split('\n');
    expect(lines[0]).toBe('rank,text,tokens,cosine_empty,centred_empty');
    expect(lines).toHaveLength(8);
    expect(lines.some((line) => line.includes('"a, ""b"""'))).toBe(true);
    expect((await output([...args, '--csv', '--top', '2'])).trimEnd().split('\n')).toHaveLength(3);
    expect(await output([...args, '--top', '3', 'px'])).toMatch(/nearest to px first/);
    const [last] = (await sweep('--reverse', '--top', '1')).ranked;
    expect(last?.text).toBe((await sweep()).ranked.at(-1)?.text);
  });

  it('ended by the user says so, and goes on from there', async () => {
    // All codes of three letters, so that it is under way for a while.
    const child = spawn(process.execPath, [MAIN, 'similar', '--model', model, '--sweep']);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const codes = () => {
      const sizes = readdirSync(join(cache, 'sweeps')).map(
        (name) => statSync(join(cache, 'sweeps', name)).size / (WIDTH * 4),
      );
      return Math.max(...sizes) - FIRST_ROWS;
    };
    await expect.poll(codes, { timeout: 100_000, interval: 20 }).toBeGreaterThan(512);
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0) {
      expect(code).toBe(130);
      expect(said).toMatch(/^ended after [\d,]+ of 17,576 texts; the same command goes on/);
    }
    const done = codes();
    const args = ['similar', '--model', model, '--sweep', '--top', '1'];
    const after = (await json(args)) as Answer;
    expect(after).toMatchObject({ texts: 17_576, restored: done });
  });

  it('refuses what it cannot sweep', async () => {
    const args = ['similar', '--model', model];
    expect(await complaint([...args, '--sweep', 'a', 'b'])).toMatch(/^similar: takes one name/);
    expect(await complaint([...args, '--csv', 'a', 'b'])).toMatch(/^--csv: needs --sweep/);
    expect(await complaint([...args, '--no-keep', 'a', 'b'])).toMatch(/^--no-keep: needs --sweep/);
    expect(await complaint([...args, '--sweep', '--csv', '--json'])).toMatch(/^--csv: cannot/);
    expect(await complaint([...args, '--sweep', '--top', 'x'])).toMatch(/^--top: is "x"/);
    expect(await complaint([...args, '--sweep', '--output', 'last'])).toMatch(/^output: is last/);
    writeFileSync(join(folder, 'none.txt'), '\n\n');
    const none = join(folder, 'none.txt');
    expect(await complaint([...args, '--sweep', '--list', none])).toMatch(/^texts: are none/);
  });
});
