/** A browser and the built page for the tests that need both. */
import type { Page } from 'playwright-core';
import { serve } from '../../scripts/serve.mjs';

export { launchBrowser } from '../../scripts/browser.mjs';

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
    if (reason !== 'net::ERR_ABORTED')
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
