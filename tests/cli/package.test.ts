import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { json, TOP } from './tagscope.js';

const WORKED = 'examples/houshou_marine.json';

/** A program of somebody who installed the package: it knows the package's name alone. */
function program(source: string): unknown {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', source],
    { cwd: TOP, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('the package', () => {
  it('gives the same results as the terminal', async () => {
    const verified = program(`
      import { readFileSync } from 'node:fs';
      import { createEngine } from 'tagscope';
      const engine = await createEngine();
      console.log(JSON.stringify(await engine.verify(readFileSync('${WORKED}', 'utf8'))));`);
    expect(verified).toEqual(await json(['verify', WORKED]));
  });

  it('has every call', async () => {
    const all = program(`
      import { createEngine, EngineError, headline, toMarkdown } from 'tagscope';
      const engine = await createEngine();
      const verified = await engine.verify({ pairs: [{ name: 'hello', tag: 'uryyb' }], recipe: 'rot' });
      const refused = await engine.run('nothing', '').catch((error) => error);
      console.log(JSON.stringify({
        version: engine.version,
        methods: (await engine.methods()).length,
        recipe: (await engine.recipe('rot')).recipe,
        run: (await engine.run('hex', Uint8Array.of(255))).output,
        tokens: (await engine.tokenize('aua')).ids,
        text: (await engine.decode([45906])).text,
        agrees: (await engine.replay(verified.link)).agrees,
        document: (await engine.replay({ claim: verified.claim, assets: verified.assets, digest: verified.digest })).agrees,
        hash: (await engine.hash(new Blob(['123456789']), { ids: ['crc32'], name: 'check' })),
        headline: headline(verified),
        markdown: toMarkdown(verified).split('\\n')[0],
        refused: [refused instanceof EngineError, refused.code, refused.failure.where],
      }));
      engine.close();`);
    expect(all).toMatchObject({
      version: expect.stringMatching(/^\d/),
      recipe: 'rot n=13',
      run: { kind: 'text', text: 'ff' },
      tokens: [45906],
      text: 'aua ',
      agrees: true,
      document: true,
      hash: { name: 'check', size: 9, digests: { crc32: { hex: 'cbf43926' } } },
      headline: { state: 'reproduced' },
      markdown: expect.stringMatching(/^## Reproduced: /),
      refused: [true, 'unknown-method', 'recipe, step 1'],
    });
  });
});
