/** The Recipe panel, the box that finds everything, what panels hand to each other, and undo. */
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumTest } from './browser.js';
import { CLIPBOARD, context, freshPages, page, server } from './panel-page.js';

freshPages({ permissions: CLIPBOARD });

const text = () => page.getByRole('textbox', { name: 'Recipe as text' });
const input = () => page.getByRole('textbox', { name: 'Input', exact: true });
const steps = () => page.locator('section.step');
const box = () => page.getByRole('combobox', { name: /method/ });

async function opened(fragment = '#/recipe'): Promise<void> {
  await page.goto(server.address + fragment);
  await page.locator('[data-recipe]').waitFor();
}

/** Waits for the result of what is typed. */
async function makes(result: string): Promise<void> {
  await page.locator('[data-recipe="made"] .made').getByText(result, { exact: true }).waitFor();
}

/** Waits until keys go there. */
const focused = (control: Locator) => page.locator(':focus').and(control).waitFor();

describe('blocks and text', () => {
  test('show the worked recipe, with what each step makes', async () => {
    await opened();
    await makes('314507060e004b2f0c1f011c1759');
    expect(await steps().count()).toBe(2);
    expect(await steps().nth(0).textContent()).toContain('xekixek_cqhydu');
    expect(await steps().nth(0).textContent()).toContain('14 characters');
    expect(await steps().nth(1).textContent()).toContain('14 bytes');
    await steps().nth(0).getByText('What it is').click();
    expect(await steps().nth(0).textContent()).toContain('Suetonius');
  });

  test('lead each other', async () => {
    await opened();
    await text().fill('rot n=13 | upper');
    await makes('UBHFUBH_ZNEVAR');
    // The form writes the text.
    await steps().nth(0).getByRole('textbox', { name: 'n', exact: true }).fill('1');
    await makes('IPVTIPV_NBSJOF');
    expect(await text().inputValue()).toBe('rot n=1 | upper');
    await steps()
      .nth(0)
      .getByRole('checkbox', { name: /Backwards/ })
      .check();
    await makes('GNTRGNT_LZQHMD');
    expect(await text().inputValue()).toBe('~rot n=1 | upper');
    // The text writes the form.
    await text().fill('vigenere key="pony" | take n=3');
    await page.getByRole('textbox', { name: 'key' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'key' }).inputValue()).toBe('pony');
    // A key may be bytes, and hold what would end its step.
    await text().fill('xor key="a" | hex');
    await page.getByRole('textbox', { name: 'key' }).fill('a | "b"');
    await page.waitForFunction(
      (wanted) =>
        Array.from(document.querySelectorAll('textarea')).some((it) => it.value === wanted),
      'xor key="a | \\"b\\"" | hex',
    );
    expect(await steps().count()).toBe(2);
  });

  test('run on bytes as on text', async () => {
    await opened();
    await text().fill('sha256 | hex');
    await input().fill('abc');
    await makes('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    await page.getByRole('radio', { name: 'Hex' }).check();
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('textarea')).some(({ value }) => value === '616263'),
    );
    await page.getByRole('radio', { name: 'Base64' }).check();
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('textarea')).some(({ value }) => value === 'YWJj'),
    );
    await makes('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    await input().fill('YWJj!');
    await page
      .getByRole('alert')
      .filter({ hasText: /base64/i })
      .waitFor();
    expect(await input().getAttribute('aria-invalid')).toBe('true');
  });

  test('show an error at its step and field, and what came before it', async () => {
    await opened();
    await text().fill('rot n=13 | blake3 size=70000 | hex');
    const failure = steps().nth(1).getByRole('alert');
    await failure.waitFor();
    expect(await failure.textContent()).toMatch(/step 2, size.*70000.*65536.*bad-argument/s);
    expect(
      await steps().nth(1).getByRole('textbox', { name: 'size' }).getAttribute('aria-invalid'),
    ).toBe('true');
    expect(await steps().nth(0).textContent()).toContain('ubhfubh_znevar');
    expect(await steps().nth(2).textContent()).toContain('Not reached');
    // One that only the input brings about.
    await text().fill('upper | ~hex');
    await steps().nth(1).getByRole('alert').filter({ hasText: 'hexadecimal' }).waitFor();
    // Ids go on to a step that takes them.
    await text().fill('clip | ~clip | upper');
    await makes('HOUSHOU _ MARINE');
    await text().fill('rot |');
    await steps().nth(1).getByRole('alert').filter({ hasText: 'is empty' }).waitFor();
  });

  test('keep emoji and right-to-left texts whole', async () => {
    await opened();
    await text().fill('reverse | reverse');
    await input().fill('مرحبا 👩‍👩‍👧');
    await makes('مرحبا 👩‍👩‍👧');
    const [, query = ''] = page.url().split('?');
    expect(new URLSearchParams(query).get('text')).toBe('مرحبا 👩‍👩‍👧');
  });
});

