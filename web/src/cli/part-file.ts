/**
 * Part files: what one shard of a search came to, and the state of one that was interrupted.
 *
 *     tagscope search part 1\n
 *     {"kind","space","units","shard","of","bytes","sha256"}\n    of the question that follows
 *     question\n                                                 JSON: the claim, or the lists
 *     frames                                                     a record each
 *     end                                                        SHA-256 of all before it
 *
 * A frame is its size (32 bits, little-endian), the first eight bytes of the record's SHA-256, and
 * the record; of lists one for each unit of the shard, of a claim one. The end has the size
 * 0xffffffff. A file is called FILE.partial until it is whole: nothing half-written has the name
 * of a part. Parts come from anywhere: whatever is not exactly so is refused (`bad-part`).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import type { ListRecord } from '../engine/lists.js';
import { type Shard, unitListOf, unitsOf } from '../engine/shard.js';
import { count } from '../engine/show.js';
import { badInput } from './bad-input.js';
import { inputName, openFile } from './input.js';

export interface PartHead {
  kind: 'claim' | 'lists';
  /** With its version. */
  space: string;
  /** Of the whole search. */
  units: number;
  shard: Shard;
  /** JSON text. */
  question: string;
}

export const MAX_SHARDS = 1_000_000;

const MAGIC = 'tagscope search part 1\n';
const ANY_VERSION = /^tagscope search part (\d{1,6})\n/;
const MAX_HEAD_BYTES = 1024;
const MAX_QUESTION_BYTES = 64 * 1024 * 1024;
const MAX_UNITS = 2 ** 32 - 1;
const FRAME_BYTES = 12;
const CHECK_BYTES = 8;
const END = 0xffffffff;
const DIGEST_BYTES = 32;

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

function headBytes({ kind, space, units, shard, question }: PartHead): Buffer {
  const bytes = Buffer.from(question);
  const line = headLine(kind, space, units, shard, bytes.length, sha256(bytes).toString('hex'));
  return Buffer.concat([Buffer.from(`${MAGIC}${line}\n`), bytes, Buffer.from('\n')]);
}

function headLine(
  kind: string,
  space: string,
  units: number,
  { index, of }: Shard,
  bytes: number,
  digest: string,
): string {
  return JSON.stringify({ kind, space, units, shard: index, of, bytes, sha256: digest });
}

function frameOf(record: Uint8Array): Buffer {
  const head = Buffer.alloc(FRAME_BYTES);
  head.writeUInt32LE(record.length);
  sha256(record).copy(head, 4, 0, CHECK_BYTES);
  return Buffer.concat([head, record]);
}

/** Records of a shard: as many as its units, or one. */
function recordsOf({ kind, shard, units }: PartHead): number {
  return kind === 'claim' ? 1 : unitsOf(shard, units);
}

/** Writes a part. What an interrupted run of the same shard has written is gone on with. */
export class PartWriter {
  readonly #path: string;
  readonly #partial: string;
  #file: FileHandle | undefined;
  #at = 0;
  #hash = createHash('sha256');

  constructor(path: string) {
    this.#path = path;
    this.#partial = `${path}.partial`;
  }

