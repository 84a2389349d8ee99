// node tests/e2e/screenshots.mjs [FOLDER]: pictures of the built page. Without a folder
// only the README's (docs/screens/claim-1024-light.png); with one, all widths and
// schemes, whole pages, into it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../../scripts/serve.mjs';
import { findBrowser } from '../../scripts/toolchain.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.argv[2];
const shots =
  folder === undefined
    ? [{ width: 1024, height: 1000, scheme: 'light', fullPage: false }]
    : [390, 1024, 1600].flatMap((width) =>
        ['light', 'dark'].map((scheme) => ({ width, height: 900, scheme, fullPage: true })),
      );
const out = folder ?? join(top, 'docs/screens');
mkdirSync(out, { recursive: true });

const server = await serve({ prefix: '/tagscope/', port: 0 });
const browser = await chromium.launch({
  executablePath: await findBrowser(),
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const { width, height, scheme, fullPage } of shots) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(server.address);
    await page.locator('[data-state]').waitFor();
    await page.evaluate(() => document.fonts.ready);
    // The fade of the evidence is over once its animations have finished.
    await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)));
    await page.screenshot({ path: join(out, `claim-${width}-${scheme}.png`), fullPage });
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
