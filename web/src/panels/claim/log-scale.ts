/** A logarithmic axis, for the figures. */

export interface Scale {
  /** 0 … 1 along the axis; clamped. */
  at(value: number): number;
  /** Powers of ten within the axis. */
  ticks: { value: number; exponent: number; at: number }[];
}

/** An axis from `low` to `high` (both > 0, low < high) with at most `most` ticks. */
export function logScale(low: number, high: number, most = 8): Scale {
  const from = Math.log10(low);
  const to = Math.log10(high);
  const at = (value: number) => Math.min(1, Math.max(0, (Math.log10(value) - from) / (to - from)));
  // Adding zero makes −0 plain.
  const first = Math.ceil(from - 1e-9) + 0;
  const last = Math.floor(to + 1e-9);
  const step = Math.max(1, Math.ceil((last - first) / Math.max(1, most - 1)));
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += step) {
    const value = 10 ** exponent;
    ticks.push({ value, exponent, at: at(value) });
  }
  return { at, ticks };
}
