import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Engine, VerifyOptions } from '../../engine/client.js';
import { createEngine } from '../../engine/node.js';
import { listed, shownBare } from '../../engine/show.js';
import type { Replayed } from '../../protocol/results.js';
import { badInput, within } from '../bad-input.js';
import { claimEncoder, claimEncoderOptions, type EncoderFlags } from '../encoders.js';
import { styled } from '../format/style.js';
import { encoderLines, verdictLines } from '../format/verified.js';
import { inputName, MAX_DOCUMENT_BYTES, readText, STDIN } from '../input.js';
import { write, writeJson } from '../output.js';

const EXIT_DISAGREES = 1;

export function replayCommand(program: Command): void {
  claimEncoderOptions(
    program
      .command('replay')
      .description('recompute a link, or a file that verify --save wrote')
      .argument(
        '<LINK|FILE>',
        'a link, its fragment or payload, or a file; - reads a file from standard input',
      ),
  )
    .option('--json', 'one JSON document')
    .action(replay);
}

interface Options extends EncoderFlags {
  json?: true;
}

async function replay(given: string, options: Options): Promise<void> {
  const engine = await createEngine();
  const encoder = await claimEncoder(engine, options);
  try {
    const replayed = await replayedFrom(engine, given, encoder.options);
    if (!replayed.agrees) process.exitCode = EXIT_DISAGREES;
    if (options.json) await writeJson(replayed);
    else await write(formatReplayed(replayed));
  } finally {
    await encoder.close();
  }
}

async function replayedFrom(
  engine: Engine,
  given: string,
  options: VerifyOptions,
): Promise<Replayed> {
  if (isLink(given)) return engine.replay(given, options);
  if (given === STDIN || existsSync(given)) {
    const text = await readText(given, MAX_DOCUMENT_BYTES);
    try {
      // A file holds a document; only standard input may also hold a link.
      return await engine.replay(
        given === STDIN || /^\s*\{/.test(text) ? text.trim() : asDocument(),
        options,
      );
    } catch (error) {
      throw within(inputName(given), error);
    }
  }
  if (!/^[A-Za-z0-9_-]+$/.test(given)) {
    throw badInput(
      inputName(given.slice(0, 256)),
      'does not exist, and is not a link',
      'not-found',
    );
  }
  try {
    return await engine.replay(given, options);
  } catch (error) {
    throw within(`${given.slice(0, 32)} (no such file; read as a link's payload)`, error);
  }
}

function isLink(given: string): boolean {
  return /^(https?:|#)/i.test(given) || given.includes('c=');
}

function asDocument(): never {
  throw badInput(
    '',
    'is not a replay file; it must be a JSON object {claim, assets, digest}',
    'bad-json',
  );
}

function formatReplayed({ agrees, differences, verified }: Replayed): string {
  const encoder = encoderLines(verified)
    .map((line) => `${line}\n`)
    .join('');
  if (agrees)
    return `${styled('agrees', 'bold', 'green')}  recomputed to the same digest\n${verdictLines(verified).join('\n')}\n${encoder}`;
  const list = differences.map(({ what, name, stated, computed }) => {
    const subject = what === 'digest' ? 'the digest' : `the asset ${shownBare(name)}`;
    if (computed === null) return `${subject} is stated as ${shownBare(stated)} and is not used`;
    return `${subject} is ${stated === '' ? 'not stated' : `stated as ${shownBare(stated)}`} and computed as ${shownBare(computed)}`;
  });
  return `${styled('does not agree', 'bold', 'red')}  ${listed(list)}; recomputed, the verdict is ${verified.verdict.state}\n${encoder}`;
}
