import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaint, folder, json, output, TOP } from './tagscope.js';

const RAGGED = join(TOP, 'tests/vectors/tables/ragged.csv');
const ROT13 = join(TOP, 'tests/vectors/tables/rot13.csv');

function written(name: string, text: string | Uint8Array): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

describe('table', () => {
  it('reads a ragged sheet and says where it is wrong', async () => {
    const read = (await json(['table', RAGGED])) as Record<string, unknown>;
    expect(read).toMatchObject({
      rows: 10,
      columns: 5,
      header: ['name', 'tag', 'type', 'notes'],
      pairing: { by: 'header', name: 1, tag: 2, pairs: 8, incomplete: 1 },
      problem_count: 7,
    });
    expect(read['pairs']).toHaveLength(8);
    expect(read['pairs']).toContainEqual({ name: 'rem_(re:zero)x', tag: 'qhl' });
    const places = (read['problems'] as { line: number; column: number; fault: string }[]).map(
      ({ line, column, fault }) => [line, column, fault],
    );
    expect(places).toEqual([
      [3, 4, 'missing-cells'],
      [4, 5, 'extra-cells'],
      [6, 4, 'replacement-character'],
      [7, 2, 'control-character'],
      [8, 1, 'text-after-quote'],
      [10, 3, 'invalid-utf8'],
      [11, 4, 'unclosed-quote'],
    ]);
  });

  it('shows people the same', async () => {
    const text = await output(['table', RAGGED]);
    expect(text).toMatch(/ragged\.csv {2}10 rows, 5 columns\n/);
    expect(text).toMatch(/pairs {5}8: names in column 1, tags in column 2, by the header; 1 row/);
    expect(text).toContain('line 7, column 2');
    expect(text).not.toContain('\x02');
  });

  it('offers ROT13 and undoes it', async () => {
    const cipher = await output(['table', ROT13]);
    expect(cipher).toMatch(/they read better turned by ROT13[^\n]*\n +--decode rot13 does it/);
    const plain = (await json(['table', ROT13, '--decode', 'rot13'])) as Record<string, unknown>;
    expect(plain).toMatchObject({
      rows: 13,
      columns: 2,
      header: ['name', 'tag'],
      rot13: { turned: true, offered: false },
      problems: [],
    });
    expect((plain['pairs'] as unknown[])[0]).toEqual({ name: 'houshou_marine', tag: 'aua' });
    expect(plain['pairs']).toHaveLength(12);
    expect(await complaint(['table', ROT13, '--decode', 'rot14'])).toMatch(/^--decode: /);
  });

  it('gives all cells', async () => {
    const path = written('x.csv', '\ufeffa,"b ""c""",\r\n\r\n"",d\r"e\nf"');
    expect(await json(['table', path, '--cells'])).toEqual([
      ['a', 'b "c"', ''],
      ['', 'd'],
      ['e\nf'],
    ]);
    expect(await json(['table', '-', '--cells'], '')).toEqual([]);
  });

  it('takes another delimiter, and a tab for .tsv', async () => {
    expect(await json(['table', written('x.tsv', 'a,b\tc\n'), '--cells'])).toEqual([['a,b', 'c']]);
    expect(await json(['table', '-', '--delimiter', ';', '--cells'], 'a;b,c\n')).toEqual([
      ['a', 'b,c'],
    ]);
    expect(await json(['table', '-', '--delimiter', 'tab', '--cells'], 'a\tb')).toEqual([
      ['a', 'b'],
    ]);
    expect(await complaint(['table', '-', '--delimiter', 'x'], 'a')).toMatch(/^delimiter: must be/);
    expect(await complaint(['table', '-', '--delimiter', '::'], 'a')).toMatch(/^--delimiter: /);
  });

  it('finds pairs by hand', async () => {
    const text = 'was,wer\naua,houshou_marine\n';
    expect(await json(['table', '-', '--name', 'wer', '--tag', '1'], text)).toMatchObject({
      pairing: { by: 'hand', name: 2, tag: 1 },
      pairs: [{ name: 'houshou_marine', tag: 'aua' }],
    });
    expect(
      await json(['table', '-', '--name', '2', '--tag', '1', '--no-header'], text),
    ).toMatchObject({ header: null, pairs: [{ name: 'wer', tag: 'was' }, {}] });
    expect(await complaint(['table', '-', '--name', '3'], text)).toBe(
      'name: is column 3; the table has 2',
    );
  });

  it('exports what tag autocompletion reads', async () => {
    const exported = await output(['table', ROT13, '--decode', 'rot13', '--export', 'tagcomplete']);
    expect(exported.split('\n').slice(0, 2)).toEqual([
      'houshou_marine,0,0,"aua"',
      'sakimichan,0,0,"zix"',
    ]);
    const already = '1girl,0,4225150,"1girls,sole_female"\n"a,b",4,12,""\n';
    expect(await output(['table', '-', '--export', 'tagcomplete'], already)).toBe(already);
    expect(
      await output(['table', '-', '--delimiter', ';', '--export', 'csv'], 'name;tag\nx;"y,z"\n'),
    ).toBe('name,tag\nx,"y,z"\n');
    expect(await complaint(['table', '-', '--export', 'xls'], 'a')).toMatch(/^--export: /);
  });

  it('refuses what it cannot read', async () => {
    expect(await complaint(['table'])).toMatch(/^table: the input is missing/);
    expect(await complaint(['table', '/nowhere/x.csv'])).toBe('/nowhere/x.csv: does not exist');
    expect(
      await complaint(['table', written('x.csv', new Uint8Array([0xff, 0xfe, 97, 0]))]),
    ).toMatch(/^table: is UTF-16/);
    expect(await complaint(['table', RAGGED, '--export', 'csv', '--json'])).toMatch(/not both/);
  });

  it('loses no byte on the way to another CSV', async () => {
    const exported = await output(['table', RAGGED, '--export', 'csv']);
    const cells = await json(['table', '-', '--cells'], exported);
    expect(cells).toEqual(await json(['table', RAGGED, '--cells']));
    expect(readFileSync(RAGGED, 'utf8')).toContain('never closed');
  });

  it('reads a million rows', async () => {
    let text = 'name,tag\n';
    for (let i = 0; i < 1_000_000; ++i) text += `name_${i},t${i % 977}\n`;
    const path = written('million.csv', text);
    expect(await output(['table', path])).toMatch(/1,000,001 rows, 2 columns\n/);
  });
});
