import { describe, expect, test } from 'vitest';
import {
  backend,
  backendNote,
  carrying,
  megabytes,
  nullWords,
  pairWords,
} from '../../../web/src/panels/similarity/words.js';
import type { EncoderInfo, EncoderRuntime } from '../../../web/src/protocol/encoder-api.js';
import type { Similar, SimilarityNull } from '../../../web/src/protocol/similar.js';

const CODES: SimilarityNull = {
  kind: 'codes',
  replaced: 0,
  length: 3,
  tokens: 1,
  population: 3530,
  m: 3530,
  b: 0,
  p: 0.000283206,
  p_raw: 0.1,
};
const NAMES: SimilarityNull = {
  ...CODES,
  kind: 'names',
  replaced: 1,
  length: null,
  tokens: 5,
  population: null,
  m: 1999,
  b: 1,
  p: 0.001,
};

function similar(nulls: SimilarityNull[], p: number | null): Similar {
  const texts = ['aua', 'houshou_marine'].map((text) => ({
    text,
    tokens: 1,
    kind: 'code' as const,
    norm: 1,
  }));
  return {
    model: '',
    output: 'pooled',
    width: 64,
    texts,
    comparisons: [{ a: 0, b: 1, cosine: 0.5, centred: 0.25, nulls, p, p_adjusted: p }],
    adjustment: 'bh',
    seed: 1,
    m: 1000,
    level: 0.001,
    reference: { codes: 'c', names: 'n' },
  };
}

describe('what a comparison is worth', () => {
  test('has no p for a headline where the built-in encoder gave it', () => {
    const own = { ...similar([CODES, NAMES], 0.001), note: 'built-in' };
    const { word, sentence } = pairWords(own);
    expect(word).toBe('cosine 0.250');
    expect(sentence).toMatch(/^The built-in encoder knows English words; it is not the image/);
    expect(sentence).toMatch(
      /1 lies at least as near to aua .* says nothing of any image model\.$/,
    );
  });

  test('is said with the larger p, its numbers, and what it does not mean', () => {
    const near = similar([CODES, NAMES], 0.001);
    expect(carrying(near.comparisons[0] as Similar['comparisons'][number])).toBe(NAMES);
    expect(pairWords(near)).toEqual({
      word: 'p 0.001',
      sentence:
        'Of 1,999 other names of 5 tokens, 1 lies at least as near to aua. Nearer than a random code of its class in this encoder; not cipher, training or cause.',
    });
    const far = similar([{ ...CODES, b: 706, p: 0.2 }], 0.2);
    expect(pairWords(far).sentence).toBe(
      'Of all 3,530 other codes of 3 letters and 1 token, 706 lie at least as near to houshou_marine. At level 0.001 that is no nearer than chance.',
    );
    expect(pairWords(similar([], null)).word).toBe('cosine 0.250');
  });

  test('names the null', () => {
    expect(nullWords({ ...CODES, population: 13_600, tokens: 2, m: 1 })).toBe(
      '1 other code of 3 letters and 2 tokens',
    );
  });
});

describe('what runs an encoder', () => {
  const info = (runtime: Partial<EncoderRuntime>) =>
    ({
      runtime: {
        name: 'onnxruntime-web',
        bundle: 'jspi',
        provider: 'webgpu',
        adapter: 'SwiftShader',
        threads: 2,
        note: null,
        self_test: { difference: 0.0000123, limit: 0.001 },
        ...runtime,
      },
    }) as EncoderInfo;

  test('is named, with the self-test and why it is not another', () => {
    expect(backend(info({}))).toBe('WebGPU on SwiftShader');
    expect(backendNote(info({}))).toBe(
      'Its numbers differ from the processor’s by 1.2e-5 (limit 0.001) of the largest.',
    );
    const fallen = info({
      provider: 'wasm',
      threads: 1,
      self_test: null,
      note: 'WebGPU has no adapter: the processor is used',
    });
    expect(backend(fallen)).toBe('Processor (WebAssembly), 1 thread');
    expect(backendNote(fallen)).toBe('WebGPU has no adapter: the processor is used.');
  });

  test('sizes have their unit', () => {
    expect([246_144_152, 1_389_382_176].map(megabytes)).toEqual(['246.1 MB', '1.39 GB']);
  });
});
