/** Runs the built command line as people do: a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** The built program. */
export const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Standard input is closed and empty unless `input` is given. */
export function tagscope(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string; argv0?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: options.cwd ?? TOP });
    const [stdout, stderr]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout?.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr?.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout ?? []).toString(),
        stderr: Buffer.concat(stderr ?? []).toString(),
      }),
    );
    // A program that does not read its input closes the pipe; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** What a command that must succeed wrote. */
export async function output(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<string> {
  const { code, stdout, stderr } = await tagscope(args, input === undefined ? {} : { input });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

/** The JSON document that a command with --json wrote. */
export async function json(args: readonly string[], input?: string | Uint8Array): Promise<unknown> {
  return JSON.parse(await output([...args, '--json'], input));
}

/** The one line on standard error of a command that must refuse its input. */
export async function complaint(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<string> {
  const { code, stdout, stderr } = await tagscope(args, input === undefined ? {} : { input });
  expect(stderr).toMatch(/^tagscope: [^\n]+: [^\n]+\n$/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
  return stderr.slice('tagscope: '.length, -1);
}

/** An empty folder of the test's own. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'tagscope-test-'));
}
