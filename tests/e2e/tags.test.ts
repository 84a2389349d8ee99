/** The Tags panel in a real browser. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { savedBy } from './browser.js';
import { CLIPBOARD, freshPages, page, server } from './panel-page.js';

const VECTORS = fileURLToPath(new URL('../vectors/tables/', import.meta.url));

freshPages({ acceptDownloads: true, permissions: CLIPBOARD });

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-tags-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function opened(path: string, fragment = '#/tags'): Promise<void> {
  await page.goto(server.address + fragment);
  await page.getByRole('heading', { name: 'What does this table of tags say?' }).waitFor();
  await page.getByLabel('Table', { exact: true }).setInputFiles(path);
  await page.locator('[data-rows]').waitFor();
  await page.locator('.body [role=row] [role=gridcell]').nth(1).waitFor();
}

/** The cells of the rows drawn, in order, without the line numbers. */
const drawn = () =>
  page
    .locator('.body [role=row]')
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
        .map((row) =>
          Array.from(row.querySelectorAll('[role=gridcell]'), (cell) => cell.textContent).slice(1),
        ),
    );

const table = () => page.getByRole('grid', { name: 'Rows' });

describe('a sheet with faults', () => {
  test('sends a row’s tag to Tokens, and its pair to a claim', async () => {
    await opened(join(VECTORS, 'ragged.csv'));
    await page.locator('.body [role=row]', { hasText: 'usada_pekora' }).click();
    await page.getByRole('button', { name: 'usada_pekora in Tokens' }).click();
    await page.locator('[data-tokens]').waitFor();
    expect(new URL(page.url()).hash).toContain('text=usada_pekora');
    await page.goBack();
    await page.getByRole('button', { name: 'in Similarity' }).click();
    await page.locator('[data-p]').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('usada_pekora');
    await page.goBack();
    await page.getByRole('button', { name: 'This pair as a claim' }).click();
    await page.locator('[data-state]:not(.stale)').waitFor();
    expect(await page.getByLabel('Name 1', { exact: true }).inputValue()).toBe('usada_pekora');
  });

  test('comes back when it was closed or replaced, as it was read', async () => {
    await opened(join(VECTORS, 'ragged.csv'));
    const rows = () => page.locator('[data-rows]').textContent();
    const whole = await rows();
    await page.getByRole('searchbox', { name: 'Find rows that hold' }).fill('usada');
    await expect.poll(() => drawn()).toHaveLength(1);
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('Drop a table anywhere').waitFor();
    await page.keyboard.press('ControlOrMeta+Z');
    await expect.poll(() => drawn()).toHaveLength(1);
    expect(await rows()).toBe(whole);
    const other = { name: 'b.csv', mimeType: '', buffer: Buffer.from('name,tag\na,b\n') };
    await page.getByLabel('Table', { exact: true }).setInputFiles(other);
    await expect.poll(rows).not.toBe(whole);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(rows).toBe(whole);
    await expect.poll(() => drawn()).toHaveLength(1);
    // And no further: what is taken back is no action of its own.
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  test('is shown whole, and each problem leads to its row', async () => {
    await opened(join(VECTORS, 'ragged.csv'));
    expect(await page.locator('[data-rows]').textContent()).toBe('10 rows, 5 columns');
    expect((await drawn()).map(([name]) => name)).toContain('usada_pekora');
    await page.getByText('8 pairs: names in column 1, tags in column 2, by its header').waitFor();
    await page.getByRole('button', { name: /line 7, column 2/ }).click();
    await page.locator('[role=row].current', { hasText: 'gawr_gura' }).waitFor();
    expect(await page.locator('.marked').textContent()).toContain('gg');
    expect(await table().evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('shows a hidden row again where a problem leads to it', async () => {
    await opened(join(VECTORS, 'ragged.csv'));
    await page.getByRole('searchbox').fill('miku');
    await page.getByText('1 of 9 shown').waitFor();
    expect(page.url()).toContain('#/tags?find=miku');
    await page.getByRole('button', { name: /line 6, column 4/ }).click();
    await page.locator('[role=row].current', { hasText: 'kizuna_ai' }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  test('is filtered, sorted and read by keyboard', async () => {
    await opened(join(VECTORS, 'ragged.csv'));
    const heading = page.getByRole('columnheader', { name: /^name/ });
    await heading.getByRole('button').press('Enter');
    await page.locator('[aria-sort=ascending]').waitFor();
    await expect.poll(async () => (await drawn())[0]?.[0]).toBe('amelia_watson');
    await heading.getByRole('button').press('Enter');
    await page.locator('[aria-sort=descending]').waitFor();
    await expect.poll(async () => (await drawn())[0]?.[0]).toBe('usada_pekora');
    await table().focus();
    await page.keyboard.press('End');
    await page.locator('[role=row].current', { hasText: 'amelia_watson' }).waitFor();
    expect(page.url()).toContain('sort=1&desc=1');
    const current = await table().getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${current}"]`).textContent()).toContain('amelia_watson');
  });
});

describe('a list in ROT13', () => {
  test('is offered to be read, and becomes a claim', async () => {
    await opened(join(VECTORS, 'rot13.csv'));
    await page.getByText('This looks like ROT13.').waitFor();
    await page.getByRole('button', { name: 'Read it through ROT13' }).click();
    await page.getByText('12 pairs: names in column 1, tags in column 2, by its header').waitFor();
    await expect.poll(async () => (await drawn())[0]).toEqual(['houshou_marine', 'aua']);
    expect(page.url()).toContain('rot13=1');
    expect(await page.getByText('This looks like ROT13.').count()).toBe(0);
    await page.getByRole('searchbox').fill('marine');
    await page.getByText('1 of 12 shown').waitFor();
    await page.getByRole('button', { name: 'Claim these pairs' }).click();
    await page.locator('[data-state]').waitFor();
    await expect.poll(() => page.url()).toContain('#/claim?v=1&c=');
    expect(await page.locator('main').textContent()).toContain('aua');
    // The table is still there.
    await page.getByRole('link', { name: 'Tags', exact: true }).click();
    await page.getByText('1 of 12 shown').waitFor();
  });

  test('is exported as it is read', async () => {
    await opened(join(VECTORS, 'rot13.csv'), '#/tags?rot13=1');
    await expect.poll(async () => (await drawn())[0]).toEqual(['houshou_marine', 'aua']);
    await page.getByLabel('Form').selectOption('tagcomplete');
    const { name, text } = await savedBy(page, () =>
      page.getByRole('button', { name: 'Download' }).click(),
    );
    expect(name).toBe('rot13-tagcomplete.csv');
    expect(text.split('\n')[0]).toBe('houshou_marine,0,0,"aua"');
  });

  test('says which tags are one token', async () => {
    await opened(join(VECTORS, 'rot13.csv'), '#/tags?rot13=1');
    await expect.poll(async () => (await drawn())[0]).toEqual(['houshou_marine', 'aua']);
    await page.getByRole('button', { name: 'Count tokens' }).click();
    await expect.poll(async () => (await drawn())[0]).toEqual(['houshou_marine', 'aua', '1']);
    await expect.poll(async () => (await drawn())[1]).toEqual(['sakimichan', 'zix', '2']);
    await page.getByText(/of 12 tags are one token/).waitFor();
  });
});

describe('columns by hand', () => {
  test('make pairs of a sheet that names none', async () => {
    const path = join(folder, 'plain.csv');
    writeFileSync(path, '1,houshou_marine,x,aua\n2,sakimichan,y,zix\n');
    await opened(path);
    await page.getByText('Which column holds names and which tags is not known').waitFor();
    expect(await page.getByRole('button', { name: 'Claim these pairs' }).isDisabled()).toBe(true);
    await page.getByLabel('Names', { exact: true }).selectOption('1');
    await page.getByLabel('Tags', { exact: true }).selectOption('3');
    await page.getByText('2 pairs: names in column 2, tags in column 4, as you chose').waitFor();
    expect(page.url()).toContain('name=2&tag=4');
  });
});

describe('a table that is pasted', () => {
  test('is read as a spreadsheet gives it', async () => {
    await page.goto(`${server.address}#/tags`);
    await page.getByLabel('Table, pasted').focus();
    await page.evaluate(() => navigator.clipboard.writeText('name\ttag\nhoushou_marine\taua\n'));
    await page.keyboard.press('ControlOrMeta+V');
    await page.getByText('1 pair: names in column 1').waitFor();
  });

  test('or typed: it stays beside another panel, and is read when that is asked for', async () => {
    await page.goto(`${server.address}#/tags`);
    await page.getByLabel('Table, pasted').pressSequentially('name,tag\nhello,uryyb');
    await page.goto(`${server.address}#/digests`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goBack();
    expect(await page.getByLabel('Table, pasted').inputValue()).toBe('name,tag\nhello,uryyb');
    await page.getByRole('button', { name: 'Read what was typed' }).click();
    await page.getByText('1 pair: names in column 1').waitFor();
  });

  test('that is no UTF-8 is refused in words', async () => {
    const path = join(folder, 'utf16.csv');
    writeFileSync(path, Buffer.from('\ufeffname,tag\n', 'utf16le'));
    await page.goto(`${server.address}#/tags`);
    await page.getByLabel('Table', { exact: true }).setInputFiles(path);
    await page.getByRole('alert').filter({ hasText: 'is UTF-16' }).waitFor();
  });
});

describe('a million rows', () => {
  test('are filtered, sorted and scrolled to the end', async () => {
    const path = join(folder, 'million.csv');
    let text = 'name,count\n';
    for (let i = 0; i < 1_000_000; ++i) text += `name_${(i * 7919) % 1_000_003},${i}\n`;
    writeFileSync(path, text);
    await opened(path);
    expect(await page.locator('[data-rows]').textContent()).toBe('1,000,001 rows, 2 columns');
    await table().focus();
    await page.keyboard.press('End');
    await page.locator('[role=row].current', { hasText: '999999' }).waitFor();
    await page.getByRole('searchbox').fill('name_77777');
    await page.getByText('11 of 1,000,000 shown').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page
      .getByRole('columnheader', { name: /^count/ })
      .getByRole('button')
      .click();
    await page
      .getByRole('columnheader', { name: /^count/ })
      .getByRole('button')
      .click();
    await expect.poll(async () => (await drawn())[0]?.[1], { timeout: 30_000 }).toBe('999999');
  });
});
