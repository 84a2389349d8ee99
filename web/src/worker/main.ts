/** The module Worker's entry: the core behind Comlink. */
import * as Comlink from 'comlink';
import type { AssetFile, WorkerEntry } from '../protocol/core-api.js';
import { openCore } from './core.js';

async function fetched(url: URL): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const entry: WorkerEntry = {
  async open(assets) {
    const folder = new URL(assets);
    // A query (core/?v=…) names the build, so that no cache pairs old files with new ones.
    const addressOf = (file: string) => new URL(`${file}${folder.search}`, folder);
    const opened = await openCore({
      module: addressOf('tagscope.mjs').href,
      load: (file: AssetFile) => fetched(addressOf(file)),
    });
    if ('error' in opened) return opened;
    entry.core = opened.ok;
    return { ok: null };
  },
};

Comlink.expose(entry);
