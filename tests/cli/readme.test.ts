/** The README's examples do what they say. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { TOP } from './tagscope.js';

const readme = readFileSync(join(TOP, 'README.md'), 'utf8');
const examples = Array.from(readme.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code = '']) => code);

// Within the checkout, where "tagscope" is this package.
mkdirSync(join(TOP, 'build'), { recursive: true });
const folder = mkdtempSync(join(TOP, 'build/readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('an example of the README', () => {
  it('is one of five', () => expect(examples).toHaveLength(5));

  it.each(
    examples.map((code) => [code.split('\n')[0]?.slice(3) ?? '', code]),
  )('%s', async (_, code) => {
    const file = join(folder, `${examples.indexOf(code)}.mjs`);
    writeFileSync(file, code);
    const expected = Array.from(
      code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm),
      ([, said]) => said,
    );
    expect(expected.length).toBeGreaterThan(0);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  });
});
