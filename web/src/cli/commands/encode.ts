import type { Command } from 'commander';
import { BUILTIN_ID, BUILTIN_NOTE, noteOf } from '../../engine/builtin.js';
import type { Encoded, EncodeOptions, Encoder } from '../../engine/encoder.js';
import { createEngine } from '../../engine/node.js';
import { counted } from '../../engine/show.js';
import { badInput } from '../bad-input.js';
import { type EncoderFlags, MODEL_HELP, openEncoder } from '../encoders.js';
import { styled } from '../format/style.js';
import { MAX_VALUE_BYTES, readText, STDIN } from '../input.js';
import { answerLines, type Fields, textField } from '../jsonl.js';
import { write, writeJson } from '../output.js';

interface Options extends EncoderFlags {
  truncate?: true;
  json?: true;
  jsonl?: string;
}

/** What `encode --json` writes. */
interface Answer {
  model: string;
  /** Of the built-in encoder: what it knows, and what it is not. */
  note?: string;
  output: string;
  shape: number[];
  data: number[];
}

const SHOWN_NUMBERS = 8;

export function encodeCommand(program: Command): void {
  program
    .command('encode')
    .description('the embedding of a text, by the text encoder of a checkpoint')
    .argument('[TEXT]', 'the text; - reads standard input as UTF-8')
    .option('--model <M>', MODEL_HELP)
    .option('--encoder <N>', 'which encoder of the file, counted from 0')
    .option('--heads <H>', 'heads of attention (width / 64)')
    .option('--activation <A>', 'quick_gelu or gelu, where the file does not tell')
    .option('--output <O>', 'last, penultimate, penultimate_ln, pooled or projected')
    .option('--truncate', 'cut a text that is too long for the encoder')
    .option('--json', 'one JSON document')
    .option('--jsonl <FILE>', 'a line {"text"} or {"ids"} for each input')
    .action(encode);
}

async function encode(text: string | undefined, options: Options): Promise<void> {
  const { jsonl, model = BUILTIN_ID } = options;
  const settings: EncodeOptions = { truncate: options.truncate === true };
  if (jsonl !== undefined) {
    if (text !== undefined)
      throw badInput('encode', 'takes one input: TEXT or --jsonl', 'bad-usage');
    const encoder = await openEncoder(await createEngine(), options);
    await answerLines(jsonl, ['text', 'ids'], async (fields) =>
      answer(model, encoder, await encodedLine(encoder, fields, settings)),
    );
    return encoder.close();
  }
  if (text === undefined)
    throw badInput('encode', 'the input is missing: TEXT or --jsonl', 'bad-usage');
  const encoder = await openEncoder(await createEngine(), options);
  const input = text === STDIN ? await readText(STDIN, MAX_VALUE_BYTES) : text;
  const encoded = await encoder.encode([input], settings);
  if (options.json) await writeJson(answer(model, encoder, encoded));
  else await write(formatEncoded(encoder, encoded));
  await encoder.close();
}

function encodedLine(encoder: Encoder, fields: Fields, options: EncodeOptions): Promise<Encoded> {
  const text = textField(fields, 'text');
  const { ids } = fields;
  if ((text === undefined) === (ids === undefined)) {
    throw badInput('', 'needs exactly one of text and ids', 'bad-argument');
  }
  if (text !== undefined) return encoder.encode([text], options);
  if (!Array.isArray(ids) || ids.some((id) => typeof id !== 'number')) {
    throw badInput('ids', 'is no list of numbers', 'bad-argument');
  }
  return encoder.encode([ids as number[]], options);
}

// One text: its shape is without the batch.
function answer(model: string, { info }: Encoder, { output, shape, data }: Encoded): Answer {
  return {
    model,
    ...noteOf(info),
    output,
    shape: shape.slice(1),
    data: Array.from(data, shortest),
  };
}

/** Nine digits tell every float32 from the others; a double's seventeen are noise. */
function shortest(value: number): number {
  return Number(value.toPrecision(9));
}

function formatEncoded({ info }: Encoder, { output, shape, data }: Encoded): string {
  const { runtime } = info;
  const norm = Math.hypot(...data.subarray(0, info.width));
  const head = Array.from(data.subarray(0, SHOWN_NUMBERS), (value) => value.toFixed(4)).join('  ');
  const where = runtime.provider === 'webgpu' ? `WebGPU, ${runtime.adapter}` : runtime.name;
  return `${styled(`${output}  [${shape.slice(1).join(', ')}]`, 'bold')}  norm of the first row ${norm.toFixed(4)}
  ${head}${data.length > SHOWN_NUMBERS ? '  …' : ''}
by ${where}, ${counted(runtime.threads, 'thread')}
${info.builtin ? `${BUILTIN_NOTE}\n` : ''}`;
}
