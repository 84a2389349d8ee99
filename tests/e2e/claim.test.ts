/** The Claim panel in a real browser, from the built page under a sub-path. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumTest, NO_SHIFTS, troublesOf } from './browser.js';
import { CLIPBOARD, context, freshPages, page, server } from './panel-page.js';

const top = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What `tagscope verify … --json` prints. */
async function inTheTerminal(...args: string[]) {
  const { stdout } = await run(process.execPath, ['lib/cli/main.js', 'verify', ...args, '--json'], {
    cwd: top,
  });
  return JSON.parse(stdout) as { verdict: unknown; evidence: unknown; digest: string };
}

freshPages({ permissions: CLIPBOARD });

const verdict = (of: Page = page) => of.locator('[data-state]:not(.stale)');
const card = (kind: string) => page.locator(`[data-kind="${kind}"]`);
const recipe = () => page.getByRole('textbox', { name: 'Stated recipe' });
const name = (n: number) => page.getByRole('textbox', { name: `Name ${n}`, exact: true });
const tag = (n: number) => page.getByRole('textbox', { name: `Tag ${n}`, exact: true });

/** Waits for a verdict of this state on the form as it stands. */
async function settled(state: string, of: Page = page): Promise<void> {
  await verdict(of)
    .and(of.locator(`[data-state="${state}"]`))
    .waitFor();
}

/** Waits until the evidence, its largest picture and the rules below it are drawn. */
async function whole(): Promise<void> {
  await page.locator('.evidence[aria-busy="false"]').waitFor();
  await card('structure').locator('.isomorph').waitFor();
  await page.getByRole('heading', { name: 'How it decides' }).waitFor();
}

async function opened(fragment = ''): Promise<void> {
  await page.goto(server.address + fragment);
}

