/** The module Worker's entry: the tokens module behind Comlink. */
import * as Comlink from 'comlink';
import type { TokensWorkerEntry } from '../protocol/tokens-api.js';
import { assetAddress, fetched } from './fetched.js';
import { openTokens } from './tokens.js';

const entry: TokensWorkerEntry = {
  async open(assets) {
    const opened = await openTokens({
      module: assetAddress(assets, 'tokens.mjs').href,
      load: (file) => fetched(assetAddress(assets, file)),
    });
    if ('error' in opened) return opened;
    const tokens = opened.ok;
    entry.tokens = {
      load: (file) => tokens.load(file),
      tokenize: (text, options) => tokens.tokenize(text, options),
      prompt: (text, options) => tokens.prompt(text, options),
      decode: (ids, options) => tokens.decode(ids, options),
      pieces: (ids, options) => tokens.pieces(ids, options),
      merges: (text, options) => tokens.merges(text, options),
      atlas: (letters, options) => tokens.atlas(letters, options),
      tables: tokens.tables,
      // The arrays are this thread's own copies: they are moved, not copied again.
      async tokenizeMany(texts, options) {
        const reply = await tokens.tokenizeMany(texts, options);
        if ('error' in reply) return reply;
        const { ids, offsets, spans } = reply.ok;
        const moved = [ids, offsets, ...(spans === undefined ? [] : [spans])];
        return Comlink.transfer(
          reply,
          moved.map(({ buffer }) => buffer),
        );
      },
    };
    return { ok: null };
  },
};

Comlink.expose(entry);
