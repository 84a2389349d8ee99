/** A few vectors at a time; many are compared by the similarity module. */

/** In float64; 0 where either is zero. Both are as long. */
export function cosine(x: Float32Array, y: Float32Array): number {
  let [dot, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; ++i) {
    const [u = 0, v = 0] = [x[i], y[i]];
    dot += u * v;
    xx += u * u;
    yy += v * v;
  }
  return xx === 0 || yy === 0 ? 0 : dot / Math.sqrt(xx * yy);
}

/** The mean of rows of that width, summed in float64. */
export function meanOf(rows: readonly Float32Array[], width: number): Float32Array {
  const sum = new Float64Array(width);
  for (const row of rows) {
    for (let i = 0; i < width; ++i) sum[i] = (sum[i] ?? 0) + (row[i] ?? 0);
  }
  return Float32Array.from(sum, (one) => one / rows.length);
}

/** A row less another. */
export function less(row: Float32Array, mean: Float32Array): Float32Array {
  return row.map((value, i) => value - (mean[i] ?? 0));
}

/** Six significant digits, as all evidence has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
