/** The package in a page that no bundler has seen. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { top } from '../../scripts/command.mjs';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, troublesOf } from './browser.js';

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>plain</title>
<link rel="icon" href="data:,">
<script type="module">
  import { createEngine } from '../../lib/browser/tagscope.js';
  const engine = await createEngine({
    runtime: new URL('../../node_modules/onnxruntime-web/dist/', location.href),
  });
  const pairs = [{ name: 'hello', tag: 'uryyb' }];
  const { verdict, link } = await engine.verify({ pairs, recipe: 'rot n=13' });
  const { agrees } = await engine.replay(link);
  const found = await engine.search({ pairs, space: 'quick@1' });
  const { ids } = await engine.tokenize('hello', { tokenizer: 'cl100k' });
  const { digests } = await engine.hash(new Blob(['abc']), { ids: ['sha256'] });
  const encoder = await engine.openEncoder({ model: 'builtin' }, { provider: 'wasm' });
  const { shape } = await encoder.encode(['dog']);
  document.title = [
    verdict.state, agrees, found.verdict.state, ids, digests.sha256.hex.slice(0, 8), shape,
  ].join(' ');
</script>
`;

let browser: Browser;
let server: { address: string; close(): Promise<void> };
let folder: string;

beforeAll(async () => {
  mkdirSync(join(top, 'build'), { recursive: true });
  folder = mkdtempSync(join(top, 'build/plain-'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  server = await serve({ folder: top, prefix: '/', port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

test('every part of it works', async () => {
  const page = await browser.newPage();
  const troubles = troublesOf(page, server.address);
  await page.goto(`${server.address}build/${basename(folder)}/`);
  await page.waitForFunction(() => document.title !== 'plain', null, { timeout: 90_000 });
  expect(await page.title()).toBe('reproduced true reproduced 15339 ba7816bf 1,384');
  expect(troubles).toEqual([]);
});
