/** The engine in Node: its core runs in the same thread, digests of large inputs in others. */
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import * as Comlink from 'comlink';
import type { CoreModule, Reply } from '../protocol/core-api.js';
import type { DigestApi, DigestModule, DigestWorkerEntry } from '../protocol/digest-api.js';
import type { EncoderModule } from '../protocol/encoder-api.js';
import type { SearchApi, SearchWorkerEntry } from '../protocol/search-api.js';
import type { SimilarityModule } from '../protocol/similarity-api.js';
import type { TokensModule } from '../protocol/tokens-api.js';
import { connect, type Engine, type EngineOptions } from './client.js';
import { type Digester, type DigestPlatform, MAX_DIGESTERS } from './digest-pool.js';
import type { EncoderPlatform } from './encoder.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';
import type { Searcher } from './search-pool.js';
import type { SimilarityPlatform } from './similarity.js';
import type { TokensPlatform } from './tokens-holder.js';

export * from './public.js';

/**
 * Starts an engine. Errors: `asset-unavailable` where the core cannot be loaded.
 *
 * @example
 * const engine = await createEngine();
 * const { output } = await engine.run('rot n=42', 'houshou_marine');
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const assets = new URL(options.assets ?? '../core/', import.meta.url);
  // Loaded by address: the engine knows the worker by its protocol alone.
  const worker = new URL('../worker/core.js', import.meta.url).href;
  const { openCore } = (await import(/* @vite-ignore */ worker)) as CoreModule;
  const core = answered(
    await openCore({
      module: new URL('tagscope.mjs', assets).href,
      load: (file) => readFile(new URL(file, assets)),
    }),
  );
  const base = options.base ?? (await homepage());
  const platforms = {
    digests: digestPlatform(assets),
    tokens: tokensPlatform(assets),
    encoders: encoderPlatform(assets, options),
    similarity: similarityPlatform(assets),
    search: { width: availableParallelism(), open: () => openSearcher(assets) },
  };
  return connect({ core, ...platforms, close: () => undefined }, base);
}

function tokensPlatform(assets: URL): TokensPlatform {
  return {
    open: async () => {
      const address = new URL('../worker/tokens-node.js', import.meta.url).href;
      const { openTokensHere } = (await import(/* @vite-ignore */ address)) as TokensModule;
      return { tokens: answered(await openTokensHere(assets.href)), close: () => undefined };
    },
    send: (texts) => texts,
  };
}

function encoderPlatform(assets: URL, { mirror }: EngineOptions): EncoderPlatform {
  return {
    async open() {
      const address = new URL('../worker/encoder-node.js', import.meta.url).href;
      const { openEncodersHere } = (await import(/* @vite-ignore */ address)) as EncoderModule;
      const places = { assets: assets.href, runtime: '', mirror: mirror?.toString() ?? null };
      const services = answered(await openEncodersHere(places));
      return { ...services, broken: new Promise(() => undefined), close: () => undefined };
    },
    transferred: (batch) => batch,
  };
}

function digestPlatform(assets: URL): DigestPlatform {
  let here: Promise<DigestApi> | undefined;
  return {
    width: Math.min(availableParallelism(), MAX_DIGESTERS),
    open: () => openThread(assets),
    here: () => {
      here ??= openHere(assets).catch((error: unknown) => {
        here = undefined;
        throw error;
      });
      return here;
    },
    // What cannot be opened is told by the one who opens it.
    sizeOf: async (path) => {
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() && found.size > 0 ? found.size : null;
    },
    send: (bytes) => {
      const whole = new Uint8Array(bytes);
      return Comlink.transfer(whole, [whole.buffer]);
    },
  };
}

async function openHere(assets: URL): Promise<DigestApi> {
  const address = new URL('../worker/digests-node.js', import.meta.url).href;
  const { openDigestsHere } = (await import(/* @vite-ignore */ address)) as DigestModule;
  return answered(await openDigestsHere(assets.href));
}

function similarityPlatform(assets: URL): SimilarityPlatform {
  return {
    async open() {
      const address = new URL('../worker/similarity-node.js', import.meta.url).href;
      const { openSimilarityHere } = (await import(/* @vite-ignore */ address)) as SimilarityModule;
      return {
        similarity: answered(await openSimilarityHere(assets.href)),
        close: () => undefined,
      };
    },
  };
}

async function openThread(assets: URL): Promise<Digester> {
  const thread = new URL('../worker/digests-thread.js', import.meta.url);
  const { entry, ...held } = await startThread<DigestWorkerEntry>(thread, assets);
  return { digests: entry.digests as unknown as DigestApi, ...held };
}

async function openSearcher(assets: URL): Promise<Searcher> {
  const thread = new URL('../worker/search-thread.js', import.meta.url);
  const { entry, ...held } = await startThread<SearchWorkerEntry>(thread, assets);
  return { search: entry.search as unknown as SearchApi, ...held };
}

// A thread whose entry opens its module by the address of the asset folder.
async function startThread<Entry extends { open(assets: string): Promise<Reply<null>> }>(
  thread: URL,
  assets: URL,
) {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(thread, {
    workerData: { port: port2 },
    transferList: [port2],
    // Of the program's own flags some do not fit a thread that runs a file (--input-type).
    execArgv: [],
  });
  const broken = new Promise<never>((_, reject) => {
    const stopped = (why: string) => {
      const what = `the worker stopped: ${why}`;
      reject(new EngineError({ code: 'internal', where: 'worker', what }));
    };
    worker.once('error', (error: unknown) => stopped(String(error)));
    worker.once('exit', (code) => stopped(`exit code ${code}`));
  });
  broken.catch(() => undefined);
  const close = () => {
    port1.close();
    void worker.terminate();
  };
  try {
    // Node's ports are event targets too; only their types differ.
    const entry = Comlink.wrap<Entry>(port1 as unknown as Comlink.Endpoint);
    const opening = entry.open(assets.href) as unknown as Promise<Reply<null>>;
    answered(await Promise.race([opening, broken]));
    const setBusy = (busy: boolean) => {
      for (const held of [worker, port1]) busy ? held.ref() : held.unref();
    };
    return { entry, broken, setBusy, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function homepage(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { homepage: string }).homepage;
}
