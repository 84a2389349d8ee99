// Running programs, and saying what is done.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const top = dirname(dirname(fileURLToPath(import.meta.url)));

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const styled = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = (text) => styled('1', text);
export const red = (text) => styled('31', text);
export const green = (text) => styled('32', text);

/** A line about what happens next. */
export function say(text) {
  console.log(`${bold('▸')} ${text}`);
}

/** A program that ended badly; its own output has said why. */
export class CommandFailed extends Error {
  constructor(command, args, status) {
    super(`${[command, ...args].join(' ').slice(0, 200)} ended with ${status}`);
    this.name = 'CommandFailed';
  }
}

/**
 * Runs a program in the checkout. Rejects with {@link CommandFailed} unless it exits 0.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string | undefined>, quiet?: boolean, cwd?: string}} [options]
 *     quiet: its output is shown only where it fails.
 * @returns {Promise<void>}
 */
export function run(command, args, { env = {}, quiet = false, cwd = top } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    const held = [];
    child.stdout?.on('data', (chunk) => held.push(chunk));
    child.stderr?.on('data', (chunk) => held.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) return resolve();
      process.stderr.write(Buffer.concat(held));
      reject(new CommandFailed(command, args, signal ?? status));
    });
  });
}

/** Runs one of the project's own scripts or installed programs with this Node. */
export function runNode(script, args = [], options = {}) {
  return run(process.execPath, [script, ...args], options);
}

/** Ends a script with one line instead of a stack trace where the failure speaks for itself. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    const known = error instanceof CommandFailed || error?.name === 'SetupFailed';
    console.error(red(known ? error.message : (error?.stack ?? String(error))));
    process.exitCode = 1;
  }
}

/** "3.4 s", "2 min 5 s". */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
