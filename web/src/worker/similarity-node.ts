/** The similarity module in Node, where inputs are also files by path. */
import { readFile } from 'node:fs/promises';
import type { Reply } from '../protocol/core-api.js';
import type { SimilarityApi } from '../protocol/similarity-api.js';
import { openReader } from './file-reader.js';
import { openSimilarity } from './similarity.js';

/** `assets`: file URL of the folder that holds similarity.mjs and similarity.wasm. */
export function openSimilarityHere(assets: string): Promise<Reply<SimilarityApi>> {
  return openSimilarity({
    module: new URL('similarity.mjs', assets).href,
    load: () => readFile(new URL('similarity.wasm', assets)),
    openReader,
  });
}
