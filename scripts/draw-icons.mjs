// node scripts/draw-icons.mjs: draws web/public/icons, for those who install the page, from its
// favicon.svg. They are committed; run it when the mark changes.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { main, say, top } from './command.mjs';

const folder = join(top, 'web/public/icons');

const mark = readFileSync(join(top, 'web/public/favicon.svg'), 'utf8');
const ground = /<rect [^>]*fill="(#[0-9a-f]+)"/.exec(mark)?.[1];
if (ground === undefined) throw new Error('favicon.svg has no ground');

// A maskable icon is cut to any shape around the middle 80 %, so its ground reaches the edges.
const ICONS = [
  { name: 'icon-192.png', size: 192, maskable: false },
  { name: 'icon-512.png', size: 512, maskable: false },
  { name: 'icon-maskable-512.png', size: 512, maskable: true },
];

await main(async () => {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    for (const { name, size, maskable } of ICONS) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      const inner = maskable ? Math.round(size * 0.8) : size;
      await page.setContent(
        `<style>html{height:100%;background:${maskable ? ground : 'transparent'}}
        body{margin:0;height:100%;display:grid;place-items:center}
        svg{width:${inner}px;height:${inner}px}</style>${mark}`,
      );
      await page.screenshot({ path: join(folder, name), omitBackground: true });
      await page.close();
      say(`Drew ${name}`);
    }
  } finally {
    await browser.close();
  }
});
