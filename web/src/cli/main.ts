#!/usr/bin/env node
/** Tagscope in the terminal. */
import { readFile } from 'node:fs/promises';
import { EngineError } from '../engine/error.js';
import { refuseInvalidArguments } from './input.js';
import { complain, endQuietlyWithReader, flushed } from './output.js';
import { runProgram } from './program.js';

const EXIT_BAD_INPUT = 2;
/** sysexits.h, EX_SOFTWARE: a defect of this program. */
const EXIT_DEFECT = 70;

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

endQuietlyWithReader();
const args = process.argv.slice(2);
try {
  await refuseInvalidArguments(args);
  await runProgram(args, await version());
} catch (error) {
  if (error instanceof EngineError && error.code !== 'internal') {
    complain(error.failure.where, error.failure.what);
    process.exitCode = EXIT_BAD_INPUT;
  } else {
    complain('internal error', error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT_DEFECT;
  }
}
// Left to itself, Node waits at its end for tasks of V8's own threads, and was seen to wait for
// ever after a search (20.20, in NodePlatform::DrainTasks).
await flushed();
process.exit();
