import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verified } from '../../web/src/protocol/results.js';
import { complaint, folder, json, output, tagscope } from './tagscope.js';

const WORKED = 'examples/houshou_marine.json';
const HELLO = ['--pair', 'hello=uryyb', '--recipe', 'rot n=13'];

const verify = async (...args: string[]) => (await json(['verify', ...args])) as Verified;

function evidence<K extends Verified['evidence'][number]['kind']>(verified: Verified, kind: K) {
  const found = verified.evidence.find((item) => item.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found as Extract<Verified['evidence'][number], { kind: K }>;
}

function file(text: string | Uint8Array): string {
  const path = join(folder(), 'claim.json');
  writeFileSync(path, text);
  return path;
}

describe('the worked case', () => {
  it('is refuted, because of the recipe’s output', async () => {
    const verified = await verify(WORKED);
    expect(verified.verdict).toMatchObject({ state: 'refuted', because: ['recipe'], row: 2 });
    const recipe = evidence(verified, 'recipe');
    expect(recipe.pairs[0]?.steps.map((step) => step.output)).toEqual([
      { kind: 'text', text: 'xekixek_cqhydu' },
      { kind: 'bytes', hex: '314507060e004b2f0c1f011c1759' },
    ]);
    expect(recipe.pairs[0]?.matches).toBe(false);
  });

  it('has the proofs and the arithmetic of the observation', async () => {
    const verified = await verify(WORKED);
    const { isomorph } = evidence(verified, 'structure');
    expect(isomorph.periods.map(({ period, excluded }) => [period, excluded])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(isomorph.normalisations).toContain('lower');
    const capacity = evidence(verified, 'capacity');
    expect(capacity).toMatchObject({ codes: 17576, birthday: { names_for_half: 157 } });
    expect(capacity.bits).toBeCloseTo(14.1, 1);
    expect(capacity.population).toMatchObject({ names: 110000, one_to_one_possible: false });
    expect(evidence(verified, 'tokens').pairs[0]?.name.ids).toEqual([1011, 719, 340, 318, 5746]);
  });

  it('is the same every time, byte for byte', async () => {
    const runs = await Promise.all([1, 2].map(() => output(['verify', WORKED, '--json'])));
    expect(runs[0]).toBe(runs[1]);
  });

  it('reads as an argument, the verdict first', async () => {
    const text = await output(['verify', WORKED]);
    const lines = text.split('\n');
    expect(lines[0]).toBe('refuted  the stated recipe does not turn houshou_marine into aua');
    expect(lines[2]).toBe('The stated recipe (decides)');
    expect(text).toContain('17,576 codes');
    expect(text).toContain('cannot be one to one');
    expect(text.includes('\x1b')).toBe(false);
  });
});

describe('verify', () => {
  it('judges a claim given in options', async () => {
    const reproduced = await verify(...HELLO);
    expect(reproduced.verdict).toMatchObject({ state: 'reproduced', row: 3 });
    expect(reproduced.verdict.p).toBeGreaterThan(3e-4);
    expect(reproduced.verdict.p).toBeLessThan(4.1e-4);
    expect((await verify('--pair', 'abc=nop', '--recipe', 'xor key=0x0f0d13')).verdict.state).toBe(
      'coincidence',
    );
    expect((await verify('--pair', 'a=b')).verdict).toMatchObject({
      state: 'undecided',
      because: ['search'],
    });
    expect((await verify('--pair', 'a=b', '--pair', 'a=c')).verdict).toMatchObject({
      state: 'refuted',
      row: 1,
    });
  });

  it('splits a pair at the first =', async () => {
    expect((await verify('--pair', 'a=b=c')).claim.pairs).toEqual([{ name: 'a', tag: 'b=c' }]);
  });

  it('lets options override and extend the file', async () => {
    const path = file('{"pairs":[{"name":"a","tag":"n"}],"recipe":"atbash","level":0.5}');
    const { claim } = await verify(
      path,
      '--pair',
      'b=o',
      '--recipe',
      'rot',
      '--match',
      'prefix',
      '--ignore-case',
      '--population',
      '7',
      '--title',
      'T',
    );
    expect(claim).toMatchObject({
      pairs: [
        { name: 'a', tag: 'n' },
        { name: 'b', tag: 'o' },
      ],
      recipe: 'rot n=13',
      match: 'prefix',
      ignore_case: true,
      population: 7,
      level: 0.5,
      title: 'T',
    });
    expect((await verify(path, '--level', '1e-4')).claim.level).toBe(0.0001);
  });

  it('reads a claim from standard input where - is written', async () => {
    const text = '{"pairs":[{"name":"a","tag":"n"}]}';
    expect(await json(['verify', '-'], text)).toMatchObject({
      claim: { pairs: [{ name: 'a', tag: 'n' }] },
    });
    expect(await complaint(['verify'], text)).toContain('the claim is missing');
  });

  it('prints only the link, to the base asked for', async () => {
    const link = await output(['verify', ...HELLO, '--link']);
    expect(link).toMatch(/^https:\/\/\S+\/#\/claim\?v=1&c=[\w-]+\n$/);
    const other = await output([
      'verify',
      ...HELLO,
      '--link',
      '--base',
      'http://127.0.0.1:8000/name',
    ]);
    expect(other).toBe(link.replace(/^.*#/, 'http://127.0.0.1:8000/name/#'));
    expect((await verify(...HELLO)).link).toBe(link.trim());
    expect(await complaint(['verify', ...HELLO, '--base', 'nowhere'])).toContain('base: ');
    expect(await complaint(['verify', ...HELLO, '--base', 'javascript:alert(1)'])).toContain(
      'base: ',
    );
  });

  it('saves what a claim too long for a link needs', async () => {
    const pairs = Array.from({ length: 900 }, (_, i) => `${Math.sin(i)}`).map((name) => ({
      name,
      tag: name.slice(-4),
    }));
    const path = file(JSON.stringify({ pairs }));
    expect(await complaint(['verify', path, '--link'])).toMatch(/^link: .*--save/);
    const saved = join(folder(), 'saved.json');
    expect(await output(['verify', path, '--save', saved])).toContain('--save FILE');
    expect(Object.keys(JSON.parse(readFileSync(saved, 'utf8'))).sort()).toEqual([
      'assets',
      'claim',
      'digest',
    ]);
    expect(await output(['replay', saved])).toMatch(/^agrees/);
    expect(await complaint(['verify', path, '--save', join(folder(), 'no/such/folder')])).toContain(
      'cannot be written',
    );
  });

  it.each([
    ['', ['line 1']],
    ['{', ['line 1']],
    ['{\n"pairs": [,]}', ['line 2']],
    ['[]', ['an array']],
    ['{}', ['pairs']],
    ['{"pairs":[]}', ['pairs', 'at least one']],
    ['{"pairs":[{"name":"a"}]}', ['pairs[0].tag']],
    ['{"pairs":[{"name":"","tag":"x"}]}', ['pairs[0].name']],
    ['{"pairs":[{"name":"a","tag":1}]}', ['pairs[0].tag']],
    ['{"pairs":[{"name":"a","tag":"b"}],"more":1}', ['more']],
    ['{"pairs":[{"name":"a","tag":"b"}],"recipe":"rott"}', ['recipe', 'did you mean']],
    ['{"pairs":[{"name":"a","tag":"b"}],"match":"near"}', ['match']],
    ['{"pairs":[{"name":"a","tag":"b"}],"level":2}', ['level']],
    ['{"pairs":[{"name":"a","tag":"b"}],"population":-1}', ['population']],
    ['{"pairs":[{"name":"a","tag":"b"}],"version":2}', ['version']],
    ['{"pairs":[{"name":"\\ud800","tag":"b"}]}', ['line 1']],
    ['{"pairs":[{"name":"a","tag":"b"}],"pairs":[]}', ['pairs']],
    [`${'['.repeat(100_000)}`, ['claim.json']],
  ])('refuses the claim %.40s', async (text, told) => {
    const path = file(text);
    const line = await complaint(['verify', path]);
    expect(line.startsWith(path)).toBe(true);
    for (const part of told) expect(line).toContain(part);
  });

  it('refuses claims that are no text or too long', async () => {
    expect(await complaint(['verify', file(Uint8Array.of(0x7b, 0xff))])).toContain(
      'not UTF-8: invalid at byte 1',
    );
    expect(await complaint(['verify', '/nonexistent.json'])).toBe(
      '/nonexistent.json: does not exist',
    );
    mkdirSync(join(folder(), 'x'));
    expect(await complaint(['verify', folder()])).toContain('is a directory');
    const huge = file('');
    truncateSync(huge, 100 * 1024 * 1024);
    expect(await complaint(['verify', huge])).toBe(
      `${huge}: is 104,857,600 bytes; the limit is 1,048,576`,
    );
    expect(await complaint(['replay', huge])).toContain('the limit is 1,048,576');
    expect(await complaint(['verify', '-'], new Uint8Array(20_000_000))).toContain(
      'the limit is 1,048,576',
    );
  });

  it.each([
    [['--pair', 'noequals'], '--pair 1'],
    [['--pair', '=x'], 'pairs[0].name'],
    [['--pair', 'x='], 'pairs[0].tag'],
    [['--pair', 'a=b', '--match', 'near'], 'match'],
    [['--pair', 'a=b', '--level', 'x'], '--level'],
    [['--pair', 'a=b', '--level', '0'], 'level'],
    [['--pair', 'a=b', '--population', '1.5'], '--population'],
    [['--pair', 'a=b', '--recipe', ''], 'recipe'],
    [['--pair', 'a=b', '--recipe', 'clip'], 'recipe'],
    [['--pair'], 'argument missing'],
    [['a.json', 'b.json'], 'too many arguments'],
  ])('refuses %j', async (args, told) => {
    expect(await complaint(['verify', ...args])).toContain(told);
  });

  it('writes no control character of a claim as it is', async () => {
    const path = file(
      JSON.stringify({
        title: 'x\u001b[2J',
        pairs: [{ name: 'a\u001b[31m\u202e', tag: 'b\u0007\n' }],
        recipe: 'rot',
      }),
    );
    const { code, stdout, stderr } = await tagscope(['verify', path]);
    expect([code, stderr]).toEqual([0, '']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const { stderr: told } = await tagscope(['run', 'rot\u001b[2J\nx', 'a']);
    expect(told).toMatch(/^tagscope: [^\n]*\n$/);
    expect(told.includes('\u001b')).toBe(false);
    expect(existsSync(path)).toBe(true);
  });
});
