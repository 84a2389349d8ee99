/** Text encoders, the store of public ones, and that of sweeps, each with what it loads when it is first used. */
import type { Reply } from '../protocol/core-api.js';
import type { DigestApi, ReadableSource } from '../protocol/digest-api.js';
import type { EncoderServices } from '../protocol/encoder-api.js';
import type { ModelManifest } from '../protocol/model-api.js';
import type { SimilarityApi } from '../protocol/similarity-api.js';
import type { ByteReader } from './byte-reader.js';
import { openDigests } from './digests.js';
import type { SessionSources } from './encoder-session.js';
import { Encoders } from './encoders.js';
import { messageOf } from './failure.js';
import { ModelStore, StoreFailed, type StoreFolder } from './model-store.js';
import { openSimilarity } from './similarity.js';
import { SweepStore } from './sweep-store.js';

export interface ServiceSources extends SessionSources {
  /** URL of a file of the asset folder. */
  addressOf(file: string): string;
  /** The whole of it; rejects with an Error that says what was not found. */
  load(file: string): Promise<Uint8Array>;
  /** Rejects with an Unreadable. */
  openReader(source: ReadableSource): Promise<ByteReader>;
  /** A folder of what is kept. Rejects with a {@link StoreFailed}. */
  folder(of: 'encoders' | 'sweeps'): Promise<StoreFolder>;
  mirror: string | null;
}

export function encoderServices(sources: ServiceSources): EncoderServices {
  const { load, openReader } = sources;
  const digests = once(async () =>
    started<DigestApi>(
      await openDigests({
        module: sources.addressOf('digests.mjs'),
        load: () => load('digests.wasm'),
        openReader,
      }),
    ),
  );
  const similarity = once(async () =>
    started<SimilarityApi>(
      await openSimilarity({
        module: sources.addressOf('similarity.mjs'),
        load: () => load('similarity.wasm'),
        openReader,
      }),
    ),
  );
  const asset = (file: string) =>
    load(file).catch((error: unknown) => {
      throw new StoreFailed('asset-unavailable', file, `cannot be loaded: ${messageOf(error)}`);
    });
  const models = new ModelStore({
    manifest: once(async () => {
      const bytes = await asset('models.json');
      return JSON.parse(new TextDecoder().decode(bytes)) as ModelManifest;
    }),
    asset,
    folder: () => sources.folder('encoders'),
    digests,
    fetch: (...request) => fetch(...request),
    mirror: sources.mirror,
  });
  const encoders = new Encoders({
    runtime: once(sources.runtime),
    openGpu: sources.openGpu,
    openReader,
    builtin: () => models.builtin(),
    stored: (id) => models.source(id),
    async encodersIn(source) {
      const inspected = await (await similarity()).inspect(source, false);
      if ('error' in inspected) return inspected;
      // Which one is number 1 is not clear where one is damaged.
      const [unfit] = inspected.ok.unfit;
      return unfit === undefined ? { ok: inspected.ok.encoders } : { error: unfit.error };
    },
  });
  const sweeps = new SweepStore(() => sources.folder('sweeps'));
  return { encoders, models, sweeps };
}

/** Loaded once; the next call after a failure tries again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

function started<T>(reply: Reply<T>): T {
  if ('ok' in reply) return reply.ok;
  const { code, where, what } = reply.error;
  throw new StoreFailed(code, where, what);
}
