import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type Engine } from '../../web/src/engine/client.js';
import type { DigestPlatform } from '../../web/src/engine/digest-pool.js';
import type { EncoderPlatform } from '../../web/src/engine/encoder.js';
import { EngineError } from '../../web/src/engine/error.js';
import { decodeLink } from '../../web/src/engine/read-link.js';
import type { TokensPlatform } from '../../web/src/engine/tokens-holder.js';
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
  const digests: DigestPlatform = {
    width: 1,
    open: () => Promise.reject(new Error('not in these tests')),
    send: (bytes) => bytes,
  };
  const none = () => Promise.reject(new Error('not in these tests'));
  const encoders: EncoderPlatform = { open: none, transferred: (batch) => batch };
  const tokens: TokensPlatform = { open: none, send: (texts) => texts };
  const platforms = {
    digests,
    tokens,
    encoders,
    similarity: { open: none },
    search: { width: 1, open: none },
  };
  engine = await connect({ core, ...platforms, close: () => undefined }, BASE);
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
    await Promise.all([engine.verify(CLAIM), engine.verify(CLAIM), engine.run('clip', 'x')]);
    expect(loads).toEqual(['tagscope.wasm', 'clip.vocab']);
    expect(called('loadVocabulary')).toEqual([['loadVocabulary', 'clip']]);
  });

  it('tries the vocabulary again after a failure', async () => {
    vocabularyFails = true;
    expect(await failure(engine.verify(CLAIM))).toMatchObject({
      code: 'asset-unavailable',
      where: 'clip.vocab',
    });
    vocabularyFails = false;
    await engine.verify(CLAIM);
    expect(called('loadVocabulary')).toHaveLength(1);
  });

  it('loads the tables for what is not ASCII, and where the core stops for them', async () => {
    await engine.run('rot', 'x');
    expect(called('loadTextTables')).toHaveLength(0);
    expect(await engine.run('tables', 'x')).toMatchObject({ output: { text: 'x' } });
    expect(called('start')).toHaveLength(2);
    await Promise.all([engine.run('tables', 'é'), engine.run('rot', '&eacute;')]);
    expect(called('loadTextTables')).toHaveLength(1);
    expect(called('start')).toHaveLength(2);
  });

  it('starts afresh after an abort', async () => {
    await engine.verify(CLAIM);
    expect(await failure(engine.run('abort', 'x'))).toMatchObject({ code: 'internal' });
    await engine.verify(CLAIM);
    // Once for the claim, once to ask again with the tables, once for the claim after that.
    expect(called('start')).toHaveLength(3);
    expect(called('loadVocabulary')).toHaveLength(2);
  });

  it.each([
    ['recipe', () => engine.recipe('a\ud800')],
    ['recipe', () => engine.run('\udc00', 'x')],
    ['text', () => engine.run('rot', 'ab\udc00\ud800')],
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

  it('passes bytes as bytes', async () => {
    const { output } = await engine.run('rot', Uint8Array.of(104, 105));
    expect(output).toEqual({ kind: 'bytes', text: 'hi' });
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
