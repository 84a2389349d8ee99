/** The built page without a network, and between two builds. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { top } from '../architecture/rooms.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { ASKED_UNSEEN, chromiumTest, launchBrowser, troublesOf } from './browser.js';

let browser: Browser;
/** A copy of the built page, which a test may change. */
let folder: string;
let server: { address: string; close(): Promise<void> };
let context: BrowserContext;
let page: Page;
let troubles: string[];
/** All that the page, its Workers and its service worker asked for. */
let requests: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-offline-'));
  cpSync(join(top, 'dist'), folder, { recursive: true });
  server = await serve({ folder, prefix: '/tagscope/', port: 0 });
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  requests = [];
  context.on('request', (request) => requests.push(request.url()));
  page = await context.newPage();
  troubles = troublesOf(page, server.address);
});

afterEach(async () => {
  const seen = troubles;
  await context.close();
  await server.close();
  rmSync(folder, { recursive: true });
  expect(seen).toEqual([]);
});

const verdict = () => page.locator('[data-state="refuted"]:not(.stale)');
const loadIt = () => page.getByRole('button', { name: 'Load it' });

/** Visits the page and waits until all is kept that is kept early. */
async function firstVisit(): Promise<void> {
  await page.goto(server.address);
  await verdict().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

async function withoutNetwork(): Promise<void> {
  await context.setOffline(true);
  await server.close();
}

const integrity = (content: string) =>
  `sha256-${createHash('sha256').update(content).digest('base64')}`;

/** Changes a file of the served build. `listed`: and the service worker's list with it. */
function rebuild(name: string, change: (text: string) => string, listed: boolean): void {
  const path = join(folder, name);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  const worker = join(folder, 'service-worker.js');
  const text = readFileSync(worker, 'utf8');
  expect(text).toContain(integrity(before));
  // What is not listed as it is makes a build that is not whole.
  writeFileSync(worker, text.replace(integrity(before), integrity(listed ? after : `${after} `)));
}

const renamed = (html: string) =>
  html.replace('<html lang="en">', '<html lang="en" data-build="2">');
const build = () => page.evaluate(() => document.documentElement.dataset['build'] ?? '1');

/** Looks for a new version, as a browser does now and then; how its installing ended. */
async function lookForUpdate(): Promise<string> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration === undefined) throw new Error('no service worker');
    const found = new Promise<string>((resolve) => {
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => {
          if (worker.state === 'installed' || worker.state === 'redundant') resolve(worker.state);
        });
      });
    });
    await registration.update();
    return found;
  });
}

describe('after one visit, without a network', () => {
  test('the worked case is computed, and every panel opens', async () => {
    await firstVisit();
    await withoutNetwork();
    await page.reload();
    await verdict().waitFor();

    const panels = page.getByRole('navigation');
    await panels.getByRole('link', { name: 'Tokens' }).click();
    await page.locator('[data-tokens]').waitFor();

    await panels.getByRole('link', { name: 'Digests' }).click();
    await page
      .getByLabel('Files', { exact: true })
      .setInputFiles({ name: 'abc', mimeType: 'text/plain', buffer: Buffer.from('abc') });
    await page.getByText(createHash('sha256').update('abc').digest('hex')).first().waitFor();

    for (const name of ['Recipe', 'Tags']) {
      await panels.getByRole('link', { name }).click();
      await page.waitForFunction(() => document.querySelector('main h1, main h2') !== null);
    }
    expect(await page.getByRole('alert').count()).toBe(0);

    // The built-in encoder is a new download until it was used once: that is said.
    await panels.getByRole('link', { name: 'Similarity' }).click();
    await page.getByRole('alert').filter({ hasText: 'builtin.onnx' }).waitFor();
    expect(troubles.every((one) => one.includes('core/builtin.onnx'))).toBe(true);
    troubles.length = 0;
  });

  test('a link is recomputed in a new window', async () => {
    await firstVisit();
    await withoutNetwork();
    const other = await context.newPage();
    const link = readFileSync(join(top, 'tests/links/v1-reproduced-rot13.txt'), 'utf8').trim();
    await other.goto(server.address + link.slice(link.indexOf('#')));
    await other.locator('[data-state="reproduced"]').waitFor();
  });
});

