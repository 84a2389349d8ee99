/** A line of progress on standard error: only on a terminal, and only for what takes long. */
import { decimal, percent, shownBare } from '../engine/show.js';

const QUIET_MS = 1000;
const INTERVAL_MS = 200;

/** Of several files, one after the other. */
export class Progress {
  readonly #files: number;
  readonly #total: number | null;
  readonly #started = performance.now();
  #file = 0;
  #name = '';
  #before = 0;
  #bytes = 0;
  #shown = 0;
  #visible = false;

  /** `totalBytes` of all the files together, where that is known. */
  constructor(files: number, totalBytes: number | null) {
    this.#files = files;
    this.#total = totalBytes;
  }

  /** The next file begins. */
  begin(name: string): void {
    this.#file += 1;
    this.#name = name;
    this.#before += this.#bytes;
    this.#bytes = 0;
  }

  /** `bytes` of the current file are done. */
  show(bytes: number): void {
    this.#bytes = bytes;
    const elapsed = performance.now() - this.#started;
    if (!process.stderr.isTTY || elapsed < QUIET_MS || elapsed - this.#shown < INTERVAL_MS) return;
    this.#shown = elapsed;
    this.#visible = true;
    const which = this.#files > 1 ? `${this.#file}/${this.#files} ` : '';
    const line = progressLine(this.#before + bytes, this.#total, elapsed);
    process.stderr.write(`\r\x1b[K${which}${shownBare(this.#name)}  ${line}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
    this.#visible = false;
  }
}

/** "512 MB (25 %)  256 MB/s  6 s left" */
export function progressLine(bytes: number, total: number | null, elapsedMs: number): string {
  const rate = bytes / (elapsedMs / 1000);
  const parts = [`${decimal(bytes / 1e6)} MB`, `${decimal(rate / 1e6, 0)} MB/s`];
  if (total !== null && total > 0) {
    parts[0] += ` (${percent(Math.min(1, bytes / total))})`;
    if (rate > 0) parts.push(`${duration(Math.max(0, total - bytes) / rate)} left`);
  }
  return parts.join('  ');
}

/** "6 s", "2 min 5 s", "3 h 1 min" */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
