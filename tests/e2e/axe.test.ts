/** Every panel in its main states, light and dark, as axe sees it: WCAG 2.2 A and AA, and its best practices. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, servePage } from './browser.js';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

let browser: Browser;
let server: { address: string; close(): Promise<void> };

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), servePage('/tagscope/')]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Found {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

async function found(page: Page): Promise<string[]> {
  // What fades in has its own contrast until it is there.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
  const violations = (await page.evaluate(
    '(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations)()',
  )) as Found[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => {
      const why = failureSummary.replace(/\s+/g, ' ').slice(0, 260);
      return `${id}: ${html.slice(0, 160)} (${why})`;
    }),
  );
}

async function verdict(page: Page): Promise<void> {
  await page.locator('[data-state]:not(.stale)').waitFor();
  await page.locator('.evidence[aria-busy="false"]').waitFor();
}
const choose = (page: Page, name: string, text: string, label = 'Files') =>
  page
    .getByLabel(label, { exact: true })
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

const TABLE = 'tag,category,count\nhoushou_marine,4,100\nusada_pekora,4,90\nbroken "cell,1,x\n';

const STATES: Record<string, { fragment: string; prepare: (page: Page) => Promise<unknown> }> = {
  claim: { fragment: '', prepare: verdict },
  'claim, wrong': {
    fragment: '',
    prepare: async (page) => {
      await verdict(page);
      await page.getByText('Details').click();
      await page.getByRole('textbox', { name: 'Stated recipe' }).fill('rot | xro');
      await page.getByRole('textbox', { name: 'Tag 1', exact: true }).fill('');
      await page.locator('form .failure').filter({ hasText: 'xro' }).waitFor();
    },
  },
  'claim, searched': {
    fragment: '',
    prepare: async (page) => {
      await verdict(page);
      await page.getByRole('combobox', { name: 'Search' }).selectOption('quick@1');
      await page.locator('[data-kind="search"]').waitFor();
      await verdict(page);
    },
  },
  'a link that cannot be read': {
    fragment: '#/claim?v=1&c=AAAA',
    prepare: (page) => page.locator('[data-replay="unreadable"]').waitFor(),
  },
  recipe: {
    fragment: '#/recipe',
    prepare: (page) => page.locator('[data-recipe="made"]').waitFor(),
  },
  'recipe, wrong': {
    fragment: '#/recipe?recipe=rot+%7C+blake3+size%3D70000+%7C+window&hex=0',
    prepare: (page) => page.locator('section.step.failed').waitFor(),
  },
  'recipe, empty': {
    fragment: '#/recipe?recipe=&text=',
    prepare: (page) => page.getByText('There is no step yet').waitFor(),
  },
  'the box that finds': {
    fragment: '#/recipe',
    prepare: async (page) => {
      await page.locator('[data-recipe="made"]').waitFor();
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('combobox', { name: /method/ }).fill('sha');
    },
  },
  tokens: {
    fragment: '#/tokens',
    prepare: (page) => page.locator('[data-class="1"]:enabled').waitFor(),
  },
  'tokens, a prompt': {
    fragment: '#/tokens?text=a+(cat%3A1.3),+%5Bdog%5D+BREAK+a+photo&syntax=a1111',
    prepare: (page) => page.locator('[data-class="1"]:enabled').waitFor(),
  },
  'tokens, wrong': {
    fragment: '#/tokens?ids=320+x',
    prepare: (page) => page.getByRole('alert').first().waitFor(),
  },
  digests: {
    fragment: '#/digests',
    prepare: (page) => page.getByLabel('Files', { exact: true }).waitFor({ state: 'attached' }),
  },
  'digests, compared': {
    fragment: '#/digests',
    prepare: async (page) => {
      await choose(page, 'abc', 'abc');
      await page.locator('[data-digest="blake2sp"]').waitFor();
      await page.getByRole('textbox').fill(createHash('sha256').update('abc').digest('hex'));
      await page.locator('[data-standing="match"]').waitFor();
    },
  },
  'digests, several': {
    fragment: '#/digests',
    prepare: async (page) => {
      await choose(page, 'abc', 'abc');
      await choose(page, 'other', 'other');
      await page.locator('[data-file-state="done"]').nth(1).waitFor();
    },
  },
  similarity: {
    fragment: '#/similarity',
    prepare: (page) => page.locator('[data-model]').first().waitFor(),
  },
  tags: { fragment: '#/tags', prepare: (page) => page.locator('main h1').waitFor() },
  'tags, a table': {
    fragment: '#/tags',
    prepare: async (page) => {
      await page.locator('main h1').waitFor();
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles({
          name: 'tags.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(TABLE),
        });
      await page.getByText('usada_pekora').first().waitFor();
    },
  },
  'what leaves the browser': {
    fragment: '#/privacy',
    prepare: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
};

for (const [name, { fragment, prepare }] of Object.entries(STATES)) {
  test(name, async () => {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
    });
    try {
      await page.goto(server.address + fragment);
      await prepare(page);
      await page.evaluate(axeSource);
      expect(await found(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 390, height: 900 });
      expect(await found(page)).toEqual([]);
    } finally {
      await page.close();
    }
  });
}
