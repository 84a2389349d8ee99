/** The digests module in Node, where inputs are also files by path. */
import { readFile } from 'node:fs/promises';
import type { Reply } from '../protocol/core-api.js';
import type { DigestApi } from '../protocol/digest-api.js';
import { openDigests } from './digests.js';
import { openReader } from './file-reader.js';

/** `assets`: file URL of the folder that holds digests.mjs and digests.wasm. */
export function openDigestsHere(assets: string): Promise<Reply<DigestApi>> {
  return openDigests({
    module: new URL('digests.mjs', assets).href,
    load: () => readFile(new URL('digests.wasm', assets)),
    openReader,
  });
}
