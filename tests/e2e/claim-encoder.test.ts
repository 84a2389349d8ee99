/** A claim looked at in an encoder, in a real browser: its card, its link, and what a replay lacks. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { top } from '../../scripts/command.mjs';
import type { ModelManifest } from '../../web/src/protocol/model-api.js';
import type { EmbeddingEvidence, Verified } from '../../web/src/protocol/results.js';
import { inBuiltEngine } from '../support/built-engine.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { CLIPBOARD, freshPages, page, server } from './panel-page.js';

const TIMEOUT_MS = 300_000;

freshPages({ permissions: CLIPBOARD });

let folder: string;
let model: string;
let otherModel: string;
const { builtin } = JSON.parse(
  readFileSync(join(top, 'models/manifest.json'), 'utf8'),
) as ModelManifest;
let sha256: string;
let expected: Verified;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-claim-encoder-'));
  [model, otherModel] = [join(folder, 'seeded.safetensors'), join(folder, 'other.safetensors')];
  const prefix = 'cond_stage_model.transformer.text_model.';
  const size = { layers: 1, width: 64, vocab: 49_408, prefix };
  writeSeededEncoder(model, size);
  writeSeededEncoder(otherModel, size, { seed: 2 });
  sha256 = createHash('sha256').update(readFileSync(model)).digest('hex');
  const claim = JSON.parse(readFileSync(join(top, 'examples/houshou_marine.json'), 'utf8'));
  expected = await inBuiltEngine(model, (engine, encoder) => engine.verify(claim, { encoder }));
}, TIMEOUT_MS);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const card = () => page.locator('[data-kind="embedding"]');
const button = (name: string) => page.getByRole('button', { name, exact: true });
const choose = (path: string) =>
  page.getByLabel('File of an encoder', { exact: true }).setInputFiles(path);

async function visit(fragment = ''): Promise<void> {
  await page.goto(server.address + fragment);
  await page.locator('[data-state]').waitFor();
}

async function looked(): Promise<void> {
  await button('Look at it in an encoder').click();
  await card().waitFor();
}

/** Its numbers are there; answers the digest that they are of. */
async function numbers(): Promise<string> {
  const found = page.locator('[data-embedding]');
  await found.waitFor({ timeout: TIMEOUT_MS });
  return (await found.getAttribute('data-embedding')) ?? '';
}

function embedding({ evidence }: Verified): EmbeddingEvidence {
  const found = evidence.find(({ kind }) => kind === 'embedding');
  if (found?.kind !== 'embedding') throw new Error('there is none');
  return found;
}

describe('a claim in an encoder', { timeout: TIMEOUT_MS }, () => {
  test('costs nothing until it is asked for; then names the file and has its numbers', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await visit();
    expect(asked.filter((url) => /\/ort\/|similarity/i.test(url))).toEqual([]);
    await looked();
    // Without a word about it, in the built-in encoder.
    expect(await numbers()).toBe(builtin.sha256);
    expect(await card().textContent()).toContain('not the image model’s encoder');
    await choose(model);
    await page.locator(`[data-embedding="${sha256}"]`).waitFor({ timeout: TIMEOUT_MS });
    const stated = embedding(expected);
    const cosines = await card()
      .locator('[data-cosine]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-cosine'))));
    const [pair] = stated.pairs;
    expect(cosines).toHaveLength(2);
    expect(cosines[0]).toBeCloseTo(pair?.with_name.cosine ?? 0, 3);
    expect(cosines[1]).toBeCloseTo(pair?.with_empty.cosine ?? 0, 3);
    // A strip for each null, and the pair's own mark in it.
    const strips = card().getByRole('img', { name: /lie at least as near; p / });
    expect(await strips.count()).toBe(3);
    expect(await card().textContent()).toContain('decides nothing');
    // The verdict is what it was, the link is the terminal's.
    const link = page.url();
    expect(link.slice(link.indexOf('#'))).toBe(expected.link?.slice(expected.link.indexOf('#')));
    await button('Copy JSON').click();
    await page.getByText('JSON copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [found] = embedding(JSON.parse(copied) as Verified).pairs;
    expect(found?.with_name.nulls).toEqual(pair?.with_name.nulls);
  });

  test('is told to be missing by a replay, and comes with the file', async () => {
    await visit(expected.link?.slice(expected.link.indexOf('#')));
    await page.locator('[data-replay="agrees"]').waitFor();
    await card().getByText(`names the encoder with the SHA-256 ${sha256}`).waitFor();
    await choose(otherModel);
    await card()
      .getByText(/so it says nothing of this claim/)
      .waitFor({ timeout: TIMEOUT_MS });
    expect(await page.locator('[data-embedding]').count()).toBe(0);
    await choose(model);
    expect(await numbers()).toBe(sha256);
    // To look changed nothing of what was opened.
    expect(await page.locator('[data-replay="agrees"]').count()).toBe(1);
    await choose(otherModel);
    await button('Name the open one instead').click();
    expect(await numbers()).not.toBe(sha256);
    expect(await page.locator('[data-replay]').count()).toBe(0);
  });

  test('takes the encoder that the Similarity panel has open, and can be left out again', async () => {
    await page.goto(`${server.address}#/similarity`);
    await choose(model);
    await page.locator('[data-of="seeded.safetensors"]').waitFor({ timeout: TIMEOUT_MS });
    await page.locator('[data-p]').waitFor({ timeout: TIMEOUT_MS });
    await page.getByRole('link', { name: 'Claim', exact: true }).click();
    await page.locator('[data-state]').waitFor();
    const bare = page.url();
    await looked();
    expect(await numbers()).toBe(sha256);
    expect(page.url()).not.toBe(bare);
    // An edit keeps the encoder.
    await page.getByLabel('Tag 1', { exact: true }).fill('zix');
    await card().getByRole('rowheader', { name: 'zix and houshou_marine' }).waitFor();
    await button('Take the encoder out of the claim').click();
    await button('Look at it in an encoder').waitFor();
    // Another claim is not looked at unasked.
    await page.getByRole('link', { name: 'Tagscope, the worked case' }).click();
    await page.locator('[data-state]').waitFor();
    expect(await card().count()).toBe(0);
  });
});
