/** The module Worker's entry: the core behind Comlink. */
import * as Comlink from 'comlink';
import type { AssetFile, WorkerEntry } from '../protocol/core-api.js';
import { openCore } from './core.js';
import { assetAddress, fetched } from './fetched.js';

const entry: WorkerEntry = {
  async open(assets) {
    const address = (file: AssetFile) => assetAddress(assets, file);
    // The first claim needs it: it comes beside the module, not after it.
    let vocabulary: Promise<Uint8Array> | undefined = fetched(address('clip.vocab'));
    vocabulary.catch(() => undefined);
    const opened = await openCore({
      module: assetAddress(assets, 'tagscope.mjs').href,
      load: (file) => {
        const early = file === 'clip.vocab' ? vocabulary : undefined;
        // Kept for one call only: another module, or another try, reads it anew.
        if (early !== undefined) vocabulary = undefined;
        return early ?? fetched(address(file));
      },
    });
    if ('error' in opened) return opened;
    entry.core = opened.ok;
    return { ok: null };
  },
};

Comlink.expose(entry);
