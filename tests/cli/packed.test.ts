/** What `npm pack` makes, unpacked in an empty folder beside its dependencies and nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { top } from '../architecture/rooms.js';

let folder: string;
let packed: string[];

const inFolder = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: folder, encoding: 'utf8' });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-packed-'));
  const told = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: top,
      encoding: 'utf8',
    },
  );
  const [{ filename, files }] = JSON.parse(told) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map(({ path }) => path);
  const installed = join(folder, 'node_modules/tagscope');
  mkdirSync(installed, { recursive: true });
  inFolder('tar', 'xf', filename, '-C', installed, '--strip-components=1');
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(top, 'node_modules', name), place);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the tarball', () => {
  it('works in a program', () => {
    const source = `
      import { createEngine } from 'tagscope';
      const engine = await createEngine();
      const { verdict, link } = await engine.verify({
        pairs: [{ name: 'hello', tag: 'uryyb' }],
        recipe: 'rot n=13',
      });
      const { agrees } = await engine.replay(link);
      const { digests } = await engine.hash(new TextEncoder().encode('abc'), { ids: ['sha256'] });
      console.log(verdict.state, agrees, digests.sha256.hex.slice(0, 8));`;
    expect(inFolder(process.execPath, '--input-type=module', '-e', source)).toBe(
      'reproduced true ba7816bf\n',
    );
  });

  it('has the terminal program', () => {
    const command = 'node_modules/tagscope/lib/cli/main.js';
    expect(inFolder(process.execPath, command, 'run', 'rot n=42', 'houshou_marine')).toBe(
      'xekixek_cqhydu\n',
    );
  });

  it('holds the library, its types, its modules and the notices, and no sources', () => {
    for (const path of [
      'lib/engine/index.d.ts',
      'lib/engine/browser.js',
      'lib/engine/read-link.js',
      'lib/core/tagscope.wasm',
      'THIRD_PARTY_NOTICES.md',
      'LICENSE',
      'README.md',
    ]) {
      expect(packed, path).toContain(path);
    }
    expect(packed.filter((path) => /^(wasm|web|tests|scripts|docs)\//.test(path))).toEqual([]);
  });
});
