/**
 * Rows of sweeps in a folder, a file for each key. Rows are only appended; a part of a row at
 * the end, left by a program that was ended, is cut off.
 */
import type { Reply } from '../protocol/core-api.js';
import type { SweepStoreApi } from '../protocol/sweep.js';
import { failure, messageOf } from './failure.js';
import { StoreFailed, type StoreFile, type StoreFolder } from './model-store.js';

const SUFFIX = '.rows';

interface OpenRows {
  name: string;
  file: StoreFile;
  rowBytes: number;
}

export class SweepStore implements SweepStoreApi {
  readonly #folder: () => Promise<StoreFolder>;
  readonly #open = new Map<number, OpenRows>();
  #last = 0;

  constructor(folder: () => Promise<StoreFolder>) {
    this.#folder = folder;
  }

  open(key: string, width: number): Promise<Reply<{ handle: number; rows: number }>> {
    return guarded(async () => {
      if (!/^[0-9a-f]{8,64}$/.test(key)) throw new StoreFailed('bad-argument', 'key', 'is no key');
      const name = key + SUFFIX;
      const file = await (await this.#folder()).append(name);
      const rowBytes = width * Float32Array.BYTES_PER_ELEMENT;
      const rows = Math.floor(file.size / rowBytes);
      if (file.size > rows * rowBytes) await file.truncate(rows * rowBytes);
      this.#open.set(++this.#last, { name, file, rowBytes });
      return { ok: { handle: this.#last, rows } };
    });
  }

  read(handle: number, first: number, count: number): Promise<Reply<Float32Array<ArrayBuffer>>> {
    return guarded(async () => {
      const { name, file, rowBytes } = this.#rows(handle);
      const bytes = new Uint8Array(count * rowBytes);
      const read = await file.read(bytes, first * rowBytes);
      if (read < bytes.length) {
        throw new StoreFailed('file-changed', name, `ended ${bytes.length - read} bytes early`);
      }
      return { ok: new Float32Array(bytes.buffer) };
    });
  }

  append(handle: number, rows: Float32Array<ArrayBuffer>): Promise<Reply<null>> {
    return guarded(async () => {
      const { buffer, byteOffset, byteLength } = rows;
      await this.#rows(handle).file.write(new Uint8Array(buffer, byteOffset, byteLength));
      return { ok: null };
    });
  }

  clear(handle: number): Promise<Reply<null>> {
    return guarded(async () => {
      await this.#rows(handle).file.truncate(0);
      return { ok: null };
    });
  }

  close(handle: number): Promise<Reply<null>> {
    return guarded(async () => {
      const open = this.#rows(handle);
      this.#open.delete(handle);
      await open.file.close();
      return { ok: null };
    });
  }

  kept(): Promise<Reply<{ sweeps: number; bytes: number }>> {
    return guarded(async () => {
      const folder = await this.#folder();
      const names = (await folder.names()).filter((name) => name.endsWith(SUFFIX));
      const sizes = await Promise.all(names.map(async (name) => (await folder.size(name)) ?? 0));
      return { ok: { sweeps: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) } };
    });
  }

  removeAll(): Promise<Reply<null>> {
    return guarded(async () => {
      const folder = await this.#folder();
      const open = new Set(Array.from(this.#open.values(), ({ name }) => name));
      for (const name of await folder.names()) {
        if (name.endsWith(SUFFIX) && !open.has(name)) await folder.remove(name);
      }
      return { ok: null };
    });
  }

  #rows(handle: number): OpenRows {
    const open = this.#open.get(handle);
    if (open === undefined) throw new StoreFailed('bad-handle', 'sweep', `${handle} is not open`);
    return open;
  }
}

async function guarded<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFailed) return { error: error.failure };
    return failure('internal', 'sweep', messageOf(error));
  }
}
