/**
 * The frame of a panel's tests: a browser and the built page for the file, and for each test a
 * page of its own in which nothing may go wrong.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser, servePage, troublesOf } from './browser.js';

export const CLIPBOARD = ['clipboard-read', 'clipboard-write'];

let browser: Browser;
/** `address` ends with a slash. */
export let server: { address: string; close(): Promise<void> };
/** Those of the test that runs. */
export let context: BrowserContext;
export let page: Page;

/** To be called once in a file, before its own hooks, which find `page` there. */
export function freshPages(options: BrowserContextOptions = {}): void {
  let troubles: string[];

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), servePage('/tagscope/')]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      // It would fetch and store the whole page for each test anew: a fifth of the time.
      serviceWorkers: 'block',
      ...options,
    });
    page = await context.newPage();
    troubles = troublesOf(page, server.address);
  });

  afterEach(async () => {
    const seen = troubles;
    await context.close();
    expect(seen).toEqual([]);
  });
}
