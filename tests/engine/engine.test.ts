import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type Engine } from '../../web/src/engine/client.js';
import { EngineError } from '../../web/src/engine/error.js';
import { decodeLink } from '../../web/src/engine/link.js';
import type { CoreApi } from '../../web/src/protocol/core-api.js';
import { openCore } from '../../web/src/worker/core.js';

const MODULE = new URL('./fake/tagscope.mjs', import.meta.url).href;
const BASE = 'https://example.org/';
const CLAIM = { pairs: [{ name: 'hello', tag: 'uryyb' }] };

const { calls } = (await import(MODULE)) as { calls: unknown[][] };
const called = (name: string) => calls.filter((call) => call[0] === name);

let loads: string[];
let core: CoreApi;
let engine: Engine;
let vocabularyFails: boolean;

async function load(file: string): Promise<Uint8Array> {
  loads.push(file);
  if (file === 'clip.vocab' && vocabularyFails) throw new Error('offline');
  return new TextEncoder().encode(file === 'tagscope.wasm' ? 'fake wasm' : 'fake vocabulary');
}

beforeEach(async () => {
  calls.length = 0;
  loads = [];
  vocabularyFails = false;
  const opened = await openCore({ module: MODULE, load });
  if ('error' in opened) throw new Error(opened.error.what);
  core = opened.ok;
  engine = await connect({ core, send: (bytes) => bytes, close: () => undefined }, BASE);
});

async function failure(promise: Promise<unknown>): Promise<EngineError['failure']> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the core', () => {
  it('says which file it could not load', async () => {
    const missing = await openCore({ module: `${MODULE}.none`, load });
    expect(missing).toMatchObject({
      error: { code: 'asset-unavailable', where: `${MODULE}.none` },
    });
    const broken = await openCore({
      module: MODULE,
      load: () => Promise.reject(new Error('HTTP 404')),
    });
    expect(broken).toMatchObject({
      error: { code: 'asset-unavailable', what: expect.stringContaining('404') },
    });
  });

  it('loads the vocabulary once, and only where it is needed', async () => {
    await engine.methods();
    await engine.run('rot', 'x');
    expect(loads).toEqual(['tagscope.wasm']);
    await Promise.all([engine.tokenize('a'), engine.tokenize('b'), engine.run('clip', 'x')]);
    expect(loads).toEqual(['tagscope.wasm', 'clip.vocab']);
    expect(called('loadVocabulary')).toEqual([['loadVocabulary', 'clip']]);
  });

  it('tries the vocabulary again after a failure', async () => {
    vocabularyFails = true;
    expect(await failure(engine.tokenize('a'))).toMatchObject({
      code: 'asset-unavailable',
      where: 'clip.vocab',
    });
    vocabularyFails = false;
    await engine.tokenize('a');
    expect(called('loadVocabulary')).toHaveLength(1);
  });

  it('starts afresh after an abort', async () => {
    await engine.tokenize('a');
    expect(await failure(engine.run('abort', 'x'))).toMatchObject({ code: 'internal' });
    await engine.tokenize('a');
    expect(called('start')).toHaveLength(2);
    expect(called('loadVocabulary')).toHaveLength(2);
  });

  it.each([
    ['recipe', () => engine.recipe('a\ud800')],
    ['recipe', () => engine.run('\udc00', 'x')],
    ['text', () => engine.run('rot', 'ab\udc00\ud800')],
    ['text', () => engine.tokenize('\ud83d')],
    ['claim', () => engine.verify('{"title":"\ud83d"}')],
    ['pairs[0].name', () => engine.verify({ pairs: [{ name: '\ud83d', tag: 'x' }] })],
  ])('refuses a lone surrogate in %s', async (where, call) => {
    expect(await failure(call())).toMatchObject({ code: 'invalid-text', where });
  });

  it('takes whole surrogate pairs', async () => {
    const { output } = await engine.run('rot', '\u{1f600}');
    expect(output.text).toBe('\u{1f600}');
  });
});

