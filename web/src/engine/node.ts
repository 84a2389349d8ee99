/** The engine in Node: its core runs in the same thread. */
import { readFile } from 'node:fs/promises';
import type { CoreModule } from '../protocol/core-api.js';
import { connect, type Engine, type EngineOptions } from './client.js';
import { answered } from './reply.js';

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
  return connect({ core, send: (bytes) => bytes, close: () => undefined }, base);
}

async function homepage(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { homepage: string }).homepage;
}