/** Presses a copy button and reads what it left on the clipboard. */
async function copied(what: 'link' | 'Markdown' | 'JSON'): Promise<string> {
  await page.getByRole('button', { name: `Copy ${what}` }).click();
  await page.getByRole('status').getByText('copied').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

describe('the worked case', () => {
  test('is there at once, with its evidence in order', async () => {
    await opened();
    await settled('refuted');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('houshou_marine');
    await whole();
    const kinds = await page
      .locator('[data-kind]')
      .evaluateAll((cards) => cards.map((item) => item.getAttribute('data-kind')));
    expect(kinds).toEqual(['recipe', 'structure', 'tokens', 'digest-tokens', 'capacity']);
    expect(await card('recipe').textContent()).toContain(
      '31 45 07 06 0e 00 4b 2f 0c 1f 01 1c 17 59',
    );
    expect(await card('recipe').textContent()).toContain('does not match');
    expect(await card('structure').textContent()).toContain('Scope:');
    expect(await card('structure').textContent()).toContain('excluded');
    expect(await card('tokens').textContent()).toContain('45906');
    expect(await card('tokens').textContent()).toContain('one token');
    expect(await card('digest-tokens').textContent()).toContain('BLAKE2sp');
    expect(await card('capacity').textContent()).toContain('17,576');
    // Nothing was edited, so the address stays bare.
    expect(new URL(page.url()).hash).toBe('');
  });

  test('draws the bytes as a Windows console does', async () => {
    await opened();
    await settled('refuted');
    await whole();
    const glyphs = await card('recipe')
      .locator('.strip.bytes.bad i')
      .evaluateAll((cells) => cells.map((cell) => cell.textContent).join(''));
    expect(glyphs).toBe('1E♠♫K/♀▼☺∟↨Y');
  });

  test('reads as the terminal reads it', async () => {
    await opened();
    await settled('refuted');
    const here = JSON.parse(await copied('JSON'));
    const there = await inTheTerminal('examples/houshou_marine.json');
    expect(here.verdict).toEqual(there.verdict);
    expect(here.evidence).toEqual(there.evidence);
    expect(here.digest).toBe(there.digest);
  });

  test('shows its name and what it asks before the script has come, each in its place', async () => {
    // Where the first line of a text begins.
    const placeOf = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const text = document.createRange();
        text.selectNodeContents(element);
        const { x, y } = text.getClientRects()[0] ?? { x: 0, y: 0 };
        return { x, y };
      });
    for (const width of [390, 1024, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      let letCome = () => {};
      const come = new Promise<void>((resolve) => {
        letCome = resolve;
      });
      await page.route('**/*.js', (route) => come.then(() => route.continue()));
      await page.goto(server.address, { waitUntil: 'commit' });
      await page.getByText('Is a short tag a cipher').waitFor();
      const before = [await placeOf('.before-name'), await placeOf('.before-question')];
      letCome();
      await settled('refuted');
      expect(await page.locator('.before').count()).toBe(0);
      const after = [await placeOf('.brand .name'), await placeOf('h1')];
      for (const [i, { x, y }] of before.entries()) {
        // A scrollbar comes with the page, and halves of it go off a wide one's margins.
        expect(Math.abs(x - (after[i]?.x ?? 0)), `${width} px`).toBeLessThan(10);
        expect(Math.abs(y - (after[i]?.y ?? 0)), `${width} px`).toBeLessThan(2);
      }
      await page.unrouteAll();
    }
  });

  chromiumTest(NO_SHIFTS)('moves nothing while it arrives', async () => {
    await page.addInitScript(() => {
      const seen = window as unknown as { shifts: number };
      seen.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          seen.shifts += (entry as unknown as { value: number }).value;
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    for (const width of [360, 390, 1024, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      // A new document, so that what was measured before is not counted again.
      await page.goto('about:blank');
      await opened();
      await settled('refuted');
      await whole();
      await page.evaluate(() => document.fonts.ready);
      const shifts = await page.evaluate(() => (window as unknown as { shifts: number }).shifts);
      expect(shifts, `at ${width} px`).toBeLessThan(0.01);
    }
  });
});

describe('editing', () => {
  test('an error is shown where it is, and nothing is lost', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('rot n=42 | xro key="é" | hex');
    const failure = page.locator('form .failure:not(:empty)');
    await failure.filter({ hasText: 'xro' }).waitFor();
    expect(await page.locator('mark').textContent()).toBe('xro');
    expect(await recipe().getAttribute('aria-invalid')).toBe('true');
    expect(await recipe().inputValue()).toBe('rot n=42 | xro key="é" | hex');
    // The verdict on the claim before stays, dimmed, and is not handed out.
    await page.locator('[data-state="refuted"].stale').waitFor();
    expect(await page.getByRole('button', { name: 'Copy link' }).isDisabled()).toBe(true);

    // Bytes are counted in UTF-8, the underline in UTF-16.
    await recipe().fill('append text="é😀" | xro');
    await failure.filter({ hasText: 'xro' }).waitFor();
    expect(await page.locator('mark').textContent()).toBe('xro');

    await recipe().fill('rot n=42');
    await settled('refuted');
    expect(await failure.count()).toBe(0);
    expect(await card('recipe').textContent()).toContain('xekixek_cqhydu');
  });

  test('hello and uryyb by ROT13 are reproduced', async () => {
    await opened();
    await settled('refuted');
    await name(1).fill('hello');
    await tag(1).fill('uryyb');
    await recipe().fill('rot n=13');
    await settled('reproduced');
    const there = await inTheTerminal('--pair', 'hello=uryyb', '--recipe', 'rot n=13');
    const here = JSON.parse(await copied('JSON'));
    expect(here.verdict).toEqual(there.verdict);
    expect(await page.locator('figcaption').first().textContent()).toContain('level 0.001');
    // A title speaks of what it was written for.
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('hello');
  });

  test('a recipe is not needed, and its absence is undecided', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('');
    await settled('undecided');
  });

  test('a wrong cell, number or tag is named at its field', async () => {
    await opened();
    await settled('refuted');
    await tag(1).fill('');
    await page.getByText('Tag 1 is empty.').waitFor();
    expect(await tag(1).getAttribute('aria-invalid')).toBe('true');
    await tag(1).fill('aua');
    await settled('refuted');
    await page.getByText('Details').click();
    await page.getByRole('textbox', { name: 'Names in all' }).fill('many');
    await page.getByText('"many" is not a number').waitFor();
    await page.getByRole('textbox', { name: 'Names in all' }).fill('110,000');
    await settled('refuted');
    await page.getByRole('textbox', { name: 'Level' }).fill('2');
    await page
      .getByRole('textbox', { name: 'Level' })
      .and(page.locator('[aria-invalid="true"]'))
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Level' }).inputValue()).toBe('2');
  });

  test('pairs are pasted from a spreadsheet or as lines', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('rot n=13');
    await page.getByRole('button', { name: 'Remove pair 1' }).click();
    const paste = async (text: string) => {
      await page.evaluate((value) => navigator.clipboard.writeText(value), text);
      await page.keyboard.press('ControlOrMeta+V');
    };
    await name(1).focus();
    await paste('hello\turyyb\nworld\tjbeyq\n');
    expect(await tag(2).inputValue()).toBe('jbeyq');
    await settled('reproduced');
    await page.getByRole('button', { name: 'Add a pair' }).click();
    await page.locator(':focus').and(name(3)).waitFor();
    await paste('tag=gnt\r\nשלום=שלום\n');
    expect(await name(4).inputValue()).toBe('שלום');
    await settled('reproduced');
    expect(await card('recipe').textContent()).toContain('4 of 4 pairs fit');
  });

  test('a new claim begins empty; what was pasted into it, and the claim before, come back', async () => {
    await opened();
    await settled('refuted');
    await page.getByRole('button', { name: 'New claim' }).click();
    await page.getByText('Nothing is claimed yet.').waitFor();
    await page.locator(':focus').and(name(1)).waitFor();
    expect(await recipe().inputValue()).toBe('');
    await page.evaluate(() => navigator.clipboard.writeText('name,tag\nhello,uryyb\nworld,jbeyq'));
    await page.keyboard.press('ControlOrMeta+V');
    await settled('undecided');
    expect(await tag(2).inputValue()).toBe('jbeyq');
    await page.keyboard.press('ControlOrMeta+Z');
    await page.getByText('Taken back: 2 pairs pasted').waitFor();
    expect(await name(1).inputValue()).toBe('');
    await page.keyboard.press('ControlOrMeta+Z');
    await settled('refuted');
    expect(await name(1).inputValue()).toBe('houshou_marine');
    expect(await recipe().inputValue()).toContain('rot n=42');
  });

  test('a number of names stays with the names that it counts', async () => {
    const details = page.locator('details .summary');
    await opened();
    await settled('refuted');
    expect(await details.textContent()).toContain('110,000 names');
    await recipe().fill('rot n=1');
    await tag(1).fill('abc');
    expect(await details.textContent()).toContain('110,000 names');
    await name(1).fill('hello');
    expect(await details.textContent()).not.toContain('names');
    await settled('refuted');
    expect(JSON.parse(await copied('JSON')).claim.population).toBeNull();
    // One that was typed stays whatever the names are.
    await page.getByText('Details').click();
    await page.getByRole('textbox', { name: 'Names in all' }).fill('77');
    await name(1).fill('houshou_marine');
    expect(await details.textContent()).toContain('77 names');
  });

  test('line breaks of a name are seen, and stay when it is edited', async () => {
    await opened('#/recipe?recipe=upper&text=ab%0Acd');
    await page.getByRole('button', { name: 'Claim that it is the tag' }).click();
    await settled('coincidence');
    expect(await name(1).inputValue()).toBe('ab\ncd');
    expect(await name(1).evaluate((field) => field.clientHeight)).toBeGreaterThan(
      await recipe().evaluate((field) => 2 * Number.parseFloat(getComputedStyle(field).fontSize)),
    );
    await tag(1).focus();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('x');
    await settled('refuted');
    await page.keyboard.press('Backspace');
    await settled('coincidence');
    expect(await tag(1).inputValue()).toBe('AB\nCD');
  });

  test('sentences run from left to right, whatever they name', async () => {
    await opened();
    await settled('refuted');
    await name(1).fill('שלום');
    await settled('refuted');
    await whole();
    const directions = await page
      .locator('.sentence, [data-kind] .lead, [data-kind] .notes li')
      .evaluateAll((texts) => texts.map((text) => getComputedStyle(text).direction));
    expect(directions.length).toBeGreaterThan(3);
    expect(new Set(directions)).toEqual(new Set(['ltr']));
  });

  test('codes by their tokens are those of letters, also where a tag looks like hex digits', async () => {
    await opened();
    await settled('refuted');
    await card('capacity').getByText('Codes of this shape by how many').waitFor();
    await tag(1).fill('fade');
    await settled('refuted');
    await card('capacity').getByText('Codes of 4 letters from a to z by how many').waitFor();
    expect(await card('capacity').textContent()).toContain('65,536');
  });

  test('a thousand pairs are shown in part until they are asked for', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('rot n=13');
    // Multiples of an odd constant, which deflate cannot make short.
    const word = (i: number) => (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(36);
    const lines = Array.from({ length: 1000 }, (_, i) => `${word(i)}=${word(i + 1e6)}`).join('\n');
    await page.evaluate((value) => navigator.clipboard.writeText(value), lines);
    await name(1).focus();
    await page.keyboard.press('ControlOrMeta+V');
    await page.getByText('has 1001 pairs; the limit is 1000').waitFor();
    await page.getByRole('button', { name: 'Remove pair 1', exact: true }).click();
    await card('recipe').getByText('0 of 1,000 pairs fit').waitFor();
    expect(await card('recipe').locator('.pair').count()).toBe(5);
    await card('recipe').getByRole('button', { name: 'Show all 1,000 pairs' }).click();
    expect(await card('recipe').locator('.pair').count()).toBe(1000);
    // Too long for a link, and said so.
    await page.getByText('too long for a link').waitFor();
  });
});