describe('large files', () => {
  test('are kept once they were used: an encoder, and with threads', async () => {
    const model = join(folder, '..', `tagscope-offline-${process.pid}.safetensors`);
    const prefix = 'cond_stage_model.transformer.text_model.';
    writeSeededEncoder(model, { layers: 1, width: 64, vocab: 49_408, prefix });
    try {
      await firstVisit();
      const open = async () => {
        await page.getByRole('navigation').getByRole('link', { name: 'Similarity' }).click();
        await page.getByLabel('File of an encoder', { exact: true }).setInputFiles(model);
        await page.locator(`[data-of="${basename(model)}"]`).waitFor();
      };
      await open();
      await withoutNetwork();
      await page.goto(server.address);
      await verdict().waitFor();
      // The built-in one was used when the panel was first opened.
      await page.getByRole('navigation').getByRole('link', { name: 'Similarity' }).click();
      await page.locator('[data-of="builtin"]').waitFor();
      await page.locator('[data-p]').waitFor();
      await open();
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    } finally {
      rmSync(model);
    }
  });
});

describe('what is asked for', () => {
  chromiumTest(ASKED_UNSEEN)('goes to no other origin, from no panel at work', async () => {
    await firstVisit();
    await page.reload();
    await verdict().waitFor();
    const open = (name: string) =>
      page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await page.getByRole('combobox', { name: 'Search' }).selectOption('quick@1');
    await page.locator('[data-kind="search"]').waitFor();
    await open('Recipe');
    await page.getByRole('textbox', { name: 'Recipe as text' }).fill('nfkc | o200k');
    await page
      .getByRole('textbox', { name: 'Input', exact: true })
      .fill('ﬁne https://example.org/?q=1');
    await page.locator('[data-recipe="made"]').waitFor();
    await open('Tokens');
    await page
      .getByRole('textbox', { name: 'Text', exact: true })
      .fill('<img src=//example.org/a>');
    await page.locator('[data-tokens]').waitFor();
    await open('Digests');
    await page
      .getByLabel('Files', { exact: true })
      .setInputFiles({ name: 'a.safetensors', mimeType: '', buffer: Buffer.from('abc') });
    await page.getByText(createHash('sha256').update('abc').digest('hex')).first().waitFor();
    await open('Similarity');
    await page.locator('[data-model]').first().waitFor();
    await open('Tags');
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({
        name: 'tags.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('tag,count\nhttps://example.org/,1\n'),
      });
    await page.getByText('https://example.org/').first().waitFor();
    await page.getByRole('link', { name: 'What leaves your browser?' }).click();
    await page.getByText('none of them from elsewhere').waitFor();

    expect(requests.some((url) => url.endsWith('/service-worker.js'))).toBe(true);
    for (const module of ['search', 'tokens', 'digests', 'similarity']) {
      expect(
        requests.some((url) => url.includes(`/core/${module}.wasm`)),
        module,
      ).toBe(true);
    }
    const { origin } = new URL(server.address);
    expect(requests.filter((url) => new URL(url).origin !== origin)).toEqual([]);
    expect(requests.filter((url) => url.includes('example.org'))).toEqual([]);
  });

  test('does not hold up the first verdict, and leaves the large files alone', async () => {
    // What is kept for later waits for the verdict.
    await page.addInitScript(() => {
      // The empty page before the first may be no secure context.
      if (!('ServiceWorkerContainer' in window)) return;
      const { register } = ServiceWorkerContainer.prototype;
      ServiceWorkerContainer.prototype.register = function (...args) {
        document.documentElement.dataset['verdictFirst'] = String(
          document.querySelector('[data-state]') !== null,
        );
        return register.apply(this, args);
      };
    });
    await firstVisit();
    expect(await page.evaluate(() => document.documentElement.dataset['verdictFirst'])).toBe(
      'true',
    );
    expect(requests.filter((url) => /\/ort\/|(gpt2|cl100k|o200k)\.vocab/.test(url))).toEqual([]);
  });
});

