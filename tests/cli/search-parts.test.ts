import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaint, folder, MAIN, output, TOP, tagscope } from './tagscope.js';

const hasParallel = spawnSync('parallel', ['--version']).status === 0;

function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

const names = (count: number) =>
  file('names.txt', Array.from({ length: count }, (_, i) => `name_${i * 7919}_x\n`).join(''));

const CLAIM = ['--pair', 'wlop=aua', '--pair', 'mid=zix', '--pair', 'a_b=b'];
const LISTS = ['--names', names(300), '--tags', file('tags.txt', 'nam\name\n4_x\nabc\n')];

/** The parts of all shards, run anew. */
function parts(of: number, args: readonly string[], space = 'quick'): Promise<string[]> {
  const where = folder();
  return Promise.all(
    Array.from({ length: of }, async (_, i) => {
      const path = join(where, `part-${i + 1}`);
      const shard = ['--shard', `${i + 1}/${of}`, '--part', path];
      await output(['search', ...args, '--space', space, ...shard]);
      return path;
    }),
  );
}

const made = new Map<string, Promise<string[]>>();

/** The same, run once for all tests, which do not change them. */
function sharedParts(of: number, args: readonly string[]): Promise<string[]> {
  const key = [of, ...args].join('\n');
  const known = made.get(key) ?? parts(of, args);
  made.set(key, known);
  return known;
}

describe('search --shard and --merge', () => {
  it('come to what the whole search gives, byte for byte', async () => {
    for (const asked of [CLAIM, LISTS, [...LISTS, '--counts']]) {
      const paths = [...(await sharedParts(3, asked))].reverse();
      for (const format of [['--json'], []]) {
        const whole = await output(['search', ...asked, '--space', 'quick', ...format]);
        expect(await output(['search', '--merge', ...paths, ...format])).toBe(whole);
      }
    }
  });

  it('of a claim that a proof covers', async () => {
    const covered = ['--pair', 'houshou_marine=aua'];
    const whole = await output(['search', ...covered, '--space', 'substitution', '--json']);
    const paths = await parts(2, covered, 'substitution');
    expect(await output(['search', '--merge', ...paths, '--json'])).toBe(whole);
  });

  it('are the same however often a shard is run', async () => {
    for (const asked of [CLAIM, LISTS]) {
      const [one, two] = [await sharedParts(3, asked), await parts(3, asked)];
      one.forEach((path, i) => {
        expect(readFileSync(path).equals(readFileSync(two[i] ?? ''))).toBe(true);
      });
      // A part that is whole is left as it is.
      const before = statSync(one[0] ?? '').mtimeMs;
      const args = ['search', ...asked, '--space', 'quick', '--shard', '1/3', '--part'];
      await output([...args, one[0] ?? '']);
      expect(statSync(one[0] ?? '').mtimeMs).toBe(before);
      expect(await complaint([...args, one[1] ?? ''])).toContain('another search or shard');
    }
  });

  it('refuse options that do not go together', async () => {
    const refused = (...args: string[]) => complaint(['search', ...args]);
    expect(await refused(...CLAIM, '--shard', '1/3')).toContain('--part');
    expect(await refused(...CLAIM, '--part', 'x')).toContain('--shard');
    for (const shard of ['0/3', '4/3', '1', '1/0', 'a/b', '1/3/3', '-1/3', '1/9999999']) {
      expect(await refused(...CLAIM, `--shard=${shard}`, '--part', 'x')).toContain('--shard');
    }
    expect(await refused('--merge', 'x', '--space', 'quick')).toContain('--space');
    expect(await refused('--merge', 'x', '--shard', '1/2', '--part', 'y')).toContain('--merge');
    expect(await refused('--merge', 'nowhere')).toBe('nowhere: does not exist');
    expect(
      await refused(...CLAIM, '--shard', '1/1', '--part', join(folder(), 'no', 'part')),
    ).toContain('cannot be written (ENOENT)');
  });
});

