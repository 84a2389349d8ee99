/** The engine in a page: its core runs in a module Worker. */
import * as Comlink from 'comlink';
import type { CoreApi, WorkerEntry } from '../protocol/core-api.js';
import type { DigestApi, DigestWorkerEntry } from '../protocol/digest-api.js';
import type {
  EncoderPlaces,
  EncoderServices,
  EncoderWorkerEntry,
} from '../protocol/encoder-api.js';
import type { SearchApi, SearchWorkerEntry } from '../protocol/search-api.js';
import type { SimilarityApi, SimilarityWorkerEntry } from '../protocol/similarity-api.js';
import type { TokensApi, TokensWorkerEntry } from '../protocol/tokens-api.js';
import { connect, type Engine, type EngineOptions } from './client.js';
import { type DigestPlatform, MAX_DIGESTERS } from './digest-pool.js';
import type { EncoderPlatform } from './encoder.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';
import type { SearchPlatform } from './search-pool.js';
import type { SimilarityPlatform } from './similarity.js';
import type { TokensPlatform } from './tokens-holder.js';

export * from './public.js';

/** The folder of the npm package; a page that is bundled says where its own is. */
const PACKAGE_ASSETS = '../core/';
const RUNTIME_BESIDE_ASSETS = '../ort/';

/**
 * Starts an engine. Errors: `asset-unavailable` where the core cannot be loaded.
 *
 * @example
 * const engine = await createEngine({ assets: new URL('core/', document.baseURI) });
 * const { verdict } = await engine.verify({ pairs: [{ name: 'hello', tag: 'uryyb' }], recipe: 'rot' });
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const assets = new URL(options.assets ?? new URL(PACKAGE_ASSETS, import.meta.url), location.href);
  const base = options.base ?? new URL('.', document.baseURI).href;
  const worker = new Worker(new URL('../worker/main.js', import.meta.url), { type: 'module' });
  const { broken, close } = watched(worker);
  try {
    const entry = Comlink.wrap<WorkerEntry>(worker);
    answered(await Promise.race([entry.open(assets.href), broken]));
    // Comlink's proxies answer to any path; CoreApi is what the Worker put there.
    const core = entry.core as unknown as CoreApi;
    const places = {
      assets: assets.href,
      runtime: new URL(options.runtime ?? RUNTIME_BESIDE_ASSETS, assets).href,
      mirror: options.mirror?.toString() ?? null,
    };
    const platforms = {
      digests: digestPlatform(assets),
      tokens: tokensPlatform(assets),
      encoders: encoderPlatform(places),
      similarity: similarityPlatform(assets),
      search: searchPlatform(assets),
    };
    return await connect({ core, ...platforms, broken, close }, base);
  } catch (error) {
    close();
    throw error;
  }
}

function digestPlatform(assets: URL): DigestPlatform {
  return {
    width: Math.max(1, Math.min(navigator.hardwareConcurrency, MAX_DIGESTERS)),
    async open() {
      const worker = new Worker(new URL('../worker/digests-browser.js', import.meta.url), {
        type: 'module',
      });
      const { broken, close } = watched(worker);
      try {
        const entry = Comlink.wrap<DigestWorkerEntry>(worker);
        answered(await Promise.race([entry.open(assets.href), broken]));
        return { digests: entry.digests as unknown as DigestApi, broken, close };
      } catch (error) {
        close();
        throw error;
      }
    },
    // A view clones its whole buffer, so a part is cut out first; then it is moved.
    send: (bytes) => {
      const whole = bytes.slice();
      return Comlink.transfer(whole, [whole.buffer]);
    },
  };
}

function tokensPlatform(assets: URL): TokensPlatform {
  return {
    async open() {
      const worker = new Worker(new URL('../worker/tokens-browser.js', import.meta.url), {
        type: 'module',
      });
      const { broken, close } = watched(worker);
      try {
        const entry = Comlink.wrap<TokensWorkerEntry>(worker);
        answered(await Promise.race([entry.open(assets.href), broken]));
        return { tokens: entry.tokens as unknown as TokensApi, broken, close };
      } catch (error) {
        close();
        throw error;
      }
    },
    send: (texts) => Comlink.transfer(texts, [texts.utf8.buffer, texts.ends.buffer]),
  };
}

function encoderPlatform(places: EncoderPlaces): EncoderPlatform {
  return {
    async open() {
      const worker = new Worker(new URL('../worker/encoder-browser.js', import.meta.url), {
        type: 'module',
      });
      const { broken, close } = watched(worker);
      try {
        const entry = Comlink.wrap<EncoderWorkerEntry>(worker);
        answered(await Promise.race([entry.open(places), broken]));
        const { encoders, models, sweeps } = entry as unknown as EncoderServices;
        return { encoders, models, sweeps, broken, close };
      } catch (error) {
        close();
        throw error;
      }
    },
    transferred: (batch) => Comlink.transfer(batch, [batch.ids.buffer]),
    // Firefox asks its user, who may be elsewhere; where the answer is no, a browser keeps it as
    // long as it has room.
    persist: () => void navigator.storage.persist().catch(() => false),
  };
}

function searchPlatform(assets: URL): SearchPlatform {
  return {
    width: Math.max(1, navigator.hardwareConcurrency),
    async open() {
      const worker = new Worker(new URL('../worker/search-browser.js', import.meta.url), {
        type: 'module',
      });
      const { broken, close } = watched(worker);
      try {
        const entry = Comlink.wrap<SearchWorkerEntry>(worker);
        answered(await Promise.race([entry.open(assets.href), broken]));
        return { search: entry.search as unknown as SearchApi, broken, close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}

function similarityPlatform(assets: URL): SimilarityPlatform {
  return {
    async open() {
      const worker = new Worker(new URL('../worker/similarity-browser.js', import.meta.url), {
        type: 'module',
      });
      const { broken, close } = watched(worker);
      try {
        const entry = Comlink.wrap<SimilarityWorkerEntry>(worker);
        answered(await Promise.race([entry.open(assets.href), broken]));
        return { similarity: entry.similarity as unknown as SimilarityApi, broken, close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}

function watched(worker: Worker): { broken: Promise<never>; close: () => void } {
  let end: (reason: EngineError) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    end = reject;
    worker.addEventListener('error', (event) => {
      const what = `the worker stopped: ${event.message || 'it could not be loaded'}`;
      reject(new EngineError({ code: 'internal', where: 'worker', what }));
    });
  });
  broken.catch(() => undefined);
  const close = () => {
    // What was asked of it is never answered any more.
    end(new EngineError({ code: 'closed', where: 'engine', what: 'is closed' }));
    worker.terminate();
  };
  return { broken, close };
}
