/** Folders of the origin private file system; in a Worker only. */
import { StoreFailed, type StoreFile, type StoreFolder } from './model-store.js';

// The types of a page do not know what only Workers have (https://fs.spec.whatwg.org), nor
// the rename that browsers have (whatwg/fs, FileSystemHandle.move).
interface SyncAccessHandle {
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
type WorkerFileHandle = FileSystemFileHandle & {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
  move(name: string): Promise<void>;
};
// Nor the names in a folder.
type IterableFolder = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };

export async function browserFolder(name: string): Promise<StoreFolder> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsFolder(await root.getDirectoryHandle(name, { create: true }));
  } catch (error) {
    const what = `keeps no files here (${nameOf(error)}): private windows often do not`;
    throw new StoreFailed('not-writable', 'browser', what);
  }
}

class OpfsFolder implements StoreFolder {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async size(name: string): Promise<number | null> {
    const handle = await this.#handle(name);
    return handle === null ? null : (await handle.getFile()).size;
  }

  async append(name: string): Promise<StoreFile> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    try {
      return new OpfsFile(await (handle as WorkerFileHandle).createSyncAccessHandle());
    } catch (error) {
      if (nameOf(error) === 'NoModificationAllowedError') {
        throw new StoreFailed('busy', name, 'is open in another tab');
      }
      throw plain(error);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const handle = (await this.#folder.getFileHandle(from)) as WorkerFileHandle;
    await handle.move(to);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (this.#folder as IterableFolder).keys()) names.push(name);
    return names;
  }

  async remove(name: string): Promise<void> {
    await this.#folder.removeEntry(name).catch((error: unknown) => {
      if (nameOf(error) !== 'NotFoundError') throw plain(error);
    });
  }

  async source(name: string): Promise<Blob> {
    return (await this.#folder.getFileHandle(name)).getFile();
  }

  async room(): Promise<number | null> {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : quota - (usage ?? 0);
  }

  async #handle(name: string): Promise<FileSystemFileHandle | null> {
    return this.#folder.getFileHandle(name).catch((error: unknown) => {
      if (nameOf(error) === 'NotFoundError') return null;
      throw plain(error);
    });
  }
}

class OpfsFile implements StoreFile {
  readonly #handle: SyncAccessHandle;

  constructor(handle: SyncAccessHandle) {
    this.#handle = handle;
  }

  get size(): number {
    return this.#handle.getSize();
  }

  async read(into: Uint8Array<ArrayBuffer>, at: number): Promise<number> {
    return this.#handle.read(into, { at });
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const at = this.size;
    let written: number;
    try {
      written = this.#handle.write(bytes, { at });
    } catch (error) {
      this.#handle.truncate(at);
      throw plain(error);
    }
    if (written === bytes.length) return;
    this.#handle.truncate(at);
    throw full();
  }

  async truncate(size = 0): Promise<void> {
    this.#handle.truncate(size);
  }

  async close(): Promise<void> {
    this.#handle.flush();
    this.#handle.close();
  }
}

function plain(error: unknown): StoreFailed {
  if (nameOf(error) === 'QuotaExceededError') return full();
  return new StoreFailed('not-writable', 'browser', `cannot write (${nameOf(error)})`);
}

function full(): StoreFailed {
  return new StoreFailed('disk-full', 'browser', 'has no room left for this site');
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : String(error);
}
