/** Files, standard input and arguments: limits are kept before anything is read. */
import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../engine/error.js';
import { count } from '../engine/show.js';
import { badInput } from './bad-input.js';

/** The largest value that a recipe may handle. */
export const MAX_VALUE_BYTES = 256 * 1024 * 1024;
/** The largest claim or replay file. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** The longest line of a --jsonl file. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 2 * 1024 * 1024;

/** `-` stands for standard input. */
export const STDIN = '-';

/** How an input is called in an error. */
export function inputName(path: string): string {
  if (path === STDIN) return 'standard input';
  return path === '' ? '""' : path;
}

/** Bytes of a file or of standard input. Error `too-large` past `limit`, before reading where the size is known. */
export async function readBytes(path: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(path, limit)) {
    size += chunk.length;
    if (size > limit) throw tooLarge(path, `more than ${count(limit)}`, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Strict UTF-8: an error names the offset of the first byte that is not. */
export async function readText(path: string, limit: number): Promise<string> {
  return utf8(await readBytes(path, limit), inputName(path));
}

/** The text of UTF-8 bytes; error `invalid-utf8` with the byte offset. A byte order mark stays. */
export function utf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badInput(
      where,
      `is not UTF-8: invalid at byte ${count(firstInvalidByte(bytes))}`,
      'invalid-utf8',
    );
  }
}

// Well-formed sequences by lead byte: how many bytes follow, and what the first of
// them may be (the Unicode Standard, table 3-7).
function sequenceAfter(lead: number): [following: number, low: number, high: number] | undefined {
  if (lead < 0x80) return [0, 0, 0];
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead === 0xe0) return [2, 0xa0, 0xbf];
  if (lead === 0xed) return [2, 0x80, 0x9f];
  if (lead >= 0xe1 && lead <= 0xef) return [2, 0x80, 0xbf];
  if (lead === 0xf0) return [3, 0x90, 0xbf];
  if (lead === 0xf4) return [3, 0x80, 0x8f];
  if (lead >= 0xf1 && lead <= 0xf3) return [3, 0x80, 0xbf];
  return undefined;
}

/** Offset of the first byte that begins no well-formed sequence; the length where there is none. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const sequence = sequenceAfter(bytes[at] ?? 0);
    if (sequence === undefined) return at;
    const [following, low, high] = sequence;
    for (let i = 1; i <= following; ++i) {
      const byte = bytes[at + i] ?? 0;
      if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return at;
    }
    at += 1 + following;
  }
  return bytes.length;
}

/** A file opened for reading, with its size where it has one (pipes have none). */
export async function openFile(path: string): Promise<{ file: FileHandle; size: number | null }> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw notReadable(path, error);
  }
  const stat = await file.stat();
  if (stat.isDirectory()) {
    await file.close();
    throw badInput(inputName(path), 'is a directory', 'not-a-file');
  }
  return { file, size: stat.isFile() ? stat.size : null };
}

/** The chunks of a file or of standard input. Each chunk is the receiver's own. */
export async function* bytesOf(path: string, limit = Infinity): AsyncGenerator<Uint8Array> {
  if (path === STDIN) {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) yield chunk;
    return;
  }
  const { file, size } = await openFile(path);
  try {
    if (size !== null && size > limit) throw tooLarge(path, count(size), limit);
    yield* fileChunks(file, path);
  } finally {
    await file.close();
  }
}

/** The chunks of an open file, which stays open. */
export async function* fileChunks(file: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    let bytesRead: number;
    try {
      ({ bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null));
    } catch (error) {
      throw notReadable(path, error);
    }
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** One line of a --jsonl input: its text, or why it has none. */
export type Line = { text: string } | { error: EngineError };

/** The lines of a file or of standard input, as they come in; LF and CRLF end them. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const take = (part: Uint8Array) => {
    heldBytes += part.length;
    // A line too long is counted but not kept.
    if (heldBytes <= MAX_LINE_BYTES) held.push(part.slice());
    else held = [];
  };
  const end = (): Line => {
    const [bytes, size] = [Buffer.concat(held), heldBytes];
    held = [];
    heldBytes = 0;
    if (size > MAX_LINE_BYTES) {
      return {
        error: badInput(
          '',
          `is ${count(size)} bytes; the limit is ${count(MAX_LINE_BYTES)}`,
          'too-large',
        ),
      };
    }
    try {
      return { text: utf8(bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes, '') };
    } catch (error) {
      if (error instanceof EngineError) return { error };
      throw error;
    }
  };
  for await (const chunk of bytesOf(path)) {
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, start)) {
      take(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  }
  if (heldBytes > 0) yield end();
}

/**
 * Node reads arguments leniently: bytes that are not UTF-8 arrive as U+FFFD. Where the
 * system still has the bytes (Linux), such an argument is refused. Error: `invalid-utf8`.
 */
export async function refuseInvalidArguments(args: readonly string[]): Promise<void> {
  if (!args.some((arg) => arg.includes('\ufffd'))) return;
  let raw: Uint8Array;
  try {
    raw = await readBytes('/proc/self/cmdline', MAX_VALUE_BYTES);
  } catch {
    return;
  }
  const all = Buffer.from(raw).toString('latin1').split('\0').slice(0, -1);
  all.slice(-args.length).forEach((arg, i) => {
    utf8(Buffer.from(arg, 'latin1'), `argument ${i + 1}`);
  });
}

function tooLarge(path: string, size: string, limit: number): EngineError {
  return badInput(inputName(path), `is ${size} bytes; the limit is ${count(limit)}`, 'too-large');
}

/** Why the system does not let a file or a folder be read. */
export function notReadable(path: string, error: unknown): EngineError {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return badInput(inputName(path), 'does not exist', 'not-found');
    case 'EACCES':
    case 'EPERM':
      return badInput(inputName(path), 'may not be read (permission denied)', 'not-readable');
    case 'EISDIR':
      return badInput(inputName(path), 'is a directory', 'not-a-file');
    default:
      return badInput(inputName(path), `cannot be read (${code ?? String(error)})`, 'not-readable');
  }
}
