/** Opening the encoder that --model names, with a line of progress. */
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { BUILTIN_ID } from '../engine/builtin.js';
import type { Engine, VerifyOptions } from '../engine/client.js';
import type { Encoder, EncoderSource, OpeningProgress } from '../engine/encoder.js';
import { EngineError } from '../engine/error.js';
import { count, decimal, percent } from '../engine/show.js';
import type { EncoderOptions } from '../protocol/encoder-api.js';
import { wholeNumber } from './arguments.js';
import { badInput } from './bad-input.js';

/** Options of the commands that take an encoder, as commander reads them. */
export interface EncoderFlags {
  model?: string;
  encoder?: string;
  heads?: string;
  activation?: string;
  output?: string;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(['encoder', 'heads', 'activation', 'output']);

/** The options as the engine takes them. Errors: `bad-argument`. */
export function encoderOptions(flags: EncoderFlags): EncoderOptions {
  const { encoder, heads, activation, output } = flags;
  if (activation !== undefined && activation !== 'quick_gelu' && activation !== 'gelu') {
    const what = `is "${activation.slice(0, 64)}"; there are quick_gelu and gelu`;
    throw badInput('--activation', what, 'bad-argument');
  }
  return {
    ...(encoder === undefined ? {} : { encoder: wholeNumber('--encoder', encoder) }),
    ...(heads === undefined ? {} : { heads: wholeNumber('--heads', heads) }),
    ...(activation === undefined ? {} : { activation }),
    ...(output === undefined ? {} : { output }),
  };
}

/** How the file of --model is read; of no use without it. */
const READING_FLAGS = ['encoder', 'heads', 'activation', 'output'] as const;
/** Those of {@link claimEncoderOptions}. */
export const CLAIM_ENCODER_FLAGS = ['model', ...READING_FLAGS] as const;

/** The options of the commands that look at a claim in an encoder as well. */
export function claimEncoderOptions(command: Command): Command {
  return command
    .option('--model <M>', 'also: how near the tags lie to their names in this encoder')
    .option('--encoder <N>', 'which encoder of the file, counted from 0')
    .option('--heads <H>', 'heads of attention (width / 64)')
    .option('--activation <A>', 'quick_gelu or gelu, where the file does not tell')
    .option('--output <O>', 'pooled or projected');
}

/** What a call takes of the encoder that --model names, and its end; nothing where it names none. */
export async function claimEncoder(
  engine: Engine,
  flags: EncoderFlags,
): Promise<{ options: Pick<VerifyOptions, 'encoder' | 'onEncoding'>; close: () => Promise<void> }> {
  if (flags.model === undefined) {
    const needs = READING_FLAGS.find((flag) => flags[flag] !== undefined);
    if (needs !== undefined) throw badInput(`--${needs}`, 'is of --model M', 'bad-usage');
    return { options: {}, close: async () => undefined };
  }
  const encoder = await openEncoder(engine, flags);
  const line = new EncodingLine();
  return {
    options: { encoder, onEncoding: (progress) => line.show(progress) },
    close: async () => {
      line.end();
      await encoder.close();
    },
  };
}

export const MODEL_HELP =
  'a .safetensors or .onnx file, or an id that tagscope models lists (builtin)';

/** Opens a file, a public encoder that was fetched, or the built-in one. */
export async function openEncoder(engine: Engine, flags: EncoderFlags): Promise<Encoder> {
  const model = flags.model ?? BUILTIN_ID;
  const options = encoderOptions(flags);
  const source = await sourceOf(engine, model);
  const line = new OpeningLine();
  try {
    return await engine.openEncoder(source, { ...options, onProgress: (at) => line.show(at) });
  } catch (error) {
    if (error instanceof EngineError && OPTION_NAMES.has(error.failure.where)) {
      throw new EngineError({ ...error.failure, where: `--${error.failure.where}` });
    }
    throw error;
  } finally {
    line.end();
  }
}

// A file goes before an id of the same name.
async function sourceOf(engine: Engine, model: string): Promise<EncoderSource> {
  if (await stat(model).catch(() => null)) return { path: model };
  const models = await engine.models();
  const known = models.find(({ id }) => id === model);
  if (known?.state === 'present') return { model };
  if (known !== undefined) {
    const what = `is not here yet: tagscope models --fetch ${model} gets ${decimal(known.bytes / 1e6, 0)} MB under ${known.licence.name}`;
    throw badInput(model, what, 'model-absent');
  }
  const ids = models.map(({ id }) => id).join(', ');
  throw badInput(model, `is no file, and no encoder by that name (${ids})`, 'not-found');
}

const QUIET_MS = 1000;

/** How many texts are encoded, on a terminal, where it takes long. */
export class EncodingLine {
  readonly #started = performance.now();
  #visible = false;

  show({ texts, total }: { texts: number; total: number }): void {
    if (!process.stderr.isTTY || performance.now() - this.#started < QUIET_MS) return;
    this.#visible = true;
    process.stderr.write(`\r\x1b[K${count(texts)} of ${count(total)} texts encoded`);
  }

  end(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
    this.#visible = false;
  }
}

class OpeningLine {
  readonly #started = performance.now();
  #visible = false;

  show(progress: OpeningProgress): void {
    if (!process.stderr.isTTY || performance.now() - this.#started < QUIET_MS) return;
    this.#visible = true;
    process.stderr.write(`\r\x1b[K${stageLine(progress)}`);
  }

  end(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
  }
}

function stageLine(progress: OpeningProgress): string {
  switch (progress.stage) {
    case 'runtime':
      return 'loading ONNX Runtime';
    case 'weights':
      return `reading weights  ${count(progress.bytes / 1e6)} MB (${percent(progress.bytes / progress.total)})`;
    case 'session':
      return 'preparing the encoder';
    case 'self-test':
      return 'comparing with the processor';
  }
}