describe('the engine', () => {
  it('throws the core’s failures as EngineErrors', async () => {
    await expect(engine.recipe('nothing')).rejects.toThrow(EngineError);
    await expect(engine.recipe('nothing')).rejects.toThrow(
      'recipe, step 1: there is no method "nothing"',
    );
  });

  it('passes bytes as bytes and options as they are', async () => {
    const { output } = await engine.run('rot', Uint8Array.of(104, 105));
    expect(output).toEqual({ kind: 'bytes', text: 'hi' });
    const { signal } = new AbortController();
    expect(await engine.tokenize('a', { context: 77, signal })).toEqual({
      input: 'a',
      options: { context: 77 },
    });
  });

  it('makes the link of a verification, with its own base or another', async () => {
    const { link } = await engine.verify(CLAIM);
    expect(link?.startsWith(`${BASE}#/claim?v=1&c=`)).toBe(true);
    expect(decodeLink(link ?? '')).toEqual({ ok: JSON.stringify(CLAIM) });
    expect(await engine.verify(CLAIM)).toMatchObject({ engine: { version: 'fake-1' } });
    const other = await engine.verify(CLAIM, { base: 'http://localhost:1/x' });
    expect(other.link?.startsWith('http://localhost:1/x/#/claim')).toBe(true);
    expect(await failure(engine.verify(CLAIM, { base: 'nowhere' }))).toMatchObject({
      code: 'bad-base',
    });
  });

  it('replays links strictly and documents not', async () => {
    const { link } = await engine.verify(CLAIM);
    expect((await engine.replay(link ?? '')).verified).toMatchObject({ strict: true });
    expect((await engine.replay(' {"a": 1}')).verified).toMatchObject({ strict: false });
    const document = { claim: {}, assets: {}, digest: '' } as Parameters<Engine['replay']>[0];
    expect((await engine.replay(document)).verified).toMatchObject({ strict: false });
  });

  it('says that it is the link that is at fault', async () => {
    const broken = await engine.verify({ ...CLAIM, title: 'broken' });
    expect(await failure(engine.replay(broken.link ?? ''))).toMatchObject({
      where: 'link, digest',
    });
    expect(await failure(engine.replay('{"broken":1}'))).toMatchObject({ where: 'digest' });
    expect(await failure(engine.replay(''))).toMatchObject({ where: 'link' });
  });

  it('refuses claims that JSON would change', async () => {
    expect(await failure(engine.verify({ ...CLAIM, level: Number.NaN }))).toMatchObject({
      where: 'level',
    });
    const circular: Record<string, unknown> = { ...CLAIM };
    circular['self'] = circular;
    expect(await failure(engine.verify(circular as never))).toMatchObject({ code: 'bad-claim' });
  });

  it('gives a call up when it is aborted', async () => {
    await expect(engine.verify(CLAIM, { signal: AbortSignal.abort('enough') })).rejects.toBe(
      'enough',
    );
    const stop = new AbortController();
    const call = engine.verify(CLAIM, { signal: stop.signal });
    stop.abort('later');
    await expect(call).rejects.toBe('later');
  });

  it('rejects what is asked of it after close', async () => {
    engine.close();
    engine.close();
    expect(await failure(engine.methods())).toMatchObject({ code: 'closed' });
    expect(await failure(engine.hash(new Uint8Array(1)))).toMatchObject({ code: 'closed' });
  });
});

describe('hashing', () => {
  const MIB = 1024 * 1024;
  const bytes = Uint8Array.from({ length: 5 * MIB + 3 }, (_, i) => i * 7);
  const expected = { hex: `${bytes.length}:00070e15`, base64: '' };

  async function* pieces(size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  }

  it.each([
    ['bytes', () => bytes],
    ['a buffer', () => bytes.buffer as ArrayBuffer],
    ['a blob', () => new Blob([bytes])],
    ['a stream', () => new Blob([bytes]).stream()],
    ['an async iterable', () => pieces(65_537)],
  ])('takes %s in chunks', async (_, source) => {
    const { size, digests } = await engine.hash(source(), { ids: ['crc32', 'sha1'] });
    expect(size).toBe(bytes.length);
    expect(digests).toEqual({ crc32: expected, sha1: expected });
    for (const [, length] of called('hasherUpdate')) expect(length).toBeLessThanOrEqual(4 * MIB);
  });

  it('keeps the order asked for, the defaults, and a file’s name', async () => {
    const { digests } = await engine.hash(new Uint8Array(), { ids: ['sha1', 'crc32', 'sha1'] });
    expect(Object.keys(digests)).toEqual(['sha1', 'crc32']);
    const file = await engine.hash(new File([bytes.slice(0, 4)], 'a.bin'));
    expect(file.name).toBe('a.bin');
    expect(Object.keys(file.digests)).toEqual(['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp']);
  });

  it('tells its progress', async () => {
    const seen: unknown[] = [];
    await engine.hash(bytes, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ bytes: bytes.length, total: bytes.length });
    expect(seen).toHaveLength(3);
  });

  it('stops when it is aborted, and frees the handle', async () => {
    const stop = new AbortController();
    const call = engine.hash(bytes, {
      signal: stop.signal,
      onProgress: () => stop.abort('enough'),
    });
    await expect(call).rejects.toBe('enough');
    expect(called('hasherCancel')).toHaveLength(1);
    expect(called('hasherUpdate')).toHaveLength(1);
  });

  it('frees the handle when the source fails', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 10);
      throw new Error('read error');
    }
    await expect(engine.hash(broken())).rejects.toThrow('read error');
    expect(called('hasherCancel')).toHaveLength(1);
  });
});
