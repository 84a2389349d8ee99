/** The Tokens panel in a real browser: what it computes, and that every part answers to keys. */
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { savedBy } from './browser.js';
import { freshPages, page, server } from './panel-page.js';

/** Polls that wait for the engine, on a machine that does other things too. */
const PATIENT = { timeout: 30_000 };

freshPages();

async function opened(query = ''): Promise<void> {
  await page.goto(`${server.address}#/tokens${query}`);
  await page.getByRole('heading', { level: 1, name: 'How is this text cut' }).waitFor();
}

const text = () => page.getByLabel('Text', { exact: true });
const ids = () => page.getByLabel('Ids', { exact: true });
const tokens = (n: number) => page.locator(`[data-tokens="${n}"]`).waitFor();
const field = (name: string) => page.locator(`[data-field="${name}"]`);

async function csvOf(button: Locator): Promise<string[]> {
  const { text } = await savedBy(page, () => button.click());
  return text.trimEnd().split('\r\n');
}

describe('a text and its ids', () => {
  test('the panel opens at the worked case, computed', async () => {
    await opened();
    await tokens(7);
    expect(await ids().inputValue()).toBe('1011 719 340 318 5746 267 45906');
    // openai/CLIP's decode puts a space behind every word.
    await page.getByText('19 characters as written, 23 as decoded').waitFor();
  });

  test('each follows the other, and the address holds what was typed', async () => {
    await opened();
    await text().fill('a cat');
    await tokens(2);
    expect(await ids().inputValue()).toBe('320 2368');
    expect(new URL(page.url()).hash).toBe('#/tokens?text=a+cat');
    await ids().fill('[320, 1929]');
    await expect.poll(() => text().inputValue(), PATIENT).toMatch(/^a dog ?$/);
    expect(new URL(page.url()).hash).toContain('ids=');
    await page.reload();
    await expect.poll(() => text().inputValue(), PATIENT).toMatch(/^a dog ?$/);
  });

  test('ids that are not those of their own text are told as such', async () => {
    await opened('?ids=64+320');
    await page.getByText('would be cut into').waitFor();
    await page.getByText('none: the ids are not those').waitFor();
  });

  test('what is no id is an error that keeps the words, and goes when it is mended', async () => {
    await opened();
    await ids().fill('320 x');
    await page.getByRole('alert').filter({ hasText: '“x” at character 5' }).waitFor();
    expect(await ids().inputValue()).toBe('320 x');
    expect(await ids().getAttribute('aria-invalid')).toBe('true');
    await ids().fill('320 49408');
    await page.getByRole('alert').waitFor();
    await ids().fill('320');
    await tokens(1);
    await text().fill('');
    await page.getByText('Nothing is written yet').waitFor();
  });

  test('arrow keys walk the tokens; id, piece, bytes and span are told', async () => {
    await opened();
    await tokens(7);
    const strip = page.getByRole('listbox', { name: 'Tokens' });
    await strip.focus();
    await page.keyboard.press('End');
    await page.getByRole('option', { selected: true }).filter({ hasText: 'aua' }).waitFor();
    expect(await field('id').innerText()).toBe('45906');
    expect(await field('piece').innerText()).toBe('aua</w>');
    expect(await field('bytes').innerText()).toBe('61 75 61');
    expect(await field('span').innerText()).toBe('bytes 16–19 of the cleaned text');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('How “houshou” was merged').waitFor();
    expect(await field('id').innerText()).toBe('719');
  });

  test('the merges of a word go step by step', async () => {
    await opened('?text=houshou');
    await page.getByText('4 of 4 merges').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('3 of 4 merges').waitFor();
    await page.getByLabel('Merge step').press('Home');
    await page.getByText('Before the first merge').waitFor();
    expect(await page.getByRole('button', { name: 'Back' }).isDisabled()).toBe(true);
  });

  test('a long text is cut and shown in part', async () => {
    await opened();
    await text().fill('word '.repeat(5000));
    await tokens(5000);
    expect(await page.getByRole('option').count()).toBeLessThan(400);
    await page.getByText('the address does not hold this text').waitFor();
  });
});

