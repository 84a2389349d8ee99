// Where this machine has what the build and the tests need. Looks, and changes nothing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { top } from './command.mjs';

/** @returns {string | undefined} the program's path, by PATH */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

const firstExisting = (paths) => paths.find((path) => existsSync(path));

/**
 * Emscripten: emcc on PATH (a distribution's, or an emsdk that was activated), else
 * the emsdk that $EMSDK names.
 *
 * @returns {{emcc: string, toolchain: string, env: Record<string, string>} | undefined}
 */
export function findEmscripten() {
  const sdk = process.env.EMSDK ? join(process.env.EMSDK, 'upstream/emscripten') : undefined;
  const emcc = findProgram('emcc') ?? firstExisting(sdk ? [join(sdk, 'emcc')] : []);
  if (!emcc) return undefined;
  const toolchain = firstExisting(
    [dirname(realpathSync(emcc)), sdk, '/usr/share/emscripten']
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, 'cmake/Modules/Platform/Emscripten.cmake')),
  );
  if (!toolchain) return undefined;
  // A distribution keeps the optimiser's acorn where only its own node looks.
  const modules = [process.env.NODE_PATH, '/usr/share/nodejs'].filter(Boolean).join(delimiter);
  return { emcc, toolchain, env: { NODE_PATH: modules } };
}

/** Does the Emscripten in use find acorn? An emsdk brings its own. */
export function hasAcorn(emscripten = findEmscripten()) {
  return (
    emscripten !== undefined &&
    (existsSync('/usr/share/nodejs/acorn') ||
      existsSync(join(dirname(realpathSync(emscripten.emcc)), 'node_modules/acorn')))
  );
}

export function findCompiler() {
  return findProgram('g++') ?? findProgram('clang++');
}

export function findGoogletest() {
  return firstExisting(['/usr/src/googletest/googletest/CMakeLists.txt']);
}

export function findJsonHeader() {
  return firstExisting(['/usr/include/nlohmann/json.hpp', '/usr/local/include/nlohmann/json.hpp']);
}

/** A Python that has onnx: the distribution's, else the one on PATH. */
export function findPythonOnnx() {
  return [firstExisting(['/usr/bin/python3']), findProgram('python3')]
    .filter((python) => python !== undefined)
    .find((python) => spawnSync(python, ['-c', 'import onnx'], { stdio: 'ignore' }).status === 0);
}

// Ubuntu's chromium packages are scripts that call snap, whose confinement keeps
// test drivers out.
function isSnap(path) {
  const real = realpathSync(path);
  if (real.startsWith('/snap/') || real.endsWith('/snap')) return true;
  const head = readFileSync(real).subarray(0, 4096).toString('latin1');
  return head.startsWith('#!') && head.includes('/snap/');
}

/**
 * A Chromium for the tests: $CHROME, else chromium, google-chrome, else the one that
 * Playwright downloaded.
 *
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  if (process.env.CHROME) return process.env.CHROME;
  for (const name of ['chromium', 'google-chrome', 'google-chrome-stable']) {
    const path = findProgram(name);
    if (path && !isSnap(path)) return path;
  }
  if (!existsSync(join(top, 'node_modules/playwright-core'))) return undefined;
  const { chromium } = await import('playwright-core');
  return firstExisting([chromium.executablePath()]);
}

/**
 * A Firefox for the tests: $FIREFOX, else Debian's, else another that is installed.
 *
 * @returns {string | undefined}
 */
export function findFirefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  return ['firefox-esr', 'firefox']
    .map((name) => findProgram(name))
    .find((path) => path !== undefined && !isSnap(path));
}

/** ID of /etc/os-release: "debian", "ubuntu"; "" where there is none. */
export function distribution() {
  try {
    return /^ID="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
