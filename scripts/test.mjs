// npm test: installs what is missing, builds, and runs every test.
//
//   npm test                       all stages
//   npm test -- native cli         only those
//
// A stage that fails does not hide the others. The last line counts all tests:
// "N passed, N failed"; a stage that could not run counts as one failure.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bold, duration, green, main, red, run, runNode, top } from './command.mjs';
import { setUp } from './setup.mjs';

const RESULTS = join(top, 'test-results');

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * Counts in GoogleTest's JSON report.
 * @returns {Counts}
 */
export function countGoogletest(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of report.testsuites) {
    for (const test of suite.testsuite) {
      if (test.failures?.length > 0) ++counts.failed;
      else if (test.status === 'NOTRUN' || test.result === 'SKIPPED') ++counts.skipped;
      else ++counts.passed;
    }
  }
  return counts;
}

/**
 * Counts in Vitest's JSON report. A file that could not be loaded has no tests, and
 * counts as one failure.
 * @returns {Counts}
 */
export function countVitest(report) {
  const unloaded = report.testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** The last line of `npm test`. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

// Runs a test program that writes a report. Its exit status must agree with the report.
async function counted(name, count, runProgram) {
  const path = join(RESULTS, `${name}.json`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(path, { force: true });
  let failure;
  try {
    await runProgram(path);
  } catch (error) {
    failure = error;
  }
  if (!existsSync(path)) throw failure ?? new Error(`${name} left no report`);
  const counts = count(JSON.parse(readFileSync(path, 'utf8')));
  if (failure && counts.failed === 0) {
    console.error(red(`${name}: no test failed, but ${failure.message}`));
    counts.failed = 1;
  }
  return counts;
}

async function googletest(preset) {
  const { buildNative } = await import('./build.mjs');
  await buildNative(preset, ['tagscope_tests']);
  const program = join(top, 'build', preset, 'tests/tagscope_tests');
  return counted(preset, countGoogletest, (report) => {
    const args = ['--gtest_brief=1', `--gtest_output=json:${report}`];
    // Emscripten's loader would take Node's fetch for a browser's, which reads no files.
    const withoutFetch = 'data:text/javascript,delete globalThis.fetch';
    if (preset === 'wasm') return runNode('--import', [withoutFetch, `${program}.js`, ...args]);
    return run(program, args, { env: { UBSAN_OPTIONS: 'print_stacktrace=1' } });
  });
}

// What the builds make of one corpus (tests/catalog/parity_test.cpp) must be the same.
async function parity() {
  const digests = ['native', 'asan', 'wasm'].map((preset) => {
    const report = JSON.parse(readFileSync(join(RESULTS, `${preset}.json`), 'utf8'));
    const tests = report.testsuites.flatMap((suite) => suite.testsuite);
    return tests.find((test) => test.corpus_digest !== undefined)?.corpus_digest;
  });
  if (digests[0] !== undefined && digests.every((digest) => digest === digests[0])) {
    return { passed: 1, failed: 0, skipped: 0 };
  }
  console.error(red(`native, asan and wasm differ: ${digests.join(', ')}`));
  return { passed: 0, failed: 1, skipped: 0 };
}

async function vitest(project) {
  return counted(project, countVitest, (report) =>
    runNode('node_modules/vitest/vitest.mjs', [
      'run',
      `--project=${project}`,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]),
  );
}

async function buildAll() {
  const { build } = await import('./build.mjs');
  await build();
  return { passed: 0, failed: 0, skipped: 0 };
}

/** Every stage: `needs` names the stages without whose success it cannot run. */
const STAGES = [
  { name: 'build', title: 'Build: core, library, page', run: buildAll },
  { name: 'native', title: 'Core on this machine', run: () => googletest('native') },
  {
    name: 'asan',
    title: 'Core under the address and undefined-behaviour sanitizers',
    run: () => googletest('asan'),
  },
  { name: 'wasm', title: 'Core as WebAssembly', run: () => googletest('wasm') },
  { name: 'parity', title: 'Native = WebAssembly', run: parity, needs: ['native', 'asan', 'wasm'] },
  { name: 'unit', title: 'TypeScript', run: () => vitest('unit'), needs: ['build'] },
  {
    name: 'architecture',
    title: 'Arrows between the rooms, and the catalog',
    run: () => vitest('architecture'),
  },
  { name: 'cli', title: 'Command line and links', run: () => vitest('cli'), needs: ['build'] },
  { name: 'e2e', title: 'The page in a browser', run: () => vitest('e2e'), needs: ['build'] },
];

/** The stages that are asked for, with what they need. */
export function stagesOf(names, stages = STAGES) {
  for (const name of names) {
    if (!stages.some((stage) => stage.name === name)) {
      throw new Error(
        `there is no stage "${name}"; there are ${stages.map((stage) => stage.name).join(', ')}`,
      );
    }
  }
  if (names.length === 0) return stages;
  const wanted = new Set(names);
  for (const stage of stages) {
    if (wanted.has(stage.name)) for (const need of stage.needs ?? []) wanted.add(need);
  }
  return stages.filter((stage) => wanted.has(stage.name));
}

/**
 * Runs stages one after another and adds up what they count.
 * @returns {Promise<Counts>}
 */
export async function runStages(stages, log = console) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const broken = new Set();
  for (const stage of stages) {
    log.log(`\n${bold(`▸ ${stage.title}`)}  (${stage.name})`);
    const begun = Date.now();
    let counts;
    const missing = stage.needs?.filter((need) => broken.has(need)) ?? [];
    if (missing.length > 0) {
      log.error(red(`cannot run: ${missing.join(', ')} failed`));
      counts = { passed: 0, failed: 1, skipped: 0 };
    } else {
      try {
        counts = await stage.run();
      } catch (error) {
        log.error(red(`cannot run: ${error.message}`));
        counts = { passed: 0, failed: 1, skipped: 0 };
      }
    }
    if (counts.failed > 0) broken.add(stage.name);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    const outcome = counts.failed > 0 ? red('failed') : green('ok');
    const numbers = counts.passed + counts.failed > 0 ? ` ${closingLine(counts)};` : '';
    log.log(`  ${outcome}:${numbers} ${duration(Date.now() - begun)}`);
  }
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const stages = stagesOf(process.argv.slice(2));
    await setUp('test');
    const sum = await runStages(stages);
    console.log(`\n${closingLine(sum)}`);
    if (sum.failed > 0) process.exitCode = 1;
  });
}
