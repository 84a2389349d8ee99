/** Searching in the Claim panel, in a real browser. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { context, freshPages, page, server } from './panel-page.js';

const top = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

// Without a service worker, which keeps everything: what the page asks for itself is looked at.
freshPages();

let asked: string[];

beforeEach(() => {
  asked = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
});

const card = () => page.locator('[data-kind="search"]');
const space = () => page.getByRole('combobox', { name: 'Search', exact: true });
const recipe = () => page.getByRole('textbox', { name: 'Stated recipe' });

async function settled(state: string): Promise<void> {
  await page.locator(`[data-state="${state}"]:not(.stale)`).waitFor();
}

async function opened(fragment = ''): Promise<void> {
  await page.goto(server.address + fragment);
}

/** The worked case without its recipe. */
async function bare(): Promise<void> {
  await opened();
  await settled('refuted');
  await recipe().fill('');
  await settled('undecided');
}

async function linkInTheTerminal(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['lib/cli/main.js', 'search', ...args, '--json'], {
    cwd: top,
  });
  return new URL((JSON.parse(stdout) as { link: string }).link).hash;
}

test('nothing of a search is loaded before a space is chosen', async () => {
  await bare();
  expect(asked.filter((path) => /search/i.test(path))).toEqual([]);
  const sizes = await space().locator('option').allTextContents();
  expect(sizes.join()).toContain('standard@1: 2,129,328 recipes');
});

test('the worked case is a coincidence in standard@1, with its map and its hits', async () => {
  await bare();
  await space().selectOption('standard@1');
  await settled('coincidence');
  expect(asked.some((path) => path.endsWith('/core/search.wasm'))).toBe(true);
  const text = (await card().textContent()) ?? '';
  expect(text).toContain('2,129,328');
  expect(text).toContain('16.7');
  expect(text).toContain('Not searched');
  const map = await card().locator('.map').getAttribute('aria-label');
  expect(map).toMatch(/^[\d,]+ of 17,576 codes .* aua is among them\.$/);
  // What the map says and what the table says are counted apart.
  const counted = /^[\d,]+/.exec(map ?? '')?.[0] ?? '?';
  expect(await card().locator('tbody td').first().textContent()).toBe(counted);
  expect(
    await card()
      .getByRole('img', { name: /^Of 200 sets/ })
      .count(),
  ).toBe(1);
  expect(await page.locator('[aria-current="true"]').textContent()).toContain('this verdict');

  // The link carries the space, and Back leads to what was before.
  const link = new URL(page.url()).hash;
  await page.goto('about:blank');
  await opened(link);
  await page.locator('[data-replay="agrees"]').waitFor();
  expect(await space().inputValue()).toBe('standard@1');
  expect(await card().locator('.map').getAttribute('aria-label')).toBe(map);
});

test('a hit opens as the stated recipe', async () => {
  await bare();
  await space().selectOption('standard@1');
  await settled('coincidence');
  const hit = card().locator('.hits button').first();
  const text = (await hit.textContent()) ?? '';
  await hit.focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-kind="recipe"]').waitFor();
  await settled('coincidence');
  expect(await recipe().inputValue()).toBe(text);
  expect(await page.locator('[data-kind="recipe"]').textContent()).not.toContain('does not match');
});

test('a space without a hit refutes itself only, and a proof may cover one', async () => {
  await bare();
  await space().selectOption('quick@1');
  await settled('refuted');
  expect(await page.locator('.verdict').textContent()).toContain('No recipe of quick@1 gives');
  await space().selectOption('substitution@1');
  await page.getByText(/no recipe of substitution@1 can give/i).waitFor();
  expect(await card().textContent()).toContain('by proof');
  await space().selectOption('');
  await settled('undecided');
  expect(await card().count()).toBe(0);
});

test('a link from the terminal is searched and agrees', async () => {
  const link = await linkInTheTerminal(
    ...['--pair', 'hello=uryyb', '--pair', 'world=jbeyq', '--space', 'quick@1'],
  );
  await opened(link);
  await page.locator('[data-replay="agrees"]').waitFor();
  await settled('reproduced');
  expect(await card().locator('.hits').textContent()).toContain('rot n=13');
  // Five letters have no map.
  expect(await card().locator('.map').count()).toBe(0);
});

test('a long search shows how far it is, fills the map, and is cancelled', async () => {
  await bare();
  // The map is full within half a second: what it says is noted from before it is there.
  await page.evaluate(() => {
    const labels: string[] = [];
    new MutationObserver(() => {
      const label = document.querySelector('[data-search] .map')?.getAttribute('aria-label');
      if (label && labels.at(-1) !== label) labels.push(label);
      document.body.dataset['labels'] = String(labels.length);
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
  });
  await space().selectOption('deep@1');
  const running = page.locator('[data-search="running"]');
  await running.getByText(/recipes a second, .* left/).waitFor();
  await running.locator('.map').waitFor();
  await page.waitForFunction(() => Number(document.body.dataset['labels']) > 1);
  expect(await running.getByRole('progressbar').getAttribute('aria-valuetext')).toContain('deep@1');
  await page.getByRole('button', { name: 'Cancel the search' }).click();
  await page.locator('[data-search="stopped"]').getByText('Stopped after').waitFor();
  // The verdict before stays, dimmed.
  await page.locator('[data-state="undecided"].stale').waitFor();
  await space().selectOption('quick@1');
  await settled('refuted');
  expect(await page.locator('[data-search]').count()).toBe(0);
});

test.each([390, 1024, 1600])('nothing is wider than a screen of %i pixels', async (width) => {
  await page.setViewportSize({ width, height: 900 });
  await bare();
  await space().selectOption('standard@1');
  await settled('coincidence');
  await card().locator('.map').waitFor();
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  ).toBeLessThanOrEqual(0);
});
