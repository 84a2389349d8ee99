/** `similar --sweep`: many texts through an encoder, with a line of progress, ended by Ctrl-C. */

import { BUILTIN_ID } from '../engine/builtin.js';
import type { Encoder } from '../engine/encoder.js';
import { createEngine } from '../engine/node.js';
import { count, counted, decimal, percent, shown } from '../engine/show.js';
import {
  ranked,
  type SweepProgress,
  type SweepRank,
  sweepCsv,
  usualRank,
} from '../engine/sweep.js';
import type { Sweep } from '../protocol/sweep.js';
import { wholeNumber } from './arguments.js';
import { badInput } from './bad-input.js';
import { type EncoderFlags, openEncoder } from './encoders.js';
import { table } from './format/layout.js';
import { MAX_VALUE_BYTES, readText } from './input.js';
import { write, writeJson } from './output.js';

export interface SweepFlags extends EncoderFlags {
  sweep?: true;
  list?: string;
  top?: string;
  raw?: true;
  reverse?: true;
  csv?: true;
  /** False where --no-keep stands. */
  keep?: boolean;
  json?: true;
}

/** What `similar --sweep --json` writes. */
interface Answer extends Omit<Sweep, 'texts' | 'done' | 'tokens' | 'empty' | 'name'> {
  texts: number;
  rank: SweepRank;
  ranked: {
    text: string;
    tokens: number;
    cosine_empty: number;
    centred_empty: number;
    cosine_name?: number;
    centred_name?: number;
  }[];
}

/** The shell's code for a program that SIGINT ended: 128 + 2. */
const EXIT_INTERRUPTED = 130;
const SHOWN = 20;

/** They mean nothing without --sweep. */
export function refuseSweepOptions({ list, top, raw, reverse, csv, keep }: SweepFlags): void {
  const given = { list, top, raw, reverse, csv, 'no-keep': keep === false ? true : undefined };
  for (const [option, value] of Object.entries(given)) {
    if (value !== undefined) throw badInput(`--${option}`, 'needs --sweep', 'bad-usage');
  }
}

export async function sweepTexts(texts: readonly string[], flags: SweepFlags): Promise<void> {
  const [near, other] = texts;
  if (other !== undefined) {
    throw badInput('similar', `takes one name with --sweep, not ${texts.length}`, 'bad-usage');
  }
  if (flags.csv && flags.json) throw badInput('--csv', 'cannot stand beside --json', 'bad-usage');
  const top = flags.top === undefined ? null : wholeNumber('--top', flags.top);
  const list = flags.list === undefined ? null : await readList(flags.list);
  const engine = await createEngine();
  const encoder = await openEncoder(engine, flags);
  const line = new SweepLine();
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted);
  try {
    const swept = await engine.sweep(encoder, {
      model: flags.model ?? BUILTIN_ID,
      keep: flags.keep !== false,
      ...(list === null ? {} : { texts: list }),
      ...(near === undefined ? {} : { near }),
      signal: stop.signal,
      onProgress: (progress) => line.show(progress),
    });
    line.end();
    if (swept.not_kept !== null && flags.keep !== false) {
      process.stderr.write(`not kept for later: ${swept.not_kept}\n`);
    }
    await answer(encoder, swept, rankOf(swept, flags), top, flags);
  } catch (error) {
    line.end();
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`${line.where()}\n`);
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    process.off('SIGINT', interrupted);
    await encoder.close();
  }
}

async function readList(file: string): Promise<string[]> {
  const lines = (await readText(file, MAX_VALUE_BYTES)).split(/\r?\n/);
  return lines.filter((text) => text !== '');
}

function rankOf({ near }: Sweep, { raw, reverse }: SweepFlags): SweepRank {
  const usual = usualRank(near);
  return {
    ...usual,
    measure: raw ? 'raw' : 'centred',
    nearest: reverse ? !usual.nearest : usual.nearest,
  };
}

