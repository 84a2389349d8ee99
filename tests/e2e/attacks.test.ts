/**
 * What is hostile drives the page, and the page stays standing: it says what is wrong, runs
 * nothing of it, and then does its work as before.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LINKS, TABLES } from '../attacks/hostile.js';
import { freshPages, page, server } from './panel-page.js';

const TIMEOUT_MS = 240_000;
const inAttacks = (path: string) => fileURLToPath(new URL(`../attacks/${path}`, import.meta.url));

freshPages();

/** Nothing of the input became code, and the worked case is still judged. */
async function standing(): Promise<void> {
  expect(await page.evaluate(() => 'attacked' in window || 'polluted' in {})).toBe(false);
  await page.goto(`${server.address}#/claim`);
  await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
}

test('links', { timeout: TIMEOUT_MS }, async () => {
  for (const [what, fragment] of Object.entries(LINKS)) {
    await page.goto('about:blank');
    await page.goto(server.address + fragment);
    const answer = page.locator('[data-replay="unreadable"], [role="alert"], main h1, main h2');
    await answer.first().waitFor();
    if (fragment.startsWith('#/claim')) {
      await page.locator('[data-replay="unreadable"]').waitFor();
    }
    expect(await page.evaluate(() => 'attacked' in window || 'polluted' in {}), what).toBe(false);
  }
  await standing();
});

test('tables', { timeout: TIMEOUT_MS }, async () => {
  await page.goto(`${server.address}#/tags`);
  for (const [what, content] of Object.entries(TABLES)) {
    const name = `${what}.csv`;
    const buffer = Buffer.from(content as Uint8Array);
    await page.getByLabel('Table', { exact: true }).setInputFiles({ name, mimeType: '', buffer });
    // It is shown, with what is wrong with it, or refused.
    await page.getByText(name).first().waitFor({ timeout: TIMEOUT_MS });
    await page.locator('[data-rows], [role="alert"]').first().waitFor({ timeout: TIMEOUT_MS });
  }
  await standing();
});

test('checkpoints', { timeout: TIMEOUT_MS }, async () => {
  const index = JSON.parse(readFileSync(inAttacks('safetensors/index.json'), 'utf8')) as {
    cases: { file: string; judge: string }[];
  };
  const rejected = index.cases.filter(({ judge }) => judge === 'reject');
  expect(rejected.length).toBeGreaterThan(20);
  await page.goto(`${server.address}#/similarity`);
  await page.locator('[data-of="builtin"]').waitFor({ timeout: TIMEOUT_MS });
  for (const { file } of rejected) {
    await page
      .getByLabel('File of an encoder', { exact: true })
      .setInputFiles(inAttacks(`safetensors/${file}`));
    await page.getByRole('alert').filter({ hasText: file }).waitFor({ timeout: TIMEOUT_MS });
  }
  // What was open before still answers.
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('[data-p]').waitFor({ timeout: TIMEOUT_MS });
  await standing();
});

test('tokenizers', { timeout: TIMEOUT_MS }, async () => {
  const lines = readFileSync(inAttacks('tokenizer_json.jsonl'), 'utf8').trimEnd().split('\n');
  await page.goto(`${server.address}#/tokens?text=abab`);
  const choose = (name: string, content: string) =>
    page
      .getByLabel('File of a tokenizer')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  for (const [i, line] of lines.entries()) {
    const { tokenizer, text } = JSON.parse(line) as { tokenizer: string; text: string };
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill(text.slice(0, 2000));
    await choose(`hostile-${i}.json`, tokenizer);
  }
  // Whatever they asked for is over, and a good one does its work.
  const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, abab: 3 }, merges: ['a b', 'ab ab'] };
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('abab');
  await choose('good.json', JSON.stringify({ version: '1.0', added_tokens: [], model }));
  await page.locator('[data-tokens="1"]').waitFor({ timeout: TIMEOUT_MS });
  expect(await page.getByRole('alert').count()).toBe(0);
  await standing();
});
