import { describe, expect, it } from 'vitest';
import type { MethodInfo } from '../../web/src/protocol/results.js';
import { complaint, json, output } from './tagscope.js';

describe('the command line', () => {
  it('explains itself', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const help = await output(args);
      for (const command of [
        'methods',
        'run',
        'tokenize',
        'decode',
        'atlas',
        'hash',
        'verify',
        'replay',
      ]) {
        expect(help).toContain(`\n  ${command} `);
      }
    }
    expect(await output(['verify', '--help'])).toContain('--pair <NAME=TAG>');
    expect(await output(['help', 'verify'])).toContain('--pair <NAME=TAG>');
    expect(await output(['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['search']],
    [['--frobnicate']],
    [['run', '--frobnicate']],
    [['verify', '--pari', 'a=b']],
    [['methods', 'x']],
    [['methods', '--jsonl', '-']],
    [['hash', '--only']],
    [['Verify']],
    [['constructor']],
    [['__proto__']],
  ])('refuses %j in one line', async (args) => {
    await complaint(args);
  });

  it('refuses an argument that is not UTF-8, where the system tells', async () => {
    if (process.platform !== 'linux') return;
    const { spawnSync } = await import('node:child_process');
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" lib/cli/main.js run rot "$(printf 'ab\\377')"`],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('tagscope: argument 3: is not UTF-8: invalid at byte 2\n');
    expect(status).toBe(2);
    expect(await output(['run', 'rot', '\ufffd'])).toBe('\ufffd\n');
  });

  it('uses no colour away from a terminal', async () => {
    for (const args of [['methods'], ['verify', '--pair', 'a=b'], ['tokenize', 'a']]) {
      expect((await output(args)).includes('\x1b')).toBe(false);
    }
  });
});

describe('methods', () => {
  it('describes every method', async () => {
    const methods = (await json(['methods'])) as MethodInfo[];
    expect(methods.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['rot', 'xor', 'hex', 'crc32', 'clip', 'take']),
    );
    for (const method of methods) {
      expect(Object.keys(method)).toEqual(
        expect.arrayContaining([
          'id',
          'kind',
          'summary',
          'source',
          'params',
          'in',
          'out',
          'reversible',
        ]),
      );
    }
    const text = await output(['methods']);
    for (const { id, summary } of methods) {
      expect(text).toMatch(new RegExp(`^  ${id}\\b`, 'm'));
      expect(text).toContain(summary);
    }
  });
});
