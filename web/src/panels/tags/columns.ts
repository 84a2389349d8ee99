/** Columns as people see them. */
import type { TableInfo } from '../../protocol/table-api.js';

/** Columns that are drawn; a row that has more shows the rest in full. */
const MOST_COLUMNS = 40;
const NAME_LENGTH = 28;

/** The columns that the table draws, from 0. */
export function shownColumns({ columns }: TableInfo): number[] {
  return Array.from({ length: Math.min(columns, MOST_COLUMNS) }, (_, column) => column);
}

/** The header's word, or the number from 1. */
export function columnName({ header }: TableInfo, column: number | null): string {
  if (column === null) return '';
  const word = header?.[column]?.trim() ?? '';
  if (word === '') return `column ${column + 1}`;
  return word.length > NAME_LENGTH ? `${word.slice(0, NAME_LENGTH - 1)}…` : word;
}
