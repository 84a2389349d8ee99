/** The engine in a page: its core runs in a module Worker. */
import * as Comlink from 'comlink';
import type { CoreApi, WorkerEntry } from '../protocol/core-api.js';
import { connect, type Engine, type EngineOptions } from './client.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';

export * from './public.js';

/** The folder of the npm package; a page that is bundled says where its own is. */
const PACKAGE_ASSETS = '../core/';

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
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const what = `the worker stopped: ${event.message || 'it could not be loaded'}`;
      reject(new EngineError({ code: 'internal', where: 'worker', what }));
    });
  });
  broken.catch(() => undefined);
  const close = () => worker.terminate();
  try {
    const entry = Comlink.wrap<WorkerEntry>(worker);
    answered(await Promise.race([entry.open(assets.href), broken]));
    // Comlink's proxies answer to any path; CoreApi is what the Worker put there.
    const core = entry.core as unknown as CoreApi;
    return await connect({ core, send, broken, close }, base);
  } catch (error) {
    close();
    throw error;
  }
}

// A view clones its whole buffer, so a part is cut out first; then it is moved.
function send(bytes: Uint8Array, owned: boolean): Uint8Array {
  const whole = owned && bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return Comlink.transfer(whole, [whole.buffer]);
}
