// lib/browser/tagscope.js: the engine for a plain <script type="module">, with its Workers and
// the packages that it imports. Bundlers take lib/engine instead.
//
//   node scripts/bundle-browser.mjs
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { main, top } from './command.mjs';

/** All files lie in one folder, so that the assets are ../core for each of them. */
const names = {
  entryFileNames: 'tagscope.js',
  chunkFileNames: '[name]-[hash].js',
  assetFileNames: '[name]-[hash][extname]',
};

export async function bundleBrowser() {
  await build({
    configFile: false,
    root: top,
    base: './',
    publicDir: false,
    logLevel: 'warn',
    worker: {
      format: 'es',
      rollupOptions: { output: { ...names, entryFileNames: '[name]-[hash].js' } },
    },
    build: {
      outDir: join(top, 'lib/browser'),
      emptyOutDir: true,
      target: 'esnext',
      modulePreload: false,
      assetsInlineLimit: 0,
      rollupOptions: {
        input: join(top, 'lib/engine/browser.js'),
        preserveEntrySignatures: 'strict',
        output: names,
      },
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(bundleBrowser);
