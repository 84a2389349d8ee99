/** A word's merges as boxes: letters on top, each merge below what it joins. */
import type { Merges } from '../../protocol/results.js';

export interface MergeBox {
  piece: string;
  id: number;
  /** Columns, from 0: the symbols it covers. */
  begin: number;
  end: number;
  /** Rows, from 0: from where it is made down to where it is joined. */
  top: number;
  bottom: number;
  /** The merge that makes it, from 1; 0 for a symbol of the word. */
  step: number;
  rank: number | null;
}

export interface MergeTree {
  columns: number;
  rows: number;
  /** Symbols first, then merges in their order. */
  boxes: MergeBox[];
}

export function mergeTree({ symbols, steps }: Merges): MergeTree {
  const boxes: MergeBox[] = symbols.map(({ id, piece }, i) => ({
    piece,
    id,
    begin: i,
    end: i + 1,
    top: 0,
    bottom: 1,
    step: 0,
    rank: null,
  }));
  const row = [...boxes];
  steps.forEach(({ at, id, piece, rank }, i) => {
    const [left, right] = row.slice(at, at + 2);
    if (left === undefined || right === undefined) return;
    const top = Math.max(left.top, right.top) + 1;
    left.bottom = top;
    right.bottom = top;
    const box = {
      piece,
      id,
      begin: left.begin,
      end: right.end,
      top,
      bottom: top + 1,
      step: i + 1,
      rank,
    };
    row.splice(at, 2, box);
    boxes.push(box);
  });
  // What is left reaches down to the last row, so that the word's tokens stand in one line.
  const rows = Math.max(1, ...boxes.map(({ bottom }) => bottom));
  for (const box of row) box.bottom = rows;
  return { columns: symbols.length, rows, boxes };
}
