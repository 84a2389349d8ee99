/** Shared text and files that the system opens with the installed page. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CLIPBOARD, freshPages, page, server } from './panel-page.js';

freshPages({ serviceWorkers: 'allow', permissions: CLIPBOARD });

test('shared text is cut into tokens, and leaves the address', async () => {
  await page.goto(`${server.address}?title=&text=aua`);
  await page.locator('[data-tokens="1"]').waitFor();
  expect(page.url()).toBe(`${server.address}#/tokens?text=aua`);
});

test('other queries change nothing', async () => {
  await page.goto(`${server.address}?utm=1`);
  await page.locator('[data-state="refuted"]').waitFor();
});

/** As the system's share sheet does; the page itself may send no forms. */
async function share(fields: Record<string, string>, files: Record<string, string>): Promise<void> {
  await page.goto(server.address);
  await page.locator('[data-state="refuted"]').waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  await page.goto('about:blank');
  await page.evaluate(
    ({ address, fields, files }) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: address });
      for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement('input'), { name, value }));
      }
      const held = new DataTransfer();
      for (const [name, text] of Object.entries(files)) held.items.add(new File([text], name));
      const input = Object.assign(document.createElement('input'), { name: 'files', type: 'file' });
      input.multiple = true;
      input.files = held.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    { address: server.address, fields, files },
  );
}

test('what is shared by a form is a text, or files for their panels', async () => {
  await share({ title: '', text: 'aua' }, {});
  await page.locator('[data-tokens="1"]').waitFor();
  expect(page.url()).toBe(`${server.address}#/tokens?text=aua`);
  // A link that is made from here holds nothing of how the page was opened.
  await page.getByRole('button', { name: 'to Claim' }).click();
  await page.getByLabel('Name 1', { exact: true }).fill('hello');
  await page.locator('[data-state]:not(.stale)').waitFor();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('status').getByText('copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.slice(0, link.indexOf('?'))).toBe(`${server.address}#/claim`);
  await share({}, { 'é 1.iso': 'abc' });
  await page.getByText('é 1.iso').first().waitFor();
  await page.getByText(createHash('sha256').update('abc').digest('hex')).first().waitFor();
  expect(page.url()).toContain('#/digests');
  // It is kept no longer.
  expect(await page.evaluate(() => caches.keys())).toEqual([
    expect.stringMatching(/^tagscope http/),
  ]);
});

test('a file for which there was no room is told', async () => {
  await page.goto(`${server.address}?shared=2`);
  await page.getByRole('alert').filter({ hasText: '2 shared files could not be kept' }).waitFor();
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
