// Installs what the build and the tests need and this machine lacks.
//
//   node scripts/setup.mjs [--check]     --check: also the formatter and the linter for C++
//
// Uses only Node's own modules: it runs before anything is installed.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, run, runNode, say, top } from './command.mjs';
import {
  distribution,
  findBrowser,
  findCompiler,
  findEmscripten,
  findFirefox,
  findGoogletest,
  findJsonHeader,
  findProgram,
  findPythonOnnx,
  hasAcorn,
} from './toolchain.mjs';

const LEAST_NODE = [20, 19];

/** What is missing and cannot be installed; the message is for people. */
export class SetupFailed extends Error {
  name = 'SetupFailed';
}

/**
 * What is needed, for which purposes, and the Debian package that has it. A `browser`
 * is what not every distribution packages; `optional` is what some tests
 * are skipped without.
 */
const NEEDS = [
  {
    what: 'Emscripten',
    why: 'compiles the core to WebAssembly',
    package: 'emscripten',
    for: ['build', 'test'],
    found: () => findEmscripten(),
  },
  {
    what: 'acorn',
    why: 'Emscripten’s optimiser reads JavaScript with it',
    package: 'node-acorn',
    for: ['build', 'test'],
    found: () => !findEmscripten() || hasAcorn(),
  },
  {
    what: 'CMake',
    why: 'describes the build',
    package: 'cmake',
    for: ['build', 'test'],
    found: () => findProgram('cmake'),
  },
  {
    what: 'Ninja',
    why: 'runs the build',
    package: 'ninja-build',
    for: ['build', 'test'],
    found: () => findProgram('ninja'),
  },
  {
    what: 'a C++ compiler',
    why: 'builds the tests for this machine',
    package: 'g++',
    for: ['test'],
    found: () => findCompiler(),
  },
  {
    what: 'GoogleTest',
    why: 'the tests of the core',
    package: 'googletest',
    for: ['test'],
    found: () => findGoogletest(),
  },
  {
    what: 'nlohmann/json',
    why: 'what the core’s JSON reader is tested against',
    package: 'nlohmann-json3-dev',
    for: ['test'],
    found: () => findJsonHeader(),
  },
  {
    what: 'ONNX for Python',
    why: 'its checker reads the graphs of text encoders',
    package: 'python3-onnx',
    for: ['test'],
    optional: true,
    found: () => findPythonOnnx(),
  },
  {
    what: 'GNU parallel',
    why: 'runs a search in shards',
    package: 'parallel',
    for: ['test'],
    optional: true,
    found: () => findProgram('parallel'),
  },
  {
    what: 'Chromium',
    why: 'the tests of the page',
    package: 'chromium',
    for: ['test'],
    browser: true,
    found: () => findBrowser(),
  },
  {
    what: 'Firefox',
    why: 'the tests of the page, once more',
    package: 'firefox-esr',
    for: ['test'],
    browser: true,
    optional: true,
    found: () => findFirefox(),
  },
  {
    what: 'clang-format',
    why: 'the layout of C++',
    package: 'clang-format',
    for: ['check'],
    found: () => findProgram('clang-format'),
  },
  {
    what: 'clang-tidy',
    why: 'the linter of C++',
    package: 'clang-tidy',
    for: ['check'],
    found: () => findProgram('clang-tidy'),
  },
];

/**
 * Makes sure that everything is there which `purpose` needs. What is missing is
 * installed in one go, for the build and the tests alike, and said beforehand.
 *
 * @param {'build' | 'test' | 'check'} purpose
 */
