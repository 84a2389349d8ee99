/** The 26³ codes of three letters as a picture: a square of 26 × 26 for each first letter. */

export const LETTERS = 26;
const CODES = LETTERS ** 3;
/** The engine tells bits in words of 64. */
const MAP_BYTES = Math.ceil(CODES / 64) * 8;

export interface MapLayout {
  /** CSS pixels of a code, of a square, and from one square to the next. */
  cell: number;
  square: number;
  pitch: { x: number; y: number };
  columns: number;
  width: number;
  height: number;
}

/** Room for a square's letter above it, between squares, and for the tag's ring around them all. */
const HEAD = 14;
const GAP = 8;
const PAD = 10;

/** The largest cells with which the map stays in about three rows, whole pixels. */
export function mapLayout(width: number): MapLayout {
  const cell = width >= 560 ? 3 : 2;
  const square = LETTERS * cell;
  const columns = Math.max(1, Math.min(9, Math.floor((width - 2 * PAD + GAP) / (square + GAP))));
  const pitch = { x: square + GAP, y: square + HEAD + GAP };
  const rows = Math.ceil(LETTERS / columns);
  return {
    cell,
    square,
    pitch,
    columns,
    width: columns * pitch.x - GAP + 2 * PAD,
    height: rows * pitch.y - GAP + PAD,
  };
}

/** The upper left corner of a first letter's square; its letter stands above. */
export function squareAt(layout: MapLayout, first: number): { x: number; y: number } {
  return {
    x: PAD + (first % layout.columns) * layout.pitch.x,
    y: Math.floor(first / layout.columns) * layout.pitch.y + HEAD,
  };
}

/** Of a code: rows are second letters, columns third ones. */
export function cellAt(layout: MapLayout, code: number): { x: number; y: number } {
  const { x, y } = squareAt(layout, Math.floor(code / LETTERS ** 2));
  return {
    x: x + (code % LETTERS) * layout.cell,
    y: y + (Math.floor(code / LETTERS) % LETTERS) * layout.cell,
  };
}

/** A tag of three letters as a code; null where it is none. Letter case does not count. */
export function codeOf(tag: string): number | null {
  if (!/^([a-z]{3}|[A-Z]{3})$/.test(tag)) return null;
  return [...tag.toLowerCase()].reduce(
    (code, letter) => code * LETTERS + letter.charCodeAt(0) - 97,
    0,
  );
}

/** Whether the bits are of the 26³ codes: tags such as "add" are hexadecimal, and have fewer. */
export function isMap(reached: Uint8Array | null): reached is Uint8Array {
  return reached?.length === MAP_BYTES;
}

export function holds(reached: Uint8Array, code: number): boolean {
  return (((reached[code >> 3] ?? 0) >> (code & 7)) & 1) === 1;
}

export function reachedCodes(reached: Uint8Array): number[] {
  return Array.from({ length: CODES }, (_, code) => code).filter((code) => holds(reached, code));
}
