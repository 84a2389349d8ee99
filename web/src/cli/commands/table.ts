import type { Command } from 'commander';
import { createEngine, type OpenTable } from '../../engine/node.js';
import { count, counted, decimal, shortened, shown, shownBare } from '../../engine/show.js';
import type { Pair } from '../../protocol/results.js';
import type { TableForm, TableInfo, TableReading } from '../../protocol/table-api.js';
import { badInput } from '../bad-input.js';
import { table as columnsOf } from '../format/layout.js';
import { styled } from '../format/style.js';
import { inputName, readBytes, STDIN } from '../input.js';
import { write } from '../output.js';
import { Progress } from '../progress.js';

interface Options {
  decode?: string;
  delimiter?: string;
  name?: string;
  tag?: string;
  header?: boolean;
  cells?: true;
  export?: string;
  json?: true;
}

/** Of the engine (kMaxTableBytes). */
const MAX_TABLE_BYTES = 512 * 1024 * 1024;
const FORMS: readonly TableForm[] = ['tagcomplete', 'csv'];
const SLICE = 10_000;

/** What a person is shown of a long list. */
const SHOWN_PAIRS = 10;
const SHOWN_ROWS = 5;
const SHOWN_PROBLEMS = 20;
const SHOWN_CELL = 60;

export function tableCommand(program: Command): void {
  program
    .command('table')
    .description('read a table of tags: rows, pairs, and what is wrong with it')
    .argument('[FILE]', 'comma-separated values or a plain list; - reads standard input')
    .option('--decode <CIPHER>', 'undo a cipher of the letters: rot13')
    .option(
      '--delimiter <CHAR>',
      'what stands between cells (a comma; a tab for .tsv); tab for a tab',
    )
    .option('--name <COLUMN>', 'the column of names: its number from 1, or a word of the header')
    .option('--tag <COLUMN>', 'the column of tags, likewise')
    .option('--header', 'the first row names the columns, whatever it says')
    .option('--no-header', 'the first row names no columns')
    .option('--cells', 'all records as JSON')
    .option('--export <FORM>', 'write the table as tagcomplete or csv')
    .option('--json', 'one JSON document')
    .action(table);
}

async function table(path: string | undefined, options: Options): Promise<void> {
  if (path === undefined) {
    throw badInput('table', 'the input is missing: FILE, or - for standard input', 'bad-usage');
  }
  const form = formOf(options.export);
  if (form !== undefined && (options.json || options.cells)) {
    throw badInput('table', 'takes --export or JSON, not both', 'bad-usage');
  }
  const reading = readingOf(options);
  const bytes = await readBytes(path, MAX_TABLE_BYTES);
  const engine = await createEngine();
  const progress = new Progress(1, bytes.length);
  progress.begin(inputName(path));
  const opened = await engine
    .table(bytes, {
      ...reading,
      ...(options.delimiter === undefined ? {} : { delimiter: delimiterOf(options.delimiter) }),
      fileName: path,
      progress: (read) => progress.show(read),
    })
    .finally(() => progress.end());
  if (form !== undefined) await writeExport(opened, form);
  else if (options.cells) await writeCells(opened);
  else if (options.json) await writeDocument(opened);
  else await writeSummary(opened, path === STDIN ? inputName(path) : path);
}

function formOf(text: string | undefined): TableForm | undefined {
  if (text === undefined) return undefined;
  const form = FORMS.find((one) => one === text);
  if (form !== undefined) return form;
  throw badInput(
    '--export',
    `"${text.slice(0, 64)}" is no form; there are ${FORMS.join(', ')}`,
    'bad-argument',
  );
}

function readingOf({ decode, name, tag, header }: Options): TableReading {
  if (decode !== undefined && decode !== 'rot13') {
    throw badInput(
      '--decode',
      `"${decode.slice(0, 64)}" is unknown; there is rot13`,
      'bad-argument',
    );
  }
  return {
    ...(decode === undefined ? {} : { rot13: true }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag }),
    ...(header === undefined ? {} : { header }),
  };
}

function delimiterOf(text: string): string {
  if (text === 'tab' || text === '\\t') return '\t';
  if (text.length === 1) return text;
  throw badInput(
    '--delimiter',
    `is "${text.slice(0, 64)}"; it must be one character, or tab`,
    'bad-argument',
  );
}

async function writeExport(opened: OpenTable, form: TableForm): Promise<void> {
  for await (const part of opened.export(form)) await write(part);
}