describe('what the policy refuses', () => {
  test('is text as markup, and a Worker from elsewhere', async () => {
    await page.goto(server.address);
    await verdict().waitFor();
    const tried = await page.evaluate(() => {
      const thrown = (act: () => void) => {
        try {
          act();
          return 'done';
        } catch (error) {
          return error instanceof Error ? error.name : 'thrown';
        }
      };
      return [
        thrown(() => {
          document.body.innerHTML = '<b>x</b>';
        }),
        thrown(() => new Worker('https://example.org/a.js')),
        thrown(() => new Worker('data:text/javascript,1')),
      ];
    });
    expect(tried).toEqual(['TypeError', 'TypeError', 'TypeError']);
    await verdict().waitFor();
    // The browser reports what it refused, if only later.
    expect(troubles.filter((trouble) => !/trusted/i.test(trouble))).toEqual([]);
    troubles = [];
  });
});

describe('the headers that a static host does not send', () => {
  test('isolate the page from the next navigation on, and never reload it', async () => {
    let documents = 0;
    page.on('framenavigated', () => ++documents);
    await firstVisit();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(documents).toBe(1);
    await page.reload();
    await verdict().waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  chromiumTest('Firefox’s driver evaluates nothing in Workers')(
    'bind Workers to the policy',
    async () => {
      const elsewhere = await serve({
        folder,
        port: 0,
        headers: { 'Access-Control-Allow-Origin': '*' },
      });
      troubles = [];
      try {
        const reached = () =>
          page.workers()[0]?.evaluate(
            (address) =>
              fetch(address).then(
                (response) => response.status,
                () => 'refused',
              ),
            `${elsewhere.address}favicon.svg`,
          );
        await firstVisit();
        // A document's own policy does not bind them: this is what the header is for.
        expect(await reached()).toBe(200);
        await page.reload();
        await verdict().waitFor();
        expect(await reached()).toBe('refused');
      } finally {
        await elsewhere.close();
        troubles.length = 0;
      }
    },
  );
});

describe('a new build', () => {
  test('is offered, and taken on a click only', async () => {
    await firstVisit();
    rebuild('index.html', renamed, true);
    expect(await lookForUpdate()).toBe('installed');
    await loadIt().waitFor();

    // Neither the offer nor a reload takes it.
    expect(await build()).toBe('1');
    await page.reload();
    await verdict().waitFor();
    expect(await build()).toBe('1');

    // Nor is it taken from a page that another window leaves open.
    const other = await context.newPage();
    await other.goto(server.address);
    await other.locator('[data-state="refuted"]').waitFor();
    await loadIt().click();
    await page.waitForFunction(() => document.documentElement.dataset['build'] === '2');
    await verdict().waitFor();
    expect(await loadIt().count()).toBe(0);
    expect(await other.evaluate(() => document.documentElement.dataset['build'] ?? '1')).toBe('1');

    await withoutNetwork();
    await page.reload();
    await verdict().waitFor();
    expect(await build()).toBe('2');
  });

  test('that is not whole is never offered, and the old one works on', async () => {
    await firstVisit();
    rebuild('index.html', renamed, false);
    expect(await lookForUpdate()).toBe('redundant');
    expect(await loadIt().count()).toBe(0);
    await page.reload();
    await verdict().waitFor();
    expect(await build()).toBe('1');
    await withoutNetwork();
    await page.reload();
    await verdict().waitFor();
    expect(await build()).toBe('1');
  });

  test('leaves its predecessor’s panels to a window that is open on it', async () => {
    await firstVisit();
    const other = await context.newPage();
    await other.goto(server.address);
    await other.locator('[data-state="refuted"]').waitFor();

    // The scripts of the next build have other names.
    const name = /assets\/tokens-[^"]+?\.js/.exec(
      readFileSync(join(folder, 'service-worker.js'), 'utf8'),
    )?.[0];
    if (name === undefined) throw new Error('no script of the Tokens panel');
    const worker = join(folder, 'service-worker.js');
    writeFileSync(worker, readFileSync(worker, 'utf8').replace(name, name.replace('.js', '2.js')));
    cpSync(join(folder, name), join(folder, name.replace('.js', '2.js')));
    rmSync(join(folder, name));
    expect(await lookForUpdate()).toBe('installed');
    await loadIt().click();
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
    await verdict().waitFor();

    await other.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await other.locator('[data-tokens]').waitFor();
  });
});