describe('steps', () => {
  test('are added, moved and removed by keys alone', async () => {
    await opened('#/recipe?recipe=&text=abc');
    await page.getByRole('button', { name: 'Add a step', exact: true }).focus();
    await page.keyboard.press('Enter');
    await focused(box());
    await page.keyboard.type('caesar');
    await page.getByRole('option', { name: 'rot' }).first().waitFor();
    await page.keyboard.press('Enter');
    // The first field of the new step has the focus.
    await page.waitForFunction(() => document.activeElement?.closest('.params') !== null);
    await page.keyboard.type('1');
    await makes('bcd');
    await page.getByRole('button', { name: 'Add a step', exact: true }).focus();
    await page.keyboard.press('Enter');
    await focused(box());
    await page.keyboard.type('uppercase');
    await page.keyboard.press('Enter');
    await makes('BCD');
    await page.keyboard.press('Alt+ArrowUp');
    await page.waitForFunction(
      () => document.querySelector('section.step h3')?.textContent?.includes('upper') === true,
    );
    expect(await text().inputValue()).toBe('upper | rot n=1');
    await page.getByRole('button', { name: 'Remove step 2' }).focus();
    await page.keyboard.press('Enter');
    await makes('ABC');
    await focused(page.getByRole('button', { name: 'Remove step 1' }));
  });

  chromiumTest('WebDriver BiDi drags nothing in Firefox')(
    'are dragged to another place',
    async () => {
      await opened('#/recipe?recipe=lower+%7C+take+n%3D2+%7C+upper&text=Abc');
      await makes('AB');
      await steps().nth(2).locator('.handle').dragTo(steps().nth(0));
      await makes('ab');
      expect(await text().inputValue()).toBe('upper | lower | take n=2');
    },
  );

  test('come back by Ctrl+Z', async () => {
    await opened();
    const before = await text().inputValue();
    await page.getByRole('button', { name: 'Remove step 1' }).click();
    await page.getByText('Step 1 removed').waitFor();
    await page.keyboard.press('ControlOrMeta+Z');
    await page.getByText('Taken back: step 1 removed').waitFor();
    expect(await text().inputValue()).toBe(before);
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByRole('button', { name: /^Undo/ }).click();
    expect(await text().inputValue()).toBe(before);
  });
});

describe('the link', () => {
  test('carries the canonical recipe and the input, and Back returns', async () => {
    await opened('#/recipe?recipe=rot&text=abc');
    await makes('nop');
    await text().fill('rot | upper');
    await makes('NOP');
    await page.waitForURL((url) => url.hash.includes('upper'));
    expect(new URLSearchParams(page.url().split('?')[1]).get('recipe')).toBe('rot n=13 | upper');
    await page.goBack();
    await makes('nop');
    expect(await text().inputValue()).toBe('rot');
    await page.goForward();
    await makes('NOP');

    const other = await context.newPage();
    await other.goto(page.url());
    await other.locator('[data-recipe="made"] .made').getByText('NOP', { exact: true }).waitFor();
  });

  test('leaves the input out where that is asked', async () => {
    await opened('#/recipe?recipe=sha256&text=abc');
    await input().fill('my secret');
    await page.waitForURL((url) => url.hash.includes('secret'));
    await page.getByRole('checkbox', { name: 'Leave my input out of the link' }).check();
    await page.waitForURL((url) => !url.hash.includes('secret'));
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${server.address}#/recipe?recipe=sha256&input=none`,
    );
    await page.reload();
    await page.getByRole('checkbox', { name: 'Leave my input out of the link' }).waitFor();
    expect(await page.getByRole('checkbox', { name: /Leave my input/ }).isChecked()).toBe(true);
    expect(await input().inputValue()).toBe('');
  });
});