export async function setUp(purpose) {
  requireNode(process.versions.node);
  const purposes = purpose === 'check' ? ['test', 'check'] : [purpose];
  const wanted = ({ for: uses }) => uses.some((use) => purposes.includes(use));
  // Ubuntu's packages of browsers only ask snap for one, which tests cannot drive: there
  // Playwright's Chromium serves, as where nothing but a browser is missing.
  const installable = ({ browser }) => !browser || aptHasBrowser() || !findProgram('apt-get');
  const missing = await missingNeeds();
  if (
    missing.some((need) => wanted(need) && !need.browser && !need.optional) ||
    (missing.some((need) => wanted(need) && !need.optional) && aptHasBrowser())
  ) {
    await installPackages(
      missing.filter(
        (need) =>
          !need.optional && installable(need) && (wanted(need) || !need.for.includes('check')),
      ),
    );
    const still = (await missingNeeds()).filter(
      (need) => wanted(need) && !need.browser && !need.optional,
    );
    if (still.length > 0) {
      throw new SetupFailed(`Still missing: ${still.map((need) => need.package).join(' ')}`);
    }
  }
  await installOptional(
    (await missingNeeds()).filter((need) => wanted(need) && need.optional && installable(need)),
  );
  await installModules();
  if (purposes.includes('test') && !(await findBrowser())) await downloadBrowser();
}

// Tests without it are skipped: it is no reason to stop, nor to ask for a password.
async function installOptional(needs) {
  if (needs.length === 0 || process.getuid?.() !== 0 || !findProgram('apt-get')) return;
  try {
    await installPackages(needs);
  } catch (error) {
    say(
      `Going on without (${error.message.split('\n')[0]}): skipped: ${needs.map(({ what, why }) => `${what} (${why})`).join(', ')}.`,
    );
  }
}

async function missingNeeds() {
  const found = await Promise.all(NEEDS.map((need) => need.found()));
  return NEEDS.filter((_, i) => !found[i]);
}

/** @param {string} version as process.versions.node has it */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new SetupFailed(
    `This is Node ${version}; Tagscope needs ${LEAST_NODE.join('.')} or later (https://nodejs.org/en/download).`,
  );
}

function aptHasBrowser() {
  return findProgram('apt-get') !== undefined && distribution() === 'debian';
}

async function installPackages(needs) {
  const packages = needs.map((need) => need.package);
  say('Missing on this machine:');
  for (const need of needs) console.log(`    ${need.package.padEnd(20)} ${need.what}: ${need.why}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = findProgram('apt-get');
  if (!apt || (asRoot.length > 0 && !findProgram('sudo'))) {
    const reason = apt ? 'neither root nor sudo is at hand' : 'there is no apt-get here';
    throw new SetupFailed(
      `Please install what is listed above (Debian’s package names); ${reason}.\n` +
        `On Debian or Ubuntu:  apt-get install ${packages.join(' ')}`,
    );
  }
  say(
    `Installing them with apt-get, once${asRoot.length > 0 ? ' (sudo may ask for your password)' : ''}.`,
  );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const [first, ...rest] = [
    ...asRoot,
    ...(asRoot.length > 0 ? ['DEBIAN_FRONTEND=noninteractive'] : []),
    apt,
  ];
  try {
    await run(first, [...rest, 'update', '-q'], { env, quiet: true });
    await run(first, [...rest, 'install', '-q', '-y', '--no-install-recommends', ...packages], {
      env,
      quiet: true,
    });
  } catch (error) {
    throw new SetupFailed(
      `apt-get could not install them (${error.message}).\nMissing packages: ${packages.join(' ')}`,
    );
  }
}

/** node_modules as package-lock.json says, where they are missing or older than it. */
export async function installModules() {
  const lock = join(top, 'package-lock.json');
  const installed = join(top, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing the npm packages of package-lock.json (npm ci).');
  await run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true });
}

async function downloadBrowser() {
  say('No Chromium found: Playwright downloads its own, once (set CHROME to use yours).');
  const withLibraries = findProgram('apt-get') ? ['--with-deps'] : [];
  try {
    await runNode('node_modules/playwright-core/cli.js', [
      'install',
      ...withLibraries,
      '--no-shell',
      'chromium',
    ]);
  } catch (error) {
    throw new SetupFailed(
      `A Chromium for the tests could not be had (${error.message}).\nMissing: chromium, or a path to one in $CHROME`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await setUp(process.argv.includes('--check') ? 'check' : 'test');
    say('Everything is there.');
  });
}
