/** Standard output and standard error. */
import { once } from 'node:events';
import { escapeControls, escapeControlsKeepingLines } from '../engine/show.js';

/** Writes to standard output and waits where the reader is slower than the program. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One JSON document, indented on a terminal. */
export async function writeJson(value: unknown): Promise<void> {
  await write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Resolves when what was written has gone where it goes. */
export async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  }
}

/** One line on standard error: `tagscope: WHERE: WHAT`. */
export function complain(where: string, what: string): void {
  const line = where === '' ? what : `${where}: ${what}`;
  process.stderr.write(`tagscope: ${escapeControls(line)}\n`);
}

/** What is written can end nowhere, on a full disk: no answer, and no "did not agree" either. */
const EXIT_UNWRITTEN = 2;

/** A reader that goes away (`| head`) ends the program quietly; what cannot be written, with a word. */
export function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      if (stream === process.stdout) {
        complain('standard output', `cannot be written (${error.code ?? error.message})`);
      }
      process.exit(EXIT_UNWRITTEN);
    });
  }
}

/** Text as a command's result: escaped for a terminal, as it is for a pipe or a file. */
export function forReader(text: string): string {
  return process.stdout.isTTY ? escapeControlsKeepingLines(text) : text;
}