test('evidence that is added leaves the rest where it is', async () => {
  await opened();
  await whole();
  await recipe().fill('');
  await settled('undecided');
  await card('capacity').evaluate((drawn) => drawn.setAttribute('data-marked', ''));
  await recipe().fill('rot n=1');
  await settled('refuted');
  await card('recipe').waitFor();
  await page.locator('[data-kind="capacity"][data-marked]').waitFor();
});

describe('help while typing', () => {
  test('methods and parameters are completed by keys alone', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('');
    await recipe().pressSequentially('rot4');
    await page.getByRole('option', { name: 'rot47' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await recipe().inputValue()).toBe('rot47');
    await recipe().pressSequentially(' | xor ');
    await page.getByRole('option', { name: /^key=/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await recipe().pressSequentially('0xff');
    expect(await recipe().inputValue()).toBe('rot47 | xor key=0xff');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await settled('refuted');
    // Tab leaves the field for the next one, also where something is suggested.
    await recipe().fill('');
    await recipe().pressSequentially('ro');
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('Tab');
    await page
      .locator(':focus')
      .and(page.getByLabel('Search', { exact: true }))
      .waitFor();
  });

  test('the canonical form is shown where it differs', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('rot');
    await page.locator('.canonical').getByText('rot n=13').waitFor();
  });
});

describe('the address', () => {
  test('an anchor shows the worked case', async () => {
    await opened('#how');
    await settled('refuted');
    expect(new URL(page.url()).hash).toBe('#how');
  });

  test('Back from another panel leads to the claim whose verdict came meanwhile', async () => {
    await opened();
    await settled('refuted');
    // In one task: the verdict comes after the panel was left.
    await recipe().fill('rot n=1');
    await page.evaluate(() => {
      location.hash = '#/digests';
    });
    await page.getByRole('heading', { level: 1, name: 'Is this the file it should be?' }).waitFor();
    await page
      .getByRole('link', { name: 'Claim', exact: true })
      .and(page.locator('[href*="c="]'))
      .waitFor();
    await page.goBack();
    await settled('refuted');
    expect(await recipe().inputValue()).toBe('rot n=1');
    expect(page.url()).toContain('#/claim?v=1&c=');
  });

  test('a claim opened by a link is not changed by undoing what was done to another', async () => {
    await opened();
    await settled('refuted');
    const link = await copied('link');
    await page.getByRole('button', { name: 'Remove pair 1' }).click();
    await page.getByText('Pair 1 removed').waitFor();
    await page.goto(link);
    await page.getByText('recomputed here and agrees').waitFor();
    await page.keyboard.press('ControlOrMeta+Z');
    expect(await name(1).inputValue()).toBe('houshou_marine');
    expect(await name(2).count()).toBe(0);
  });
});

describe('links', () => {
  test('a copied link opens elsewhere and agrees', async () => {
    await opened();
    await settled('refuted');
    await recipe().fill('rot n=41');
    await settled('refuted');
    const link = await copied('link');
    expect(link.startsWith(`${server.address}#/claim?v=1&c=`)).toBe(true);
    // The address of an edited claim is its link.
    expect(page.url()).toBe(link);

    const other = await context.newPage();
    const others = troublesOf(other, server.address);
    await other.goto(link);
    await settled('refuted', other);
    await other.getByText('recomputed here and agrees').waitFor();
    expect(await other.getByRole('textbox', { name: 'Stated recipe' }).inputValue()).toBe(
      'rot n=41',
    );
    // An edit leaves the replay, and Back returns to it.
    await other.getByRole('textbox', { name: 'Stated recipe' }).fill('rot n=40');
    await other.locator('[data-replay]').waitFor({ state: 'detached' });
    await settled('refuted', other);
    await other.waitForURL((url) => url.href !== link);
    await other.goBack();
    await other.getByText('recomputed here and agrees').waitFor();
    expect(await other.getByRole('textbox', { name: 'Stated recipe' }).inputValue()).toBe(
      'rot n=41',
    );
    expect(others).toEqual([]);
  });

  test('a stated digest that is not the computed one is told apart', async () => {
    await opened();
    await settled('refuted');
    const { claim, assets, digest } = JSON.parse(await copied('JSON'));
    const { encodeLink } = await import('../../web/src/engine/link.js');
    const flipped = (digest[0] === '0' ? '1' : '0') + digest.slice(1);
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, item]) => [key, sorted(item)]),
            )
          : value;
    const document = JSON.stringify(sorted({ claim, assets, digest: flipped }));
    const link = encodeLink(document, server.address);
    expect(link).not.toBeNull();
    await page.goto(link ?? '');
    await page.getByText('recomputed here and does not agree').waitFor();
    const notice = await page.locator('[data-replay="differs"]').textContent();
    expect(notice).toContain(flipped);
    expect(notice).toContain(digest);
    // What was computed here stands below it.
    await settled('refuted');
  });

  test('a changed link never passes, and leaves the page usable', async () => {
    await opened();
    await settled('refuted');
    const link = await copied('link');
    const at = link.length - 40;
    const other = link[at] === 'A' ? 'B' : 'A';
    for (const broken of [
      link.slice(0, at) + other + link.slice(at + 1),
      link.slice(0, -3),
      link.replace('v=1', 'v=9'),
      `${server.address}#/nowhere`,
    ]) {
      await page.goto(server.address);
      await settled('refuted');
      await page.goto(broken);
      await page.locator('[data-replay="unreadable"], [data-replay="differs"]').waitFor();
      expect(await page.getByText('agrees').count()).toBe(0);
    }
    await page.locator('[data-replay="unreadable"]').waitFor();
    await page.getByRole('button', { name: 'Open the worked case' }).click();
    await settled('refuted');
    expect(await name(1).inputValue()).toBe('houshou_marine');
    expect(await page.locator('[data-replay]').count()).toBe(0);
  });

  test('Markdown holds the verdict and the link', async () => {
    await opened();
    await settled('refuted');
    const markdown = await copied('Markdown');
    expect(markdown).toMatch(/^## Refuted/);
    expect(markdown).toContain(`${server.address}#/claim?v=1&c=`);
  });
});

