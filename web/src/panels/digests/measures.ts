/** Sizes, rates and times as people read them. */
import { count, counted } from '../../engine/show.js';
import type { QueueProgress } from './file-queue.js';

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** To three digits in binary units: `4.00 GiB`; bytes are left whole. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return counted(bytes, 'byte');
  // What would be written as 1,024 of a unit is 1.00 of the next.
  const power = UNITS.findIndex((_, i) => bytes / 1024 ** (i + 1) < 1023.5);
  const i = power < 0 ? UNITS.length - 1 : power;
  const value = bytes / 1024 ** (i + 1);
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[i]}`;
}

/** Coarse, so that it does not flicker: `8 s`, `1 min 40 s`, `2 h 5 min`. */
export function timeOf(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 20) return `${Math.ceil(seconds)} s`;
  const rounded = Math.ceil(seconds / 5) * 5;
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) {
    const rest = rounded % 60;
    return `${Math.floor(rounded / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
  }
  const minutes = Math.ceil(seconds / 60);
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

const WINDOW_MS = 5000;

/** Bytes a second over the last seconds. */
export class RateMeter {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes` in all at a time in milliseconds. Files given up may make them fewer: it then begins anew. */
  add(at: number, bytes: number): void {
    if (bytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = [];
    this.#samples.push({ at, bytes });
    while ((this.#samples[1]?.at ?? Number.POSITIVE_INFINITY) <= at - WINDOW_MS) {
      this.#samples.shift();
    }
  }

  /** null until it can be told. */
  get rate(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 500) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

/** The queue's progress in a line: files, bytes, rate, time left. */
export function progressLine(progress: QueueProgress, rate: number | null): string {
  const { files, filesDone, bytes, total } = progress;
  const parts = [`${sizeOf(bytes)} of ${sizeOf(total)}`];
  if (files > 1) {
    const current = count(Math.min(files, filesDone + 1));
    parts.unshift(`file ${current} of ${count(files)}`);
  }
  if (rate !== null && rate > 0) {
    parts.push(`${sizeOf(rate)}/s`, `${timeOf((total - bytes) / rate)} left`);
  }
  return parts.join(' · ');
}

/** Per cent, rounded down: 100 only when all is read. */
export function percentOf(bytes: number, total: number): number {
  return total === 0 ? 100 : Math.floor((bytes / total) * 100);
}
