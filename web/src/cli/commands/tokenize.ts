import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import { counted, shown } from '../../engine/show.js';
import type { Tokenized, TokenizeOptions } from '../../protocol/results.js';
import { wholeNumber } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { table } from '../format/layout.js';
import { styled } from '../format/style.js';
import { MAX_VALUE_BYTES, readText, STDIN } from '../input.js';
import { answerLines, textField } from '../jsonl.js';
import { write, writeJson } from '../output.js';

interface Options {
  tokenizer?: string;
  profile?: string;
  context?: string;
  truncate?: true;
  pad?: string;
  json?: true;
  jsonl?: string;
}

export function tokenizeCommand(program: Command): void {
  program
    .command('tokenize')
    .description('show the tokens of a text')
    .argument('[TEXT]', 'the text; - reads standard input as UTF-8')
    .option('--tokenizer <ID>', 'the tokenizer (clip)')
    .option('--profile <ID>', 'how the text is cleaned first (openai)')
    .option('--context <N>', 'also the ids with start, end and padding, N in all')
    .option('--truncate', 'cut a text that is too long for the context')
    .option('--pad <ID>', 'the id that fills the context')
    .option('--json', 'one JSON document')
    .option('--jsonl <FILE>', 'a line {"text"} for each input')
    .action(tokenize);
}

async function tokenize(text: string | undefined, options: Options): Promise<void> {
  const settings = settingsOf(options);
  if (options.jsonl !== undefined) {
    if (text !== undefined)
      throw badInput('tokenize', 'takes one input: TEXT or --jsonl', 'bad-usage');
    const engine = await createEngine();
    return answerLines(options.jsonl, ['text'], (fields) => {
      const line = textField(fields, 'text');
      if (line === undefined) throw badInput('text', 'is missing');
      return engine.tokenize(line, settings);
    });
  }
  if (text === undefined)
    throw badInput('tokenize', 'the input is missing: TEXT or --jsonl', 'bad-usage');
  const engine = await createEngine();
  const input = text === STDIN ? await readText(STDIN, MAX_VALUE_BYTES) : text;
  const tokenized = await engine.tokenize(input, settings);
  if (options.json) await writeJson(tokenized);
  else await write(formatTokenized(tokenized));
}

function settingsOf(options: Options): TokenizeOptions {
  const { tokenizer, profile, context, truncate, pad } = options;
  return {
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(profile === undefined ? {} : { profile }),
    ...(context === undefined ? {} : { context: wholeNumber('--context', context) }),
    ...(truncate === undefined ? {} : { truncate }),
    ...(pad === undefined ? {} : { pad: wholeNumber('--pad', pad) }),
  };
}

function formatTokenized(tokenized: Tokenized): string {
  const { count: tokens, characters, decoded_characters: decoded } = tokenized;
  const lines = [
    `${styled(counted(tokens, 'token'), 'bold')}  ${counted(characters, 'character')}, ${counted(decoded, 'character')} when decoded again`,
  ];
  if (tokens > 0) {
    const rows = tokenized.tokens.map((token) => [
      String(token.id),
      shown(token.piece.replace(/<\/w>$/, '')) + (token.piece.endsWith('</w>') ? '·' : ''),
      `${token.start}–${token.end}`,
    ]);
    lines.push('', ...table([['id', 'piece', 'bytes'], ...rows], [0]));
    lines.push('', '· ends a word');
  }
  if (tokenized.context !== undefined)
    lines.push('', 'context', `  ${tokenized.context.join(' ')}`);
  return `${lines.join('\n')}\n`;
}
