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
  builtin: BuiltinEntry;
  encoders: ManifestEntry[];
}

/** The encoder that comes with the program; `path`: its file among the assets. */
export interface BuiltinEntry extends ManifestEntry {
  /** What it was trained on, and how. */
  data: string;
  command: string;
}

/** By which it is opened. */
export type BuiltinId = 'builtin';

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
  /** The address that it is fetched from; '' for the built-in one, which is always there. */
  source: string;
  /** `partial`: begun, and continued where it is fetched again. Only `present` can be opened. */
  state: 'absent' | 'partial' | 'present';
  /** Bytes that are stored. */
  stored: number;
  /** Whether it is the one that comes with the program. */
  builtin: boolean;
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
  /** Removes what is stored of it, whole or in part. Errors: `unknown-model`, `busy`, `built-in`. */
  remove(id: string): Promise<Reply<null>>;
}
