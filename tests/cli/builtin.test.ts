/** The built-in encoder, as the terminal uses it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ModelManifest, PublicModel } from '../../web/src/protocol/model-api.js';
import type { EmbeddingEvidence, Verified } from '../../web/src/protocol/results.js';
import type { Similar } from '../../web/src/protocol/similar.js';
import { complaint, json, output, tagscope } from './tagscope.js';

interface Vectors {
  texts: { text: string; embedding: number[] }[];
}
interface Encoded {
  model: string;
  note: string;
  shape: number[];
  data: number[];
}

const inTop = (path: string) => new URL(`../../${path}`, import.meta.url);
const vectors = JSON.parse(
  readFileSync(inTop('tests/vectors/builtin/embeddings.json'), 'utf8'),
) as Vectors;
const file = readFileSync(inTop('models/builtin/encoder.onnx'));
const { builtin } = JSON.parse(
  readFileSync(inTop('models/manifest.json'), 'utf8'),
) as ModelManifest;
const NOTE = 'built-in, English words; not the image model’s encoder';
/** Of the limit on what goes over the wire. */
const MOST_BROTLI_BYTES = 6_000_000;

describe('the built-in encoder', () => {
  it('is the file that the manifest tells, and small', () => {
    expect(createHash('sha256').update(file).digest('hex')).toBe(builtin.sha256);
    expect(file.length).toBe(builtin.bytes);
    // Less than the best quality, which takes long, makes.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    expect(brotliCompressSync(file, { params }).length).toBeLessThan(MOST_BROTLI_BYTES);
    expect(builtin.command).toContain('models/builtin/train.py');
  });

  it('gives what its training code gives, whatever is encoded beside a text', async () => {
    const texts = vectors.texts.map(({ text }) => text);
    const input = texts.map((text) => JSON.stringify({ text })).join('\n');
    const { code, stdout } = await tagscope(['encode', '--jsonl', '-'], { input });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(texts.length);
    for (const [i, line] of lines.entries()) {
      const { model, note, shape, data } = JSON.parse(line) as Encoded;
      expect({ model, note, shape }).toEqual({ model: 'builtin', note: NOTE, shape: [384] });
      const expected = vectors.texts[i]?.embedding ?? [];
      const apart = data.map((value, k) => Math.abs(value - (expected[k] ?? Number.NaN)));
      expect(Math.max(...apart)).toBeLessThan(1e-5);
    }
  });

  it('reads a text padded to the whole context as the text alone', async () => {
    // "dog" between the start and the end token, and end tokens to 77.
    const dog = [49406, 1929, 49407];
    const padded = [...dog, ...Array.from({ length: 74 }, () => 49407)];
    const input = [dog, padded, [49406, 49407]].map((ids) => JSON.stringify({ ids })).join('\n');
    const { stdout } = await tagscope(['encode', '--jsonl', '-'], { input });
    const [alone, long, empty] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Encoded).data);
    expect(long?.map((value) => value.toFixed(5))).toEqual(alone?.map((value) => value.toFixed(5)));
    expect(empty?.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...(empty ?? []))).toBeCloseTo(1, 5);
  });

  it('sees what follows an end token in the text, whatever is encoded beside it', async () => {
    const text = 'cat <|endoftext|> dog';
    const long = 'one two three four five six seven';
    const encode = async (...texts: string[]) => {
      const input = texts.map((one) => JSON.stringify({ text: one })).join('\n');
      const { stdout } = await tagscope(['encode', '--jsonl', '-'], { input });
      return (JSON.parse(stdout.split('\n')[0] ?? '') as Encoded).data;
    };
    const [alone, beside, other] = [
      await encode(text),
      await encode(text, long),
      await encode('cat'),
    ];
    const apart = (a: number[], b: number[]) =>
      Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? 0))));
    expect(apart(alone, beside)).toBeLessThan(1e-6);
    expect(apart(alone, other)).toBeGreaterThan(0.01);
  });

  it('knows what is alike, and says in every result what it is', async () => {
    const similar = (await json(['similar', 'dog', 'puppy', 'violin', '--json'])) as Similar;
    expect(similar).toMatchObject({ model: 'builtin', note: NOTE, width: 384 });
    const centred = (a: number, b: number) =>
      similar.comparisons.find((one) => one.a === a && one.b === b)?.centred ?? Number.NaN;
    expect(centred(0, 1)).toBeGreaterThan(0.3);
    expect(centred(0, 2)).toBeLessThan(0.2);
    expect(await output(['similar', 'dog', 'puppy'])).toContain(`Encoder: ${NOTE}.`);
    expect(await output(['encode', 'dog'])).toContain(NOTE);
  });

  it('is evidence that decides nothing, named by its digest', async () => {
    const claim = ['--pair', 'houshou_marine=aua'];
    const verified = (await json(['verify', ...claim, '--model', 'builtin', '--json'])) as Verified;
    const bare = (await json(['verify', ...claim, '--json'])) as Verified;
    expect(verified.verdict.state).toBe(bare.verdict.state);
    expect(verified.claim.encoder).toBe(builtin.sha256);
    const evidence = verified.evidence.find(
      (one): one is EmbeddingEvidence => one.kind === 'embedding',
    );
    expect(evidence?.encoder).toMatchObject({ sha256: builtin.sha256, note: NOTE });
    expect(await output(['verify', ...claim, '--model', 'builtin'])).toContain(
      'Built-in, English words; not the image model’s encoder: aua and houshou_marine',
    );
  });

  it('is listed, and neither fetched nor removed', async () => {
    const [first] = (await json(['models', '--json'])) as PublicModel[];
    expect(first).toMatchObject({ id: 'builtin', state: 'present', builtin: true });
    for (const option of ['--fetch', '--remove']) {
      expect(await complaint(['models', option, 'builtin'])).toMatch(/builtin: comes with/);
    }
  });
});
