/** Shared text and files that the system opens with the installed page. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { freshPages, page, server } from './panel-page.js';

freshPages();

test('shared text is cut into tokens, and leaves the address', async () => {
  await page.goto(`${server.address}?title=&text=aua`);
  await page.locator('[data-tokens="1"]').waitFor();
  expect(page.url()).toBe(`${server.address}#/tokens?text=aua`);
});

test('other queries change nothing', async () => {
  await page.goto(`${server.address}?utm=1`);
  await page.locator('[data-state="refuted"]').waitFor();
});

test('files go to the panels that are for them', async () => {
  // A browser without a desktop opens no files with a page: its queue is played.
  await page.addInitScript(() => {
    const played = {
      setConsumer(consume: unknown) {
        Object.assign(window, { launched: consume });
      },
    };
    Object.defineProperty(window, 'launchQueue', { value: played });
  });
  await page.goto(server.address);
  await page.locator('[data-state="refuted"]').waitFor();
  await page.waitForFunction(() => 'launched' in window);
  await page.evaluate(() => {
    const file = new File(['abc'], 'disc.iso');
    const { launched } = window as unknown as { launched: (launch: unknown) => void };
    launched({ files: [{ getFile: async () => file }] });
  });
  await page.getByText(createHash('sha256').update('abc').digest('hex')).first().waitFor();
  await page.evaluate(() => {
    const file = new File(['name,tag\nhello,uryyb\n'], 'tags.csv');
    const { launched } = window as unknown as { launched: (launch: unknown) => void };
    launched({ files: [{ getFile: async () => file }] });
  });
  await page.locator('[data-rows]').waitFor();
  expect(page.url()).toContain('#/tags');
  await page.goBack();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  expect(page.url()).toContain('#/digests');
});
