import { describe, expect, it } from 'vitest';
import { headline, type Judged, reasons, scope, toMarkdown } from '../../web/src/engine/words.js';
import type {
  CapacityEvidence,
  Claim,
  RecipeEvidence,
  StructureEvidence,
  Verdict,
  Verified,
} from '../../web/src/protocol/results.js';

const CLAIM: Claim = {
  version: 1,
  title: null,
  pairs: [{ name: 'houshou_marine', tag: 'aua' }],
  recipe: 'rot n=42',
  match: 'exact',
  tokenizer: 'clip',
  profile: 'openai',
  population: 110000,
  space: null,
  level: 0.001,
  encoder: null,
};

const RECIPE: RecipeEvidence = {
  kind: 'recipe',
  recipe: 'rot n=42',
  pairs: [
    {
      name: 'houshou_marine',
      tag: 'aua',
      steps: [{ step: 'rot n=42', output: { kind: 'text', text: 'xekixek_cqhydu' } }],
      matches: false,
    },
  ],
  fits: 0,
  price: { bits: 10.2, steps: [{ step: 'rot n=42', bits: 10.2 }] },
  chance_log2: null,
  p: null,
};

const STRUCTURE: StructureEvidence = {
  kind: 'structure',
  pairs: 1,
  duplicates: 0,
  groups: 1,
  function: { applies: true, excluded: false, conflicts: [] },
  isomorph: {
    normalisations: ['as-is', 'letters'],
    reversal: true,
    periods: [
      { period: 1, excluded: true, tried: 110, fits: 0 },
      { period: 2, excluded: true, tried: 110, fits: 0 },
    ],
    ignore_case: false,
  },
  length: { applies: true, excluded: true, pairs: [{ name: 14, tag: 3 }] },
  alphabet: [
    { id: 'hex', excluded: true, character: 'u' },
    { id: 'base64', excluded: false, character: null },
  ],
  excludes: [
    { proof: 'length', family: 'length-preserving-steps', scope: ['exact-match'] },
    { proof: 'alphabet', family: 'last-encoding', id: 'hex', scope: ['selections-may-follow'] },
  ],
};

const CAPACITY: CapacityEvidence = {
  kind: 'capacity',
  shape: { alphabet: 'a-z', size: 26, lengths: [3] },
  codes: 17576,
  bits: 14.1013,
  birthday: { names_for_half: 157 },
  population: {
    names: 110000,
    one_to_one_possible: false,
    per_code: 6.25853,
    collision_p: 1,
    expected_pairs: 344203,
    sharing_share: 0.998,
    codes_used: 17542.3,
    bits_missing: 2.64582,
  },
  token_classes: [
    { tokens: 1, codes: 3531, bits: 11.7859, names_for_half: 71, names_per_code: 31.1526 },
  ],
};

function judged(verdict: Partial<Verdict>, parts: Partial<Judged> = {}): Judged {
  return {
    claim: CLAIM,
    evidence: [RECIPE, STRUCTURE, CAPACITY],
    verdict: {
      state: 'refuted',
      because: ['recipe'],
      row: 2,
      scope: 'stated-recipe',
      level: 0.001,
      ...verdict,
    },
    ...parts,
  };
}

function wordsOf(kind: string, of: Judged): string {
  return (
    reasons(of)
      .find((reason) => reason.kind === kind)
      ?.sentences.join('\n') ?? ''
  );
}

