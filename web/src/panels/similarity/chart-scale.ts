/** Numbers to places on an axis, and round numbers to write beside it. */

export interface Scale {
  low: number;
  high: number;
  /** Round numbers inside, ascending. */
  ticks: number[];
  /** Decimals that tell them apart. */
  digits: number;
  /** From 0 at `low` to 1 at `high`. */
  at(value: number): number;
}

const STEPS = [1, 2, 5, 10];
// Closer together than float32 can tell: the values count as one.
const LEAST_SPREAD = 1e-9;

/** From the least to the largest of the values, a little room at both ends; about `ticks` marks. */
export function scaleOf(values: Iterable<number>, ticks = 5): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) [least, most] = [0, 0];
  // A single value lies in the middle of something.
  const room = most - least > LEAST_SPREAD ? (most - least) * 0.04 : 0.05;
  const [low, high] = [least - room, most + room];
  const rough = (high - low) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const marks: number[] = [];
  // Whole multiples, so that no rounding adds up.
  for (let i = first; i * step <= high; ++i) marks.push(i * step);
  return {
    low,
    high,
    ticks: marks,
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
    at: (value) => (value - low) / (high - low),
  };
}

/** A tick as it is written: with a true minus, and no minus before zero. */
export function tickText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A place from 0 to 1 for the i-th dot across its strip: spread evenly, in no order. */
export function jitter(i: number): number {
  return (i * 0.618_033_988_749_895) % 1;
}