describe('the box that finds methods and panels', () => {
  test('opens from everywhere, by a key or a button', async () => {
    await page.goto(server.address);
    await page.locator('[data-state]').waitFor();
    await page.keyboard.press('/');
    await box().waitFor();
    await page.keyboard.type('vigenère');
    await page.keyboard.press('Enter');
    await page.getByText('vigenere added as step 3').waitFor();
    expect(await text().inputValue()).toContain('| vigenere key="key"');

    await page.getByRole('button', { name: 'Find' }).click();
    await box().fill('tags');
    await page
      .getByRole('option', { name: /open the panel/ })
      .first()
      .click();
    await page.waitForURL((url) => url.hash === '#/tags');

    // In a field the stroke is a character, and Ctrl+K opens the box.
    await page.goto(`${server.address}#/tokens?text=a`);
    const field = page.getByRole('textbox', { name: 'Text', exact: true });
    await field.focus();
    await page.keyboard.press('End');
    await page.keyboard.type('/');
    expect(await field.inputValue()).toBe('a/');
    await page.keyboard.press('ControlOrMeta+K');
    await box().waitFor();
    await page.keyboard.press('Escape');
    expect(await box().count()).toBe(0);
    await page.locator(':focus').and(field).waitFor();
  });
});

describe('what panels hand to each other', () => {
  test('a result goes to Tokens and to Claim, and Ctrl+Z gives back what stood there', async () => {
    await opened('#/recipe?recipe=rot&text=hello');
    await makes('uryyb');
    await page.getByRole('button', { name: 'Cut into tokens' }).click();
    await page.waitForURL((url) => url.hash === '#/tokens?text=uryyb');
    await page.goBack();
    await makes('uryyb');
    await page.getByRole('button', { name: 'Claim that it is the tag' }).click();
    await page.locator('[data-state="reproduced"]:not(.stale)').waitFor();
    expect(await page.getByRole('textbox', { name: 'Tag 1', exact: true }).inputValue()).toBe(
      'uryyb',
    );
    // And back again, from the claim's recipe.
    await page.getByRole('button', { name: 'Change its steps in Recipe' }).click();
    await makes('uryyb');
    await page.keyboard.press('ControlOrMeta+Z');
    await makes('uryyb');
  });

  test('a tag goes to Tokens, and a digest to Recipe and Claim', async () => {
    await page.goto(server.address);
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
    await page.getByRole('button', { name: 'Look at both in Tokens' }).click();
    await page.locator('[data-tokens]').waitFor();
    expect(await page.getByRole('textbox', { name: 'Text', exact: true }).inputValue()).toBe(
      'houshou_marine, aua',
    );

    await page.goto(`${server.address}#/digests`);
    await page
      .getByLabel('Files', { exact: true })
      .setInputFiles({ name: 'abc', mimeType: 'text/plain', buffer: Buffer.from('abc') });
    await page.getByRole('button', { name: 'to Recipe, as bytes' }).click();
    await makes('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
    await page.goBack();
    await page.getByRole('button', { name: 'to Claim, as a name’s tag' }).click();
    await page.getByRole('textbox', { name: 'Name 1', exact: true }).fill('abc');
    await page.locator('[data-state="reproduced"]:not(.stale)').waitFor();
  });

  test('a removed pair of a claim comes back', async () => {
    await page.goto(server.address);
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
    await page.getByRole('button', { name: 'Remove pair 1' }).click();
    const first = page.getByRole('textbox', { name: 'Name 1', exact: true });
    expect(await first.inputValue()).toBe('');
    await page.keyboard.press('ControlOrMeta+Z');
    expect(await first.inputValue()).toBe('houshou_marine');
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
  });
});
