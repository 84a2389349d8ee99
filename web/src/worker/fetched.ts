import { messageOf } from './failure.js';

/** A file of the asset folder. A query (core/?v=…) names the build, so that no cache pairs old files with new ones. */
export function assetAddress(assets: string, file: string): URL {
  const folder = new URL(assets);
  return new URL(`${file}${folder.search}`, folder);
}

export async function fetched(url: URL): Promise<Uint8Array> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`not kept in this browser, and the network fails (${messageOf(error)})`);
  });
  if (!response.ok) throw new Error(`${url.href}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
