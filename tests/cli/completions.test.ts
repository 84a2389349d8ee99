/** The shells' scripts name what there is, and bash completes by its own. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../web/src/protocol/catalog.gen.js';
import { top } from '../architecture/rooms.js';

const script = (shell: string) =>
  execFileSync(process.execPath, ['lib/cli/main.js', 'completions', shell], {
    cwd: top,
    encoding: 'utf8',
  });

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const program = `${script('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _tagscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', program], { cwd: top, encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('completions', () => {
  it('offer commands, then their options, then what an option takes', () => {
    expect(offered('tagscope', 'ver')).toEqual(['verify']);
    expect(offered('tagscope', 'verify', '--pa')).toEqual(['--pair']);
    expect(offered('tagscope', 'hash', '--only', 'sha3-2')).toEqual(['sha3-224', 'sha3-256']);
    expect(offered('tagscope', 'run', 'base6')).toEqual(['base64', 'base64url']);
    expect(offered('tagscope', 'run', '~he')).toEqual(['~hex']);
    expect(offered('tagscope', 'completions', '')).toEqual(['bash', 'zsh', 'fish']);
    // Everything else is a file.
    expect(offered('tagscope', 'replay', 'package.js')).toEqual(['package.json']);
  });

  it('name every method of the catalog in every shell', () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const text = script(shell);
      for (const { id } of CATALOG) expect(text).toMatch(new RegExp(`[ '(]${id}[ ')]`));
    }
  });
});
