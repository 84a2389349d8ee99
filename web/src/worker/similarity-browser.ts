/** The module Worker's entry: the similarity module behind Comlink. */
import * as Comlink from 'comlink';
import type { SimilarityWorkerEntry } from '../protocol/similarity-api.js';
import { BlobReader, Unreadable } from './byte-reader.js';
import { assetAddress, fetched } from './fetched.js';
import { openSimilarity } from './similarity.js';

const entry: SimilarityWorkerEntry = {
  async open(assets) {
    const opened = await openSimilarity({
      module: assetAddress(assets, 'similarity.mjs').href,
      load: () => fetched(assetAddress(assets, 'similarity.wasm')),
      openReader: async (source) => {
        if (source instanceof Blob) return new BlobReader(source);
        throw new Unreadable('not-readable', 'is a path, which a page cannot open');
      },
    });
    if ('error' in opened) return opened;
    entry.similarity = opened.ok;
    return { ok: null };
  },
};

Comlink.expose(entry);
