/** Files to be hashed: found, hashed with progress. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/client.js';
import { EngineError } from '../engine/error.js';
import type { FileDigests } from '../protocol/results.js';
import { bytesOf, notReadable, STDIN } from './input.js';
import { Progress } from './progress.js';

/** One file, and what is asked of it. */
export interface Job {
  path: string;
  /** As the answer calls it. */
  name: string;
  ids: readonly string[];
  checkpoint?: boolean;
}

export type Outcome = { digests: FileDigests } | { error: EngineError };

/** The shell's code for a program that SIGINT ended: 128 + 2. */
const EXIT_INTERRUPTED = 130;

/** Hashes files one after the other; one that fails does not keep the others from being hashed. */
export async function* hashFiles<J extends Job>(
  engine: Engine,
  jobs: readonly J[],
): AsyncGenerator<[J, Outcome]> {
  const progress = new Progress(jobs.length, await bytesInAll(jobs));
  const interrupted = () => {
    progress.end();
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', interrupted);
  try {
    for (const job of jobs) {
      progress.begin(job.name);
      const outcome = await hashFile(engine, job, progress).then(
        (digests): Outcome => ({ digests }),
        failed,
      );
      progress.end();
      yield [job, outcome];
    }
  } finally {
    process.off('SIGINT', interrupted);
  }
}

/** The error that a file is at fault for; anything else is thrown. */
function failed(error: unknown): { error: EngineError } {
  if (error instanceof EngineError && error.code !== 'internal') return { error };
  throw error;
}

function hashFile(engine: Engine, job: Job, progress: Progress): Promise<FileDigests> {
  const { path, name, ids, checkpoint = false } = job;
  // Files are opened and read by the engine's workers, standard input can be read here only.
  const source = path === STDIN ? bytesOf(STDIN) : { path };
  const onProgress = ({ bytes }: { bytes: number }) => progress.show(bytes);
  return engine.hash(source, { ids, name, checkpoint, onProgress });
}

// Null where a pipe is among them. A file that cannot be read says so when its turn comes.
async function bytesInAll(jobs: readonly Job[]): Promise<number | null> {
  let total = 0;
  for (const { path } of jobs) {
    if (path === STDIN) return null;
    const found = await stat(path).catch(() => null);
    if (found === null) continue;
    if (!found.isFile()) return null;
    total += found.size;
  }
  return total;
}

/**
 * The regular files in a folder and in those below it, in the order of their names;
 * symbolic links are not followed. A folder that cannot be read is handed to `onError`.
 */
export async function* filesBelow(
  folder: string,
  onError: (error: EngineError) => void,
): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    onError(notReadable(folder, error));
    return [];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, onError);
    // A file called - is not standard input.
    else if (entry.isFile()) yield path === STDIN ? `./${path}` : path;
  }
}
