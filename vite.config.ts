import { createHash } from 'node:crypto';
import { cpSync, createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { CORE_FILES, RUNTIME_FILES, RUNTIME_FOLDER } from './scripts/build.mjs';

const top = dirname(fileURLToPath(import.meta.url));

const TYPES: Record<string, string> = {
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.vocab': 'application/octet-stream',
  '.json': 'application/json',
};

/** What the page fetches beside its own scripts: the modules and the assets they read. */
const coreFiles = Object.fromEntries(
  Object.entries(CORE_FILES).map(([name, path]) => [
    name,
    { path: join(top, path), type: TYPES[extname(name)] ?? 'application/octet-stream' },
  ]),
);

/** A hash of the core's files: the page asks for core/NAME?v=HASH. */
function coreVersion(): string {
  const hash = createHash('sha256');
  for (const { path } of Object.values(coreFiles))
    hash.update(existsSync(path) ? readFileSync(path) : '');
  return hash.digest('hex').slice(0, 16);
}

/**
 * Lays the core beside the page as core/NAME, where the worker fetches it.
 * `__CORE_VERSION__` is a hash of all of them, for `core/NAME?v=…`: a cache can
 * then never pair an old core with a new page.
 */
function core(): Plugin {
  return {
    name: 'tagscope-core',
    config: () => ({ define: { __CORE_VERSION__: JSON.stringify(coreVersion()) } }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /^\/core\/([^?]+)/.exec(request.url ?? '')?.[1];
        const file = coreFiles[name ?? ''];
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

/** Lays onnxruntime-web beside the page as ort/NAME: large, and fetched only with an encoder. */
function runtime(): Plugin {
  let outDir = '';
  return {
    name: 'tagscope-runtime',
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /^\/ort\/([^?]+)/.exec(request.url ?? '')?.[1] ?? '';
        if (!RUNTIME_FILES.includes(name)) return next();
        response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
        createReadStream(join(top, RUNTIME_FOLDER, name))
          .on('error', next)
          .pipe(response);
      });
    },
    writeBundle() {
      if (this.environment.config.isWorker) return;
      mkdirSync(join(outDir, 'ort'), { recursive: true });
      for (const name of RUNTIME_FILES) {
        cpSync(join(top, RUNTIME_FOLDER, name), join(outDir, 'ort', name));
      }
    },
  };
}

/**
 * Lets the page fetch public encoders, and nothing else from elsewhere: from the places that
 * models/manifest.json names, or from the mirror that $TAGSCOPE_MIRROR names at build time.
 */
function policy(): Plugin {
  const mirror = process.env['TAGSCOPE_MIRROR'];
  const { origins } = JSON.parse(readFileSync(join(top, 'models/manifest.json'), 'utf8')) as {
    origins: string[];
  };
  const allowed = mirror ? [new URL(mirror).origin] : origins;
  const widened = (text: string) =>
    text.replace("connect-src 'self'", ["connect-src 'self'", ...allowed].join(' '));
  const page = readFileSync(join(top, 'web/index.html'), 'utf8');
  const stated = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
  if (stated === undefined) throw new Error('web/index.html has no policy');
  return {
    name: 'tagscope-policy',
    config: () => ({
      define: {
        __MIRROR__: JSON.stringify(mirror ?? null),
        __ORIGINS__: JSON.stringify(allowed),
        // The service worker sends it with every script, which a Worker may run.
        __POLICY__: JSON.stringify(widened(stated)),
      },
    }),
    transformIndexHtml: widened,
  };
}

/** Typefaces that the first view is set in: asked for beside the scripts, so that no text is set twice. */
const FIRST_FONTS =
  /(?:source-serif-4-latin-wght-(?:normal|italic)|ibm-plex-mono-latin-400-normal)[^/]*\.woff2$/;

function fontPreloads(): Plugin {
  return {
    name: 'tagscope-fonts',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((name) => FIRST_FONTS.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: {
              rel: 'preload',
              as: 'font',
              type: 'font/woff2',
              href: `./${name}`,
              crossorigin: true,
            },
            injectTo: 'head' as const,
          })),
    },
  };
}

/**
 * The service worker (web/src/offline), and in it the list of all that the build made, as
 * `ListedFile`s: the digest of each, under the address that the page asks for.
 */
function offline() {
  let outDir = '';
  const integrity = (name: string) =>
    `sha256-${createHash('sha256')
      .update(readFileSync(join(outDir, name)))
      .digest('base64')}`;
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src/offline',
    filename: 'service-worker.ts',
    // The page registers it itself, once its verdict is there; manifest.webmanifest is in public/.
    injectRegister: false,
    manifest: false,
    integration: {
      configureOptions: ({ root, build }, options) => {
        outDir = resolve(root, build.outDir);
        // Tests build pages of their own with this file.
        options.disable = root !== join(top, 'web');
      },
      configureCustomSWViteBuild: (build) => {
        build.logLevel = 'error';
        // It has no dynamic imports, and Vite has another name for the option.
        const output = build.build?.rollupOptions?.output;
        if (output !== undefined && !Array.isArray(output)) delete output.inlineDynamicImports;
      },
    },
    injectManifest: {
      globPatterns: ['**/*'],
      // Whatever is served must be on the list: the largest is onnxruntime-web's, with 27 MB.
      maximumFileSizeToCacheInBytes: 64 * 1024 ** 2,
      manifestTransforms: [
        (entries) => ({
          manifest: entries.map(({ url, size }) => ({
            url: url.startsWith('core/') ? `${url}?v=${coreVersion()}` : url,
            revision: null,
            integrity: integrity(url),
            size,
          })),
        }),
      ],
    },
  });
}

export default defineConfig({
  root: join(top, 'web'),
  // Relative, so that dist/ runs under any path.
  base: './',
  plugins: [svelte(), core(), runtime(), policy(), fontPreloads(), offline()],
  // Rooms outside web/src are imported by name, from their sources.
  resolve: { conditions: ['tagscope-source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: join(top, 'dist'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the page's policy refuses.
    modulePreload: { polyfill: false },
    // What the engine exports and the first view does not use goes with the panel that does.
    rollupOptions: { treeshake: { moduleSideEffects: (id) => !id.includes('/web/src/engine/') } },
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1' },
});