describe('everybody', () => {
  test('the keyboard alone states a claim', async () => {
    await opened();
    await settled('refuted');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the verdict');
    // Forward to the first name, as somebody without a pointer would.
    for (
      let i = 0;
      i < 20 && !(await name(1).evaluate((it) => it === document.activeElement));
      ++i
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('hello');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('uryyb');
    await page.keyboard.press('Enter');
    await page.locator(':focus').and(name(2)).waitFor();
    await page.keyboard.type('world');
    await page.keyboard.press('Tab');
    await page.keyboard.type('jbeyq');
    // Remove and Add stand between the last cell and the recipe.
    for (const _ of [1, 2, 3]) await page.keyboard.press('Tab');
    await page.locator(':focus').and(recipe()).waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('rot n=13');
    await settled('reproduced');
  });

  test('nothing scrolls sideways, however narrow or long', async () => {
    const fits = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
      );
    for (const width of [320, 390, 768, 1024, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      await opened();
      await settled('refuted');
      await whole();
      expect(await fits(), `at ${width} px`).toBe(true);
    }
    await page.setViewportSize({ width: 390, height: 900 });
    await name(1).fill('x'.repeat(300));
    await tag(1).fill('👩‍👩‍👧 مرحبا');
    await settled('refuted');
    expect(await fits(), 'a long name').toBe(true);
  });

  test('a style or script in the text stays text', async () => {
    await opened();
    await settled('refuted');
    await name(1).fill('<img src=x onerror="document.title=1"><style>*{display:none}</style>');
    await settled('refuted');
    expect(await page.title()).not.toBe('1');
    expect(await card('recipe').isVisible()).toBe(true);
  });
});
