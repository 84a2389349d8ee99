/** Digests of files, and how stated ones compare, as lines for people. */
import type { Check, ExpectedDigest } from '../../engine/checksums.js';
import { counted, escapeControls, listed, shortened, shownBare } from '../../engine/show.js';
import { digestName } from '../../engine/words.js';
import type { CheckpointHashes, FileDigests } from '../../protocol/results.js';
import { table } from './layout.js';
import { styled } from './style.js';

/** A declared hash that is one, 0x and all, is shown whole. */
const DECLARED_CHARACTERS = 80;

/** Name and size, and a row for each digest: hex and Base64. */
export function formatDigests(file: FileDigests, upper: boolean): string {
  const rows = Object.entries(file.digests).map(([id, { hex, base64 }]) => [
    digestName(id),
    upper ? hex.toUpperCase() : hex,
    base64,
  ]);
  if (file.checkpoint !== undefined) rows.push(...checkpointRows(file.checkpoint));
  const title = `${styled(shownBare(file.name), 'bold')}  ${counted(file.size, 'byte')}`;
  return `${[title, ...table(rows.map((row) => ['', ...row]))].join('\n')}\n`;
}

/** In upper case, as the sites that use them write them. */
function checkpointRows({ autov1, autov2, autov3, declared }: CheckpointHashes): string[][] {
  return [
    ['AutoV1', autov1?.toUpperCase() ?? 'none: the file is shorter than 2,097,152 bytes'],
    ['AutoV2', autov2.toUpperCase()],
    ['AutoV3', autov3?.toUpperCase() ?? 'none: the file has no .safetensors header'],
    ...declared.map(({ key, value, agrees }) => [
      shownBare(key),
      escapeControls(shortened(value, DECLARED_CHARACTERS)),
      agrees ? 'agrees with the content' : styled('does not agree with the content', 'red'),
    ]),
  ];
}

/** One line of a check, as sha256sum words it; `id` names the digest where that is not clear. */
export function checkLine(name: string, state: string, id?: string): string {
  const which = id === undefined ? '' : ` (${digestName(id)})`;
  return `${escapeControls(name)}: ${styledCheck(state)}${which}\n`;
}

function styledCheck(state: string): string {
  return styled(state, state === 'OK' ? 'green' : 'red');
}

/** Both sides of a mismatch. */
export function mismatchLines(
  expected: ExpectedDigest,
  compared: Extract<Check, { state: 'mismatch' }>['compared'],
): string {
  const ids = compared.length > 0 ? compared.map(({ id }) => id) : expected.ids;
  const names = listed(ids.map(digestName), 'or');
  const rows = [
    ['  expected', names, expected.hex],
    ...compared.map(({ id, hex }) => ['  computed', digestName(id), hex]),
    // A short file has no AutoV1.
    ...(compared.length === 0 ? [['  computed', names, 'none']] : []),
  ];
  return `${table(rows).join('\n')}\n`;
}
