/** A deterministic cut of a search: of its units, each shard has every N-th. */

/** The units I − 1, I − 1 + N, …: a share that another machine need not know of. */
export interface Shard {
  /** I, from 1. */
  index: number;
  /** N. */
  of: number;
}

export const WHOLE: Shard = { index: 1, of: 1 };

/** How many of `units` units a shard has. */
export function unitsOf({ index, of }: Shard, units: number): number {
  return Math.max(0, Math.ceil((units - index + 1) / of));
}

/** The shard's units, ascending. */
export function unitListOf(shard: Shard, units: number): number[] {
  return Array.from(
    { length: unitsOf(shard, units) },
    (_, place) => shard.index - 1 + place * shard.of,
  );
}