describe('parts from anywhere', () => {
  it('are missing, there twice, or of another search, and named', async () => {
    const lists = await sharedParts(3, LISTS);
    const claim = await sharedParts(3, CLAIM);
    const merged = (...paths: (string | undefined)[]) =>
      complaint(['search', '--merge', ...paths.map((path) => path ?? '')]);
    const [one, two, three] = lists;
    expect(await merged(one, three)).toBe('--merge: shard 2 of 3 is missing');
    expect(await merged(one, two, two, three)).toBe(`${two}: is shard 2 of 3, and so is ${two}`);
    expect(await merged(one, two, claim[2])).toContain('is of another search');
    const others = await sharedParts(3, [...LISTS, '--counts']);
    expect(await merged(one, two, others[2])).toBe(`${others[2]}: is of other lists than ${one}`);
    const claims = await parts(3, ['--pair', 'wlop=aub', '--pair', 'mid=zix', '--pair', 'a_b=b']);
    expect(await merged(claim[0], claims[1], claim[2])).toContain('another claim');
    const of2 = await parts(2, LISTS);
    expect(await merged(one, of2[1], three)).toContain('is shard 2 of 2, and ');
  });

  it('are refused where they are cut, longer, or changed in any byte', async () => {
    for (const asked of [LISTS, CLAIM]) {
      const [path = ''] = await sharedParts(1, asked);
      const part = readFileSync(path);
      const hostile = join(folder(), 'part');
      const merged = async (bytes: Uint8Array) => {
        writeFileSync(hostile, bytes);
        const said = await complaint(['search', '--merge', hostile]);
        expect(said.startsWith(`${hostile}: `)).toBe(true);
        return said;
      };
      const changed = (at: number) => {
        const bytes = Buffer.from(part);
        bytes[at] = (bytes[at] ?? 0) ^ 0x20;
        return bytes;
      };
      expect(await merged(Buffer.alloc(0))).toContain('is not a part');
      expect(await merged(Buffer.from('tagscope search part 2\n{}\n'))).toContain('version 2');
      expect(await merged(part.subarray(0, part.length - 1))).toContain('cut short');
      expect(await merged(part.subarray(0, 60))).toContain('head');
      expect(await merged(Buffer.concat([part, Buffer.from('x')]))).toContain('goes on');
      const head = part.indexOf('\n', 23) + 1;
      for (const at of [30, head + 4, part.length - 40, part.length - 1]) {
        await merged(changed(at));
      }
    }
  }, 60_000);

  it('are refused whatever is inside, with a digest that is right', async () => {
    const [path = ''] = await parts(1, ['--pair', 'wlop=aua']);
    const text = readFileSync(path).toString('latin1');
    const hostile = join(folder(), 'part');
    const { createHash } = await import('node:crypto');
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
    /** A part of one record, put together as the program does. */
    const forged = (head: object, question: string, records: Buffer[]) => {
      const bytes = Buffer.from(question);
      const line = JSON.stringify({
        ...head,
        bytes: bytes.length,
        sha256: sha(bytes).toString('hex'),
      });
      const frames = records.map((record) => {
        const frame = Buffer.alloc(12);
        frame.writeUInt32LE(record.length);
        sha(record).copy(frame, 4, 0, 8);
        return Buffer.concat([frame, record]);
      });
      const body = Buffer.concat([
        Buffer.from(`tagscope search part 1\n${line}\n`),
        bytes,
        Buffer.from('\n'),
        ...frames,
      ]);
      const end = Buffer.from('ffffffff', 'hex');
      writeFileSync(hostile, Buffer.concat([body, end, sha(Buffer.concat([body]))]));
    };
    const question = text.slice(text.indexOf('\n', 23) + 1, text.indexOf('}\n', 200) + 1);
    const head = { kind: 'claim', space: 'quick@1', units: 29, shard: 1, of: 1 };
    const refused = async (...args: Parameters<typeof forged>) => {
      forged(...args);
      return complaint(['search', '--merge', hostile]);
    };
    const units = Number(/"units":(\d+)/.exec(text)?.[1]);
    expect(await refused({ ...head, units }, question, [Buffer.from('none')])).toContain(
      'is not a part of a search',
    );
    expect(await refused({ ...head, units: units + 1 }, question, [Buffer.alloc(3)])).toContain(
      'its head does not fit',
    );
    expect(await refused({ ...head, units }, '{"pairs":[]}', [Buffer.alloc(3)])).toContain('pairs');
    expect(await refused({ ...head, units }, question, [])).toContain('holds 0 of the 1 records');
    expect(await refused({ ...head, units, more: 1 }, question, [Buffer.alloc(3)])).toContain(
      'damaged head',
    );
    const lists = { kind: 'lists', space: 'quick@1', units: 1, shard: 1, of: 1 };
    for (const wrong of [
      'null',
      '[]',
      '{"names":["a"],"tags":[1],"space":"quick@1","hits":true}',
      '{"names":["a"],"tags":["b"],"space":"quick@1","hits":true,"x":1}',
      '{"names":["a"],"tags":["b"],"space":"deep@1","hits":true}',
    ]) {
      expect(await refused(lists, wrong, [Buffer.alloc(3)])).toContain('lists that are none');
    }
    expect(
      await refused(lists, '{"names":["a"],"tags":["b"],"space":"quick@1","hits":true}', [
        Buffer.alloc(3),
      ]),
    ).toContain('another version');
  });
});

