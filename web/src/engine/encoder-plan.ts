/** Which texts run together: padding is what costs, so texts of like length do. */

export interface PlanOptions {
  /** Lengths are rounded up to a multiple of it, at most to `most`. */
  step: number;
  most: number;
}

/** Texts by their index, all of which run at one length. */
export interface PlannedBatch {
  texts: number[];
  length: number;
}

/** Rows of a batch, padding among them: large enough for the matrices, small enough for progress. */
const MOST_ROWS = 512;
/** What a batch of its own costs, in rows: the weights are read once more. */
const BATCH_ROWS = 24;

/**
 * Divides texts of these lengths; every one is in exactly one batch. Of all ways to let
 * neighbouring lengths share batches the one that costs least, padding and batches counted.
 */
export function plannedBatches(
  lengths: readonly number[],
  { step, most }: PlanOptions,
): PlannedBatch[] {
  const byLength = new Map<number, number[]>();
  for (const [text, length] of lengths.entries()) {
    const rounded = Math.min(most, Math.ceil(length / step) * step);
    const equal = byLength.get(rounded);
    if (equal === undefined) byLength.set(rounded, [text]);
    else equal.push(text);
  }
  const groups = [...byLength].sort(([a], [b]) => a - b);
  return cheapestRuns(groups.map(([length, { length: count }]) => ({ length, count }))).flatMap(
    ([first, end]) => {
      const texts = groups.slice(first, end).flatMap(([, members]) => members);
      return batchesOf(texts, groups[end - 1]?.[0] ?? most);
    },
  );
}

/** Groups first … end − 1 that run at one length, in order; together they cost least. */
function cheapestRuns(
  groups: readonly { length: number; count: number }[],
): [first: number, end: number][] {
  // costs[end]: of the groups before `end`; begins[end]: where the last of their runs begins.
  const costs = [0];
  const begins = [0];
  for (const [last, { length }] of groups.entries()) {
    let [cost, begin, count] = [Infinity, 0, 0];
    for (let first = last; first >= 0; --first) {
      count += groups[first]?.count ?? 0;
      const batches = Math.ceil(count / textsOf(length));
      const found = (costs[first] ?? 0) + count * length + batches * BATCH_ROWS;
      if (found < cost) [cost, begin] = [found, first];
    }
    costs.push(cost);
    begins.push(begin);
  }
  const runs: [number, number][] = [];
  for (let end = groups.length; end > 0; end = begins[end] ?? 0)
    runs.unshift([begins[end] ?? 0, end]);
  return runs;
}

/** How many texts of a length a batch holds. */
function textsOf(length: number): number {
  return Math.max(1, Math.floor(MOST_ROWS / length));
}

/** Batches of one length, as equal in size as can be. */
function batchesOf(texts: readonly number[], length: number): PlannedBatch[] {
  const size = Math.ceil(texts.length / Math.ceil(texts.length / textsOf(length)));
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, i) => ({
    texts: texts.slice(i * size, (i + 1) * size),
    length,
  }));
}
