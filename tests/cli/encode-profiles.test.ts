/**
 * Each text encoder gets its own tokenizer's ids: CLIP-L openai's cleaning and the end token as
 * padding, OpenCLIP (SD 2.x, SDXL's second, SD 3's clip_g) open_clip's and 0. The ids are those
 * of the references; tests/vectors/clip_*.jsonl.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Similar } from '../../web/src/protocol/similar.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { json, output, TOP } from './tagscope.js';

const folder = mkdtempSync(join(tmpdir(), 'tagscope-profiles-'));
const clipL = join(folder, 'clip-l.safetensors');
const openClip = join(folder, 'open-clip.safetensors');
const START = 49406;
const END = 49407;
const CONTEXT = 77;

beforeAll(() => {
  const size = { layers: 1, width: 64, vocab: 49_408 };
  writeSeededEncoder(clipL, { ...size, prefix: 'cond_stage_model.transformer.text_model.' });
  writeSeededEncoder(openClip, { ...size, prefix: 'text_encoders.clip_g.transformer.text_model.' });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Variant {
  text: string;
  openai: number[];
  open_clip?: number[];
}

function vectors<T>(name: string): T[] {
  const text = readFileSync(join(TOP, 'tests/vectors', name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** The embeddings of {text} or {ids} lines. */
async function encoded(
  model: string,
  lines: readonly object[],
  ...more: string[]
): Promise<number[][]> {
  const file = join(folder, 'lines.jsonl');
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const answers = await output(['encode', '--model', model, '--jsonl', file, ...more]);
  return answers
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { data: number[] }).data);
}

/** Which rows are not the same, to the last bit. */
function different(ours: readonly number[][], stated: readonly number[][]): number[] {
  expect(ours).toHaveLength(stated.length);
  return stated.flatMap((row, i) => (String(row) === String(ours[i]) ? [] : [i]));
}

function inContext(ids: readonly number[], pad: number): number[] {
  const kept = [START, ...ids.slice(0, CONTEXT - 2), END];
  return [...kept, ...Array.from({ length: CONTEXT - kept.length }, () => pad)];
}

const cases = vectors<Variant>('clip_tokenizer_variants.jsonl').filter(
  ({ open_clip: ids }) => ids !== undefined,
);

describe('the tokens that an encoder gets', () => {
  it('are open_clip’s for OpenCLIP, and openai’s for CLIP-L', async () => {
    expect(cases.length).toBeGreaterThan(5);
    const texts = cases.map(({ text }) => ({ text }));
    const fed = (of: 'openai' | 'open_clip', pad: number) =>
      cases.map((variant) => ({ ids: inContext(variant[of] ?? [], pad) }));
    const [ours, stated] = [
      await encoded(openClip, texts, '--truncate'),
      await encoded(openClip, fed('open_clip', 0)),
    ];
    expect(different(ours, stated)).toEqual([]);
    const openai = await encoded(openClip, fed('openai', 0));
    expect(different(openai, stated)).toHaveLength(cases.length);
    const first = await encoded(clipL, texts, '--truncate');
    expect(different(first, await encoded(clipL, fed('openai', END)))).toEqual([]);
  });

  it('fill the context as each reference fills it', async () => {
    const filled = vectors<{
      text: string;
      openai_truncated: number[];
      open_clip: 'same' | number[];
      sd1_pad_eos: number[];
    }>('clip_context77.jsonl');
    const texts = filled.map(({ text }) => ({ text }));
    const states = ['--output', 'last', '--truncate'];
    const stated = filled.map(({ open_clip: ids, openai_truncated: openai }) => ({
      ids: ids === 'same' ? openai : ids,
    }));
    const ours = await encoded(openClip, texts, ...states);
    expect(different(ours, await encoded(openClip, stated, ...states))).toEqual([]);
    const padded = filled.map(({ sd1_pad_eos: ids }) => ({ ids }));
    const first = await encoded(clipL, texts, ...states);
    expect(different(first, await encoded(clipL, padded, ...states))).toEqual([]);
  });

  it('are counted so by similar and by a sweep', async () => {
    // A special token of open_clip's; of openai's tokenizer ordinary text.
    const text = '<start_of_text>cat';
    const tokens = async (model: string) => {
      const given = ['--samples', '9', text, 'cat'];
      const { texts } = (await json(['similar', '--model', model, ...given])) as Similar;
      return texts.map((one) => one.tokens);
    };
    expect(await tokens(openClip)).toEqual([2, 1]);
    const [counted = 0] = await tokens(clipL);
    expect(counted).toBeGreaterThan(2);
    const list = join(folder, 'list.txt');
    writeFileSync(list, `${text}\ncat\n`);
    const swept = async (model: string) => {
      const given = ['--sweep', '--list', list, '--no-keep', '--csv'];
      const table = await output(['similar', '--model', model, ...given]);
      return new Map(
        table
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',').slice(1, 3) as [string, string]),
      );
    };
    expect(await swept(openClip)).toEqual(
      new Map([
        [text, '2'],
        ['cat', '1'],
      ]),
    );
    expect(await swept(clipL)).toEqual(
      new Map([
        [text, String(counted)],
        ['cat', '1'],
      ]),
    );
  });
});
