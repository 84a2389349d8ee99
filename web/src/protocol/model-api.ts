/**
 * Public encoders: those that models/manifest.json names, fetched when they are asked for and
 * kept by their SHA-256. Fetching is a job that goes on only as long as it is asked to.
 */
import type { Reply } from './core-api.js';
import type { ReadableSource } from './digest-api.js';

/** models/manifest.json. */
export interface ModelManifest {
  version: 1;
  /** What `path` is relative to; a mirror's address takes its place. */
  base: string;
  /** Where a page must be allowed to fetch from, redirects included. */
  origins: string[];
  encoders: ManifestEntry[];
}

export interface ManifestEntry {
  id: string;
  title: string;
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  licence: { name: string; url: string };
}

export interface PublicModel extends ManifestEntry {
  /** The address that it is fetched from. */
  source: string;
  /** `partial`: begun, and continued where it is fetched again. Only `present` can be opened. */
  state: 'absent' | 'partial' | 'present';
  /** Bytes that are stored. */
  stored: number;
}

export interface FetchState {
  /** `checking`: what was fetched before is digested; then the rest is fetched. */
  stage: 'checking' | 'fetching' | 'done';
  bytes: number;
  total: number;
}

export interface ModelStoreApi {
  list(): Promise<Reply<PublicModel[]>>;
  /** Begins to fetch; answers a handle. */
  begin(id: string): Promise<Reply<number>>;
  /** Goes on for about a tenth of a second. What fails or is given up is continued by the next `begin`. */
  advance(handle: number): Promise<Reply<FetchState>>;
  cancel(handle: number): Promise<Reply<null>>;
  /** Its file, to be read. Errors: `unknown-model`, `model-absent`. */
  stored(id: string): Promise<Reply<ReadableSource>>;
  /** Removes what is stored of it, whole or in part. */
  remove(id: string): Promise<Reply<null>>;
}
