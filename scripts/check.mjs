// npm run check: layout, lint, types, arrows between rooms, generated files fresh.
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { buildNative } from './build.mjs';
import { bold, duration, green, main, red, run, runNode } from './command.mjs';
import { cppFiles } from './format.mjs';
import { setUp } from './setup.mjs';
import { findEmscripten } from './toolchain.mjs';

function formatCpp() {
  return run('clang-format', [
    '--dry-run',
    '-Werror',
    ...cppFiles(['wasm', 'tests'], /\.(h|cpp)$/),
  ]);
}

// GCC's own warning options are not Clang's.
const TIDY = ['--quiet', '--extra-arg=-Wno-unknown-warning-option'];

/** clang-tidy's arguments for every source of the core and the bindings. */
async function lintedSources() {
  await buildNative('native', ['tagscope'], { tests: false });
  await buildNative('wasm', ['tagscope_core'], { tests: false });
  // Generated tables have nothing to lint, and take the longest.
  const core = cppFiles(['wasm/src'], /\.cpp$/).filter(
    (name) => !/(unicode_tables|html_entities)\.cpp$/.test(name),
  );
  const sysroot = join(dirname(findEmscripten()?.toolchain ?? ''), '../../../cache/sysroot');
  return [
    ...core.map((file) => [...TIDY, '-p', 'build/native', file]),
    ...cppFiles(['wasm/bindings'], /\.cpp$/).map((file) => [
      ...TIDY,
      '-p',
      'build/wasm',
      '--extra-arg=--target=wasm32-unknown-emscripten',
      `--extra-arg=--sysroot=${sysroot}`,
      '--extra-arg=-iwithsysroot/include/compat',
      file,
    ]),
  ];
}

async function lintCpp() {
  const queue = await lintedSources();
  const failed = [];
  const work = async () => {
    for (let args = queue.shift(); args !== undefined; args = queue.shift()) {
      try {
        await run('clang-tidy', args, { quiet: true });
      } catch {
        failed.push(args.at(-1));
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (failed.length > 0) throw new Error(`${failed.length} files: ${failed.join(', ')}`);
}

const tsc = (project) => runNode('node_modules/typescript/bin/tsc', ['--build', project]);

const CHECKS = [
  { title: 'Layout of C++ (clang-format)', run: formatCpp },
  {
    title: 'Layout and lint of TypeScript, Svelte, CSS, JSON (Biome)',
    run: () => runNode('node_modules/@biomejs/biome/bin/biome', ['ci', '.']),
  },
  {
    title: 'Types (tsc)',
    run: async () => {
      await tsc('web/tsconfig.lib.json');
      await tsc('web/tsconfig.app.json');
      await tsc('web/tsconfig.offline.json');
      await tsc('tests/tsconfig.json');
    },
  },
  {
    title: 'Components (svelte-check)',
    run: () =>
      runNode('node_modules/svelte-check/bin/svelte-check', [
        '--tsconfig',
        'tsconfig.app.json',
        '--workspace',
        'web',
        '--fail-on-warnings',
      ]),
  },
  {
    title: 'Generated files are fresh',
    run: () => runNode('scripts/generate.mjs', ['--check']),
  },
  {
    title: 'Arrows between the rooms',
    run: () =>
      runNode('node_modules/vitest/vitest.mjs', [
        'run',
        '--project=architecture',
        '--reporter=dot',
      ]),
  },
  { title: 'Lint of C++ (clang-tidy)', run: lintCpp },
];

await main(async () => {
  await setUp('check');
  let failed = 0;
  for (const check of CHECKS) {
    console.log(`\n${bold(`▸ ${check.title}`)}`);
    const begun = Date.now();
    try {
      await check.run();
      console.log(`  ${green('ok')}: ${duration(Date.now() - begun)}`);
    } catch (error) {
      ++failed;
      console.log(`  ${red('failed')}: ${error.message}`);
    }
  }
  console.log(`\n${CHECKS.length - failed} checks passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
