/** The Digests panel in a real browser: what it computes, and what it says of it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumTest, NO_DROP, NO_SHIFTS, savedBy } from './browser.js';
import { CLIPBOARD, context, freshPages, page, server } from './panel-page.js';

freshPages({ permissions: CLIPBOARD });

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-digests-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file below the test's folder. */
function written(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** A file of holes: as large as is said, and on no disk. */
function sparse(name: string, bytes: number): string {
  const path = written(name, '');
  truncateSync(path, bytes);
  return path;
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const md5 = (bytes: string | Uint8Array) => createHash('md5').update(bytes).digest('hex');

async function opened(fragment = '#/digests'): Promise<void> {
  await page.goto(server.address + fragment);
  await page.getByRole('heading', { level: 1, name: 'Is this the file it should be?' }).waitFor();
}

async function choose(...paths: string[]): Promise<void> {
  await page.getByLabel('Files', { exact: true }).setInputFiles(paths);
}

/** Drops files or folders on the page, as a file manager does. */
async function drop(...paths: string[]): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 600, data });
  }
  await page.getByText('Drop to read').waitFor();
  await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: 300, y: 600, data });
  await page.getByText('Drop to read').waitFor({ state: 'detached' });
}

const expected = () => page.getByRole('textbox', { name: 'Expected digest or checksum file' });
const standing = (state: string) => page.locator(`[data-standing="${state}"]`);
const reading = () => page.locator('[data-reading]');
const digest = (id: string) => page.locator(`[data-digest="${id}"]`);
const row = (path: string) => page.locator(`[data-file="${path}"]`);
const done = (path: string) => row(path).and(page.locator('[data-file-state="done"]'));
const hexOf = async (id: string) => (await digest(id).locator('td').nth(0).textContent())?.trim();
const base64Of = async (id: string) =>
  (await digest(id).locator('td').nth(1).textContent())?.trim();
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

async function said(text: string): Promise<void> {
  await page.locator('.said.seen').getByText(text).waitFor();
}

async function isFocused(target: Locator): Promise<boolean> {
  return (await target.count()) === 1 && target.evaluate((it) => it === document.activeElement);
}

