/** Node's inputs: files by path, pipes, and blobs. */
import { type FileHandle, open } from 'node:fs/promises';
import type { ReadableSource } from '../protocol/digest-api.js';
import { BlobReader, type ByteReader, Unreadable } from './byte-reader.js';

/** Rejects with an {@link Unreadable}. */
export async function openReader(source: ReadableSource): Promise<ByteReader> {
  return source instanceof Blob ? new BlobReader(source) : FileReader.open(source.path);
}

class FileReader implements ByteReader {
  readonly size: number | null;
  readonly #file: FileHandle;
  readonly #changed: number;

  private constructor(file: FileHandle, size: number | null, changed: number) {
    this.#file = file;
    this.size = size;
    this.#changed = changed;
  }

  static async open(path: string): Promise<FileReader> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      throw unreadable(error);
    }
    const stat = await file.stat();
    if (stat.isDirectory()) {
      await file.close();
      throw new Unreadable('not-a-file', 'is a directory');
    }
    return new FileReader(file, stat.isFile() ? stat.size : null, stat.mtimeMs);
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    // A pipe has no places, only a next byte.
    const position = this.size === null ? null : at;
    let filled = 0;
    try {
      while (filled < into.length) {
        const { bytesRead } = await this.#file.read(
          into,
          filled,
          into.length - filled,
          position === null ? null : position + filled,
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (error) {
      throw unreadable(error);
    }
    return filled;
  }

  // Some files of the system say that they are empty and are not: they have no size to keep.
  async checkUnchanged(): Promise<void> {
    if (this.size === null || this.size === 0) return;
    const { size, mtimeMs } = await this.#file.stat();
    if (size === this.size && mtimeMs === this.#changed) return;
    throw new Unreadable(
      'file-changed',
      size === this.size
        ? 'was written to while it was read'
        : `is ${size} bytes long now; it had ${this.size} when it was opened`,
    );
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function unreadable(error: unknown): Unreadable {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Unreadable('not-found', 'does not exist');
    case 'EACCES':
    case 'EPERM':
      return new Unreadable('not-readable', 'may not be read (permission denied)');
    case 'EISDIR':
      return new Unreadable('not-a-file', 'is a directory');
    default:
      return new Unreadable('not-readable', `cannot be read (${code ?? String(error)})`);
  }
}
