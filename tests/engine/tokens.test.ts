import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type Engine } from '../../web/src/engine/client.js';
import { EngineError } from '../../web/src/engine/error.js';
import { packTexts } from '../../web/src/engine/packed-texts.js';
import type { OpenTokens } from '../../web/src/engine/tokens-holder.js';
import type { CoreApi } from '../../web/src/protocol/core-api.js';
import { openTokens } from '../../web/src/worker/tokens.js';

const MODULE = new URL('./fake/tokens.mjs', import.meta.url).href;

const { calls } = (await import(MODULE)) as { calls: unknown[][] };
const called = (name: string) => calls.filter((call) => call[0] === name);

let loads: string[];
let fails: string | undefined;
let closed: number;
let breaks: ((reason: unknown) => void) | undefined;
let engine: Engine;

async function load(file: string): Promise<Uint8Array> {
  loads.push(file);
  if (file === fails) throw new Error('offline');
  return new TextEncoder().encode(file === 'tokens.wasm' ? 'fake wasm' : 'fake vocabulary');
}

async function open(): Promise<OpenTokens> {
  const opened = await openTokens({ module: MODULE, load });
  if ('error' in opened) throw new EngineError(opened.error);
  const broken = new Promise<never>((_, reject) => {
    breaks = reject;
  });
  broken.catch(() => undefined);
  return { tokens: opened.ok, broken, close: () => ++closed };
}

beforeEach(async () => {
  calls.length = 0;
  loads = [];
  fails = undefined;
  closed = 0;
  const core = { version: async () => ({ ok: 'fake' }) } as unknown as CoreApi;
  const none = () => Promise.reject(new Error('not in these tests'));
  engine = await connect(
    {
      core,
      digests: { width: 1, open: none, send: (bytes) => bytes },
      tokens: { open, send: (texts) => texts },
      encoders: { open: none, transferred: (batch) => batch },
      similarity: { open: none },
      search: { width: 1, open: none },
      close: () => undefined,
    },
    'https://example.org/',
  );
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

describe('the tokens module', () => {
  it('is loaded by the first call that needs it, with its vocabulary once', async () => {
    expect(loads).toEqual([]);
    await Promise.all([engine.tokenize('a'), engine.decode([1]), engine.tokenizeMany(['b'])]);
    await engine.tokenize('c');
    expect(loads).toEqual(['tokens.wasm', 'clip.vocab']);
    expect(called('start')).toHaveLength(1);
  });

  it('is tried again after a failure, and so is a vocabulary', async () => {
    fails = 'tokens.wasm';
    expect(await failure(engine.tokenize('a'))).toMatchObject({ code: 'asset-unavailable' });
    fails = 'clip.vocab';
    expect(await failure(engine.tokenize('a'))).toMatchObject({
      code: 'asset-unavailable',
      where: 'clip.vocab',
    });
    fails = undefined;
    await engine.tokenize('a');
    expect(called('loadVocabulary')).toEqual([['loadVocabulary', 'clip']]);
  });

  it('starts afresh after an abort, and opens another worker after its death', async () => {
    await engine.tokenize('a');
    expect(await failure(engine.tokenize('abort'))).toMatchObject({ code: 'internal' });
    await engine.tokenize('a');
    expect(called('start')).toHaveLength(2);
    expect(called('loadVocabulary')).toHaveLength(2);
    breaks?.(new EngineError({ code: 'internal', where: 'worker', what: 'died' }));
    await Promise.resolve();
    await engine.tokenize('a');
    expect(called('start')).toHaveLength(3);
  });

  it('tells of tokenizers that there are not, without a file of that name', async () => {
    const named = engine.tokenize('a', { tokenizer: '../secret' });
    expect(await failure(named)).toMatchObject({ code: 'unknown-tokenizer' });
    expect(loads).toEqual(['tokens.wasm']);
  });

  it('gets the options as they are', async () => {
    const { signal } = new AbortController();
    expect(await engine.tokenize('a', { context: 77, signal })).toEqual({
      input: 'a',
      options: { context: 77 },
    });
    expect(await engine.decode([1, 2], { profile: 'open_clip' })).toEqual({
      text: '[1,2] {"profile":"open_clip"}',
    });
  });

  it('closes with the engine', async () => {
    await engine.tokenize('a');
    engine.close();
    await Promise.resolve();
    expect(closed).toBe(1);
    expect(await failure(engine.tokenize('a'))).toMatchObject({ code: 'closed' });
  });
});

describe('many texts', () => {
  it('cross as one piece of UTF-8', async () => {
    const { ids, offsets, spans } = await engine.tokenizeMany(['ab', '', 'é']);
    expect([...ids]).toEqual([97, 98, 0xc3, 0xa9]);
    expect([...offsets]).toEqual([0, 2, 2, 4]);
    expect(spans).toBeUndefined();
    expect((await engine.tokenizeMany(['a'], { spans: true })).spans).toHaveLength(1);
    expect((await engine.tokenizeMany([])).ids).toHaveLength(0);
  });

  it('are packed whatever room they need', () => {
    const texts = ['\u{1f600}'.repeat(1000), 'a', '日本語'.repeat(500), '', 'ü'.repeat(3000)];
    const packed = packTexts(texts);
    if ('error' in packed) throw new Error(packed.error.what);
    const { utf8, ends } = packed.ok;
    expect(new TextDecoder().decode(utf8)).toBe(texts.join(''));
    expect([...ends]).toEqual(
      texts.map((_, i) => Buffer.byteLength(texts.slice(0, i + 1).join(''))),
    );
  });

  it('are refused where one is no text', async () => {
    expect(await failure(engine.tokenizeMany(['a', 'b\udc00']))).toMatchObject({
      code: 'invalid-text',
      where: 'texts[1]',
    });
    expect(await failure(engine.tokenize('\ud83d'))).toMatchObject({
      code: 'invalid-text',
      where: 'text',
    });
  });
});

describe('a tokenizer.json', () => {
  it('is loaded, and loaded again in a module that takes over', async () => {
    await engine.loadTokenizer(new TextEncoder().encode('fake vocabulary'));
    expect(called('loadVocabulary')).toEqual([['loadVocabulary', 'json']]);
    expect((await failure(engine.tokenize('abort', { tokenizer: 'json' }))).code).toBe('internal');
    await failure(engine.tokenize('a', { tokenizer: 'json' }));
    expect(called('start')).toHaveLength(2);
    expect(called('loadVocabulary')).toHaveLength(2);
  });
});
