import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine, EngineError } from '../../lib/engine/node.js';
import { complaint, folder, json, output, tagscope } from './tagscope.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let link: string;
let payload: string;
let saved: string;
let engine: Engine;
let document: { claim: Record<string, unknown>; assets: Record<string, string>; digest: string };

const linkOf = (text: string) => `#/claim?v=1&c=${deflateRawSync(text).toString('base64url')}`;

beforeAll(async () => {
  saved = join(folder(), 'saved.json');
  link = (
    await output(['verify', 'examples/houshou_marine.json', '--link', '--save', saved])
  ).trim();
  payload = link.split('&c=')[1] ?? '';
  document = JSON.parse(inflateRawSync(Buffer.from(payload, 'base64url')).toString());
  engine = await createEngine();
});

/** What a replay that does not agree prints: one line, exit code 1. */
async function disagreement(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tagscope(['replay', ...args]);
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^does not agree {2}[^\n]+\n$/);
  return stdout;
}

describe('replay', () => {
  it('agrees with a link, its fragment, its payload and a saved file', async () => {
    for (const form of [
      link,
      `https://elsewhere.example/x/${link.slice(link.indexOf('#'))}`,
      link.slice(link.indexOf('#')),
      payload,
      saved,
    ]) {
      expect(await output(['replay', form])).toMatch(/^agrees .*\nrefuted {2}the stated recipe/);
    }
    expect(await json(['replay', link])).toMatchObject({
      agrees: true,
      differences: [],
      verdict: { state: 'refuted' },
      verified: { link },
    });
  });

  it('agrees with links that another deflate made', async () => {
    expect(
      await output([
        'replay',
        linkOf(inflateRawSync(Buffer.from(payload, 'base64url')).toString()),
      ]),
    ).toMatch(/^agrees/);
  });

  it('does not agree with another digest, asset or claim', async () => {
    const changed = {
      ...document,
      digest: document.digest.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    };
    expect(await disagreement([linkOf(JSON.stringify(changed))])).toContain(
      `${changed.digest} and computed as ${document.digest}`,
    );
    const { stdout, code } = await tagscope(['replay', '--json', linkOf(JSON.stringify(changed))]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      agrees: false,
      differences: [{ what: 'digest', stated: changed.digest, computed: document.digest }],
    });
    const claim = JSON.stringify({ ...document, claim: { ...document.claim, population: 110001 } });
    expect(await disagreement([linkOf(claim)])).toContain('digest');
    const asset = JSON.stringify({ ...document, assets: { clip: '0'.repeat(64) } });
    expect(await disagreement([linkOf(asset)])).toContain('the asset clip');
    const file = join(folder(), 'changed.json');
    writeFileSync(file, JSON.stringify(changed, null, 2));
    expect(await disagreement([file])).toContain('digest');
  });

  it('refuses documents that are not what a link holds', async () => {
    const canonical = JSON.stringify(document);
    expect(await complaint(['replay', linkOf(`${canonical} `)])).toContain('canonical');
    expect(await complaint(['replay', linkOf(JSON.stringify({ ...document, more: 1 }))])).toContain(
      'more',
    );
    expect(
      await complaint([
        'replay',
        linkOf(JSON.stringify({ claim: document.claim, digest: document.digest })),
      ]),
    ).toContain('assets');
    expect(await complaint(['replay', linkOf('{}')])).toMatch(/^link/);
    expect(await complaint(['replay', linkOf('[]')])).toMatch(/^link/);
    expect(await complaint(['replay', linkOf('')])).toMatch(/^link/);
    expect(await complaint(['replay', linkOf('{"a":'.repeat(10_000))])).toMatch(/^link/);
    const { recipe: _, ...rest } = document.claim;
    expect(
      await complaint(['replay', linkOf(JSON.stringify({ ...document, claim: rest }))]),
    ).toContain('claim');
  });

  it.each([
    [(whole: string) => `${whole}=`],
    [(whole: string) => `${whole} `],
    [(whole: string) => `${whole}AA`],
    [(whole: string) => whole.slice(0, -5)],
    [(whole: string) => whole.replace('v=1', 'v=2')],
    [(whole: string) => whole.replace('v=1&', '')],
    [(whole: string) => whole.replace('v=1', 'v=1&x=1')],
    [(whole: string) => whole.replace('v=1', 'v=1&v=1')],
    [(whole: string) => whole.replace('#/claim', '#/other')],
    [(whole: string) => whole.replace('#', '')],
    [(whole: string) => whole.replace(/c=.*/, 'c=')],
    [(whole: string) => whole.replace(/c=.*/, `c=${'A'.repeat(10_000)}`)],
  ])('refuses damage %#', async (damage) => {
    expect(await complaint(['replay', damage(link)])).toMatch(/^link: /);
  });

  it('refuses what is neither a link nor a file', async () => {
    expect(await complaint(['replay', 'no-such-file.json'])).toContain('does not exist');
    expect(await complaint(['replay', 'nosuchfile'])).toContain('no such file');
    expect(await complaint(['replay', '/'])).toContain('is a directory');
    expect(await complaint(['replay', 'examples/houshou_marine.json'])).toContain(
      'examples/houshou_marine.json',
    );
    expect(await complaint(['replay', 'README.md'])).toContain('not a replay file');
    expect(await complaint(['replay', ''])).toBeTruthy();
    await complaint(['replay']);
    await complaint(['replay', link, link]);
  });

  it('never agrees with a link in which one character is changed', async () => {
    for (let at = 0; at < payload.length; at += 1) {
      const [before, after] = [payload.slice(0, at), payload.slice(at + 1)];
      // Three others for each place: the next in the alphabet, the opposite, one bit.
      const value = ALPHABET.indexOf(payload.charAt(at));
      for (const other of [(value + 1) % 64, value ^ 63, value ^ 1]) {
        const changed = before + ALPHABET.charAt(other) + after;
        try {
          expect((await engine.replay(changed)).agrees, `${at}`).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).not.toBe('internal');
        }
      }
    }
  });
});
