/**
 * Nothing has to be scrolled sideways: at 320 CSS pixels (a screen of 1280 at 400 %, WCAG 2.2,
 * 1.4.10) and at 640 (the same at 200 %).
 */
import { expect, test } from 'vitest';
import { freshPages, page, server } from './panel-page.js';

freshPages();

/** What is there when the panel has its answer. */
const PANELS: Readonly<Record<string, string>> = {
  claim: '[data-kind="capacity"]',
  recipe: '[data-recipe="made"]',
  tokens: '[data-tokens]',
  digests: 'main h1',
  similarity: '[data-p]',
  tags: 'main h1',
  privacy: 'main h1',
};

test.each([320, 640])('no panel is wider than %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 400 });
  for (const [panel, answer] of Object.entries(PANELS)) {
    await page.goto('about:blank');
    await page.goto(`${server.address}#/${panel}`);
    await page.locator(answer).first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, panel).toBeLessThanOrEqual(0);
  }
});
