import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const top = dirname(fileURLToPath(import.meta.url));

/** What the page fetches beside its own scripts: the core and the assets it reads. */
const coreFiles = {
  'tagscope.mjs': { path: join(top, 'build/wasm/tagscope.mjs'), type: 'text/javascript' },
  'tagscope.wasm': { path: join(top, 'build/wasm/tagscope.wasm'), type: 'application/wasm' },
  'clip.vocab': { path: join(top, 'build/assets/clip.vocab'), type: 'application/octet-stream' },
};

/**
 * Lays the core beside the page as core/NAME, where the worker fetches it.
 * `__CORE_VERSION__` is a hash of all of them, for `core/NAME?v=…`: a cache can
 * then never pair an old core with a new page.
 */
function core(): Plugin {
  const version = () => {
    const hash = createHash('sha256');
    for (const { path } of Object.values(coreFiles))
      hash.update(existsSync(path) ? readFileSync(path) : '');
    return hash.digest('hex').slice(0, 16);
  };
  return {
    name: 'tagscope-core',
    config: () => ({ define: { __CORE_VERSION__: JSON.stringify(version()) } }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /^\/core\/([^?]+)/.exec(request.url ?? '')?.[1];
        const file = coreFiles[name as keyof typeof coreFiles];
        if (!file) return next();
        response.setHeader('Content-Type', file.type);
        createReadStream(file.path).on('error', next).pipe(response);
      });
    },
    generateBundle() {
      // The worker is a bundle of its own and passes here too; the page's run is the one that counts.
      if (this.environment.config.isWorker) return;
      for (const [name, { path }] of Object.entries(coreFiles)) {
        this.emitFile({ type: 'asset', fileName: `core/${name}`, source: readFileSync(path) });
      }
    },
  };
}

export default defineConfig({
  root: join(top, 'web'),
  // Relative, so that dist/ runs under any path.
  base: './',
  plugins: [svelte(), core()],
  worker: { format: 'es' },
  build: {
    outDir: join(top, 'dist'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the page's policy refuses.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1' },
});