async function writeCells(opened: OpenTable): Promise<void> {
  for await (const part of opened.recordsJson()) await write(part);
  await write('\n');
}

/** Piece by piece: a million pairs need not lie in memory as one text. */
async function writeDocument(opened: OpenTable): Promise<void> {
  const { rows, columns, header, pairing, rot13, delimiter, problems } = opened.info;
  const known = { rows, columns, delimiter, header, pairing: numbered(pairing), rot13 };
  await write(`${JSON.stringify(known).slice(0, -1)},"pairs":[`);
  let first = true;
  for await (const pairs of opened.pairs()) {
    if (pairs.length === 0) continue;
    await write((first ? '' : ',') + JSON.stringify(pairs).slice(1, -1));
    first = false;
  }
  await write(`],"problem_count":${problems},"problems":[`);
  for (let begin = 0; begin < opened.info.problems_kept; begin += SLICE) {
    const part = await opened.problems(begin, begin + SLICE);
    const told = part.map(({ line, column, row, fault, what }) => ({
      line,
      column,
      row: row + 1,
      fault,
      what,
    }));
    await write((begin === 0 ? '' : ',') + JSON.stringify(told).slice(1, -1));
  }
  await write(']}\n');
}

/** Columns as people count them. */
function numbered({ name, tag, ...pairing }: TableInfo['pairing']): TableInfo['pairing'] {
  const from1 = (column: number | null) => (column === null ? null : column + 1);
  return { ...pairing, name: from1(name), tag: from1(tag) };
}

async function writeSummary(opened: OpenTable, name: string): Promise<void> {
  const { rows, columns, header, rot13, problems } = opened.info;
  const lines = [
    `${styled(shownBare(name), 'bold')}  ${counted(rows, 'row')}, ${counted(columns, 'column')}${rot13.turned ? ', letters turned by ROT13' : ''}`,
  ];
  if (header !== null) lines.push('', `header    ${header.map(cellText).join(' | ')}`);
  lines.push(...(await pairLines(opened)));
  if (rot13.offered) {
    lines.push(
      '',
      `${styled('letters', 'yellow')}   they read better turned by ROT13: ${decimal(rot13.gain_bits, 2)} bits a letter likelier, over ${counted(rot13.letters, 'letter')}`,
      `          ${rot13.turned ? 'without --decode' : '--decode rot13 does it'}`,
    );
  }
  lines.push(...(await problemLines(opened, problems)));
  await write(`${lines.join('\n')}\n`);
}

async function pairLines(opened: OpenTable): Promise<string[]> {
  const { by, name, tag, pairs, incomplete } = opened.info.pairing;
  if (by === 'nothing' || name === null || tag === null) {
    const rows = await opened.rows(0, SHOWN_ROWS);
    const more = opened.shownRows - rows.length;
    return [
      '',
      'pairs     none: no columns of names and tags are known; --name and --tag say which',
      ...(rows.length === 0 ? [] : ['']),
      ...rows.map(({ cells }) => `  ${cells.map(cellText).join(' | ')}`),
      ...(more > 0 ? [`  … ${count(more)} more`] : []),
    ];
  }
  const first: Pair[] = [];
  for await (const part of opened.pairs()) {
    first.push(...part.slice(0, SHOWN_PAIRS - first.length));
    if (first.length === SHOWN_PAIRS) break;
  }
  const how = { header: 'by the header', position: 'by position', hand: 'as told' }[by];
  const without = incomplete === 0 ? '' : `; ${counted(incomplete, 'row')} without one of both`;
  return [
    '',
    `pairs     ${count(pairs)}: names in column ${name + 1}, tags in column ${tag + 1}, ${how}${without}`,
    ...columnsOf(first.map((pair) => [' ', cellText(pair.name), cellText(pair.tag)])),
    ...(pairs > first.length ? [`  … ${count(pairs - first.length)} more`] : []),
  ];
}

async function problemLines(opened: OpenTable, problems: number): Promise<string[]> {
  if (problems === 0) return ['', 'problems  none'];
  const first = await opened.problems(0, SHOWN_PROBLEMS);
  return [
    '',
    `${styled('problems', 'red')}  ${count(problems)}`,
    ...columnsOf(
      first.map(({ line, column, what }) => [
        ' ',
        `line ${count(line)}, column ${count(column)}`,
        what,
      ]),
    ),
    ...(problems > first.length
      ? [`  … ${count(problems - first.length)} more; --json lists them`]
      : []),
  ];
}

function cellText(cell: string): string {
  return shown(shortened(cell, SHOWN_CELL));
}
