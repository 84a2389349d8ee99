/** What is in a .safetensors file, read from its header alone. */
import type { Inspected } from '../protocol/checkpoint.js';
import type { ReadableSource } from '../protocol/digest-api.js';
import type { DigestPool } from './digest-pool.js';
import { EngineError, inside } from './error.js';
import { type HashProgress, hashSource, nameOf } from './hash.js';
import type { SimilarityClient } from './similarity.js';

/** What can be inspected: anything that is read by ranges. A path is opened in Node only. */
export type InspectSource = Uint8Array | ArrayBuffer | Blob | { path: string };

export interface InspectOptions {
  /** Also AutoV2 and AutoV3, which read the whole file. */
  hashes?: boolean;
  /** Also every tensor. */
  list?: boolean;
  /** For the answer and for errors; a File's own name, or the path, where left out. */
  name?: string;
  /** While hashes are computed. */
  onProgress?: (progress: HashProgress) => void;
  signal?: AbortSignal;
}

/** @internal */
export async function inspectSource(
  similarity: SimilarityClient,
  pool: DigestPool,
  source: InspectSource,
  options: InspectOptions = {},
): Promise<Inspected> {
  const { hashes = false, list = false, signal, onProgress } = options;
  signal?.throwIfAborted();
  const name = options.name ?? nameOf(source);
  const readable = readableSource(source);
  try {
    const { autov1_bytes, ...inspected } = await similarity.ask((api) =>
      api.inspect(readable, list),
    );
    signal?.throwIfAborted();
    const none = { autov1: null, autov2: null, autov3: null };
    if (hashes) {
      const { checkpoint = none } = await hashSource(
        pool,
        readable,
        {
          ids: [],
          checkpoint: true,
          name,
          ...(onProgress === undefined ? {} : { onProgress }),
          ...(signal === undefined ? {} : { signal }),
        },
        async () => ({
          size: inspected.size,
          content_begin: inspected.data_begin,
          declared: [],
        }),
      );
      const { autov1, autov2, autov3 } = checkpoint;
      return { name, ...inspected, autov1, autov2, autov3 };
    }
    if (autov1_bytes === null) return { name, ...inspected, ...none };
    const { digests } = await hashSource(pool, autov1_bytes, { ids: ['sha256'] });
    return { name, ...inspected, ...none, autov1: digests['sha256']?.hex.slice(0, 8) ?? null };
  } catch (error) {
    throw error instanceof EngineError ? inside(error, name || 'input') : error;
  }
}

/** @internal */
export function readableSource(source: InspectSource): ReadableSource {
  return source instanceof Uint8Array || source instanceof ArrayBuffer
    ? new Blob([source as Uint8Array<ArrayBuffer>])
    : source;
}
