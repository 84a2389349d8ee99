import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaint, folder, json, output, tagscope } from './tagscope.js';

const KEY =
  'I love ponies, they are the best, there is nothing better than a cute pony in the whole world';
const OBSERVED = `rot n=42 | xor key="${KEY}"`;

describe('run', () => {
  it('computes the observation’s recipe', async () => {
    expect(await json(['run', OBSERVED, 'houshou_marine'])).toEqual({
      recipe: OBSERVED,
      output: { kind: 'bytes', hex: '314507060e004b2f0c1f011c1759' },
    });
    expect(await json(['run', `${OBSERVED} | cp437`, 'houshou_marine'])).toMatchObject({
      output: { kind: 'text', text: '1E♠♫K/♀▼☺∟↨Y' },
    });
    expect(await output(['run', 'rot n=42', 'houshou_marine'])).toBe('xekixek_cqhydu\n');
    expect(await output(['run', OBSERVED, 'houshou_marine'])).toBe(
      '314507060e004b2f0c1f011c1759\n',
    );
  });

  it('writes every argument out', async () => {
    expect(await json(['run', 'rot', 'Hello'])).toEqual({
      recipe: 'rot n=13',
      output: { kind: 'text', text: 'Uryyb' },
    });
  });

  it('takes bytes, a file and standard input', async () => {
    const file = join(folder(), 'input');
    writeFileSync(file, 'héllo');
    expect(await output(['run', 'hex', '--hex', '00FFfe'])).toBe('00fffe\n');
    expect(await output(['run', 'hex', '--file', file])).toBe('68c3a96c6c6f\n');
    // rot takes only text, so the file is read as text.
    expect(await json(['run', 'rot', '--file', file])).toMatchObject({
      output: { kind: 'text', text: 'uéyyb' },
    });
    expect(await output(['run', 'rot', '-'], 'abc')).toBe('nop\n');
    expect(await output(['run', 'hex', '--file', '-'], Uint8Array.of(255))).toBe('ff\n');
    expect(await output(['run', 'hex', ''])).toBe('\n');
    expect(await output(['run', 'rot', '--', '-abc'])).toBe('-nop\n');
  });

  it('gives token ids', async () => {
    expect(await json(['run', 'clip', 'aua'])).toMatchObject({
      output: { kind: 'ids', ids: [45906] },
    });
    expect(await output(['run', 'clip', 'houshou_marine'])).toBe('1011 719 340 318 5746\n');
  });

  it('does not read standard input where - is not written', async () => {
    expect(await complaint(['run', 'rot'], 'abc')).toContain('the input is missing');
    expect(await complaint(['run'], 'abc')).toContain('RECIPE is missing');
  });

  it.each([
    [['nothing'], 'nothing'],
    [['rott'], 'did you mean'],
    [['rot n=x'], 'recipe, step 1'],
    [['rot m=1'], 'recipe, step 1'],
    [['rot n=1 n=2'], 'recipe, step 1'],
    [['rot n=99999999999999999999'], 'recipe, step 1'],
    [[''], 'recipe'],
    [['rot |'], 'recipe'],
    [['| rot'], 'recipe'],
    [['xor'], 'key'],
    [['xor key='], 'key'],
    [['xor key="unterminated'], 'recipe'],
    [['xor key="\\ud800"'], 'recipe'],
    [['clip | rot'], 'step 2'],
    [['sha256 | rot'], 'step 2'],
    [['~sha256'], 'step 1'],
    [['x'.repeat(20_000)], 'recipe'],
    [[Array(65).fill('rot').join('|')], 'recipe'],
  ])('refuses the recipe %j', async ([recipe = ''], told) => {
    expect(await complaint(['run', recipe, 'x'])).toContain(told);
  });

  it('refuses inputs of the wrong kind', async () => {
    expect(await complaint(['run', 'rot', '--hex', '00'])).toContain('step 1');
    expect(await complaint(['run', '~hex', 'zz'])).toContain('step 1');
    expect(await complaint(['run', 'rot', '--hex', '0'])).toContain('--hex');
    expect(await complaint(['run', 'rot', '--hex', 'xy'])).toContain('--hex');
    expect(await complaint(['run', 'rot', 'a', '--hex', '00'])).toContain('one input');
    expect(await complaint(['run', 'rot', 'a', 'b'])).toContain('too many arguments');
    expect(await complaint(['run', 'rot', '--file', '/nonexistent'])).toBe(
      '/nonexistent: does not exist',
    );
    expect(await complaint(['run', 'rot', '--file', '/'])).toBe('/: is a directory');
  });

  it('names the byte that is not UTF-8', async () => {
    const file = join(folder(), 'latin1');
    writeFileSync(file, Buffer.from('abc\xe9def', 'latin1'));
    expect(await complaint(['run', 'rot', '--file', file])).toBe(
      `${file}: is not UTF-8: invalid at byte 3`,
    );
    expect(await complaint(['run', 'rot', '-'], Uint8Array.of(0x61, 0xe2, 0x82))).toBe(
      'standard input: is not UTF-8: invalid at byte 1',
    );
    expect(await complaint(['run', 'rot', '-'], Uint8Array.of(0xed, 0xa0, 0x80))).toContain(
      'at byte 0',
    );
    expect(await complaint(['run', 'utf8', '--hex', '61ff'])).toContain('step 1');
    expect(await output(['run', 'hex', '--file', file])).toBe('616263e9646566\n');
  });

  it('answers a line for each line, bad ones in their place', async () => {
    const lines = [
      '{"text":"abc"}',
      '{"hex":"00ff","recipe":"hex"}',
      'not json',
      '{"text":"a","hex":"00"}',
      '',
      '{"text":"\\ud800"}',
      '{"txt":"a"}',
      '{"text":"x","recipe":"nothing"}',
      '{"text":"é"}\r',
    ];
    const { code, stdout, stderr } = await tagscope(['run', 'rot', '--jsonl', '-', '--json'], {
      input: Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from([0x22, 0xff, 0x22])]),
    });
    expect(stderr).toBe('');
    expect(code).toBe(2);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(10);
    expect(answers[0]).toEqual({ recipe: 'rot n=13', output: { kind: 'text', text: 'nop' } });
    expect(answers[1].output).toEqual({ kind: 'text', text: '00ff' });
    expect(answers[2]).toEqual({
      error: { code: 'bad-json', where: 'line 3', what: 'is not JSON' },
    });
    expect(answers.slice(3, 8).map(({ error }) => [error.code, error.where])).toEqual([
      ['bad-input', 'line 4'],
      ['bad-json', 'line 5'],
      ['invalid-text', 'line 6, text'],
      ['unknown-field', 'line 7, txt'],
      ['unknown-method', 'line 8, recipe, step 1'],
    ]);
    expect(answers[8].output.text).toBe('é');
    expect(answers[9].error.code).toBe('invalid-utf8');
  });

  it('ends quietly with its reader', async () => {
    const { spawnSync } = await import('node:child_process');
    const line = '{"text":"abc"}\n'.repeat(20_000);
    const { status, stderr, stdout } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" lib/cli/main.js run rot --jsonl - | head -n 1`],
      { input: line, encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('nop');
  });
});
