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

  it('digests every kind of source like node:crypto, here and in threads, and ends', () => {
    const [same, checkpoint, many] = program(`
      import { createHash } from 'node:crypto';
      import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
      import { createReadStream } from 'node:fs';
      import { tmpdir } from 'node:os';
      import { join } from 'node:path';
      import { createEngine } from 'tagscope';
      const folder = mkdtempSync(join(tmpdir(), 'tagscope-'));
      const engine = await createEngine();
      const of = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');
      const ids = ['md5', 'sha1', 'sha256', 'sha512'];
      const same = [];
      for (const size of [0, 1, 5_000_000, 9_000_001]) {
        const bytes = Uint8Array.from({ length: size }, (_, i) => i * i);
        const path = join(folder, String(size));
        writeFileSync(path, bytes);
        const expected = ids.map((id) => of(id, bytes)).join();
        for (const source of [bytes, new Blob([bytes]), { path }, createReadStream(path)]) {
          const { size: read, digests } = await engine.hash(source, { ids });
          same.push(read === size && ids.map((id) => digests[id].hex).join() === expected);
        }
      }
      const content = new Uint8Array(5_000_000).fill(7);
      const header = Buffer.from(JSON.stringify({ __metadata__: { sshs_model_hash: of('sha256', content) } }));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      const model = Buffer.concat([length, header, content]);
      writeFileSync(join(folder, 'm'), model);
      const { checkpoint } = await engine.hash({ path: join(folder, 'm') }, { checkpoint: true });
      const texts = Array.from({ length: 1000 }, (_, i) => 'name ' + 'x'.repeat(i % 70) + i);
      const many = Buffer.from(await engine.digestTexts('sha256', texts)).toString('hex');
      rmSync(folder, { recursive: true });
      console.log(JSON.stringify([
        same,
        [
          checkpoint.autov1 === of('sha256', model.subarray(0x100000, 0x110000)).slice(0, 8),
          checkpoint.autov2 === of('sha256', model).slice(0, 10),
          checkpoint.autov3 === of('sha256', content).slice(0, 12),
          checkpoint.declared[0].agrees,
        ],
        many === texts.map((text) => of('sha256', text)).join(''),
      ]));`) as [boolean[], boolean[], boolean];
    expect(same).toEqual(same.map(() => true));
    expect(same).toHaveLength(16);
    expect(checkpoint).toEqual([true, true, true, true]);
    expect(many).toBe(true);
  });
});
