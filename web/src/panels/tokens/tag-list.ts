/** A pasted or dropped list of tags. */

/** Larger lists are for the Tags panel. */
export const MAX_TAGS = 50_000;
export const MAX_LIST_BYTES = 8 * 1024 * 1024;

/**
 * One tag a line; of a table, the first cell of each line. A single line is split at its commas,
 * and so are lines of a prompt. Repeated tags count once.
 */
export function tagsOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const filled = lines.filter((line) => line.trim() !== '');
  const cells =
    filled.length <= 1 || isPrompt(filled)
      ? filled.flatMap((line) => line.split(/[,\t]/))
      : filled.map(
          (line) =>
            /^"((?:[^"]|"")*)"/.exec(line)?.[1]?.replaceAll('""', '"') ??
            line.split(/[,\t]/, 1)[0] ??
            '',
        );
  return [...new Set(cells.map((cell) => cell.trim()).filter((cell) => cell !== ''))];
}

// People put a space behind a comma, programs that write tables do not.
function isPrompt(lines: readonly string[]): boolean {
  return (
    lines.some((line) => line.includes(',')) && lines.every((line) => !/^"|\t|,(?!\s|$)/.test(line))
  );
}

/** RFC 4180; cells that need it are quoted. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
