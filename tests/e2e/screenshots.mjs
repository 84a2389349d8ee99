// node tests/e2e/screenshots.mjs [FOLDER]: pictures of the built page. Without a folder
// only the README's (docs/screens); with one, all states, widths and schemes, whole
// pages, into it.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../../scripts/browser.mjs';
import { serve } from '../../scripts/serve.mjs';

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

const files = mkdtempSync(join(tmpdir(), 'tagscope-screens-'));
// The same bytes each time, so that the pictures change only with the page.
const bytesOf = (name, length) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${name} ${i}`).digest(),
    ),
    length,
  );
const names = ['debian-12.8.0-amd64-netinst.iso', 'lantern-v2.safetensors', 'photo 41.jpg'];
const paths = names.map((name, i) => {
  const path = join(files, name);
  writeFileSync(path, bytesOf(name, [3_400_000, 2_200_000, 480_000][i]));
  return path;
});
const sha256 = createHash('sha256').update(bytesOf(names[0], 3_400_000)).digest('hex');
const huge = join(files, 'backup.tar');
writeFileSync(huge, '');
truncateSync(huge, 64 * 1024 ** 3);

const table = `tag,category,count,alias
houshou_marine,4,12841,"marine,ahoy"
usada_pekora,4,11402,peko
gawr_gura,4,21077,shark
shirakami_fubuki,4,8120,fox
aua,5,3,
hatsune_miku,4,98213,miku
`;

async function verdict(page) {
  await page.locator('[data-state]').waitFor();
  await page.locator('.evidence[aria-busy="false"]').waitFor();
}

async function cut(page) {
  await page.locator('[data-tokens]').waitFor();
  await page.locator('[data-class="1"]:enabled').waitFor();
}

async function choose(page, chosen) {
  await page.getByLabel('Files', { exact: true }).setInputFiles(chosen);
}

async function one(page, expected) {
  await choose(page, paths.slice(0, 1));
  await page.locator('[data-digest="blake2sp"]').waitFor();
  await page.getByRole('textbox').fill(expected);
}

/** Pictures by name; those of the README first of each panel. */
const states = {
  claim: { fragment: '', prepare: verdict, readme: true },
  tokens: { fragment: '#/tokens', prepare: cut, readme: true },
  'tokens-prompt': {
    fragment: '#/tokens?text=a+(cat%3A1.3),+%5Bdog%5D+BREAK+a+photo&syntax=a1111&letters=4',
    prepare: cut,
  },
  'tokens-error': {
    fragment: '#/tokens?ids=320+x&tokenizer=cl100k',
    prepare: async (page) => {
      await page.getByRole('alert').waitFor();
    },
  },
  recipe: {
    fragment: '#/recipe',
    prepare: async (page) => {
      await page.locator('[data-recipe="made"]').waitFor();
    },
    readme: true,
  },
  'recipe-error': {
    fragment: '#/recipe?recipe=rot+n%3D13+%7C+blake3+size%3D70000+%7C+hex&text=houshou_marine',
    prepare: async (page) => {
      await page.locator('section.step.failed').waitFor();
    },
  },
  'recipe-find': {
    fragment: '#/recipe',
    prepare: async (page) => {
      await page.locator('[data-recipe="made"]').waitFor();
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('combobox', { name: /method/ }).fill('caesar');
    },
  },
  similarity: {
    fragment: '#/similarity',
    prepare: async (page) => {
      await page.locator('[data-model]').first().waitFor();
      await page.locator('[data-p]').waitFor();
    },
    readme: true,
  },
  tags: {
    fragment: '#/tags',
    prepare: async (page) => {
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles({ name: 'tags.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
      await page.getByText('usada_pekora').first().waitFor();
    },
    readme: true,
  },
  'tags-empty': { fragment: '#/tags', prepare: async () => {} },
  privacy: { fragment: '#/privacy', prepare: async () => {}, readme: true },
  digests: {
    fragment: '#/digests',
    prepare: async (page) => {
      await one(page, sha256);
      await page.locator('[data-standing="match"]').waitFor();
    },
    readme: true,
  },
  'digests-empty': { fragment: '#/digests', prepare: async () => {} },
  'digests-mismatch': {
    fragment: '#/digests',
    prepare: async (page) => {
      await one(
        page,
        sha256.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      );
      await page.locator('[data-standing="mismatch"]').waitFor();
    },
  },
  'digests-several': {
    fragment: '#/digests',
    prepare: async (page) => {
      await choose(page, paths);
      await page.locator('[data-file-state="done"]').nth(2).waitFor();
      await page.getByRole('textbox').fill(`${sha256}  ${names[0]}\n${sha256}  ${names[2]}\n`);
      await page.locator('[data-standing="mismatch"]').waitFor();
    },
  },
  'digests-running': {
    fragment: '#/digests',
    prepare: async (page) => {
      await choose(page, [...paths, huge]);
      await page.getByText(/ left$/).waitFor();
    },
  },
};

const server = await serve({ prefix: '/tagscope/', port: 0 });
const browser = await launchBrowser();
try {
  for (const { width, height, scheme, fullPage } of shots) {
    for (const [name, { fragment, prepare, readme }] of Object.entries(states)) {
      if (folder === undefined && !readme) continue;
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
      await page.goto(server.address + fragment);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await prepare(page);
      await page.evaluate(() => document.activeElement?.blur());
      await page.evaluate(() => document.fonts.ready);
      // The fade of the evidence is over once its animations have finished.
      await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)));
      await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), fullPage });
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(files, { recursive: true });
}
