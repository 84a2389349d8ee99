/** Pairs out of what was pasted: two columns of a spreadsheet or of a table, or NAME=TAG lines. */
import type { Pair } from '../../protocol/results.js';

/**
 * The pairs of a pasted text, or null where it is plain text for one cell (a single
 * line without a tab). A line is split at its first tab, else at its first `=`, or at its comma
 * where each line has one and none of the others; a line with neither is a name without a tag.
 * Blank lines are skipped, and a head "name,tag". A cell with a tab or
 * a line feed comes quoted from a spreadsheet, with `""` for a quote.
 */
export function pastedPairs(text: string): Pair[] | null {
  const body = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  if (!body.includes('\n') && !body.includes('\t')) return null;
  const pairs: Pair[] = [];
  const filled = lines(body).filter((line) => line.trim() !== '');
  const separator = filled.every((line) => /^[^\t=,"]*,[^\t=,"]*$/.test(line)) ? ',' : '=';
  if (/^\s*name\s*[,\t]\s*tag\s*$/i.test(filled[0] ?? '')) filled.shift();
  for (const line of filled) {
    const cells = line.includes('\t') ? cellsOf(line) : splitAt(line, separator);
    const [name = '', tag = ''] = cells;
    if (name !== '' || tag !== '') pairs.push({ name, tag });
  }
  return pairs.length === 0 ? null : pairs;
}

// Line feeds inside a quoted cell belong to the cell; only a quote that opens a cell counts.
function lines(body: string): string[] {
  const out: string[] = [];
  let line = '';
  let quoted = false;
  for (const [i, part] of body.split('\n').entries()) {
    line = i === 0 || !quoted ? part : `${line}\n${part}`;
    quoted = opensQuote(line);
    if (!quoted) out.push(line);
  }
  // A quote that never closes is a quote.
  if (quoted) out.push(...line.split('\n'));
  return out;
}

function opensQuote(line: string): boolean {
  if (!line.includes('\t') && !line.startsWith('"')) return false;
  let quoted = false;
  let atStart = true;
  for (const c of line) {
    if (quoted) quoted = c !== '"';
    else if (c === '"' && atStart) quoted = true;
    atStart = !quoted && c === '\t';
  }
  return quoted;
}

function cellsOf(line: string): string[] {
  return line.split('\t').map((cell) => {
    const inner = /^"(.*)"$/s.exec(cell)?.[1];
    return inner === undefined ? cell : inner.replace(/""/g, '"');
  });
}

function splitAt(line: string, separator: string): string[] {
  const at = line.indexOf(separator);
  return at < 0 ? [line.trim()] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
