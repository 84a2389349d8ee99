/** A verification as people read it: the verdict, its reasons, then where to look again. */
import { missingEncoder } from '../../engine/missing-encoder.js';
import { shownBare, shownOutput } from '../../engine/show.js';
import { headline, type Judged, reasons, scope } from '../../engine/words.js';
import type { Evidence, Verified } from '../../protocol/results.js';
import { displayWidth, table, wrapped } from './layout.js';
import { columns, styled, styledState } from './style.js';

/** Names whose way through the recipe is shown step by step. */
const TRACED_PAIRS = 3;

/** The verdict's first lines: the word and the sentence. */
export function verdictLines(judged: Judged): string[] {
  const { state, sentence } = headline(judged);
  const indent = ' '.repeat(state.length + 2);
  const [first = '', ...rest] = wrapped(sentence, columns(), indent);
  return [`${styledState(state)}  ${styled(first.slice(indent.length), 'bold')}`, ...rest];
}

/** What an encoder says of the pairs, where the claim names one; how to get it, where it is not at hand. */
export function encoderLines(judged: Judged): string[] {
  const missing = missingEncoder(judged);
  const evidence = judged.evidence.filter(({ kind }) => kind === 'embedding');
  const sentences =
    missing === ''
      ? reasons({ ...judged, evidence }).flatMap((reason) => reason.sentences)
      : [`${missing} --model FILE adds it.`];
  return sentences.flatMap((sentence) => wrapped(sentence, columns(), ''));
}

export function formatVerified(verified: Verified): string {
  const width = columns();
  const lines = verdictLines(verified);
  reasons(verified).forEach((reason, i) => {
    if (reason.sentences.length === 0) return;
    const decides = reason.carries ? ' (decides)' : '';
    lines.push('', styled(`${reason.title}${decides}`, 'bold'));
    const evidence = verified.evidence[i];
    if (evidence?.kind === 'recipe') lines.push(...traceLines(evidence, width));
    for (const sentence of reason.sentences) lines.push(...wrapped(sentence, width, '  '));
  });
  const limit = scope(verified);
  if (limit !== '') lines.push('', ...wrapped(limit, width, ''));
  if (missingEncoder(verified) !== '') lines.push('', ...encoderLines(verified));
  lines.push(
    '',
    verified.link === null
      ? 'The claim is too long for a link; --save FILE writes a file that replays.'
      : `${styled('link', 'dim')}  ${verified.link}`,
  );
  return `${lines.join('\n')}\n`;
}

function traceLines(evidence: Extract<Evidence, { kind: 'recipe' }>, width: number): string[] {
  const rows = evidence.pairs
    .slice(0, TRACED_PAIRS)
    .flatMap((pair) =>
      pair.steps.map((step): [step: string, output: string] => [
        `  ${shownBare(step.step)}`,
        step.output === undefined
          ? `no output (${step.error?.code ?? 'error'})`
          : shownOutput(step.output).replace(/^the (bytes|ids) /, ''),
      ]),
    );
  const lines = table(rows);
  if (lines.every((line) => displayWidth(line) <= width)) return lines;
  return rows.flatMap(([step, output]) => [
    ...wrapped(step.trimStart(), width, '    ', '  '),
    ...wrapped(output, width, '      ', '    → '),
  ]);
}
