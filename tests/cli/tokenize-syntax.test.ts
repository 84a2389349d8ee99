import { describe, expect, it } from 'vitest';
import { complaint, json, output } from './tagscope.js';

interface Read {
  ids: number[];
  segments: { text: string; weight: number }[];
  chunks: { ids: number[]; weights: number[] }[];
}

const read = async (...args: string[]) => (await json(['tokenize', ...args])) as Read;

describe('tokenize --syntax', () => {
  it('reads weights as A1111 does', async () => {
    const { segments, chunks, ids } = await read(
      '--syntax',
      'a1111',
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
    );
    // modules/prompt_parser.py, parse_prompt_attention's documentation
    expect(segments).toEqual([
      { text: 'a ', weight: 1 },
      { text: 'house', weight: 1.5730000000000004 },
      { text: ' ', weight: 1.1 },
      { text: 'on', weight: 1 },
      { text: ' a ', weight: 1.1 },
      { text: 'hill', weight: 0.55 },
      { text: ', sun, ', weight: 1.1 },
      { text: 'sky', weight: 1.4641000000000006 },
      { text: '.', weight: 1.1 },
    ]);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.ids).toHaveLength(77);
    expect(chunks[0]?.ids.slice(0, 4)).toEqual([49406, 320, 1212, 525]);
    expect(chunks[0]?.weights.slice(0, 4)).toEqual([1, 1, 1.5730000000000004, 1]);
    expect(chunks[0]?.ids.at(-1)).toBe(49407);
    // The text as it stands is tokenized as ever.
    expect(ids).toEqual((await read('a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).')).ids);
  });

  it('pads at BREAK, splits at AND, and counts as the program shows', async () => {
    const broken = (await json(['tokenize', '--syntax', 'a1111', 'cat BREAK dog'])) as Read;
    expect(broken).toMatchObject({ token_count: 76, target: 150 });
    expect(broken.segments).toEqual([
      { text: 'cat', weight: 1 },
      { text: 'BREAK', weight: -1 },
      { text: 'dog', weight: 1 },
    ]);
    expect(broken.chunks.map(({ ids }) => ids.slice(0, 3))).toEqual([
      [49406, 2368, 49407],
      [49406, 1929, 49407],
    ]);
    const both = await json(['tokenize', '--syntax', 'a1111', 'cat AND dog :0.5']);
    expect(both).toMatchObject({
      segments: [{ text: 'cat AND dog :0.5', weight: 1 }],
      subprompts: [
        { text: 'cat', weight: 1, token_count: 1, target: 75 },
        { text: ' dog', weight: 0.5, token_count: 1, target: 75 },
      ],
    });
  });

  it('reads weights as ComfyUI does', async () => {
    // comfy/sd1_clip.py, token_weights' documentation
    const text = 'foo ((((lol (cat:666) attack):100))) baz';
    const { segments } = await read('--syntax', 'comfy', text);
    expect(segments).toEqual([
      { text: 'foo ', weight: 1 },
      { text: 'lol ', weight: 110.00000000000001 },
      { text: 'cat', weight: 666 },
      { text: ' attack', weight: 110.00000000000001 },
      { text: ' baz', weight: 1 },
    ]);
    expect(await read('--syntax', 'comfy', '(a [b] \\(c\\) embedding:bad-hands')).toMatchObject({
      segments: [{ text: '(a [b] (c) embedding:bad-hands', weight: 1 }],
      embeddings: ['bad-hands'],
    });
  });

  it('pads as each encoder does', async () => {
    const padOf = async (...args: string[]) =>
      (await read('--syntax', 'comfy', ...args, 'cat')).chunks[0]?.ids.at(-1);
    expect(await padOf()).toBe(49407);
    expect(await padOf('--profile', 'open_clip')).toBe(0);
    expect(await padOf('--pad', '5')).toBe(5);
  });

  it('says where the program itself would stop', async () => {
    expect(await complaint(['tokenize', '--syntax', 'a1111', '(a:1.2.3)'])).toBe(
      'prompt: the weight "1.2.3" is not a number; the program stops there',
    );
    expect(await complaint(['tokenize', '--syntax', 'comfy', '(a:inf)'])).toMatch(/infinite/);
    expect(await complaint(['tokenize', '--syntax', 'sdnext', 'a'])).toMatch(/^--syntax: /);
  });

  it('is plain where that is said, and goes line by line', async () => {
    expect(await read('--syntax', 'plain', '(a:1.2)')).not.toHaveProperty('segments');
    const lines = await output(
      ['tokenize', '--syntax', 'comfy', '--jsonl', '-'],
      '{"text":"(a:2)"}\n{"text":"b"}\n',
    );
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).segments),
    ).toEqual([[{ text: 'a', weight: 2 }], [{ text: 'b', weight: 1 }]]);
  });

  it('shows people segments, chunks and counts', async () => {
    const text = await output(['tokenize', '--syntax', 'a1111', 'a (cat:1.3) BREAK dog']);
    expect(text).toMatch(/a1111 {2}76\/150 tokens, 2 chunks/);
    expect(text).toMatch(/1\.3 {2}cat/);
  });
});
