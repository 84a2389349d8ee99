import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import { count, counted } from '../../engine/show.js';
import type { Atlas, AtlasOptions } from '../../protocol/results.js';
import { wholeNumber } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { table } from '../format/layout.js';
import { styled } from '../format/style.js';
import { write, writeJson } from '../output.js';

interface Options {
  list?: string;
  tokenizer?: string;
  profile?: string;
  json?: true;
}

export function atlasCommand(program: Command): void {
  program
    .command('atlas')
    .description('count the tokens of all strings of N lower-case letters')
    .argument('[N]', 'letters, 1 to 4')
    .option('--list <K>', 'print those of K tokens, with their ids')
    .option('--tokenizer <ID>', 'the tokenizer (clip)')
    .option('--profile <ID>', 'how a text is cleaned first')
    .option('--json', 'one JSON document')
    .action(atlas);
}

async function atlas(letters: string | undefined, options: Options): Promise<void> {
  if (letters === undefined) throw badInput('atlas', 'N is missing', 'bad-usage');
  const { list, tokenizer, profile } = options;
  const settings: AtlasOptions = {
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(profile === undefined ? {} : { profile }),
    ...(list === undefined ? {} : { list: wholeNumber('--list', list) }),
  };
  const length = wholeNumber('N', letters);
  const engine = await createEngine();
  // The count of every single string is for drawing.
  const { counts, ...counted } = await engine.atlas(length, settings);
  if (options.json) await writeJson(counted);
  else await write(formatAtlas(counted));
}

function formatAtlas({ length, strings, by_tokens, list }: Omit<Atlas, 'counts'>): string {
  const heading = `${styled(counted(strings, 'string'), 'bold')} of ${counted(length, 'letter')}`;
  const rows = Object.entries(by_tokens).map(([tokens, of]) => [
    counted(Number(tokens), 'token'),
    count(of),
    `${((100 * of) / strings).toFixed(1)} %`,
  ]);
  const lines = [heading, '', ...table([['', 'strings', 'share'], ...rows], [1, 2])];
  if (list !== undefined) {
    // One by one: there may be more than a call takes.
    lines.push('');
    for (const { text, ids } of list) lines.push(`${text}  ${ids.join(' ')}`);
  }
  return `${lines.join('\n')}\n`;
}
