import type { Command } from 'commander';
import { BUILTIN_ID } from '../../engine/builtin.js';
import { createEngine } from '../../engine/node.js';
import { count, counted, probability, shown } from '../../engine/show.js';
import type { SimilarOptions } from '../../engine/similar.js';
import type { Comparison, Similar, SimilarityNull } from '../../protocol/similar.js';
import { decimalNumber, wholeNumber } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { type EncoderFlags, EncodingLine, MODEL_HELP, openEncoder } from '../encoders.js';
import { table } from '../format/layout.js';
import { MAX_VALUE_BYTES, readText } from '../input.js';
import { write, writeJson } from '../output.js';
import { refuseSweepOptions, type SweepFlags, sweepTexts } from '../sweeping.js';

interface Options extends EncoderFlags, SweepFlags {
  names?: string;
  seed?: string;
  samples?: string;
  level?: string;
  values?: true;
}

export function similarCommand(program: Command): void {
  program
    .command('similar')
    .description('how near texts lie to each other in an encoder, and what that is worth')
    .argument('[TEXT...]', 'two texts or more; with --sweep a name, or none')
    .option('--model <M>', MODEL_HELP)
    .option('--encoder <N>', 'which encoder of the file, counted from 0')
    .option('--heads <H>', 'heads of attention (width / 64)')
    .option('--activation <A>', 'quick_gelu or gelu, where the file does not tell')
    .option('--output <O>', 'pooled or projected')
    .option('--names <FILE>', 'names to compare with, one a line (words of the vocabulary)')
    .option('--seed <N>', 'of what is drawn (1)')
    .option(
      '--samples <M>',
      'texts to compare with (the larger of 999 and comparisons / level, at most 65,536)',
    )
    .option('--level <P>', 'the level that the samples must be able to reach (0.001)')
    .option('--values', 'with --json: also what was compared with, and its cosines')
    .option(
      '--sweep',
      'all codes of three letters, by distance from the empty prompt or nearness to TEXT',
    )
    .option('--list <FILE>', 'with --sweep: these texts, one a line')
    .option('--top <K>', 'with --sweep: how many are shown (20; all with --json)')
    .option('--raw', 'with --sweep: by the raw cosine, not the centred one')
    .option('--reverse', 'with --sweep: the other end first')
    .option('--csv', 'with --sweep: the whole ranking as comma-separated values')
    .option('--no-keep', 'with --sweep: neither keep rows nor use those kept')
    .option('--json', 'one JSON document')
    .action(compare);
}

async function compare(texts: string[], options: Options): Promise<void> {
  if (options.sweep) {
    const other = (['names', 'seed', 'samples', 'level', 'values'] as const).find(
      (key) => options[key] !== undefined,
    );
    if (other !== undefined) {
      throw badInput(`--${other}`, 'is of a comparison, and means nothing to --sweep', 'bad-usage');
    }
    return sweepTexts(texts, options);
  }
  refuseSweepOptions(options);
  if (texts.length < 2) {
    throw badInput('similar', `takes two texts or more, not ${texts.length}`, 'bad-usage');
  }
  const settings = await settingsOf(options);
  const engine = await createEngine();
  const encoder = await openEncoder(engine, options);
  const line = new EncodingLine();
  const onProgress = (progress: { texts: number; total: number }) => line.show(progress);
  const found = await engine.similar(encoder, texts, { ...settings, onProgress });
  line.end();
  if (options.json) await writeJson(found);
  else await write(formatSimilar(found));
  await encoder.close();
}

async function settingsOf(options: Options): Promise<SimilarOptions> {
  const { names, seed, samples, level, model = BUILTIN_ID } = options;
  const given =
    names === undefined
      ? undefined
      : (await readText(names, MAX_VALUE_BYTES)).split(/\r?\n/).filter((line) => line !== '');
  return {
    model,
    ...(given === undefined ? {} : { names: given }),
    ...(seed === undefined ? {} : { seed: wholeNumber('--seed', seed) }),
    ...(samples === undefined ? {} : { m: wholeNumber('--samples', samples) }),
    ...(level === undefined ? {} : { level: decimalNumber('--level', level) }),
    ...(options.values ? { values: true } : {}),
  };
}

function formatSimilar({ texts, comparisons, seed, level, reference, note }: Similar): string {
  const nameOf = (i: number | null) =>
    i === null ? 'the empty prompt' : shown(texts[i]?.text ?? '');
  const rows = comparisons.map((comparison) => [
    nameOf(comparison.a),
    nameOf(comparison.b),
    comparison.cosine.toFixed(4),
    comparison.centred.toFixed(4),
    comparison.p === null ? '' : probability(comparison.p),
    comparison.p_adjusted === null ? '' : probability(comparison.p_adjusted),
  ]);
  const head = ['', '', 'cosine', 'centred', 'p', 'corrected'];
  const notes = comparisons.flatMap((comparison) => notesOf(comparison, nameOf));
  return `${[
    ...table([head, ...rows], [2, 3, 4, 5]),
    '',
    ...notes,
    '',
    ...(note === undefined ? [] : [`Encoder: ${note}.`]),
    `Centred by the means of ${reference.codes} and ${reference.names}; seed ${seed}, level ${level}.`,
    'p: the share of such texts that lie at least as near, in this encoder. It says nothing of cipher, training or cause.',
  ].join('\n')}\n`;
}

function notesOf({ a, b, nulls }: Comparison, nameOf: (i: number | null) => string): string[] {
  return nulls.map((one) => {
    const other = one.replaced === a ? b : a;
    return `${nameOf(one.replaced)} and ${nameOf(other)}: ${count(one.b)} of ${kindOf(one)} lie as near (p ${probability(one.p)})`;
  });
}

function kindOf({ kind, m, length, tokens }: SimilarityNull): string {
  const of = counted(tokens, 'token');
  return kind === 'codes'
    ? `${counted(m, 'code')} of ${length} letters and ${of}`
    : `${counted(m, 'name')} of ${of}`;
}
