/**
 * Reads files one after another, several at once, and only for what is still missing.
 * Knows nothing of the page: the session hands it rows whose fields are watched.
 */
import {
  EngineError,
  type Failure,
  type FileDigests,
  type HashOptions,
} from '../../engine/browser.js';
import { unreadable } from '../common/found-files.js';

export interface QueuedFile {
  readonly path: string;
  /** null: it could not even be opened, and `failure` says why. */
  readonly file: File | null;
  state: 'waiting' | 'reading' | 'done' | 'stopped' | 'failed';
  failure: Failure | null;
  digests: FileDigests['digests'];
  /** undefined: not asked for yet; null: the engine has none. */
  checkpoint: FileDigests['checkpoint'] | null;
}

/** What a file is to be read for. */
export interface Wanted {
  ids: readonly string[];
  checkpoint: boolean;
}

/** The engine's `hash`. */
export type HashFile = (file: File, options: HashOptions) => Promise<FileDigests>;

/** Files and bytes since the queue was last idle; the bytes of those given up are left out. */
export interface QueueProgress {
  files: number;
  filesDone: number;
  bytes: number;
  total: number;
}

// More than the engine reads at once, so that it never waits for us; few enough that
// most of a long list still takes the digests that are chosen while it is read.
const IN_FLIGHT = 8;

interface Run {
  bytes: number;
  total: number;
  ended: boolean;
}

export class FileQueue<Row extends QueuedFile> {
  readonly #hash: HashFile;
  readonly #wantedFor: (row: Row) => Wanted;
  #rows: readonly Row[] = [];
  /** In the order of the rows. */
  readonly #waiting = new Set<Row>();
  readonly #running = new Map<Row, AbortController>();
  /** What has been and is being read since the queue was last idle. */
  readonly #runs = new Map<Row, Run>();

  constructor(hash: HashFile, wantedFor: (row: Row) => Wanted) {
    this.#hash = hash;
    this.#wantedFor = wantedFor;
  }

  /** To be called after any change to the rows or to what is wanted of them. */
  update(rows: readonly Row[]): void {
    this.#rows = rows;
    const kept = new Set(rows);
    for (const row of this.#runs.keys()) if (!kept.has(row)) this.#giveUp(row);
    for (const row of rows) this.#consider(row);
    this.#fill();
  }

  /** Gives up the files that are not done. */
  stop(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.state !== 'waiting' && row.state !== 'reading') continue;
      row.state = 'stopped';
      this.#giveUp(row);
    }
    this.#fill();
  }

  /** Takes up files that were stopped or have failed. */
  resume(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.file === null || (row.state !== 'stopped' && row.state !== 'failed')) continue;
      row.state = 'waiting';
      row.failure = null;
    }
    this.update(this.#rows);
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Bytes of this file read so far in the pass under way. */
  bytesOf(row: Row): number {
    const run = this.#runs.get(row);
    const size = row.file?.size ?? 0;
    return run === undefined ? 0 : run.bytes - (run.total - size);
  }

  get progress(): QueueProgress {
    const sum: QueueProgress = { files: 0, filesDone: 0, bytes: 0, total: 0 };
    for (const run of this.#runs.values()) {
      sum.files += 1;
      sum.filesDone += run.ended ? 1 : 0;
      sum.bytes += run.bytes;
      sum.total += run.total;
    }
    return sum;
  }

  #consider(row: Row): void {
    const { file, state } = row;
    if (file === null || state === 'stopped' || state === 'failed') return;
    if (this.#running.has(row)) return;
    if (this.#missing(row) === null) {
      this.#waiting.delete(row);
      row.state = 'done';
      return;
    }
    row.state = 'waiting';
    this.#waiting.add(row);
    const run = this.#runs.get(row);
    if (run === undefined) this.#runs.set(row, { bytes: 0, total: file.size, ended: false });
    // Another pass over the same file, for what was chosen meanwhile.
    else if (run.ended) Object.assign(run, { total: run.total + file.size, ended: false });
  }

  #fill(): void {
    for (const row of this.#waiting) {
      if (this.#running.size === IN_FLIGHT) break;
      this.#waiting.delete(row);
      const missing = this.#missing(row);
      if (row.file !== null && missing !== null) void this.#read(row, row.file, missing);
    }
    if (this.#running.size === 0) this.#runs.clear();
  }

  #missing(row: Row): Wanted | null {
    const wanted = this.#wantedFor(row);
    const ids = wanted.ids.filter((id) => !(id in row.digests));
    const checkpoint = wanted.checkpoint && row.checkpoint === undefined;
    return ids.length === 0 && !checkpoint ? null : { ids, checkpoint };
  }

  async #read(row: Row, file: File, { ids, checkpoint }: Wanted): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(row, controller);
    const run = this.#runs.get(row);
    const before = run?.bytes ?? 0;
    try {
      const result = await this.#hash(file, {
        ids,
        name: row.path,
        checkpoint,
        signal,
        onProgress: ({ bytes }) => {
          if (signal.aborted) return;
          row.state = 'reading';
          if (run !== undefined) run.bytes = before + bytes;
        },
      });
      if (signal.aborted) return;
      row.digests = { ...row.digests, ...result.digests };
      if (checkpoint) row.checkpoint = result.checkpoint ?? null;
    } catch (error) {
      if (signal.aborted) return;
      row.failure = error instanceof EngineError ? error.failure : unreadable(row.path, error);
      row.state = 'failed';
    } finally {
      if (!signal.aborted) {
        this.#running.delete(row);
        if (run !== undefined) Object.assign(run, { bytes: run.total, ended: true });
        this.#consider(row);
        this.#fill();
      }
    }
  }

  #giveUp(row: Row): void {
    this.#running.get(row)?.abort();
    this.#running.delete(row);
    this.#waiting.delete(row);
    this.#runs.delete(row);
  }
}
