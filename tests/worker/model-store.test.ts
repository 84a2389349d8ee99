import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { top } from '../../scripts/command.mjs';
import type { FetchState, ModelManifest } from '../../web/src/protocol/model-api.js';
import { openDigestsHere } from '../../web/src/worker/digests-node.js';
import { ModelStore, StoreFailed, type StoreFolder } from '../../web/src/worker/model-store.js';
import { cacheFolder, nodeFolder } from '../../web/src/worker/store-node.js';
import { tinyManifest } from '../support/tiny-manifest.js';

/** Disks and processors are shared. */
vi.setConfig({ testTimeout: 60_000 });

const content = Buffer.from(Uint8Array.from({ length: 3_000_017 }, (_, i) => (i * i) >> 3));
const sha256 = createHash('sha256').update(content).digest('hex');
const whole = `${sha256}.safetensors`;
const part = `${sha256}.part`;

/** Answers one request; the last one answers all that follow. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server;
let base: string;
let answers: Answer[];
let ranges: (string | undefined)[];

const ranged: Answer = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (from === 0) response.writeHead(200, { 'Content-Length': content.length });
  else {
    response.writeHead(206, {
      'Content-Length': content.length - from,
      'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}`,
    });
  }
  response.end(content.subarray(from));
};

/** Sends so many bytes, then ends the connection. */
const cut =
  (bytes: number): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': content.length - from,
      ...(from > 0
        ? { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` }
        : {}),
    });
    response.write(content.subarray(from, from + bytes), () => response.destroy());
  };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tagscope-store-'));
  answers = [ranged];
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

interface Changes {
  bytes?: number;
  sha256?: string;
  mirror?: string | null;
  folder?: (made: StoreFolder) => StoreFolder;
}

function store(changes: Changes = {}): ModelStore {
  const manifest = tinyManifest(content, {
    base: 'http://127.0.0.1:9/nothing/',
    path: 'a/b.safetensors',
    ...(changes.bytes === undefined ? {} : { bytes: changes.bytes }),
    ...(changes.sha256 === undefined ? {} : { sha256: changes.sha256 }),
  });
  return new ModelStore({
    manifest: async () => manifest,
    asset: async (file) => readFileSync(join(top, 'lib/core', file)),
    folder: async () => {
      const made = await nodeFolder(folder);
      return changes.folder?.(made) ?? made;
    },
    digests: async () => {
      const opened = await openDigestsHere(new URL(`file://${join(top, 'lib/core/')}`).href);
      if ('error' in opened) throw new Error(opened.error.what);
      return opened.ok;
    },
    fetch,
    mirror: changes.mirror === undefined ? base : changes.mirror,
  });
}

async function fetched(models: ModelStore): Promise<FetchState[]> {
  const begun = await models.begin('tiny');
  if ('error' in begun) throw new StoreFailed(begun.error.code, '', begun.error.what);
  const states: FetchState[] = [];
  for (;;) {
    const state = await models.advance(begun.ok);
    if ('error' in state) throw new StoreFailed(state.error.code, '', state.error.what);
    states.push(state.ok);
    if (state.ok.stage === 'done') return states;
  }
}

async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof StoreFailed) return error.failure.code;
    throw error;
  }
  throw new Error('it did not fail');
}

async function listed(models: ModelStore) {
  const list = await models.list();
  if ('error' in list) throw new Error(list.error.what);
  const { state, stored } = list.ok.find(({ id }) => id === 'tiny') ?? {
    state: 'none',
    stored: -1,
  };
  return { state, stored };
}

