/** The module Worker's entry: the digests behind Comlink. */
import * as Comlink from 'comlink';
import type { DigestWorkerEntry } from '../protocol/digest-api.js';
import { blobStreamReader } from './blob-stream-reader.js';
import { Unreadable } from './byte-reader.js';
import { openDigests } from './digests.js';
import { assetAddress, fetched } from './fetched.js';

const entry: DigestWorkerEntry = {
  async open(assets) {
    const opened = await openDigests({
      module: assetAddress(assets, 'digests.mjs').href,
      load: () => fetched(assetAddress(assets, 'digests.wasm')),
      openReader: async (source) => {
        if (source instanceof Blob) return blobStreamReader(source);
        throw new Unreadable('not-readable', 'is a path, which a page cannot open');
      },
    });
    if ('error' in opened) return opened;
    entry.digests = opened.ok;
    return { ok: null };
  },
};

Comlink.expose(entry);
