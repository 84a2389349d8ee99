/** A line of progress on standard error: only on a terminal, and only for what takes long. */
import { decimal, percent } from '../engine/show.js';

const QUIET_MS = 1000;
const INTERVAL_MS = 200;

export class Progress {
  readonly #what: string;
  readonly #total: number | null;
  readonly #started = performance.now();
  #shown = 0;

  constructor(what: string, totalBytes: number | null) {
    this.#what = what;
    this.#total = totalBytes;
  }

  show(bytes: number): void {
    const elapsed = performance.now() - this.#started;
    if (!process.stderr.isTTY || elapsed < QUIET_MS || elapsed - this.#shown < INTERVAL_MS) return;
    this.#shown = elapsed;
    const share = this.#total ? ` (${percent(Math.min(1, bytes / this.#total))})` : '';
    process.stderr.write(`\r\x1b[K${this.#what}  ${decimal(bytes / 1e6)} MB${share}`);
  }

  end(): void {
    if (this.#shown > 0) process.stderr.write('\r\x1b[K');
  }
}
