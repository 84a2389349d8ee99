/** What is in a checkpoint, as lines for people. */
import { count, counted, escapeControls, shortened, shownBare } from '../../engine/show.js';
import type { CheckpointEncoder, Inspected, UnfitEncoder } from '../../protocol/checkpoint.js';
import { table } from './layout.js';
import { styled } from './style.js';

/** Metadata of trainers runs to megabytes. */
const METADATA_CHARACTERS = 80;

export function formatInspected(inspected: Inspected): string {
  const { name, size, tensors, encoders, unfit, metadata, list } = inspected;
  const lines = [
    `${styled(shownBare(name), 'bold')}  ${counted(size, 'byte')}, ${counted(tensors, 'tensor')}`,
    '',
    ...table(
      Object.entries(inspected.dtypes).map(([dtype, sums]) => [
        dtype,
        counted(sums.tensors, 'tensor'),
        counted(sums.bytes, 'byte'),
      ]),
      [1, 2],
    ),
    '',
  ];
  if (encoders.length + unfit.length === 0) lines.push('No text encoder of CLIP is in it.');
  for (const encoder of encoders) lines.push(...encoderLines(encoder));
  for (const part of unfit) lines.push(...unfitLines(part));
  const entries = Object.entries(metadata);
  if (entries.length > 0) {
    const rows = entries.map(([key, value]) => [
      shownBare(key),
      escapeControls(shortened(value, METADATA_CHARACTERS)),
    ]);
    lines.push('', styled('Metadata', 'bold'), ...table(rows));
  }
  lines.push('', styled('Hashes', 'bold'), ...table(hashRows(inspected)));
  if (list !== undefined) {
    const rows = list.map((tensor) => [
      escapeControls(tensor.name),
      tensor.dtype,
      `[${tensor.shape.join(', ')}]`,
      `${tensor.begin}–${tensor.end}`,
    ]);
    lines.push('', styled('Tensors', 'bold'), ...table(rows));
  }
  return `${lines.join('\n')}\n`;
}

function encoderLines(encoder: CheckpointEncoder): string[] {
  const { layers, width, heads, vocab, context, projection } = encoder;
  const rows = [
    ['layout', encoder.layout],
    ['prefix', encoder.prefix === '' ? 'none' : escapeControls(encoder.prefix)],
    ['size', `${counted(layers, 'layer')}, width ${count(width)}, ${headsOf(heads)}`],
    ['vocabulary', `${counted(vocab, 'token')}, ${counted(context, 'position')}`],
    ['activation', encoder.activation ?? 'not in the file; --activation tells'],
    ['projection', projection === null ? 'none' : `to ${count(projection)}`],
    ['data type', encoder.dtype],
  ];
  if (encoder.unreadable !== null) {
    rows.push(['', styled(`cannot be run: ${escapeControls(encoder.unreadable)}`, 'red')]);
  }
  return [styled(encoder.kind, 'bold'), ...table(rows.map((row) => ['', ...row]))];
}

function unfitLines({ layout, prefix, error }: UnfitEncoder): string[] {
  const what = `${error.where}: ${error.what}`;
  const rows = [
    ['layout', layout],
    ['prefix', prefix === '' ? 'none' : escapeControls(prefix)],
    ['', styled(`cannot be run: ${escapeControls(what)}`, 'red')],
  ];
  return [styled('part of a text encoder', 'bold'), ...table(rows.map((row) => ['', ...row]))];
}

function headsOf(heads: number | null): string {
  return heads === null ? 'heads not in the file; --heads tells' : `${heads} heads (width / 64)`;
}

function hashRows({ autov1, autov2, autov3 }: Inspected): string[][] {
  return [
    ['AutoV1', autov1?.toUpperCase() ?? 'none: the file is shorter than 2,097,152 bytes'],
    ['AutoV2', autov2?.toUpperCase() ?? '--hashes computes it'],
    ['AutoV3', autov3?.toUpperCase() ?? '--hashes computes it'],
  ];
}
