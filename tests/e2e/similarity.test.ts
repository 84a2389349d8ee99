/** The Similarity panel in a real browser, with a small seeded encoder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Similar } from '../../web/src/protocol/similar.js';
import { inBuiltEngine } from '../support/built-engine.js';
import { writeSparse } from '../support/checkpoint.js';
import { goldenCases } from '../support/encoder-goldens.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { tinyManifest } from '../support/tiny-manifest.js';
import {
  chromiumTest,
  launchBrowser,
  NO_ADAPTER,
  savedBy,
  servePage,
  troublesOf,
} from './browser.js';

/** A software adapter: it says nothing of a graphics card's speed, but is WebGPU. */
const WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const TIMEOUT_MS = 300_000;
const WIDTH = 64;

let browser: Browser;
let server: { address: string; close(): Promise<void> };
let context: BrowserContext;
let page: Page;
let troubles: string[];
/** One with WebGPU, for its test alone. */
let other: Browser | undefined;
let folder: string;
let model: string;
let expected: Similar;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-similarity-'));
  process.env['TAGSCOPE_CACHE'] = join(folder, 'cache');
  model = join(folder, 'seeded.safetensors');
  const prefix = 'cond_stage_model.transformer.text_model.';
  writeSeededEncoder(model, { layers: 1, width: WIDTH, vocab: 49_408, prefix });
  expected = await inBuiltEngine(model, (engine, encoder) =>
    engine.similar(encoder, ['aua', 'houshou_marine'], { values: true }),
  );
  [browser, server] = await Promise.all([launchBrowser(), servePage('/tagscope/')]);
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openPage(of: Browser): Promise<void> {
  context = await of.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    // It would refuse the list of public encoders that a test puts in the place of the page's own.
    serviceWorkers: 'block',
  });
  page = await context.newPage();
  troubles = troublesOf(page, server.address);
}

beforeEach(() => openPage(browser));

afterEach(async () => {
  await context.close();
  await other?.close();
  other = undefined;
  expect(troubles).toEqual([]);
});

async function visit(fragment = '#/similarity'): Promise<void> {
  await page.goto(server.address + fragment);
  await page.getByRole('heading', { name: 'How near does the tag lie to the name?' }).waitFor();
}

const choose = (path: string) =>
  page.getByLabel('File of an encoder', { exact: true }).setInputFiles(path);

async function opened(path = model): Promise<void> {
  await choose(path);
  await page.locator(`[data-of="${basename(path)}"]`).waitFor({ timeout: TIMEOUT_MS });
}

const compared = () => page.locator('[data-p]').waitFor({ timeout: TIMEOUT_MS });

const cosines = () =>
  page
    .locator('[data-cosine]')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-cosine'))));

async function csvOf(button: string): Promise<string[][]> {
  const { text } = await savedBy(page, () => page.getByRole('button', { name: button }).click());
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
}

