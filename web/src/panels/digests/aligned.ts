/** Digests side by side: what differs, and what is shown of them where room is short. */

/** Digits that stand together; lines break only between such groups. */
export const GROUP = 8;

export interface AlignedGroup {
  expected: Piece[];
  computed: Piece[];
}

/** A run of digits that all differ, or all agree. */
export interface Piece {
  text: string;
  differs: boolean;
}

export interface Alignment {
  groups: AlignedGroup[];
  /** How many of the longer one's digits differ, and the first of them, from 1. */
  differing: number;
  length: number;
  first: number | null;
}

/** Two texts of digits over each other, letter case aside. */
export function aligned(expected: string, computed: string): Alignment {
  const length = Math.max(expected.length, computed.length);
  const differs = Array.from(
    { length },
    (_, i) => expected[i]?.toLowerCase() !== computed[i]?.toLowerCase(),
  );
  const groups: AlignedGroup[] = [];
  for (let at = 0; at < length; at += GROUP) {
    const end = at + GROUP;
    groups.push({
      expected: piecesOf(expected.slice(at, end), differs.slice(at, end)),
      computed: piecesOf(computed.slice(at, end), differs.slice(at, end)),
    });
  }
  const first = differs.indexOf(true);
  return {
    groups,
    differing: differs.filter((one) => one).length,
    length,
    first: first < 0 ? null : first + 1,
  };
}

function piecesOf(text: string, differs: readonly boolean[]): Piece[] {
  const pieces: Piece[] = [];
  Array.from(text).forEach((digit, i) => {
    const last = pieces.at(-1);
    const here = differs[i] ?? false;
    if (last !== undefined && last.differs === here) last.text += digit;
    else pieces.push({ text: digit, differs: here });
  });
  return pieces;
}

/** The computed digest that comes nearest, first; a slip of the pen is then seen at once. */
export function nearestFirst<T extends { hex: string }>(
  expected: string,
  compared: readonly T[],
): T[] {
  return compared
    .map((item) => ({ item, differing: aligned(expected, item.hex).differing }))
    .sort((a, b) => a.differing - b.differing)
    .map(({ item }) => item);
}

/** A digest in the groups in which it is set; the short ones that name checkpoints stay whole. */
export function grouped(text: string): string[] {
  if (text.length <= 12) return [text];
  return text.match(new RegExp(`.{1,${GROUP}}`, 'gs')) ?? [];
}

/** Beginning and end of a long digest: `8D7F…21AB`. */
export function elided(text: string, kept = 4): string {
  return text.length <= 2 * kept + 4 ? text : `${text.slice(0, kept)}…${text.slice(-kept)}`;
}

/** Hex in the letter case that is asked for. */
export function cased(hex: string, lower: boolean): string {
  return lower ? hex.toLowerCase() : hex.toUpperCase();
}
