import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../web/src/engine/client.js';
import type { EncoderInfo } from '../../web/src/protocol/encoder-api.js';
import { type GoldenCase, goldenCases, TOLERANCE } from '../support/encoder-goldens.js';
import { chromiumTest, launchBrowser, NO_ADAPTER, troublesOf } from './browser.js';
import { serveEnginePage } from './engine-page.js';

declare const engine: Engine;

/** A software adapter: it says nothing of a graphics card's speed, but is WebGPU. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const TIMEOUT_MS = 900_000;

let served: Awaited<ReturnType<typeof serveEnginePage>>;
let browser: Browser | undefined;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  served = await serveEnginePage();
}, TIMEOUT_MS);
afterAll(() => served?.close());
afterEach(async () => {
  await browser?.close();
  browser = undefined;
});

async function open(flags: readonly string[] = []): Promise<void> {
  browser = await launchBrowser(flags);
  page = await browser.newPage();
  troubles = troublesOf(page, served.address);
  await page.goto(served.address);
  await page.waitForFunction(() => document.title === 'ready');
}

/** Encodes the case's ids in the page; hidden states row by row would be large, so numbers only. */
async function encoded(
  golden: GoldenCase,
  provider: 'webgpu' | 'wasm',
): Promise<{ data: Float32Array; info: EncoderInfo }> {
  await page.setInputFiles('#file', golden.path);
  const { encoder, heads, activation, output, ids } = golden;
  const options = { encoder, heads, activation, output, provider };
  const found = await page.evaluate(
    async ({ options, ids }) => {
      const file = document.querySelector<HTMLInputElement>('#file')?.files?.[0];
      if (file === undefined) throw new Error('no file');
      const opened = await engine.openEncoder(file, options);
      const { data } = await opened.encode(ids);
      // One that stays open keeps the shaders that were compiled.
      Object.assign(globalThis, { [`kept${performance.now()}`]: opened });
      return { numbers: Array.from(data), info: opened.info };
    },
    { options, ids },
  );
  return { data: Float32Array.from(found.numbers), info: found.info };
}

const agreesOn = (provider: 'wasm' | 'webgpu', flags: readonly string[]) => async () => {
  await open(flags);
  const differences: Record<string, number> = {};
  let said = '';
  for (const golden of goldenCases()) {
    const { data, info } = await encoded(golden, provider);
    expect(info.runtime.provider).toBe(provider);
    said = `${info.runtime.name} ${info.runtime.bundle}, ${info.runtime.adapter ?? 'processor'}`;
    if (provider === 'webgpu') {
      expect(info.runtime.self_test?.difference).toBeLessThan(info.runtime.self_test?.limit ?? 0);
    }
    differences[`${golden.file} ${golden.encoder} ${golden.output}`] = golden.difference(data);
  }
  const largest = Math.max(...Object.values(differences));
  // The adapter's name belongs to what the test found.
  console.log(`${provider}: ${said}; largest difference ${largest.toExponential(1)}`);
  expect(Object.entries(differences).filter(([, apart]) => !(apart < TOLERANCE))).toEqual([]);
  expect(troubles).toEqual([]);
};

describe('encoders give what their references give', { timeout: TIMEOUT_MS }, () => {
  test('on the processor', agreesOn('wasm', []));
  chromiumTest(NO_ADAPTER)('on WebGPU', agreesOn('webgpu', WEBGPU));
});
