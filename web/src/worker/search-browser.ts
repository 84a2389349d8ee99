/** The module Worker's entry: the search behind Comlink. */
import * as Comlink from 'comlink';
import type { SearchWorkerEntry } from '../protocol/search-api.js';
import { assetAddress, fetched } from './fetched.js';
import { openSearch } from './search.js';

const entry: SearchWorkerEntry = {
  async open(assets) {
    const opened = await openSearch({
      module: assetAddress(assets, 'search.mjs').href,
      load: (file) => fetched(assetAddress(assets, file)),
    });
    if ('error' in opened) return opened;
    entry.search = opened.ok;
    return { ok: null };
  },
};

Comlink.expose(entry);
