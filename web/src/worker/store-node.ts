/** Folders of this machine that keep what was fetched or computed. */
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { StoreFailed, type StoreFile, type StoreFolder } from './model-store.js';

/**
 * $TAGSCOPE_CACHE, else `tagscope` in the system's folder for what can be fetched again
 * ($XDG_CACHE_HOME or ~/.cache; ~/Library/Caches; %LOCALAPPDATA%).
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): string {
  const { TAGSCOPE_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own) return own;
  if (platform === 'win32' && local) return join(local, 'tagscope');
  if (platform === 'darwin') return join(homedir(), 'Library/Caches/tagscope');
  return join(xdg || join(homedir(), '.cache'), 'tagscope');
}

/** It is made with its first file: where nothing can be kept, nothing is there, and that is all. */
export async function nodeFolder(path: string): Promise<StoreFolder> {
  return new NodeFolder(path);
}

class NodeFolder implements StoreFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async size(name: string): Promise<number | null> {
    const found = await stat(join(this.#path, name)).catch(() => null);
    return found?.isFile() ? found.size : null;
  }

  async append(name: string): Promise<StoreFile> {
    const path = join(this.#path, name);
    await plainly(this.#path, () => mkdir(this.#path, { recursive: true }));
    const unlock = await locked(`${path}.lock`);
    try {
      const file = await plainly(path, () => open(path, 'a+'));
      const { size } = await file.stat();
      return new NodeFile(file, path, size, unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await plainly(this.#path, () => rename(join(this.#path, from), join(this.#path, to)));
  }

  names(): Promise<string[]> {
    return plainly(this.#path, () =>
      readdir(this.#path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
        throw error;
      }),
    );
  }

  async remove(name: string): Promise<void> {
    await plainly(this.#path, () => rm(join(this.#path, name), { force: true }));
  }

  async source(name: string): Promise<{ path: string }> {
    return { path: join(this.#path, name) };
  }

  async room(): Promise<number | null> {
    const found = await statfs(this.#path).catch(() => null);
    return found === null ? null : found.bavail * found.bsize;
  }
}

class NodeFile implements StoreFile {
  size: number;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #unlock: () => Promise<void>;

  constructor(file: FileHandle, path: string, size: number, unlock: () => Promise<void>) {
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.#unlock = unlock;
  }

  async read(into: Uint8Array<ArrayBuffer>, at: number): Promise<number> {
    return plainly(
      this.#path,
      async () => (await this.#file.read(into, 0, into.length, at)).bytesRead,
    );
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await plainly(this.#path, () => this.#file.appendFile(bytes));
    this.size += bytes.length;
  }

  async truncate(size = 0): Promise<void> {
    await plainly(this.#path, () => this.#file.truncate(size));
    this.size = size;
  }

  async close(): Promise<void> {
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
      await this.#unlock();
    }
  }
}

/** The locks of this process. */
const held = new Set<string>();

// A file that names the process that made it; of one that ended it is void. Process numbers
// return: a container's program has the same one each time.
async function locked(path: string): Promise<() => Promise<void>> {
  const take = () => writeFile(path, String(process.pid), { flag: 'wx' });
  try {
    await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      return plainly(path, () => Promise.reject(error));
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    const isHeld = owner === process.pid ? held.has(path) : owner > 0 && isRunning(owner);
    if (isHeld) {
      throw new StoreFailed('busy', path, `is being written by the process ${owner}`);
    }
    await rm(path, { force: true });
    await plainly(path, take);
  }
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function plainly<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new StoreFailed('disk-full', path, 'cannot be written: the disk is full');
    }
    throw new StoreFailed('not-writable', path, `cannot be written (${code ?? String(error)})`);
  }
}