  /**
   * Opens FILE.partial. Gives the records that are whole there, where it is of the same search and
   * shard; what follows them is cut off. Errors: `bad-part` where it is of another search,
   * `not-writable`.
   */
  async *resume(head: PartHead): AsyncGenerator<ListRecord> {
    const begin = headBytes(head);
    this.#hash.update(begin);
    const file = await this.#open();
    this.#file = file;
    const { size } = await file.stat();
    const found = Buffer.alloc(Math.min(size, begin.length));
    await readFully(file, found, 0);
    if (!found.equals(begin.subarray(0, found.length))) {
      throw badInput(
        inputName(this.#partial),
        'is of another search or shard; remove it or name another part',
        'bad-part',
      );
    }
    if (found.length < begin.length) await writeFully(file, begin, 0);
    this.#at = begin.length;
    const units = head.kind === 'claim' ? [0] : unitListOf(head.shard, head.units);
    for (const unit of units) {
      const frame = await wholeFrame(file, this.#at, size);
      if (frame === undefined) break;
      this.#hash.update(frame);
      this.#at += frame.length;
      yield { unit, record: frame.subarray(FRAME_BYTES) };
    }
    await file.truncate(this.#at);
  }

  async write(record: Uint8Array): Promise<void> {
    const frame = frameOf(record);
    this.#hash.update(frame);
    await this.#append(frame);
  }

  /** Everything is there: the part gets its name. */
  async finish(): Promise<void> {
    const end = Buffer.alloc(4);
    end.writeUInt32LE(END);
    await this.#append(Buffer.concat([end, this.#hash.digest()]));
    await this.#file?.sync();
    await this.close();
    try {
      await rename(this.#partial, this.#path);
    } catch (error) {
      throw notWritable(this.#path, error);
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.#partial, 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw notWritable(this.#partial, error);
      }
    }
    try {
      return await open(this.#partial, 'wx+');
    } catch (error) {
      throw notWritable(this.#partial, error);
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#file === undefined) throw new Error('the part is not open');
    try {
      await writeFully(this.#file, bytes, this.#at);
    } catch (error) {
      throw notWritable(this.#partial, error);
    }
    this.#at += bytes.length;
  }
}

/** A part that was read through and is whole. */
export class PartFile {
  readonly path: string;
  readonly head: PartHead;
  readonly #frames: readonly number[];

  private constructor(path: string, head: PartHead, frames: readonly number[]) {
    this.path = path;
    this.head = head;
    this.#frames = frames;
  }

  /** Errors: `bad-part`, and those of a file that cannot be read. */
  static async open(path: string): Promise<PartFile> {
    const { file, size } = await openFile(path);
    try {
      if (size === null) throw bad(path, 'is no file');
      const [head, begin] = await readHead(file, path, size);
      const frames: number[] = [];
      let at = begin;
      const records = recordsOf(head);
      for (;;) {
        const length = await readLength(file, at, size);
        if (length === undefined) throw bad(path, 'is cut short');
        if (length === END) break;
        if (frames.length === records) {
          throw bad(path, `holds more than the ${count(records)} records of its shard`);
        }
        if (at + FRAME_BYTES + length > size) throw bad(path, 'is cut short');
        frames.push(at);
        at += FRAME_BYTES + length;
      }
      if (frames.length < records) {
        throw bad(
          path,
          `holds ${count(frames.length)} of the ${count(records)} records of its shard`,
        );
      }
      if (at + 4 + DIGEST_BYTES !== size) {
        throw bad(path, at + 4 + DIGEST_BYTES > size ? 'is cut short' : 'goes on after its end');
      }
      const digest = Buffer.alloc(DIGEST_BYTES);
      await readFully(file, digest, at + 4);
      if (!digest.equals(await digestOf(path, at))) {
        throw bad(path, 'is damaged: its SHA-256 is not the one at its end');
      }
      return new PartFile(path, head, frames);
    } finally {
      await file.close();
    }
  }

  /** The record of the shard's place-th unit, from 0. */
  async record(place: number): Promise<Uint8Array> {
    const at = this.#frames[place];
    if (at === undefined) throw bad(this.path, `has no record ${count(place + 1)}`);
    const { file, size } = await openFile(this.path);
    try {
      const frame = await wholeFrame(file, at, size ?? 0);
      if (frame === undefined) throw bad(this.path, 'is damaged');
      return frame.subarray(FRAME_BYTES);
    } finally {
      await file.close();
    }
  }
}

/**
 * The parts of one search, every shard once, in the order of the shards. Errors: `bad-part`, which
 * names what is missing, there twice, or of another search.
 */
export async function openParts(paths: readonly string[]): Promise<PartFile[]> {
  const parts: PartFile[] = [];
  for (const path of paths) parts.push(await PartFile.open(path));
  const [first] = parts;
  if (first === undefined) throw badInput('--merge', 'names no file', 'bad-usage');
  const { kind, space, units, question, shard } = first.head;
  const inOrder: (PartFile | undefined)[] = Array(shard.of).fill(undefined);
  for (const part of parts) {
    const other = part.head;
    if (other.kind !== kind || other.space !== space || other.units !== units) {
      throw bad(part.path, `is of another search than ${inputName(first.path)}`);
    }
    if (other.question !== question) {
      throw bad(
        part.path,
        `is of ${kind === 'claim' ? 'another claim' : 'other lists'} than ${inputName(first.path)}`,
      );
    }
    const { index, of } = other.shard;
    if (of !== shard.of) {
      throw bad(
        part.path,
        `is shard ${count(index)} of ${count(of)}, and ${inputName(first.path)} of ${count(shard.of)}`,
      );
    }
    const before = inOrder[index - 1];
    if (before !== undefined) {
      throw bad(
        part.path,
        `is shard ${count(index)} of ${count(of)}, and so is ${inputName(before.path)}`,
      );
    }
    inOrder[index - 1] = part;
  }
  return inOrder.map((part, i) => {
    if (part !== undefined) return part;
    const what = `shard ${count(i + 1)} of ${count(shard.of)} is missing`;
    throw badInput('--merge', what, 'bad-part');
  });
}

/** The records of all units of the lists, in ascending order. */
export async function* recordsIn(parts: readonly PartFile[]): AsyncGenerator<ListRecord> {
  const units = parts[0]?.head.units ?? 0;
  for (let unit = 0; unit < units; ++unit) {
    const part = parts[unit % parts.length];
    if (part === undefined) return;
    yield { unit, record: await part.record(Math.floor(unit / parts.length)) };
  }
}

/** Its head, and where its frames begin. */
async function readHead(file: FileHandle, path: string, size: number): Promise<[PartHead, number]> {
  const start = Buffer.alloc(Math.min(size, MAGIC.length + MAX_HEAD_BYTES));
  await readFully(file, start, 0);
  const version = ANY_VERSION.exec(start.subarray(0, 64).toString('latin1'));
  if (version === null) throw bad(path, 'is not a part of a search');
  if (version[0] !== MAGIC) {
    throw bad(path, `is a part of version ${version[1]}; this program reads version 1`);
  }
  const end = start.indexOf('\n', MAGIC.length);
  if (end < 0) throw bad(path, 'has no head');
  const line = start.subarray(MAGIC.length, end).toString('utf8');
  const fields = fieldsOf(line);
  if (fields === undefined) throw bad(path, 'has a damaged head');
  const { kind, space, units, shard, bytes } = fields;
  if (end + 1 + bytes + 1 > size) throw bad(path, 'is cut short');
  const question = Buffer.alloc(bytes + 1);
  await readFully(file, question, end + 1);
  const text = question.subarray(0, bytes);
  if (question[bytes] !== 0x0a || sha256(text).toString('hex') !== fields.sha256) {
    throw bad(path, 'is damaged: its claim or lists are not the ones that its head names');
  }
  return [{ kind, space, units, shard, question: text.toString('utf8') }, end + 1 + bytes + 1];
}

function fieldsOf(line: string) {
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const { kind, space, units, shard, of, bytes, sha256: digest } = read;
  const whole = (value: unknown, least: number, most: number): value is number =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  if (kind !== 'claim' && kind !== 'lists') return undefined;
  if (typeof space !== 'string' || space.length > 64) return undefined;
  if (!whole(units, 0, MAX_UNITS) || !whole(bytes, 2, MAX_QUESTION_BYTES)) return undefined;
  if (!whole(of, 1, MAX_SHARDS) || !whole(shard, 1, of)) return undefined;
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return undefined;
  const cut: Shard = { index: shard, of };
  // Nothing else stands there, and nothing twice.
  if (headLine(kind, space, units, cut, bytes, digest) !== line) return undefined;
  return { kind, space, units, shard: cut, bytes, sha256: digest } as const;
}

async function readLength(file: FileHandle, at: number, size: number): Promise<number | undefined> {
  if (at + 4 > size) return undefined;
  const bytes = Buffer.alloc(4);
  await readFully(file, bytes, at);
  return bytes.readUInt32LE();
}

/** The frame at `at`, where it is whole. */
async function wholeFrame(file: FileHandle, at: number, size: number): Promise<Buffer | undefined> {
  const length = await readLength(file, at, size);
  if (length === undefined || length === END || at + FRAME_BYTES + length > size) return undefined;
  const frame = Buffer.alloc(FRAME_BYTES + length);
  await readFully(file, frame, at);
  const check = sha256(frame.subarray(FRAME_BYTES)).subarray(0, CHECK_BYTES);
  return check.equals(frame.subarray(4, FRAME_BYTES)) ? frame : undefined;
}

async function digestOf(path: string, end: number): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { end: end - 1 })) hash.update(chunk as Buffer);
  return hash.digest();
}

async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw badInput('part', 'has become shorter while it was read', 'bad-part');
    done += bytesRead;
  }
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function bad(path: string, what: string) {
  return badInput(inputName(path), what, 'bad-part');
}

function notWritable(path: string, error: unknown) {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return badInput(inputName(path), `cannot be written (${code})`, 'not-writable');
}

/** Whether a file of that name is there; other errors are told when it is opened. */
export async function isThere(path: string): Promise<boolean> {
  try {
    const { file } = await openFile(path);
    await file.close();
    return true;
  } catch (error) {
    const failure = error as { failure?: { code?: string } };
    if (failure.failure?.code === 'not-found') return false;
    throw error;
  }
}