describe('a shard that is killed half-way', () => {
  it('is no part, and gives the same part when it is run again', async () => {
    const many = ['--names', names(20_000), '--tags', file('tags.txt', 'nam\name\n4_x\nabc\n')];
    const args = (path: string) => ['search', ...many, '--shard', '1/2', '--part', path];
    const where = folder();
    const path = join(where, 'part');
    const partial = `${path}.partial`;
    const watcher = watch(where);
    const child = spawn(process.execPath, [MAIN, ...args(path)], { cwd: TOP });
    // The lists are a third of a megabyte; past them a few records are there.
    watcher.on('change', () => {
      if (existsSync(partial) && statSync(partial).size > 350_000) child.kill('SIGKILL');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    watcher.close();
    expect(code).toBeNull();
    expect(existsSync(path)).toBe(false);
    expect(await complaint(['search', '--merge', partial])).toContain(basename(partial));
    await output(args(path));
    expect(existsSync(partial)).toBe(false);
    const other = join(folder(), 'part');
    await output(args(other));
    expect(readFileSync(path).equals(readFileSync(other))).toBe(true);
  }, 60_000);
});

describe.skipIf(!hasParallel)('GNU parallel', () => {
  it('runs the shards, goes on after one was killed, and the parts come to the whole', async () => {
    const where = folder();
    const run = (shards: readonly string[], env: Record<string, string> = {}) =>
      spawnSync(
        'parallel',
        [
          '--no-notice',
          '--joblog',
          join(where, 'log'),
          '-j',
          '2',
          ...[process.execPath, MAIN, 'search', ...LISTS],
          ...['--shard', `{}/${4}`, '--part', join(where, 'part-{}')],
          ':::',
          ...shards,
        ],
        { cwd: TOP, env: { ...process.env, HOME: where, ...env }, encoding: 'utf8' },
      );
    // The third shard was killed while it wrote: its beginning is there, without an end.
    const [, , third = ''] = await sharedParts(4, LISTS);
    const begun = readFileSync(third);
    writeFileSync(join(where, 'part-3.partial'), begun.subarray(0, begun.length - 100));
    const { status, stderr } = run(['1', '2', '3', '4']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const paths = [1, 2, 3, 4].map((shard) => join(where, `part-${shard}`));
    const merged = await output(['search', '--merge', ...paths, '--json']);
    const { stdout } = await tagscope(['search', ...LISTS, '--json']);
    expect(merged).toBe(stdout);
  }, 60_000);
});