describe('another tokenizer', () => {
  const choice = () => page.getByLabel('Tokenizer', { exact: true });

  test('is chosen, and stands in the address', async () => {
    await opened('?text=hello+world');
    await choice().selectOption('cl100k');
    // tiktoken's cl100k_base
    await expect.poll(() => ids().inputValue(), PATIENT).toBe('15339 1917');
    expect(new URL(page.url()).hash).toContain('tokenizer=cl100k');
    await page.getByLabel(/Read special tokens/).check();
    await text().fill('<|endoftext|>');
    await tokens(1);
  });

  test('is read from a tokenizer.json, or says what is wrong with it', async () => {
    await opened('?text=abab');
    await tokens(2);
    const choose = (name: string, content: string) =>
      page
        .getByLabel('File of a tokenizer')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    await choose('broken.json', '{"model":');
    await page.getByRole('alert').waitFor();
    const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, abab: 3 }, merges: ['a b', 'ab ab'] };
    await choose('small.json', JSON.stringify({ version: '1.0', added_tokens: [], model }));
    await tokens(1);
    expect(await ids().inputValue()).toBe('3');
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a prompt', () => {
  const column = (program: string) => page.locator(`[data-program="${program}"]`);

  test('is counted as A1111 counts it', async () => {
    await opened('?text=a+cat&syntax=a1111');
    await column('a1111').waitFor();
    expect(await column('a1111').locator('[data-count]').innerText()).toBe('2/75');
    await page.locator('[data-differs="false"]').waitFor();
    expect(await column('comfy').count()).toBe(0);
  });

  test('stands side by side where the programs differ', async () => {
    await opened('?text=a+%5Bcat%5D+BREAK+dog');
    await page.getByRole('radio', { name: 'A1111' }).check({ force: true });
    await page.locator('[data-differs="true"]').waitFor();
    await column('a1111').getByRole('group', { name: 'Chunk 2: 1 of 75 tokens' }).waitFor();
    await column('a1111').getByText('×0.9091').first().waitFor();
    expect(await column('comfy').getByRole('group').count()).toBe(1);
    await page.getByRole('radio', { name: 'Plain text' }).check({ force: true });
    await column('a1111').waitFor({ state: 'detached' });
  });

  test('goes to SDXL’s encoders with another padding', async () => {
    await opened('?text=a+cat&syntax=comfy');
    await page.getByText('Both get the same tokens').waitFor();
  });
});

describe('the vocabulary map', () => {
  const looked = (string: string) => page.locator(`[data-looked="${string}"]`).waitFor();

  test('counts three letters as the engine does', async () => {
    await opened();
    for (const [tokens, strings] of [
      ['1', '3,531'],
      ['2', '13,601'],
      ['3', '444'],
    ] as const) {
      await page.locator(`[data-class="${tokens}"]`).filter({ hasText: strings }).waitFor();
    }
  });

  test('keys walk it, letters spell a string, Enter cuts it', async () => {
    await opened();
    await page.locator('[data-listed="3531"]').waitFor();
    const map = page.getByRole('application');
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await looked('aub');
    await page.keyboard.press('Shift+ArrowDown');
    await looked('bub');
    await page.keyboard.type('cat');
    await looked('cat');
    await page.getByText('cat</w> 2368').waitFor();
    await page.keyboard.press('Enter');
    await tokens(1);
    expect(await text().inputValue()).toBe('cat');
  });

  test('the pointer tells the string under it', async () => {
    await opened('?letters=2');
    await page.locator('[data-class="1"]:enabled').waitFor();
    const map = page.getByRole('application');
    await map.scrollIntoViewIfNeeded();
    const box = await map.boundingBox();
    if (box === null) throw new Error('the map has no box');
    const square = box.width / 26;
    // Third column, second row.
    await page.mouse.move(box.x + 2.5 * square, box.y + 1.5 * square);
    await looked('bc');
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await looked('bc');
  });

  test('one-token strings are searched and exported', async () => {
    await opened();
    await page.locator('[data-listed="3531"]').waitFor();
    await page.getByLabel('Find strings that contain').fill('aua');
    await page.locator('[data-listed="1"]').waitFor();
    expect(new URL(page.url()).hash).toContain('find=aua');
    await page.getByRole('region', { name: 'Strings' }).getByText('45906').waitFor();
    expect(await csvOf(page.getByRole('button', { name: 'Export CSV' }).first())).toEqual([
      'string,tokens,ids',
      'aua,1,45906',
    ]);
  });

  test('four letters are drawn too, half a million of them', async () => {
    await opened('?letters=4');
    await page.locator('[data-class="1"]').filter({ hasText: '5,072' }).waitFor();
    const drawn = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
    });
    expect(drawn).toBeGreaterThan(3);
  });
});