describe('the panel', { timeout: TIMEOUT_MS }, () => {
  test('answers at once with the built-in encoder, says what it is, and fetches nothing else', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await visit();
    await compared();
    expect(await page.locator('[data-of="builtin"]').count()).toBe(1);
    expect(page.url()).not.toContain('model=');
    await page
      .getByText(/knows English words; it is not the image model’s encoder/)
      .first()
      .waitFor();
    expect(asked.filter((url) => !url.startsWith(server.address))).toEqual([]);
    // Like words are nearer than others.
    await page.getByLabel('Tag', { exact: true }).fill('puppy');
    await page.getByLabel('Name', { exact: true }).fill('dog');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('puppy and dog', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.getByRole('button', { name: 'Compare', exact: true }).isDisabled()).toBe(
      true,
    );
    expect(await page.getByRole('button', { name: 'Fetch 246.1 MB' }).isEnabled()).toBe(true);
    expect(await page.getByRole('link', { name: 'CreativeML OpenRAIL++-M' }).count()).toBe(2);
  });

  const agreesOn = (provider: 'wasm' | 'webgpu', flags: readonly string[]) => async () => {
    if (provider === 'webgpu') {
      await context.close();
      other = await launchBrowser(flags);
      await openPage(other);
    }
    await visit();
    // The built-in encoder runs there too.
    const builtin = page.locator('[data-of="builtin"]');
    await builtin.waitFor({ timeout: TIMEOUT_MS });
    expect(await builtin.getAttribute('data-backend')).toBe(provider);
    await opened();
    await compared();
    const backend = (await page.locator('[data-backend]').textContent()) ?? '';
    // The adapter's name belongs to what the test found.
    console.log(backend);
    expect(await page.locator('[data-backend]').getAttribute('data-backend')).toBe(provider);
    expect(backend).toMatch(
      provider === 'wasm'
        ? /^Processor \(WebAssembly\).*WebGPU has no adapter/
        : /^WebGPU on \S+.*differ from the processor’s by \d/,
    );
    const found = await cosines();
    expect(found).toHaveLength(expected.comparisons.length);
    for (const [i, { cosine }] of expected.comparisons.entries()) {
      expect(found[i]).toBeCloseTo(cosine, 3);
    }
    // The strips: codes for the tag and names for the name, and codes beside the empty prompt.
    expect(await page.getByText(/^aua among 3,000 other codes of 3 letters/).count()).toBe(2);
    expect(
      await page.getByText(/^houshou_marine among [\d,]+ other names of 5 tokens/).count(),
    ).toBe(1);
    const marks = await page.locator('figure .dots').first().getAttribute('d');
    expect(marks?.split('M')).toHaveLength(3001);
    await page
      .getByText(/not cipher, training or cause/)
      .first()
      .waitFor();
  };

  test('gives the numbers that the terminal gives, on the processor', agreesOn('wasm', []));
  chromiumTest(NO_ADAPTER)(
    'gives the numbers that the terminal gives, on WebGPU',
    agreesOn('webgpu', WEBGPU),
  );

  test('sweeps a list, ranks it, writes it, and goes on without the network', async () => {
    await visit();
    await opened();
    await compared();
    await context.setOffline(true);
    await page.getByLabel('A list').check();
    await page.getByLabel('One text a line').fill('aua\niwv\npx\nsmp\nzix\nhoushou_marine\n\n');
    await page.getByRole('button', { name: 'Sweep 6 texts' }).click();
    await page.getByText(/^aua is number \d of 6/).waitFor({ timeout: TIMEOUT_MS });
    const [head, ...rows] = await csvOf('Save as CSV');
    expect(head).toEqual([
      'rank',
      'text',
      'tokens',
      'cosine_empty',
      'centred_empty',
      'cosine_name',
      'centred_name',
    ]);
    expect(rows).toHaveLength(6);
    const centred = rows.map((row) => Number(row[4]));
    expect(centred).toEqual(centred.toSorted((a, b) => a - b));
    const aua = rows.find(([, text]) => text === 'aua');
    expect(Number(aua?.[5])).toBeCloseTo(expected.comparisons[0]?.cosine ?? 0, 3);
    // By the name: it lies nearest to itself.
    await page.getByLabel('Ranked by').selectOption('name');
    await page.locator('[data-rank="1"]', { hasText: 'houshou_marine' }).waitFor();
    expect(page.url()).toContain('by=name&first=nearest');
    // Another name costs one text: the rows are kept.
    await page.getByText(/1 sweep, [\d.]+ MB, is kept/).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('cat');
    await page.getByRole('button', { name: 'Sweep 6 texts' }).click();
    await page.getByText('Up: centred cosine with cat').waitFor({ timeout: TIMEOUT_MS });
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('cat and the empty prompt').waitFor({ timeout: TIMEOUT_MS });
    await page.getByRole('button', { name: 'Remove' }).last().click();
    await expect.poll(() => page.getByText(/is kept in this browser/).count()).toBe(0);
    await context.setOffline(false);
    // The browser looks for the page's icon whenever the address changes.
    const icons = troubles.filter((one) => one.includes('favicon.svg')).length;
    const lines = troubles.filter((one) => one.includes('ERR_INTERNET_DISCONNECTED')).length;
    expect(lines).toBe(2 * icons);
    troubles = troubles.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'));
  });

  test('finds neighbours of a token and of a textual inversion, and refuses pickles', async () => {
    await visit('#/similarity?token=cat');
    await opened();
    await page.locator('[data-neighbour]').nth(19).waitFor({ timeout: TIMEOUT_MS });
    await page.getByText('id 2,368').waitFor();
    // An address names no file of one's own: it stays open.
    await page.evaluate(() => {
      location.hash = '#/similarity?tag=px&token=cat';
    });
    await expect.poll(() => page.getByLabel('Tag', { exact: true }).inputValue()).toBe('px');
    await compared();
    expect(await page.locator(`[data-of="${basename(model)}"]`).count()).toBe(1);
    const bytes = readFileSync(model);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    const name = 'cond_stage_model.transformer.text_model.embeddings.token_embedding.weight';
    const begin = 8 + length + (header[name]?.data_offsets[0] ?? 0);
    const row = (id: number) =>
      bytes.subarray(begin + id * 2 * WIDTH, begin + (id + 1) * 2 * WIDTH);
    const taught = Buffer.from(
      JSON.stringify({
        emb_params: { dtype: 'F16', shape: [2, WIDTH], data_offsets: [0, 4 * WIDTH] },
      }),
    );
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(taught.length));
    const inversion = join(folder, 'style.safetensors');
    writeFileSync(inversion, Buffer.concat([size, taught, row(320), row(1125)]));
    await page.getByLabel('File of a textual inversion').setInputFiles(inversion);
    await page.getByText(/Nearest to style.safetensors/).waitFor();
    await page.locator('[data-neighbour="320"]').waitFor();
    await page.getByLabel('vector').selectOption('1');
    await page.locator('[data-neighbour="1125"]').waitFor();
    const pickle = join(folder, 'old.pt');
    writeFileSync(pickle, 'PK\u0003\u0004 and the rest of a zip');
    await page.getByLabel('File of a textual inversion').setInputFiles(pickle);
    await page.getByText('pickle-refused').waitFor();
  });

  test('says what is wrong with a file, and what has to be told', async () => {
    await visit();
    const wrong = join(folder, 'none.safetensors');
    writeFileSync(wrong, 'no checkpoint at all');
    await choose(wrong);
    await page.getByRole('alert').filter({ hasText: 'none.safetensors' }).waitFor();
    const part = join(folder, 'part.safetensors');
    const name = 'text_model.embeddings.token_embedding.weight';
    writeSparse(part, new Map([[name, { dtype: 'F16', shape: [2048, WIDTH] }]]));
    await choose(part);
    await page.getByRole('alert').filter({ hasText: 'text_model.*: lacks 19 tensors' }).waitFor();
    const json = join(folder, 'json.onnx');
    writeFileSync(json, '{"a":1}');
    await choose(json);
    await page.getByRole('alert').filter({ hasText: 'json.onnx: is no .onnx file' }).waitFor();
    // What was open stays.
    await page.locator('[data-of="builtin"]').waitFor();
    await compared();
    // The goldens have a vocabulary of 512: texts do not fit it.
    const golden = goldenCases().find(({ file }) => file === 'sdxl_fp16.safetensors');
    await choose(golden?.path ?? '');
    // Of 80 numbers a row no whole number of heads can be guessed.
    await page.getByLabel('Which of its encoders').waitFor();
    await page.locator('[data-backend]').waitFor({ timeout: TIMEOUT_MS });
    await page.getByRole('alert').filter({ hasText: 'ids are 0 to 511 here' }).first().waitFor();
    await page.getByLabel('Which of its encoders').selectOption('1');
    await page.getByRole('alert').filter({ hasText: 'heads' }).waitFor();
    await page.getByLabel('Heads').pressSequentially('5');
    await page.getByLabel('Heads').press('Enter');
    await page.locator('[data-backend]').waitFor({ timeout: TIMEOUT_MS });
    expect(page.url()).toContain('encoder=1&heads=5');
  });

  test('fetches a public encoder when asked to, keeps it, opens it by its link, removes it', async () => {
    const bytes = readFileSync(model);
    const manifest = tinyManifest(bytes, { base: 'https://huggingface.co/' });
    // The test plays the other host.
    await context.route(/core\/models\.json/, (route) => route.fulfill({ json: manifest }));
    await context.route('https://huggingface.co/tiny.safetensors', (route) =>
      route.fulfill({ body: bytes, headers: { 'Access-Control-Allow-Origin': '*' } }),
    );
    await visit();
    await page.getByRole('button', { name: 'Fetch 6.4 MB' }).click();
    await page.locator('[data-model="tiny"][data-stored="present"]').waitFor();
    expect(troubles.splice(0)).toEqual(['another host: https://huggingface.co/tiny.safetensors']);
    await page.locator('[data-model="tiny"]').getByRole('button', { name: 'Open it' }).click();
    await page.locator('[data-of="tiny"]').waitFor({ timeout: TIMEOUT_MS });
    await compared();
    expect(page.url()).toContain('model=tiny');
    // The link alone opens it, and asks nobody else.
    await page.reload();
    await page.locator('[data-of="tiny"]').waitFor({ timeout: TIMEOUT_MS });
    await compared();
    await page.getByRole('button', { name: 'Remove', exact: true }).first().click();
    await page.locator('[data-model="tiny"][data-stored="absent"]').waitFor();
    await page.getByText('Choose a checkpoint of your own').waitFor();
  });
});
