// Rows as lines of the terminal and as sections of docs/BENCHMARKS.md.
import { standing } from './measure.mjs';

const MARKS = {
  missed: '**below its floor**',
  floor: 'floor held',
  goal: 'goal reached',
  none: '',
};

/** Three digits that count, grouped: 3,412, 45.1, 0.873. */
export function figure(value) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

const times = (ratio) => (ratio === null ? '' : `${ratio.toFixed(2)} ×`);

// A floor is a ratio where there is a peer, else a figure of ours.
function asked(row, value) {
  if (value === null) return '';
  return row.ratio === null ? `${figure(value)} ${row.unit}` : `${value} ×`;
}

/** @param {import('./measure.mjs').Row} row */
export function lineOf(row) {
  const against =
    row.peer === null
      ? 'no peer'
      : `${figure(row.peer).padStart(9)}  ${times(row.ratio)}  ${row.peer_name}`;
  const floor = row.floor === null ? '' : `  (floor ${asked(row, row.floor)})`;
  const ours = `${figure(row.ours).padStart(9)} ${row.unit.padEnd(9)}`;
  return `${row.where.padEnd(9)} ${row.what.padEnd(46)} ${ours} ${against}${floor}`;
}

/** A room's table, under the machine that it was measured on. */
export function sectionOf(rows, { cpu, chromium, node, date }) {
  const browsers = [chromium && `Chromium ${chromium}`, node && `Node ${node}`].filter(Boolean);
  const cells = rows.map((row) => [
    row.what,
    row.where === 'node' ? 'Node' : 'Chromium',
    `${figure(row.ours)} ${row.unit}`,
    row.peer === null ? '' : `${figure(row.peer)} (${row.peer_name})`,
    times(row.ratio),
    asked(row, row.floor),
    asked(row, row.goal),
    MARKS[standing(row)],
  ]);
  return [
    `Measured ${date} on ${cpu}, ${browsers.join(', ')}.`,
    '',
    '| what | where | ours | peer | ratio | floor | goal | |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...cells.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

/**
 * The document with a room's section exchanged between its marks, and everything around them
 * kept: what is written by hand there stays. A room without marks gets a heading at the end.
 */
export function inserted(document, room, section) {
  const begin = `<!-- bench ${room} -->`;
  const end = `<!-- end ${room} -->`;
  const block = `${begin}\n${section}\n${end}`;
  const from = document.indexOf(begin);
  if (from < 0) return `${document.trimEnd()}\n\n## ${room}\n\n${block}\n`;
  const to = document.indexOf(end, from);
  if (to < 0) throw new Error(`docs/BENCHMARKS.md has "${begin}" without "${end}"`);
  return document.slice(0, from) + block + document.slice(to + end.length);
}