describe('the headline', () => {
  it('names what was refuted', () => {
    expect(headline(judged({}))).toEqual({
      state: 'refuted',
      sentence: 'the stated recipe does not turn houshou_marine into aua',
    });
    expect(scope(judged({}))).toContain('this recipe under the match rule "exact"');
  });

  it.each([
    'prefix',
    'suffix',
    'window',
    'subsequence',
  ] as const)('speaks of the match rule %s', (match) => {
    const { sentence } = headline(judged({}, { claim: { ...CLAIM, match } }));
    expect(sentence).not.toContain('turn');
    expect(sentence).toMatch(/does not (begin|end|contain|hold)/);
  });

  it('names a name with two tags', () => {
    const structure = {
      ...STRUCTURE,
      function: { applies: true, excluded: true, conflicts: [{ name: 'a', tags: ['b', 'c'] }] },
    };
    const of = judged({ row: 1, because: ['structure'] }, { evidence: [structure] });
    expect(headline(of).sentence).toBe('no deterministic recipe gives a both b and c');
    expect(reasons(of)[0]?.carries).toBe(true);
  });

  it('gives the chance where one decided', () => {
    const fitting = { ...RECIPE, fits: 1, chance_log2: -23.5, p: 0.000342 };
    const reproduced = judged(
      { row: 3, state: 'reproduced', p: 0.000342 },
      { evidence: [fitting] },
    );
    expect(headline(reproduced).sentence).toContain('p = 3.42 × 10⁻⁴, level 0.001');
    const coincidence = judged(
      { row: 4, state: 'coincidence', because: ['recipe', 'freedom'], p: 1 },
      { evidence: [{ ...fitting, p: 1 }] },
    );
    expect(headline(coincidence).sentence).toContain('fits by chance (p = 1, level 0.001)');
  });

  it('says what would decide', () => {
    const { sentence } = headline(
      judged({ row: 6, state: 'undecided', because: ['search'] }, { evidence: [] }),
    );
    expect(sentence).toContain('no recipe is stated and no search was asked for');
  });
});

describe('the reasons', () => {
  it('come in the order of the evidence, and say which carried the verdict', () => {
    expect(reasons(judged({})).map(({ kind, carries }) => [kind, carries])).toEqual([
      ['recipe', true],
      ['structure', false],
      ['capacity', false],
    ]);
  });

  it('give no chance beside a recipe that fails', () => {
    expect(wordsOf('recipe', judged({}))).toBe(
      'houshou_marine becomes xekixek_cqhydu, which is not aua.',
    );
  });

  it('name the family and the scope of a proof', () => {
    const words = wordsOf('structure', judged({}));
    expect(words).toContain(
      'No per-letter substitution (ROT-n, Atbash, affine, one-byte XOR) maps any 3 characters in a row of houshou_marine to aua',
    );
    expect(words).toContain('period 2');
    expect(words).toContain(
      'Scope: stretches without gaps of the name as given or letters only, read forwards or backwards',
    );
    expect(words).toContain('Not covered: letters picked with gaps');
    expect(words).toContain('(14 characters against 3)');
    expect(words).toContain('cannot be the output of hex (it never prints u)');
    expect(words).not.toContain('base64');
  });

  it('claim no more than the pigeonhole does', () => {
    const words = wordsOf('capacity', judged({}));
    expect(words).toContain('17,576 codes of 3 characters from a–z (26 characters): 14.1 bits');
    expect(words).toContain('110,000 names cannot be one to one with them (pigeonhole)');
    expect(words).toContain('not a lossy hash, a subset of the names, or longer codes');
    expect(words).toContain('With 157 names');
    expect(words).toContain(
      '3,531 codes of this shape are one CLIP token: 11.8 bits, even odds at 71 names, 31.2 names a code',
    );
  });

  it('spell out a few of many pairs', () => {
    const pairs = Array.from({ length: 20 }, () => RECIPE.pairs[0]).filter(
      (pair) => pair !== undefined,
    );
    const of = judged({}, { evidence: [{ ...RECIPE, pairs }] });
    expect(reasons(of)[0]?.sentences).toHaveLength(9);
    expect(wordsOf('recipe', of)).toContain('12 more pairs');
  });
});

describe('Markdown', () => {
  it('escapes what the claim says', () => {
    const claim = {
      ...CLAIM,
      title: '# [x](javascript:1) <b>',
      pairs: [{ name: 'a|b*c*', tag: '`x` http://x' }],
    };
    const verified: Verified = {
      ...judged({}, { claim, evidence: [] }),
      assets: {},
      digest: '00',
      link: 'https://example.org/#/claim?v=1&c=AA',
      engine: { version: '1' },
    };
    const text = toMarkdown(verified);
    expect(text).toContain('| "a\\|b\\*c\\*" | "\\`x\\` http\\://x" |');
    expect(text).toContain('\\[x\\](javascript:1) \\<b\\>');
    expect(text).toContain('[Recompute it](<https://example.org/#/claim?v=1&c=AA>)');
    expect(text).toMatch(/^## Refuted: /);
  });
});