describe('a list of tags', () => {
  test('says which are one token and which share tokens, and is exported', async () => {
    await opened();
    await page.getByLabel('Tags', { exact: true }).fill('aua\nmiku\nlong hair\nshort hair');
    await page.locator('[data-one="2"]').waitFor();
    await page.getByRole('button', { name: 'hair 2' }).click();
    const rows = page.getByRole('region', { name: 'Tags and their tokens' }).locator('tbody tr');
    await expect.poll(() => rows.count(), PATIENT).toBe(2);
    expect((await csvOf(page.getByRole('button', { name: 'Export CSV' }).last()))[1]).toBe(
      'aua,1,45906',
    );
  });

  test('is read from a file', async () => {
    await opened();
    await page.getByLabel('File of tags').setInputFiles({
      name: 'tags.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('aua,0,12\nhoushou_marine,4,9\n'),
    });
    await page.locator('[data-one="1"]').filter({ hasText: '1 of 2 tags' }).waitFor();
  });
});

test('nothing sticks out of a small screen', async () => {
  await page.setViewportSize({ width: 360, height: 800 });
  await opened('?text=a+%28cat%3A1.3%29+%5Bdog%5D&syntax=a1111');
  await page.locator('[data-differs]').waitFor();
  const { wide, inner } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    inner: document.documentElement.clientWidth,
  }));
  expect(wide).toBe(inner);
});

test('the first view does not load it', async () => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(server.address);
  await page.locator('[data-state]').waitFor();
  expect(loaded.filter((path) => /\/tokens/.test(path))).toEqual([]);
});

describe('from here', () => {
  test('a text goes to Recipe, Claim and Similarity', async () => {
    await opened();
    await tokens(7);
    await page.getByRole('button', { name: 'to Similarity' }).click();
    await page.locator('[data-p]').waitFor();
    expect(await page.getByLabel('Tag', { exact: true }).inputValue()).toBe('aua');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('houshou_marine');

    await page.goBack();
    await text().fill('uryyb');
    await page.getByRole('button', { name: 'to Similarity' }).click();
    expect(await page.getByLabel('Tag', { exact: true }).inputValue()).toBe('uryyb');
    await page.keyboard.press('ControlOrMeta+Z');
    expect(await page.getByLabel('Tag', { exact: true }).inputValue()).toBe('aua');

    await page.goBack();
    await page.getByRole('button', { name: 'to Recipe' }).click();
    await page.locator('[data-recipe="made"]').waitFor();
    expect(await page.getByLabel('Input', { exact: true }).inputValue()).toBe('uryyb');

    await page.goBack();
    await page.getByRole('button', { name: 'to Claim' }).click();
    await page.getByLabel('Name 1', { exact: true }).fill('hello');
    expect(await page.getByLabel('Tag 1', { exact: true }).inputValue()).toBe('uryyb');
    await page.locator('[data-state]:not(.stale)').waitFor();
  });

  test('nothing goes anywhere', async () => {
    await opened('?text=');
    await tokens(0);
    expect(await page.getByRole('button', { name: 'to Recipe' }).isDisabled()).toBe(true);
  });

  test('what a string of the map and a file took the place of comes back', async () => {
    await opened();
    await tokens(7);
    await page.getByRole('button', { name: 'Cut “aua” above' }).click();
    await tokens(1);
    await page.keyboard.press('ControlOrMeta+Z');
    await tokens(7);
    const tags = page.getByLabel('Tags', { exact: true });
    await tags.fill('solo');
    await page
      .getByLabel('File of tags')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('aua\nevo') });
    await expect.poll(() => tags.inputValue(), PATIENT).toBe('aua\nevo');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => tags.inputValue(), PATIENT).toBe('solo');
  });
});
