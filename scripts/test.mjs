// npm test: installs what is missing, builds, and runs every test.
//
//   npm test                       all stages
//   npm test -- native cli         only those
//   TAGSCOPE_MINUTES=75 npm test   skips the tests in Firefox that would begin later than that
//
// A stage that fails does not hide the others. The last line counts all tests:
// "N passed, N failed"; a stage that could not run counts as one failure.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bold, duration, green, main, red, run, runNode, top } from './command.mjs';
import { setUp } from './setup.mjs';
import { findFirefox } from './toolchain.mjs';

const BEGUN = Date.now();
const MINUTES = Number(process.env.TAGSCOPE_MINUTES || Number.POSITIVE_INFINITY);
const RESULTS = join(top, 'test-results');

// Each takes up to a gigabyte under the sanitizers.
const MOST_SHARDS = 4;

/**
 * `names`: what failed, where that is known. `retried`: what passed only when tried again.
 * `left`: what was skipped; the name says why.
 * @typedef {{passed: number, failed: number, skipped: number, names?: string[], retried?: string[], left?: string[]}} Counts
 */

/**
 * Counts in GoogleTest's JSON report.
 * @returns {Counts}
 */
export function countGoogletest(report) {
  const counts = { passed: 0, failed: 0, skipped: 0, names: [], left: [] };
  for (const suite of report.testsuites) {
    for (const test of suite.testsuite) {
      if (test.failures?.length > 0) counts.names.push(`${suite.name}.${test.name}`);
      else if (test.status === 'NOTRUN' || test.result === 'SKIPPED') {
        counts.left.push(`${suite.name}.${test.name}`);
      } else ++counts.passed;
    }
  }
  counts.failed = counts.names.length;
  counts.skipped = counts.left.length;
  return counts;
}

/** The reports of GoogleTest's shards as one. */
export function joinedReports(reports) {
  return { testsuites: reports.flatMap((report) => report.testsuites) };
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
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  // A test that was left out while it ran says why in its `left`.
  const nameOf = ({ fullName, meta }) => (meta?.left ? `${fullName} (${meta.left})` : fullName);
  const namesOf = (chosen) => tests.filter(chosen).map(nameOf);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    names: [...unloaded.map((file) => file.name), ...namesOf((test) => test.status === 'failed')],
    left: namesOf((test) => ['pending', 'skipped', 'todo'].includes(test.status)),
    // Vitest keeps the messages of the first try.
    retried: namesOf((test) => test.status === 'passed' && test.failureMessages?.length > 0),
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
    const what = `no test failed, but ${failure.message}`;
    console.error(red(`${name}: ${what}`));
    counts.failed = 1;
    counts.names = [what];
  }
  return counts;
}

async function googletest(preset) {
  const { buildNative } = await import('./build.mjs');
  await buildNative(preset, ['tagscope_tests']);
  const program = join(top, 'build', preset, 'tests/tagscope_tests');
  const shards = Math.min(availableParallelism(), MOST_SHARDS);
  const runShard = (index, report) => {
    const shard = `--shard=${index}/${shards}`;
    const args = ['--gtest_brief=1', `--gtest_output=json:${report}`, shard];
    // Emscripten's loader would take Node's fetch for a browser's, which reads no files.
    const withoutFetch = 'data:text/javascript,delete globalThis.fetch';
    return preset === 'wasm'
      ? runNode('--import', [withoutFetch, `${program}.js`, ...args])
      : run(program, args, { env: { UBSAN_OPTIONS: 'print_stacktrace=1' } });
  };
  return counted(preset, countGoogletest, async (report) => {
    const parts = Array.from({ length: shards }, (_, index) => `${report}.${index + 1}`);
    for (const part of parts) rmSync(part, { force: true });
    const outcomes = await Promise.allSettled(parts.map((part, index) => runShard(index, part)));
    // A shard that broke off leaves none: then neither is there one of the whole.
    if (parts.every((part) => existsSync(part))) {
      const reports = parts.map((part) => JSON.parse(readFileSync(part, 'utf8')));
      writeFileSync(report, JSON.stringify(joinedReports(reports)));
    }
    for (const part of parts) rmSync(part, { force: true });
    const broken = outcomes.find((outcome) => outcome.status === 'rejected');
    if (broken) throw broken.reason;
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
  const what = `native, asan and wasm differ: ${digests.join(', ')}`;
  console.error(red(what));
  return { passed: 0, failed: 1, skipped: 0, names: [what] };
}

async function vitest(project, env = {}) {
  const args = ['run', `--project=${project}`, '--reporter=dot', '--reporter=json'];
  return counted(project, countVitest, (report) =>
    runNode('node_modules/vitest/vitest.mjs', [...args, `--outputFile.json=${report}`], { env }),
  );
}

// The same tests once more: on a slow machine these are what a limit of time leaves out.
async function inFirefox() {
  const deadline = BEGUN + MINUTES * 60_000;
  if (findFirefox()) return vitest('firefox', { TAGSCOPE_DEADLINE: String(deadline) });
  const why = 'there is no Firefox here (Debian has it as firefox-esr; or set FIREFOX)';
  return { passed: 0, failed: 0, skipped: 1, left: [why] };
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
  { name: 'e2e', title: 'The page in Chromium', run: () => vitest('e2e'), needs: ['build'] },
  { name: 'firefox', title: 'The page in Firefox', run: inFirefox, needs: ['build'] },
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
  const names = [];
  const retried = [];
  const left = [];
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
        counts = { passed: 0, failed: 1, skipped: 0, names: [error.message] };
      }
    }
    if (counts.failed > 0) broken.add(stage.name);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    for (const name of counts.names ?? []) names.push(`${stage.name}: ${name}`);
    for (const name of counts.left ?? []) left.push(`${stage.name}: ${name}`);
    for (const name of counts.retried ?? []) retried.push(`${stage.name}: ${name}`);
    const outcome = counts.failed > 0 ? red('failed') : green('ok');
    const numbers = counts.passed + counts.failed > 0 ? ` ${closingLine(counts)};` : '';
    log.log(`  ${outcome}:${numbers} ${duration(Date.now() - begun)}`);
  }
  // Once more together, where whoever reads the end finds them.
  for (const name of left) log.log(`skipped: ${name}`);
  for (const name of retried) log.error(`passed only when tried again: ${name}`);
  for (const name of names) log.error(red(`failed: ${name}`));
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const stages = stagesOf(process.argv.slice(2));
    if (Number.isNaN(MINUTES)) throw new Error('TAGSCOPE_MINUTES is not a number');
    await setUp('test');
    const sum = await runStages(stages);
    console.log(`\n${closingLine(sum)}`);
    if (sum.failed > 0) process.exitCode = 1;
  });
}