/** Presses Tab until the element has the focus. */
async function tabTo(target: Locator): Promise<void> {
  for (let i = 0; i < 60; ++i) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

describe('one file', () => {
  test('has the digests that Node computes, and says what they are fit for', async () => {
    const bytes = randomBytes(5_000_001);
    const path = written('one.bin', bytes);
    await opened();
    await choose(path);
    await digest('blake2sp').waitFor();
    expect(await hexOf('crc32')).toBe(crc32(bytes).toString(16).padStart(8, '0').toUpperCase());
    for (const id of ['sha1', 'sha256']) {
      const hash = createHash(id).update(bytes).digest();
      expect(await hexOf(id)).toBe(hash.toString('hex').toUpperCase());
      expect(await base64Of(id)).toBe(hash.toString('base64'));
    }
    await page.getByText('5,000,001 bytes, 4.77 MiB').waitFor();
    expect(await digest('crc32').locator('[data-fit]').getAttribute('data-fit')).toBe('integrity');
    expect(await digest('sha1').textContent()).toContain('collisions can be made');
    expect(await digest('sha256').locator('[data-fit]').getAttribute('data-fit')).toBe('security');
  });

  test('of no bytes has digests too', async () => {
    await opened();
    await choose(written('empty', ''));
    await digest('sha256').waitFor();
    expect(await hexOf('sha256')).toBe(sha256('').toUpperCase());
  });

  test('copies hex and Base64, and says so', async () => {
    await opened();
    await choose(written('copy.txt', 'copy'));
    await digest('sha256').waitFor();
    await page.getByRole('button', { name: 'Copy SHA256 as hex' }).click();
    await said('SHA256 copied');
    expect(await clipboard()).toBe(sha256('copy').toUpperCase());
    await page.getByRole('button', { name: 'Copy SHA256 as Base64' }).click();
    await said('SHA256 as Base64 copied');
    expect(await clipboard()).toBe(createHash('sha256').update('copy').digest('base64'));
  });

  test('of a model has checkpoint hashes, and those that it declares are checked', async () => {
    const content = randomBytes(2_400_000);
    const header = Buffer.from(
      JSON.stringify({
        __metadata__: {
          'modelspec.hash_sha256': `0x${sha256(content)}`,
          sshs_model_hash: sha256('another'),
        },
        t: { dtype: 'U8', shape: [content.length], data_offsets: [0, content.length] },
      }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const bytes = Buffer.concat([length, header, content]);
    await opened();
    await choose(written('model.safetensors', bytes));
    const hash = async (id: string) =>
      (await page.locator(`[data-hash="${id}"] td`).textContent())?.trim();
    await page.locator('[data-hash="blake3"]').waitFor();
    expect(await hash('autov1')).toBe(
      sha256(bytes.subarray(0x100000, 0x110000)).slice(0, 8).toUpperCase(),
    );
    expect(await hash('autov2')).toBe(sha256(bytes).slice(0, 10).toUpperCase());
    expect(await hash('autov3')).toBe(sha256(content).slice(0, 12).toUpperCase());
    expect(await page.locator('[data-declared="modelspec.hash_sha256"]').textContent()).toContain(
      'agrees with the bytes',
    );
    expect(await page.locator('[data-declared="sshs_model_hash"]').textContent()).toContain(
      'does not agree with the bytes',
    );
    // A short hash from a site is recognised.
    await expected().fill(sha256(content).slice(0, 12));
    await standing('match').waitFor();
    await page.getByText('The AutoV3 of model.safetensors is the expected digest.').waitFor();
    await page.getByText('protects it from nothing').waitFor();
  });
});

describe('the settings', () => {
  test('stand in the address and survive a reload, but the files do not', async () => {
    await opened();
    await choose(written('settings.txt', 'settings'));
    await digest('sha256').waitFor();
    await page.getByRole('radio', { name: 'Lower case' }).check();
    expect(await hexOf('sha256')).toBe(sha256('settings'));
    await page.locator('summary').filter({ hasText: 'Digests' }).click();
    await page.getByRole('checkbox', { name: 'MD5' }).check();
    await page.getByRole('checkbox', { name: 'CRC64', exact: true }).uncheck();
    await digest('md5').waitFor();
    expect(await digest('crc64').count()).toBe(0);
    const fragment = '#/digests?only=crc32,md5,sha1,sha256,blake2sp&case=lower';
    expect(new URL(page.url()).hash).toBe(fragment);

    await page.reload();
    await page.getByRole('heading', { name: 'Is this the file it should be?' }).waitFor();
    await choose(written('settings.txt', 'settings'));
    await digest('md5').waitFor();
    expect(await hexOf('md5')).toBe(md5('settings'));
    expect(await digest('crc64').count()).toBe(0);
    // Setting is no place to go back to.
    expect(new URL(page.url()).hash).toBe(fragment);
  });

  test('all digests are what the catalog has', async () => {
    await opened('#/digests?only=all');
    await choose(written('all.txt', 'all'));
    await digest('sha512').waitFor();
    expect(await page.locator('[data-digest]').count()).toBeGreaterThan(15);
    expect(await page.locator('[data-digest]:not(:has([data-fit]))').count()).toBe(0);
    const hash = createHash('sha512').update('all').digest('hex');
    expect(await hexOf('sha512')).toBe(hash.toUpperCase());
  });
});

describe('several files', () => {
  test('have a row each, which opens, copies and goes', async () => {
    const files = ['a', 'b', 'c'].map((name) => written(`rows/${name}.txt`, name));
    await opened();
    await choose(...files);
    await done('c.txt').waitFor();
    for (const name of ['a', 'b', 'c']) await done(`${name}.txt`).waitFor();

    // Elided, but whole for the ear, the eye and the clipboard.
    const whole = sha256('b').toUpperCase();
    const cell = row('b.txt').getByRole('button', { name: `${whole.slice(-4)}: ${whole}` });
    expect(await cell.textContent()).toBe(`${whole.slice(0, 4)}…${whole.slice(-4)}`);
    await cell.focus();
    await page.locator('.whole').getByText('SHA256 of b.txt').waitFor();
    expect(await page.locator('.whole .digits').textContent()).toBe(whole);
    await cell.click();
    await said('SHA256 of b.txt copied');
    expect(await clipboard()).toBe(whole);

    await row('a.txt').getByRole('button', { name: 'a.txt', exact: true }).click();
    await digest('sha256').waitFor();
    expect(await hexOf('sha256')).toBe(sha256('a').toUpperCase());
    await page.getByRole('button', { name: 'Remove b.txt' }).click();
    await row('b.txt').waitFor({ state: 'detached' });
    // The same file is not taken twice.
    await choose(...files);
    await done('b.txt').waitFor();
    expect(await page.locator('[data-file]').count()).toBe(3);
  });

  chromiumTest('Firefox’s driver chooses no folders')(
    'of a chosen folder come with their paths, in order',
    async () => {
      written('tree/x10.txt', '10');
      written('tree/x9.txt', '9');
      written('tree/sub/y.txt', 'y');
      await opened();
      await page.getByLabel('Folder', { exact: true }).setInputFiles(join(folder, 'tree'));
      await done('tree/x10.txt').waitFor();
      const paths = await page
        .locator('[data-file]')
        .evaluateAll((rows) => rows.map((it) => it.getAttribute('data-file')));
      expect(paths).toEqual(['tree/sub/y.txt', 'tree/x9.txt', 'tree/x10.txt']);
    },
  );

  chromiumTest(NO_DROP)('and folders are dropped anywhere', async () => {
    // More than a directory reader hands over at once.
    for (let i = 0; i < 120; ++i) written(`dropped/many/${i}.txt`, String(i));
    const single = written('single.txt', 'single');
    await opened();
    await drop(join(folder, 'dropped'), single);
    await done('single.txt').waitFor();
    await done('dropped/many/119.txt').waitFor();
    expect(await page.locator('[data-file]').count()).toBe(121);
    const whole = sha256('119').toUpperCase();
    await row('dropped/many/119.txt').getByRole('button', { name: whole }).waitFor();
  });

  test('leave as files that others read', async () => {
    await opened();
    await choose(written('out/a.txt', 'a'), written('out/b.txt', 'b'));
    await done('a.txt').waitFor();
    await done('b.txt').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await said('sha256sum lines copied');
    expect(await clipboard()).toBe(`${sha256('a')}  a.txt\n${sha256('b')}  b.txt\n`);

    await page.getByLabel('Form').selectOption('sfv');
    const { name, text } = await savedBy(page, () =>
      page.getByRole('button', { name: 'Download' }).click(),
    );
    expect(name).toBe('checksums.sfv');
    expect(text).toContain(`a.txt ${crc32('a').toString(16).toUpperCase()}`);

    await page.getByLabel('Form').selectOption('json');
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await said('JSON copied');
    const [first] = JSON.parse(await clipboard());
    expect(first).toMatchObject({ name: 'a.txt', size: 1 });
    expect(first.digests.sha256.hex).toBe(sha256('a'));
  });
});

describe('checking', () => {
  test('a match is unmistakable, in words and shape', async () => {
    await opened();
    await choose(written('check.iso', 'check'));
    await digest('sha256').waitFor();
    await expected().fill(sha256('check'));
    await standing('match').waitFor();
    expect(await standing('match').textContent()).toContain('Match');
    expect(await standing('match').locator('svg').count()).toBe(1);
    expect(await digest('sha256').textContent()).toContain('as expected');
  });

  test('a mismatch shows both, and marks what differs', async () => {
    await opened();
    await choose(written('check.iso', 'check'));
    await digest('sha1').waitFor();
    const right = createHash('sha1').update('check').digest('hex');
    const wrong = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`;
    await expected().fill(wrong);
    await standing('mismatch').waitFor();
    expect(await standing('mismatch').textContent()).toContain('not the SHA1 of check.iso');
    expect(await standing('mismatch').locator('b').allTextContents()).toEqual([
      wrong.slice(-1).toUpperCase(),
      right.slice(-1).toUpperCase(),
    ]);
    await page.getByText('1 of 40 digits differs: the 40th.').waitFor();
    await page
      .getByRole('img', {
        name: `Expected ${wrong.toUpperCase()}, computed ${right.toUpperCase()}`,
      })
      .waitFor();
  });

  test('what is needed and not chosen is computed', async () => {
    await opened();
    await expected().fill(md5('needed'));
    expect(await reading().textContent()).toBe('32 hex digits: MD5.');
    await choose(written('needed', 'needed'));
    await standing('match').waitFor();
    await digest('md5').waitFor();
    // The choice is as it was.
    expect(new URL(page.url()).hash).toBe('#/digests');
    await expected().fill('');
    await digest('md5').waitFor({ state: 'detached' });
  });

  test('a form that could be several says which, and each is tried', async () => {
    await opened('#/digests?only=sha256');
    await choose(written('ambiguous', 'ambiguous'));
    await digest('sha256').waitFor();
    const hash = createHash('blake2s256').update('ambiguous').digest('hex');
    await expected().fill(hash);
    await standing('match').waitFor();
    expect(await reading().textContent()).toMatch(/could be SHA256.* or .*each is tried/);
    expect(await standing('match').textContent()).toContain('BLAKE2s of ambiguous');
    await expected().fill('0123456789abcdef'.repeat(4));
    await standing('mismatch').waitFor();
    expect(await standing('mismatch').textContent()).toContain('neither the SHA256');
    await expected().fill('not a digest');
    await reading().and(page.locator('.failure')).waitFor();
    expect(await expected().getAttribute('aria-invalid')).toBe('true');
  });

  chromiumTest(NO_DROP)('a checksum file that is dropped is compared by name', async () => {
    const texts = { 'a.txt': 'a', 'b.txt': 'b' };
    for (const [name, text] of Object.entries(texts)) written(`listed/${name}`, text);
    written('listed/other.txt', 'other');
    written(
      'listed/SHA256SUMS',
      `${sha256('a')}  a.txt\n${sha256('wrong')} *b.txt\n${sha256('c')}  c.txt\n`,
    );
    await opened();
    await drop(join(folder, 'listed'));
    await standing('mismatch').waitFor();
    const check = (name: string) => row(`listed/${name}`).locator('[data-check]').textContent();
    expect((await check('a.txt'))?.trim()).toBe('matches');
    expect((await check('b.txt'))?.trim()).toBe('differs');
    expect((await check('other.txt'))?.trim()).toBe('not listed');
    expect(await page.locator('[data-file]').count()).toBe(3);
    expect(await standing('mismatch').textContent()).toContain(
      'listed/b.txt differs from what is listed',
    );
    await page.getByRole('heading', { name: 'Listed, but not here' }).waitFor();
    await page.locator('.absent').getByText('c.txt').waitFor();
  });

  chromiumTest(NO_DROP)('a checksum file beside each file is compared with it', async () => {
    for (const name of ['one', 'two']) {
      written(`each/${name}.iso`, name);
      written(`each/${name}.iso.sha1`, createHash('sha1').update(name).digest('hex'));
    }
    await opened();
    await drop(join(folder, 'each'));
    await standing('match').waitFor();
    expect(await standing('match').textContent()).toContain('All 2 files match.');
    expect(await reading().textContent()).toBe('2 checksum files: 2 lines.');
    expect(await page.locator('[data-file]').count()).toBe(2);
  });

  test('a checksum file is chosen beside the field, or pasted anywhere', async () => {
    const path = written('chosen.md5', `${md5('x')}  x.txt\n`);
    await opened();
    await choose(written('x.txt', 'x'));
    await digest('sha256').waitFor();
    await page.getByLabel('Checksum file', { exact: true }).setInputFiles(path);
    await standing('match').waitFor();
    expect(await reading().textContent()).toContain('chosen.md5: 1 line');
    await page.getByRole('button', { name: 'Clear' }).click();
    await standing('match').waitFor({ state: 'detached' });

    await page.evaluate((text) => navigator.clipboard.writeText(text), sha256('x'));
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('ControlOrMeta+V');
    await standing('match').waitFor();
    expect(await expected().inputValue()).toBe(sha256('x'));
  });
});

describe('long work', () => {
  const HUGE = 64 * 1024 ** 3;

  test('shows how far it is, and can be given up for one file or for all', async () => {
    await opened();
    await choose(sparse('huge/one', HUGE), sparse('huge/two', HUGE), written('small', 'small'));
    await page.getByRole('progressbar', { name: 'Reading', exact: true }).waitFor();
    await page.getByText(/ of 128 GiB .* left/).waitFor();
    const stopped = (name: string) =>
      row(name).and(page.locator('[data-file-state="stopped"]')).waitFor();
    await page.getByRole('button', { name: 'Cancel one' }).click();
    await stopped('one');
    // The others go on, and more can be added meanwhile.
    await choose(written('later', 'later'));
    await done('small').waitFor();
    await page.getByRole('button', { name: 'Cancel two' }).click();
    await stopped('two');
    await done('later').waitFor();
    await page.getByRole('progressbar').first().waitFor({ state: 'detached' });

    await row('one').getByRole('button', { name: 'Read again' }).click();
    await row('two').getByRole('button', { name: 'Read again' }).click();
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await stopped('one');
    await stopped('two');
    await page.getByRole('button', { name: 'Remove all 4' }).click();
    await page.getByRole('heading', { name: 'Is this the file it should be?' }).waitFor();
  });

  chromiumTest(NO_SHIFTS)('moves nothing when its progress appears', async () => {
    await page.addInitScript(() => {
      const seen = window as unknown as { shifts: number };
      seen.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          seen.shifts += (entry as unknown as { value: number }).value;
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const paths = [sparse('huge/one', HUGE), sparse('huge/two', HUGE)];
    for (const width of [390, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto('about:blank');
      await opened();
      await page.evaluate(() => document.fonts.ready);
      await choose(...paths);
      await row('two').waitFor();
      await page.evaluate(() => {
        (window as unknown as { shifts: number }).shifts = 0;
      });
      await page.getByText(/ of 128 GiB .* left/).waitFor();
      await page.getByRole('progressbar', { name: 'Reading one' }).waitFor();
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const shifts = await page.evaluate(() => (window as unknown as { shifts: number }).shifts);
      expect(shifts, `at ${width} px`).toBeLessThan(0.005);
      await page.getByRole('button', { name: 'Remove all 2' }).click();
    }
  });

  test('goes on beside another panel', async () => {
    await opened();
    await choose(written('beside', 'beside'));
    await digest('sha256').waitFor();
    await page.getByRole('link', { name: 'Claim' }).click();
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
    expect(await page.getByRole('link', { name: 'Claim' }).getAttribute('aria-current')).toBe(
      'page',
    );
    await page.goBack();
    await digest('sha256').waitFor();
    await page.goForward();
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
  });

  test('a file that was changed since it was chosen is one clear line', async () => {
    const path = sparse('changed', HUGE);
    await opened();
    await choose(path, written('whole', 'whole'));
    await row('changed').and(page.locator('[data-file-state="reading"]')).waitFor();
    truncateSync(path, 1000);
    const failure = row('changed').getByRole('alert');
    await failure.waitFor();
    expect(await failure.textContent()).toContain('file-changed');
    await done('whole').waitFor();
  });

  test('a file that vanished is told at once', async () => {
    const path = written('gone', 'gone');
    await opened();
    await choose(path, written('still', 'still'));
    await done('gone').waitFor();
    rmSync(path);
    await page.locator('summary').filter({ hasText: 'Digests' }).click();
    await page.getByRole('checkbox', { name: 'MD5' }).check();
    const failure = row('gone').getByRole('alert');
    await failure.waitFor();
    expect(await failure.textContent()).toContain('not-found');
    await row('still').getByRole('button', { name: 'Copy MD5 of still' }).waitFor();
  });
});

describe('everybody', () => {
  test('the panel is a chunk of its own, which the claim does not load', async () => {
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(server.address);
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
    expect(loaded.filter((path) => /digests-[\w-]+\.css$/.test(path))).toEqual([]);
    await page.getByRole('link', { name: 'Digests' }).click();
    await page.getByRole('heading', { name: 'Is this the file it should be?' }).waitFor();
    expect(loaded.filter((path) => /digests-[\w-]+\.css$/.test(path))).toHaveLength(1);
  });

  test('an edited claim is there again when one comes back', async () => {
    await page.goto(server.address);
    await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
    const recipe = page.getByRole('textbox', { name: 'Stated recipe' });
    await recipe.fill('rot n=41');
    await page.waitForURL(/#\/claim\?v=1/);
    const link = page.url();
    await page.getByRole('link', { name: 'Digests' }).click();
    await page.getByRole('heading', { name: 'Is this the file it should be?' }).waitFor();
    await page.getByRole('link', { name: 'Claim' }).click();
    expect(await recipe.inputValue()).toBe('rot n=41');
    expect(page.url()).toBe(link);
    // It was not opened anew, so it is no replay.
    expect(await page.locator('[data-replay]').count()).toBe(0);
  });

  test('the keyboard alone chooses a file, checks it and copies a digest', async () => {
    const path = written('keys.txt', 'keys');
    await opened();
    // Long before the key: the browser may act on it before it knows that somebody waits.
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toContain('Skip to the files');
    await tabTo(page.getByRole('button', { name: 'Choose files' }));
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(path);
    await digest('sha256').waitFor();
    await tabTo(expected());
    await page.keyboard.type(sha256('keys'));
    await standing('match').waitFor();
    await tabTo(page.getByRole('button', { name: 'Copy SHA256 as hex' }));
    await page.keyboard.press('Enter');
    await said('SHA256 copied');
    expect(await clipboard()).toBe(sha256('keys').toUpperCase());
  });

  test('nothing scrolls sideways, however narrow or long', async () => {
    const fits = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
      );
    const long = written(`narrow/${'a-very-long-name'.repeat(12)}.iso`, 'long');
    const model = written('narrow/model.bin', 'model');
    for (const width of [320, 390, 768, 1024, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto('about:blank');
      await opened('#/digests?only=all');
      expect(await fits(), `empty at ${width} px`).toBe(true);
      await choose(long);
      await digest('sha512').waitFor();
      await expected().fill('0'.repeat(128));
      await standing('mismatch').waitFor();
      expect(await fits(), `one file at ${width} px`).toBe(true);
      await choose(model);
      await done('model.bin').waitFor();
      await row('model.bin').getByRole('button', { name: 'model.bin', exact: true }).click();
      await page.locator('[data-checkpoint]').waitFor();
      expect(await fits(), `two files at ${width} px`).toBe(true);
    }
  });

  test('every control has a name, and every id is there once', async () => {
    await opened();
    await choose(written('names/a.bin', 'a'), written('names/b.txt', 'b'));
    await done('a.bin').waitFor();
    await done('b.txt').waitFor();
    for (const button of await page.locator('.row .name').all()) await button.click();
    await page.locator('[data-checkpoint]').waitFor();
    await expected().fill(sha256('b'));
    await standing('match').waitFor();
    const wrong = await page.evaluate(() => {
      const ids = Array.from(document.querySelectorAll('[id]'), ({ id }) => id);
      const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
      const nameless = Array.from(
        document.querySelectorAll<HTMLElement>('button, input:not([hidden]), select, textarea, a'),
      ).filter((control) => {
        const labels = 'labels' in control ? (control.labels as NodeListOf<Element> | null) : null;
        const name =
          (control.getAttribute('aria-label') ?? '') +
          (control.textContent ?? '') +
          Array.from(labels ?? [], (label) => label.textContent).join('');
        return name.trim() === '';
      });
      const pointing = Array.from(
        document.querySelectorAll('[aria-labelledby], [aria-describedby]'),
      ).flatMap((it) =>
        `${it.getAttribute('aria-labelledby') ?? ''} ${it.getAttribute('aria-describedby') ?? ''}`
          .split(' ')
          .filter((id) => id !== '' && document.getElementById(id) === null),
      );
      return { twice, nameless: nameless.map((it) => it.outerHTML), pointing };
    });
    expect(wrong).toEqual({ twice: [], nameless: [], pointing: [] });
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.locator('nav [aria-current="page"]').textContent()).toBe('Digests');
  });

  test('a name that is markup stays text', async () => {
    const path = written('<img src=x onerror=alert(1)>.txt', 'markup');
    await opened();
    await choose(path);
    await digest('sha256').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await page.getByRole('heading', { level: 1 }).getByText('<img src=x').waitFor();
  });
});