async function answer(
  encoder: Encoder,
  swept: Sweep,
  rank: SweepRank,
  top: number | null,
  { csv, json }: SweepFlags,
): Promise<void> {
  const order = ranked(swept, rank);
  if (csv) {
    for (const part of sweepCsv(swept, order.subarray(0, top ?? order.length))) await write(part);
    return;
  }
  if (json) return writeJson(documentOf(swept, rank, order.subarray(0, top ?? order.length)));
  await write(formatSweep(encoder, swept, rank, order.subarray(0, top ?? SHOWN)));
}

function documentOf(swept: Sweep, rank: SweepRank, order: Uint32Array): Answer {
  const { texts, done: _, tokens, empty, name, ...rest } = swept;
  const six = (values: Float32Array, i: number) => Number((values[i] ?? 0).toPrecision(6));
  return {
    ...rest,
    texts: texts.length,
    rank,
    ranked: Array.from(order, (i) => ({
      text: texts[i] ?? '',
      tokens: tokens[i] ?? 0,
      cosine_empty: six(empty.raw, i),
      centred_empty: six(empty.centred, i),
      ...(name === null
        ? {}
        : { cosine_name: six(name.raw, i), centred_name: six(name.centred, i) }),
    })),
  };
}

function formatSweep({ info }: Encoder, swept: Sweep, rank: SweepRank, order: Uint32Array): string {
  const { texts, tokens, empty, name, near } = swept;
  const four = (values: Float32Array | undefined, i: number) => (values?.[i] ?? 0).toFixed(4);
  const head = ['', '', 'tokens', 'empty prompt', 'centred'];
  const rows = Array.from(order, (i, place) => [
    String(place + 1),
    shown(texts[i] ?? ''),
    String(tokens[i] ?? 0),
    four(empty.raw, i),
    four(empty.centred, i),
    ...(name === null ? [] : [four(name.raw, i), four(name.centred, i)]),
  ]);
  const whom = rank.by === 'name' ? shown(near ?? '') : 'the empty prompt';
  const which = rank.nearest ? `nearest to ${whom}` : `farthest from ${whom}`;
  return `${[
    `${counted(texts.length, 'text')}, those ${which} first, by the ${rank.measure} cosine (${info.output}, ${swept.width} numbers)`,
    '',
    ...table(
      [name === null ? head : [...head, shown(near ?? ''), 'centred'], ...rows],
      [0, 2, 3, 4, 5, 6],
    ),
    '',
    ...(swept.note === undefined ? [] : [`Encoder: ${swept.note}.`]),
    `Centred by the means of ${swept.reference.codes} and ${swept.reference.names}. A place in this list says nothing of cipher, training or cause.`,
  ].join('\n')}\n`;
}

const QUIET_MS = 1000;
const INTERVAL_MS = 200;

class SweepLine {
  readonly #started = performance.now();
  #last: SweepProgress | null = null;
  #begun = 0;
  #shown = 0;
  #visible = false;

  show(progress: SweepProgress): void {
    const now = performance.now();
    if (progress.stage !== this.#last?.stage) this.#begun = now;
    this.#last = progress;
    if (!process.stderr.isTTY || now - this.#started < QUIET_MS) return;
    if (now - this.#shown < INTERVAL_MS) return;
    this.#shown = now;
    this.#visible = true;
    process.stderr.write(`\r\x1b[K${this.#line(progress, now)}`);
  }

  end(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
    this.#visible = false;
  }

  /** Where a sweep that was ended stopped. */
  where(): string {
    if (this.#last?.stage !== 'texts') return 'ended before the first text';
    const { texts, total } = this.#last;
    return `ended after ${count(texts)} of ${counted(total, 'text')}; the same command goes on from there`;
  }

  #line(progress: SweepProgress, now: number): string {
    if (progress.stage === 'digest') {
      const { bytes, total } = progress;
      return `digesting the file  ${decimal(bytes / 1e6)} MB (${percent(Math.min(1, bytes / total))})`;
    }
    const { texts, total, restored } = progress;
    const rate = (texts - restored) / ((now - this.#begun) / 1000);
    const left = rate > 0 ? `, ${count(Math.ceil((total - texts) / rate))} s left` : '';
    return `${count(texts)} of ${counted(total, 'text')}  ${decimal(rate)} a second${left}`;
  }
}
