/** The tokens module in Node's own thread. */
import { readFile } from 'node:fs/promises';
import type { Reply } from '../protocol/core-api.js';
import type { TokensApi } from '../protocol/tokens-api.js';
import { openTokens } from './tokens.js';

/** `assets`: file URL of the folder that holds tokens.mjs, tokens.wasm and the vocabularies. */
export function openTokensHere(assets: string): Promise<Reply<TokensApi>> {
  return openTokens({
    module: new URL('tokens.mjs', assets).href,
    load: (file) => readFile(new URL(file, assets)),
  });
}
