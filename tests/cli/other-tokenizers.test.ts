import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, json, output, TOP } from './tagscope.js';

interface Golden {
  text: string;
  ids: number[];
  ids_special?: number[];
  decoded?: string;
}

const lines = (name: string) =>
  readFileSync(join(TOP, 'tests/vectors', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function answers(args: string[], questions: readonly unknown[]): Promise<unknown[]> {
  const input = questions.map((one) => `${JSON.stringify(one)}\n`).join('');
  return (await output([...args, '--jsonl', '-'], input))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const idsOf = (answer: unknown) => (answer as { ids: number[] }).ids;

describe.each(['gpt2', 'cl100k', 'o200k'])('%s', (tokenizer) => {
  const goldens = lines(`tiktoken_${tokenizer}.jsonl`) as Golden[];
  const texts = goldens.map(({ text }) => ({ text }));

  it('gives the ids of every golden case, special tokens as text or as themselves', async () => {
    expect(goldens).toHaveLength(202);
    const ordinary = await answers(['tokenize', '--tokenizer', tokenizer], texts);
    expect(ordinary.map(idsOf)).toEqual(goldens.map(({ ids }) => ids));
    const special = await answers(['tokenize', '--tokenizer', tokenizer, '--special'], texts);
    expect(special.map(idsOf)).toEqual(goldens.map((one) => one.ids_special ?? one.ids));
  });

  it('decodes every golden case', async () => {
    const questions = goldens.map(({ ids }) => ({ ids }));
    expect(await answers(['decode', '--tokenizer', tokenizer], questions)).toEqual(texts);
  });

  it('is a step of recipes, forwards and backwards', async () => {
    const { output: ran } = (await json(['run', tokenizer, 'houshou_marine'])) as {
      output: { ids: number[] };
    };
    const { ids } = (await json(['tokenize', '--tokenizer', tokenizer, 'houshou_marine'])) as {
      ids: number[];
    };
    expect(ran.ids).toEqual(ids);
    expect(await json(['run', `${tokenizer} | ~${tokenizer}`, 'naïve 初音'])).toMatchObject({
      output: { kind: 'text', text: 'naïve 初音' },
    });
  });
});

describe('a tokenizer.json', () => {
  const files = lines('tokenizer_json.jsonl') as {
    name: string;
    tokenizer: string;
    cases: Golden[];
  }[];
  let folder: string;
  const written = (name: string, text: string) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tagscope-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['clip', 'bert', 'unigram', 'llama2-like'])('works: %s', async (name) => {
    const file = files.find((one) => one.name === name);
    if (file === undefined) throw new Error(name);
    const path = written(name, file.tokenizer);
    const texts = file.cases.map(({ text }) => ({ text }));
    const tokenized = await answers(['tokenize', '--tokenizer', path], texts);
    expect(tokenized.map(idsOf)).toEqual(file.cases.map(({ ids }) => ids));
    const questions = file.cases.map(({ ids }) => ({ ids }));
    expect(await answers(['decode', '--tokenizer', path], questions)).toEqual(
      file.cases.map(({ decoded }) => ({ text: decoded })),
    );
  });

  it('frames a context as its post-processor does', async () => {
    const bert = files.find((one) => one.name === 'bert');
    const path = written('framed', bert?.tokenizer ?? '');
    const { ids, context } = (await json([
      'tokenize',
      '--tokenizer',
      path,
      'running',
      '--context',
      '6',
    ])) as { ids: number[]; context: number[] };
    expect(context).toEqual([2, ...ids, 3, 0, 0, 0].slice(0, 6));
  });

  it('is refused by the place of what is not supported', async () => {
    const path = written('hard', '{"model":{"type":"Magic"}}');
    expect(await complaint(['tokenize', 'a', '--tokenizer', path])).toContain(
      `${path}, model: the model Magic is not supported`,
    );
    await complaint(['tokenize', 'a', '--tokenizer', written('torn', '{"model":')]);
    await complaint(['tokenize', 'a', '--tokenizer', './nonexistent.json']);
  });
});
