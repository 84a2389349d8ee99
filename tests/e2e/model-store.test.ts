import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { top } from '../../scripts/command.mjs';
import type { Engine } from '../../web/src/engine/client.js';
import { goldenCases } from '../support/encoder-goldens.js';
import { tinyManifest } from '../support/tiny-manifest.js';
import { launchBrowser } from './browser.js';
import { serveEnginePage } from './engine-page.js';

declare const engine: Engine;

const TIMEOUT_MS = 300_000;
const golden = goldenCases().find(({ file }) => file === 'sd1_fp16.safetensors');
if (golden === undefined) throw new Error('there is no such golden');
const bytes = readFileSync(golden.path);

let served: Awaited<ReturnType<typeof serveEnginePage>>;
let browser: Browser;
let page: Page;

// The page's own server plays the mirror: the manifest of this page names one small file of it.
beforeAll(async () => {
  served = await serveEnginePage();
  const manifest = tinyManifest(bytes);
  const folder = join(top, 'build/engine-page');
  writeFileSync(join(folder, 'core/models.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tiny.safetensors'), bytes);
  browser = await launchBrowser();
  page = await browser.newPage();
  await open();
}, TIMEOUT_MS);
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

async function open(): Promise<void> {
  await page.goto(`${served.address}?mirror=${encodeURIComponent(served.address)}`);
  await page.waitForFunction(() => document.title === 'ready');
}

/** Of the public ones. */
const states = () =>
  page.evaluate(async () =>
    (await engine.models())
      .filter(({ builtin }) => !builtin)
      .map(({ state, stored }) => [state, stored]),
  );

describe('public encoders in a browser', { timeout: TIMEOUT_MS }, () => {
  it('are fetched when asked for, kept, opened without the network, and removed', async () => {
    expect(await states()).toEqual([['absent', 0]]);
    await page.evaluate(() => engine.fetchModel('tiny'));
    expect(await states()).toEqual([['present', bytes.length]]);
    // Another visit finds it, and asks nobody.
    await open();
    expect(await states()).toEqual([['present', bytes.length]]);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const shape = await page.evaluate(async () => {
      const options = { heads: 4, provider: 'wasm' } as const;
      const encoder = await engine.openEncoder({ model: 'tiny' }, options);
      const encoded = await encoder.encode([[510, 5, 511]]);
      await encoder.close();
      return encoded.shape;
    });
    expect(shape).toEqual([1, 64]);
    expect(asked.filter((url) => url.includes('tiny'))).toEqual([]);
    await page.evaluate(() => engine.removeModel('tiny'));
    expect(await states()).toEqual([['absent', 0]]);
  });

  it('are never used where they are not what the manifest says', async () => {
    const path = join(top, 'build/engine-page/tiny.safetensors');
    const wrong = Buffer.from(bytes);
    wrong[wrong.length - 1] = (wrong[wrong.length - 1] ?? 0) ^ 1;
    writeFileSync(path, wrong);
    const failed = (id: string) =>
      page.evaluate(
        (model) => engine.fetchModel(model).then(String, (error: { code: string }) => error.code),
        id,
      );
    expect(await failed('tiny')).toBe('wrong-digest');
    expect(await states()).toEqual([['absent', 0]]);
    writeFileSync(path, bytes.subarray(0, 1000));
    expect(await failed('tiny')).toBe('wrong-size');
    expect((await states())[0]?.[0]).not.toBe('present');
    writeFileSync(path, bytes);
    await page.evaluate(() => engine.fetchModel('tiny'));
    expect(await states()).toEqual([['present', bytes.length]]);
  });
});
