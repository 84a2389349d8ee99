/** The entry of Node's worker threads: the search behind Comlink, on the port handed over. */
import { readFile } from 'node:fs/promises';
import { type MessagePort, workerData } from 'node:worker_threads';
import * as Comlink from 'comlink';
import type { SearchWorkerEntry } from '../protocol/search-api.js';
import { openSearch } from './search.js';

const entry: SearchWorkerEntry = {
  async open(assets) {
    const opened = await openSearch({
      module: new URL('search.mjs', assets).href,
      load: (file) => readFile(new URL(file, assets)),
    });
    if ('error' in opened) return opened;
    entry.search = opened.ok;
    return { ok: null };
  },
};

const { port } = workerData as { port: MessagePort };
// Node's ports are event targets too; only their types differ.
Comlink.expose(entry, port as unknown as Comlink.Endpoint);
