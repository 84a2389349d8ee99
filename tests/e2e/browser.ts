/** A browser and the built page for the tests that need both. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, expect, inject, test } from 'vitest';
import { launchBrowser as launchChromium, launchFirefox } from '../../scripts/browser.mjs';
import { serve } from '../../scripts/serve.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Which one a project's tests run in. */
    browser: 'chromium' | 'firefox';
  }
}

const inFirefox = inject('browser') === 'firefox';

/** Where Firefox saves what it downloads: its driver tells where, but not Playwright. */
let downloads: string | undefined;

/** Starts the project's browser; the caller closes it. `flags` are Chromium's. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  if (!inFirefox) return launchChromium(flags);
  downloads ??= mkdtempSync(join(tmpdir(), 'tagscope-downloads-'));
  return launchFirefox(downloads);
}

afterAll(() => {
  if (downloads !== undefined) rmSync(downloads, { recursive: true, force: true });
});

/**
 * A test that Firefox has no part in: what it is about is not there, or WebDriver BiDi cannot
 * play it. `npm test` ends with the names of tests that were left out, and the reason stands
 * in the name.
 */
export function chromiumTest(reason: string): (name: string, body: () => Promise<void>) => void {
  return (name, body) => (inFirefox ? test.skip(`${name} (${reason})`, body) : test(name, body));
}

/** Of a Firefox that no flag gives a software adapter. */
export const NO_ADAPTER = 'Firefox has no WebGPU adapter without a graphics card';
export const NO_SHIFTS = 'Firefox measures no layout shifts';
export const ASKED_UNSEEN = 'Firefox’s driver tells nothing of what Workers ask for';
/** Of a drag that begins outside the page. */
export const NO_DROP = 'only Chromium’s own protocol drops files';

/** What a page hands to the browser's downloads when `act` is done. */
export async function savedBy(
  page: Page,
  act: () => Promise<void>,
): Promise<{ name: string; text: string }> {
  if (downloads === undefined) {
    const [saved] = await Promise.all([page.waitForEvent('download'), act()]);
    return { name: saved.suggestedFilename(), text: readFileSync(await saved.path(), 'utf8') };
  }
  const folder = downloads;
  const before = new Set(readdirSync(folder));
  await act();
  let name = '';
  let text = '';
  // It has its name from the beginning, and a .part beside it until it is whole.
  await expect
    .poll(
      () => {
        const now = readdirSync(folder);
        name = now.find((one) => !before.has(one) && !one.endsWith('.part')) ?? '';
        const whole = name !== '' && !now.some((one) => one.endsWith('.part'));
        if (whole) text = readFileSync(join(folder, name), 'utf8');
        return text;
      },
      { timeout: 60_000 },
    )
    .not.toBe('');
  rmSync(join(folder, name));
  return { name, text };
}

/**
 * Serves dist/ on a free port, under a path as GitHub Pages does; the caller closes it.
 * `address` ends with a slash.
 */
export function servePage(
  prefix = '/tagscope/',
): Promise<{ address: string; close(): Promise<void> }> {
  return serve({ prefix, port: 0 });
}

/**
 * Collects what goes wrong in a page: errors, refusals of its policy, failed requests,
 * and requests to other hosts than the page's own.
 */
export function troublesOf(page: Page, address: string): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    // What a navigation or a closed page gave up is no failure.
    const reason = request.failure()?.errorText ?? '';
    if (!['net::ERR_ABORTED', 'NS_BINDING_ABORTED'].includes(reason))
      troubles.push(`request failed: ${request.url()} (${reason})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(address).origin && !['data:', 'blob:'].includes(url.protocol)) {
      troubles.push(`another host: ${request.url()}`);
    }
  });
  return troubles;
}
