/**
 * All strings of n letters on a square: the first letter chooses the row, the second the column,
 * what follows lies inside. A string's place in the order of the alphabet is its index.
 */

export const LETTERS = 26;

export interface MapShape {
  letters: number;
  /** Squares of first and second letter. */
  columns: number;
  rows: number;
  /** Strings inside one square. */
  innerColumns: number;
  innerRows: number;
}

export function shapeOf(letters: number): MapShape {
  return {
    letters,
    columns: LETTERS,
    rows: letters === 1 ? 1 : LETTERS,
    // Twenty-six third letters in a square of five rows; the last has two.
    innerColumns: letters < 3 ? 1 : letters === 3 ? 6 : LETTERS,
    innerRows: letters < 3 ? 1 : letters === 3 ? 5 : LETTERS,
  };
}

export interface Place {
  column: number;
  row: number;
  innerColumn: number;
  innerRow: number;
}

export function placeOf({ letters, innerColumns }: MapShape, index: number): Place {
  if (letters === 1) return { column: index, row: 0, innerColumn: 0, innerRow: 0 };
  const inner = LETTERS ** (letters - 2);
  const square = Math.floor(index / inner);
  const within = index % inner;
  return {
    column: square % LETTERS,
    row: Math.floor(square / LETTERS),
    innerColumn: within % innerColumns,
    innerRow: Math.floor(within / innerColumns),
  };
}

/** The string at a place; null where none lies. */
export function indexAt(shape: MapShape, place: Place): number | null {
  const { letters, columns, rows, innerColumns, innerRows } = shape;
  const { column, row, innerColumn, innerRow } = place;
  const inside =
    column >= 0 &&
    column < columns &&
    row >= 0 &&
    row < rows &&
    innerColumn >= 0 &&
    innerColumn < innerColumns &&
    innerRow >= 0 &&
    innerRow < innerRows;
  if (!inside) return null;
  if (letters === 1) return column;
  const within = innerRow * innerColumns + innerColumn;
  const inner = LETTERS ** (letters - 2);
  return within < inner ? (row * LETTERS + column) * inner + within : null;
}

/** The neighbour in a direction, across the borders of squares; itself at the map's edge. */
export function neighbour(shape: MapShape, index: number, right: number, down: number): number {
  const { innerColumns, innerRows } = shape;
  const { column, row, innerColumn, innerRow } = placeOf(shape, index);
  const across = column * innerColumns + innerColumn + right;
  const along = row * innerRows + innerRow + down;
  // Past the last third letter, which fills no whole row, the next square begins.
  const step = Math.sign(right) || Math.sign(down);
  for (let more = 0; more < 8; ++more) {
    const x = across + (right === 0 ? 0 : step * more);
    const y = along + (right === 0 ? step * more : 0);
    const found = indexAt(shape, {
      column: Math.floor(x / innerColumns),
      row: Math.floor(y / innerRows),
      innerColumn: modulo(x, innerColumns),
      innerRow: modulo(y, innerRows),
    });
    if (found !== null) return found;
  }
  return index;
}

export function stringOf(letters: number, index: number): string {
  let rest = index;
  let text = '';
  for (let i = 0; i < letters; ++i) {
    text = String.fromCharCode(97 + (rest % LETTERS)) + text;
    rest = Math.floor(rest / LETTERS);
  }
  return text;
}

/** The index of a string of a–z. */
export function indexOf(text: string): number {
  let index = 0;
  for (const letter of text) index = index * LETTERS + letter.charCodeAt(0) - 97;
  return index;
}

/** Strings of so many tokens that contain `find`, in the order of the alphabet. */
export function stringsOf(
  counts: Uint8Array,
  letters: number,
  tokens: number,
  find: string,
): string[] {
  const found: string[] = [];
  for (let index = 0; index < counts.length; ++index) {
    if (counts[index] !== tokens) continue;
    const text = stringOf(letters, index);
    if (find === '' || text.includes(find)) found.push(text);
  }
  return found;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
