// npm run bench -- [--only ROOM] [--json FILE] [--where chromium|node] [--what WORDS] [--no-write]
//
// Ours against the fastest packages of npm that do the same, in Chromium and in Node. Rows go
// to the terminal and, with the machine, into docs/BENCHMARKS.md. Exit 1: a floor is missed.
import { fork } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.mjs';
import { bold, duration, green, main, red, run, say, top } from '../../scripts/command.mjs';
import { serve } from '../../scripts/serve.mjs';
import { setUp } from '../../scripts/setup.mjs';
import { standing } from './measure.mjs';
import { inserted, lineOf, sectionOf } from './report.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const DOCUMENT = join(top, 'docs/BENCHMARKS.md');
const PLACES = ['chromium', 'node'];

const rooms = () => readdirSync(join(folder, 'rooms')).map((file) => file.replace(/\.mjs$/, ''));

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      where: { type: 'string' },
      what: { type: 'string', default: '' },
      'no-write': { type: 'boolean', default: false },
    },
  });
  for (const [option, known] of [
    ['only', rooms()],
    ['where', PLACES],
  ]) {
    if (values[option] !== undefined && !known.includes(values[option])) {
      throw new Error(`--${option} is "${values[option]}"; there are ${known.join(', ')}`);
    }
  }
  return values;
}

/** tests/bench/package.json's packages, which nothing else installs. */
async function installPeers() {
  const modified = (path) => statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  say('Installing what the bench compares with (tests/bench/package.json)');
  // A dependency of CyberChef names Node 14 and runs in later ones. An argument, as `npm run` hands
  // the project's own strictness on through the environment, which outdoes a .npmrc.
  const options = ['--no-audit', '--no-fund', '--engine-strict=false'];
  await run('npm', ['ci', ...options], { cwd: folder, quiet: true });
}

function measureInNode(room, what, report) {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, 'node.mjs'), [room, what]);
    child.on('message', report);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${room} in Node ended with ${signal ?? code}`));
    });
  });
}

/** Bundles the rooms into build/bench and opens a Chromium for them. */
async function openChromium() {
  // From the checkout's own packages, which are there once it is built.
  const { build: bundle } = await import('vite');
  const { launchBrowser } = await import('../../scripts/browser.mjs');
  await bundle({
    root: folder,
    configFile: false,
    base: './',
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: join(top, 'build/bench'),
      emptyOutDir: true,
      target: 'esnext',
      chunkSizeWarningLimit: Infinity,
      rollupOptions: { input: join(folder, 'page.html') },
    },
  });
  // Isolated, as a page that uses threads is; its clock is then finer too.
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const server = await serve({ folder: top, port: 0, headers });
  const browser = await launchBrowser();
  return {
    version: browser.version(),
    async measure(room, what, report) {
      const page = await browser.newPage();
      try {
        await page.exposeFunction('benchReport', report);
        const query = new URLSearchParams([room, what].map((value) => ['measure', value]));
        await page.goto(`${server.address}build/bench/page.html?${query}`);
        await page.evaluate('benchDone');
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

await main(async () => {
  const values = readArguments();
  const begun = Date.now();
  await setUp('build');
  await build();
  await installPeers();
  const chosen = values.only === undefined ? rooms() : [values.only];
  const chromium = values.where === 'node' ? null : await openChromium();
  const machine = {
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    chromium: chromium?.version ?? null,
    node: values.where === 'chromium' ? null : process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
  const rows = [];
  const report = (row) => {
    rows.push(row);
    const colour = { missed: red, floor: green, goal: green, none: String }[standing(row)];
    console.log(colour(lineOf(row)));
  };
  try {
    for (const room of chosen) {
      console.log(`\n${bold(room)}`);
      if (chromium) await chromium.measure(room, values.what, report);
      if (machine.node) await measureInNode(room, values.what, report);
    }
  } finally {
    await chromium?.close();
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
    }
  }
  // A part of a room's rows is no table of it.
  if (!values['no-write'] && values.what === '') {
    let document = readFileSync(DOCUMENT, 'utf8');
    for (const room of chosen) {
      const ofRoom = rows.filter((row) => row.room === room);
      document = inserted(document, room, sectionOf(ofRoom, machine));
    }
    writeFileSync(DOCUMENT, document);
  }
  const missed = rows.filter((row) => standing(row) === 'missed');
  console.log(
    `\n${rows.length} rows, ${missed.length} below their floor; ${duration(Date.now() - begun)}`,
  );
  for (const row of missed) console.error(red(lineOf(row)));
  if (missed.length > 0) process.exitCode = 1;
});
