import { spawn } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListHit, ListsSummary } from '../../web/src/protocol/results.js';
import { complaint, folder, json, MAIN, output, TOP, tagscope } from './tagscope.js';

type Line = { kind: string } & Partial<ListHit> & Record<string, unknown>;

const NAMES = ['houshou_marine', 'sakimichan', 'wlop', 'Greg_Rutkowski', 'mid aua'];
const TAGS = ['aua', 'wlo', 'zzz'];

function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

/** So many names, none like another. */
function manyNames(count: number): string {
  return Array.from({ length: count }, (_, i) => `name_${i * 7919}_x\n`).join('');
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

async function searched(names: string, tags: string, ...args: string[]): Promise<Line[]> {
  return linesOf(await output(['search', '--names', names, '--tags', tags, '--json', ...args]));
}

const ofKind = (lines: readonly Line[], kind: string) => lines.filter((line) => line.kind === kind);

describe('search --names --tags', () => {
  const names = file('names.txt', `${NAMES.join('\n')}\n`);
  const tags = file('tags.txt', `${TAGS.join('\n')}\n`);

  it('tells every hit, and each, given to run, makes the tag', async () => {
    const lines = await searched(names, tags);
    expect(lines[0]).toEqual({
      kind: 'lists',
      names: 5,
      tags: 3,
      space: 'quick@1',
      recipes: 29148,
    });
    const hits = ofKind(lines, 'hit');
    expect(hits).toContainEqual({
      kind: 'hit',
      name: 'wlop',
      recipe: 'take n=3',
      tag: 'wlo',
    });
    expect(hits).toContainEqual({ kind: 'hit', name: 'mid aua', recipe: 'last n=3', tag: 'aua' });
    for (const { name = '', recipe = '', tag } of hits.slice(0, 4)) {
      expect(await json(['run', recipe, name])).toMatchObject({ output: { text: tag } });
    }
  });

  it('gives the expected number beside every count', async () => {
    const lines = await searched(names, tags);
    const total = ofKind(lines, 'total')[0] as unknown as ListsSummary['total'];
    expect(total).toMatchObject({ names: 5, tags: 3, exhausted: true, tried: 5 * 29148 });
    expect(total.hits).toBe(ofKind(lines, 'hit').length);
    const of = (tag: string) => ofKind(lines, 'tag').find((line) => line.tag === tag);
    for (const tag of TAGS) {
      expect(of(tag)?.['hits']).toBe(ofKind(lines, 'hit').filter((hit) => hit.tag === tag).length);
      // Each output is one of at most 17,576 codes, and of the tag's token class perhaps.
      expect(of(tag)?.['expected']).toBeGreaterThanOrEqual(total.outputs / 17576 - 1e-4);
    }
    expect(total.expected).toBeGreaterThanOrEqual((3 * total.outputs) / 17576 - 1e-4);
    const [best] = ofKind(lines, 'recipe');
    expect(best?.['hits']).toBeGreaterThan(Number(best?.['expected']));
  });

  it('finds a planted recipe among random names', async () => {
    const list = manyNames(300);
    const some = list.split('\n').slice(0, 5);
    const made = await Promise.all(
      some.map(async (name) => {
        const { output: value } = (await json(['run', 'spaces | sha1 | hex | take n=8', name])) as {
          output: { text: string };
        };
        return value.text;
      }),
    );
    const lines = await searched(file('n.txt', list), file('t.txt', made.join('\n')));
    expect(ofKind(lines, 'recipe')[0]).toMatchObject({
      recipe: 'spaces | sha1 | hex | take n=8',
      hits: 5,
    });
    expect(ofKind(lines, 'total')[0]?.['expected']).toBeLessThan(0.01);
  });

  it('only counts where it is asked to', async () => {
    const all = await searched(names, tags);
    const counts = await searched(names, tags, '--counts');
    expect(counts).toEqual(all.filter(({ kind }) => kind !== 'hit'));
  });

  it('reads columns of tables as table does', async () => {
    const table = file('pairs.csv', 'tag,count,name\naua,1,"wlop"\n"wlo",2,mid aua\n');
    const lines = await searched(table, table);
    expect(lines[0]).toMatchObject({ names: 2, tags: 2 });
    expect(ofKind(lines, 'hit')).toContainEqual(
      expect.objectContaining({ name: 'wlop', tag: 'wlo', recipe: 'take n=3' }),
    );
    // No column of names is known: the first.
    const plain = file('many.csv', 'wlop,1,x\nmid aua,2,y\n');
    expect((await searched(plain, table))[0]).toMatchObject({ names: 2, tags: 2 });
  });

  it('reads as lines for people', async () => {
    const text = await output(['search', '--names', names, '--tags', tags]);
    expect(text).toMatch(/^wlop {2}wlo {2}take n=3$/m);
    expect(text).toMatch(/^aua +[\d,]+ +[\d.]+$/m);
    expect(text).toMatch(/hits?, [\d.,]+ expected of random tags/);
    expect(text).toContain('of quick@1');
  });

  it('refuses what are no lists, by file and place', async () => {
    const refused = (...args: string[]) => complaint(['search', ...args]);
    expect(await refused('--names', names)).toContain('needs --tags');
    expect(await refused('--tags', tags)).toContain('needs --names');
    expect(await refused('--names', names, '--tags', tags, '--pair', 'a=b')).toContain('--pair');
    expect(await refused('--names', names, '--tags', tags, '--jsonl', '-')).toContain('--jsonl');
    expect(await refused('--names', names, '--tags', tags, '--match', 'window')).toContain(
      '--match',
    );
    expect(await refused('--names', '-', '--tags', '-')).toContain('not both');
    expect(await refused('--counts', '--pair', 'a=b')).toContain('--counts');
    expect(await refused('--names', 'nowhere.txt', '--tags', tags)).toBe(
      'nowhere.txt: does not exist',
    );
    const blank = file('blank.txt', '\n\n');
    expect(await refused('--names', names, '--tags', blank)).toBe(`${blank}: has no tags`);
    const long = file('long.txt', `a\n${'x'.repeat(1025)}\n`);
    expect(await refused('--names', long, '--tags', tags)).toBe(
      `${long}, name 2: is 1025 bytes; the limit is 1024`,
    );
    expect(await refused('--names', names, '--tags', tags, '--space', 'nowhere')).toContain(
      'there is no space "nowhere"',
    );
  });
});

describe('search of lists --part', () => {
  const names = file('names.txt', manyNames(700));
  const tags = file('tags.txt', 'nam\name\n4_x\nabc\nxyz\n');
  const args = ['search', '--names', names, '--tags', tags, '--json'];

  it('goes on where an interrupted run was, and writes what that would have', async () => {
    const whole = await output(args);
    const path = join(folder(), 'state');
    expect(await output([...args, '--part', path])).toBe(whole);
    const part = readFileSync(path);
    // Whole already: nothing is run again.
    expect(await output([...args, '--part', path])).toBe(whole);
    for (const share of [0, 0.3, 1]) {
      const again = join(folder(), 'state');
      writeFileSync(`${again}.partial`, part);
      truncateSync(`${again}.partial`, Math.floor(part.length * share));
      expect(await output([...args, '--part', again])).toBe(whole);
      expect(readFileSync(again).equals(part)).toBe(true);
    }
    // What follows a damaged record is done again.
    const damaged = Buffer.from(part);
    damaged[Math.floor(part.length / 2)] = (damaged[Math.floor(part.length / 2)] ?? 0) ^ 1;
    const again = join(folder(), 'state');
    writeFileSync(`${again}.partial`, damaged);
    expect(await output([...args, '--part', again])).toBe(whole);
    expect(readFileSync(again).equals(part)).toBe(true);
  });

  it('does not go on with the state of another search', async () => {
    const path = join(folder(), 'state');
    await output([...args, '--part', path]);
    const others = ['search', '--names', tags, '--tags', tags, '--json', '--part'];
    expect(await complaintAfterOutput([...others, path])).toContain('another search');
    const partial = join(folder(), 'state');
    writeFileSync(`${partial}.partial`, readFileSync(path));
    expect(await complaintAfterOutput([...others, partial])).toContain('another search');
  });

  it('stops when it is interrupted, and goes on', async () => {
    const path = join(folder(), 'state');
    const many = file('many.txt', manyNames(3_000));
    const long = ['search', '--names', many, '--tags', tags, '--json', '--part', path];
    const child = spawn(process.execPath, [MAIN, ...long], { cwd: TOP });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    // The first line is there, so it is at work.
    let heard = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      // Once: a second interruption ends a program that has not ended yet.
      if (heard === 0) child.kill('SIGINT');
      heard += chunk.length;
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect(stderr).toMatch(
      /^tagscope: search: interrupted( after .* of quick@1)?; the same command/,
    );
    const [resumed, whole] = [await output(long), await output(long.slice(0, -2))];
    expect(resumed === whole).toBe(true);
  });
});

/** The complaint of a command that may have written something before. */
async function complaintAfterOutput(args: readonly string[]): Promise<string> {
  const { code, stderr } = await tagscope(args);
  expect(code).toBe(2);
  return stderr;
}