/** Only the whole file may be used, under its own name. */
function expectNothingUsable(): void {
  expect(existsSync(join(folder, whole))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
}

describe('fetching', () => {
  it('ends with the right bytes under their digest, and is not done twice', async () => {
    const models = store();
    expect(await listed(models)).toEqual({ state: 'absent', stored: 0 });
    const states = await fetched(models);
    expect(states.at(-1)).toEqual({ stage: 'done', bytes: content.length, total: content.length });
    expect(readFileSync(join(folder, whole)).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual([whole]);
    expect(await listed(models)).toEqual({ state: 'present', stored: content.length });
    await fetched(models);
    expect(ranges).toEqual([undefined]);
    expect(await models.source('tiny')).toEqual({ path: join(folder, whole) });
  });

  it('goes on where the connection was cut', async () => {
    answers = [cut(1_000_000), cut(500_000), ranged];
    await fetched(store());
    expect(ranges).toHaveLength(3);
    expect(ranges[0]).toBeUndefined();
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(join(folder, whole)).equals(content)).toBe(true);
  });

  it('goes on after the program ended, digesting what was there', async () => {
    writeFileSync(join(folder, part), content.subarray(0, 2_000_000));
    // Of a process that is no more: 2^22 is above Linux's largest process id.
    writeFileSync(join(folder, `${part}.lock`), String(2 ** 22 + 1));
    expect(await listed(store())).toEqual({ state: 'partial', stored: 2_000_000 });
    await fetched(store());
    expect(ranges).toEqual(['bytes=2000000-']);
    expect(readFileSync(join(folder, whole)).equals(content)).toBe(true);
  });

  it('begins anew where the server knows no ranges', async () => {
    writeFileSync(join(folder, part), content.subarray(0, 2_000_000));
    answers = [(_, response) => response.writeHead(200).end(content)];
    await fetched(store());
    expect(readFileSync(join(folder, whole)).equals(content)).toBe(true);
  });

  it('finishes what was fetched whole but not renamed', async () => {
    writeFileSync(join(folder, part), content);
    await fetched(store());
    expect(ranges).toEqual([]);
  });
});

describe('a folder that cannot be', () => {
  it('holds nothing, and says so only where something is to be kept', async () => {
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    const none = await nodeFolder(join(file, 'cache'));
    expect(await none.size('x')).toBeNull();
    expect(await none.names()).toEqual([]);
    expect(await none.room()).toBeNull();
    expect(await code(none.append('x'))).toBe('not-writable');
    const models = store({ folder: () => none });
    expect(await listed(models)).toEqual({ state: 'absent', stored: 0 });
    expect(await models.source('builtin')).toBeInstanceOf(Blob);
  });
});

describe('what is never used', () => {
  it('is a file of another digest: it is removed', async () => {
    const wrong = Buffer.from(content);
    wrong[content.length - 1] = (wrong[content.length - 1] ?? 0) ^ 1;
    answers = [(_, response) => response.writeHead(200).end(wrong)];
    expect(await code(fetched(store()))).toBe('wrong-digest');
    expectNothingUsable();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is a beginning that was changed on the disk', async () => {
    const wrong = Buffer.from(content.subarray(0, 1_000_000));
    wrong[5] = (wrong[5] ?? 0) ^ 1;
    writeFileSync(join(folder, part), wrong);
    expect(await code(fetched(store()))).toBe('wrong-digest');
    expect(readdirSync(folder)).toEqual([]);
    await fetched(store());
  });

  it.each<[string, Answer, string]>([
    ['absent', (_, response) => response.writeHead(404).end('no'), 'bad-answer'],
    ['an error of the server', (_, response) => response.writeHead(500).end(), 'bad-answer'],
    ['longer', (_, r) => r.writeHead(200).end(Buffer.concat([content, content])), 'wrong-size'],
    ['shorter', (_, r) => r.writeHead(200, { 'Content-Length': 9 }).end('123456789'), 'wrong-size'],
    ['empty', (_, response) => response.writeHead(204).end(), 'connection-lost'],
    ['a connection cut at once', (_, response) => response.destroy(), 'connection-lost'],
    ['cut after its head', cut(0), 'connection-lost'],
  ])('is an answer that is %s', async (_, answer, expected) => {
    answers = [answer];
    expect(await code(fetched(store()))).toBe(expected);
    expectNothingUsable();
    expect(await code(store().source('tiny'))).toBe('model-absent');
  });

  it('is an answer for another range', async () => {
    writeFileSync(join(folder, part), content.subarray(0, 1000));
    answers = [
      (_, response) =>
        response
          .writeHead(206, { 'Content-Range': `bytes 999-${content.length - 1}/${content.length}` })
          .end(content.subarray(999)),
    ];
    expect(await code(fetched(store()))).toBe('bad-answer');
    expectNothingUsable();
  });

  it('is what a full disk could not hold', async () => {
    const filling = (made: StoreFolder): StoreFolder => {
      const append = async (name: string) => {
        const file = await made.append(name);
        return new Proxy(file, {
          get: (target, key) => {
            if (key === 'write' && target.size > 500_000) {
              return async () => {
                throw new StoreFailed('disk-full', name, 'the disk is full');
              };
            }
            const value = Reflect.get(target, key, target) as unknown;
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      };
      return new Proxy(made, {
        get: (target, key) => {
          if (key === 'append') return append;
          const value = Reflect.get(target, key, target) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    expect(await code(fetched(store({ folder: filling })))).toBe('disk-full');
    expectNothingUsable();
    // What was written is right, and is gone on from once there is room.
    expect((await listed(store())).state).toBe('partial');
    await fetched(store());
    expect(readFileSync(join(folder, whole)).equals(content)).toBe(true);
  });

  it('is begun where there is no room', async () => {
    const small = (made: StoreFolder): StoreFolder =>
      Object.assign(Object.create(made) as StoreFolder, {
        room: async () => 1000,
        size: (name: string) => made.size(name),
        append: (name: string) => made.append(name),
      });
    expect(await code(fetched(store({ folder: small })))).toBe('disk-full');
    expect(ranges).toEqual([]);
  });

  it('is what was given up: it can be gone on from, and removed', async () => {
    answers = [(_, response) => response.writeHead(200).write(content.subarray(0, 700_000))];
    const models = store();
    const begun = await models.begin('tiny');
    if ('error' in begun) throw new Error(begun.error.what);
    await models.advance(begun.ok);
    expect(await models.begin('tiny')).toMatchObject({ error: { code: 'busy' } });
    expect(await models.remove('tiny')).toMatchObject({ error: { code: 'busy' } });
    await models.cancel(begun.ok);
    expectNothingUsable();
    await models.remove('tiny');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['before its head', () => undefined],
    ['within its bytes', (_, r) => void r.writeHead(200).write(content.subarray(0, 700_000))],
  ])('is what a server that fell silent %s was asked for: it can be given up', async (_, silent) => {
    answers = [silent];
    const models = store();
    const begun = await models.begin('tiny');
    if ('error' in begun) throw new Error(begun.error.what);
    const states = (async () => {
      for (;;) {
        const state = await models.advance(begun.ok);
        if ('error' in state) return state.error.code;
      }
    })();
    await vi.waitUntil(() => ranges.length > 0);
    await models.cancel(begun.ok);
    expect(['connection-lost', 'bad-handle']).toContain(await states);
    await models.remove('tiny');
    answers = [ranged];
    await fetched(models);
  });

  it('is written by two at once', async () => {
    const open = await (await nodeFolder(folder)).append(part);
    expect(await code(fetched(store()))).toBe('busy');
    await open.close();
    // Another process, which runs.
    writeFileSync(join(folder, `${part}.lock`), String(process.ppid));
    expect(await code(fetched(store()))).toBe('busy');
    rmSync(join(folder, `${part}.lock`));
    await fetched(store());
  });

  it('is held by a process that ended, though another has its number now: this one', async () => {
    writeFileSync(join(folder, `${part}.lock`), String(process.pid));
    await fetched(store());
    expect(readdirSync(folder)).toEqual([whole]);
  });
});

describe('what is refused', () => {
  it('are fetching and removing the built-in one, which is always there', async () => {
    const models = store();
    expect(await models.begin('builtin')).toMatchObject({ error: { code: 'built-in' } });
    expect(await models.remove('builtin')).toMatchObject({ error: { code: 'built-in' } });
    const source = await models.source('builtin');
    expect(source).toBeInstanceOf(Blob);
  });

  it('are models that are not in the manifest, and mirrors that are no address', async () => {
    expect(await store().begin('none')).toMatchObject({ error: { code: 'unknown-model' } });
    expect(await store({ mirror: 'not an address' }).begin('tiny')).toMatchObject({
      error: { code: 'bad-argument', where: 'mirror' },
    });
  });
});

describe('models/manifest.json', () => {
  it('states what is needed to fetch and to check', () => {
    const text = readFileSync(join(top, 'models/manifest.json'), 'utf8');
    const { base, origins, encoders } = JSON.parse(text) as ModelManifest;
    expect(origins).toContain(new URL(base).origin);
    expect(encoders.length).toBeGreaterThan(0);
    expect(new Set(encoders.map(({ id }) => id)).size).toBe(encoders.length);
    for (const { sha256: digest, bytes, path, licence } of encoders) {
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(Number.isSafeInteger(bytes)).toBe(true);
      expect(new URL(path, base).origin).toBe(new URL(base).origin);
      expect(licence.name).not.toBe('');
    }
  });
});

describe('the cache folder', () => {
  it('is the system’s, or the one that is told', () => {
    expect(cacheFolder({ TAGSCOPE_CACHE: '/a' }, 'linux')).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'tagscope'));
    expect(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32')).toBe(join('L', 'tagscope'));
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.tagscope$/);
  });
});
