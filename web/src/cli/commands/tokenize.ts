import type { Command } from 'commander';
import { createEngine, type Engine } from '../../engine/node.js';
import { count, counted, shown } from '../../engine/show.js';
import type {
  PromptRead,
  PromptSyntax,
  Tokenized,
  TokenizeOptions,
} from '../../protocol/results.js';
import { wholeNumber } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { table } from '../format/layout.js';
import { styled } from '../format/style.js';
import { MAX_VALUE_BYTES, readText, STDIN } from '../input.js';
import { answerLines, textField } from '../jsonl.js';
import { write, writeJson } from '../output.js';
import { TOKENIZER_HELP, tokenizerOption } from '../tokenizer-option.js';

interface Options {
  tokenizer?: string;
  profile?: string;
  special?: true;
  context?: string;
  truncate?: true;
  pad?: string;
  syntax?: string;
  json?: true;
  jsonl?: string;
}

export function tokenizeCommand(program: Command): void {
  program
    .command('tokenize')
    .description('show the tokens of a text')
    .argument('[TEXT]', 'the text; - reads standard input as UTF-8')
    .option('--tokenizer <ID>', TOKENIZER_HELP)
    .option('--profile <ID>', 'whose cleaning is followed: openai, open_clip, hf-fast')
    .option('--special', 'read special tokens in the text as themselves')
    .option('--context <N>', 'also the ids with start, end and padding, N in all')
    .option('--truncate', 'cut a text that is too long for the context')
    .option('--pad <ID>', 'the id that fills the context')
    .option('--syntax <NAME>', 'also as a program reads a prompt: a1111, comfy, or plain')
    .option('--json', 'one JSON document')
    .option('--jsonl <FILE>', 'a line {"text"} for each input')
    .action(tokenize);
}

async function tokenize(text: string | undefined, options: Options): Promise<void> {
  const settings = settingsOf(options);
  const syntax = syntaxOf(options.syntax);
  if (options.jsonl !== undefined) {
    if (text !== undefined)
      throw badInput('tokenize', 'takes one input: TEXT or --jsonl', 'bad-usage');
    const engine = await createEngine();
    const all = { ...settings, ...(await tokenizerOption(engine, options.tokenizer)) };
    return answerLines(options.jsonl, ['text'], (fields) => {
      const line = textField(fields, 'text');
      if (line === undefined) throw badInput('text', 'is missing');
      return tokenized(engine, line, all, syntax);
    });
  }
  if (text === undefined)
    throw badInput('tokenize', 'the input is missing: TEXT or --jsonl', 'bad-usage');
  const engine = await createEngine();
  const input = text === STDIN ? await readText(STDIN, MAX_VALUE_BYTES) : text;
  const all = { ...settings, ...(await tokenizerOption(engine, options.tokenizer)) };
  const read = await tokenized(engine, input, all, syntax);
  if (options.json) await writeJson(read);
  else await write(formatTokenized(read) + formatPrompt(read, syntax));
}

/** With a syntax, how that program reads the text as a prompt besides. */
async function tokenized(
  engine: Engine,
  text: string,
  settings: TokenizeOptions,
  syntax: PromptSyntax | null,
): Promise<Tokenized & Partial<PromptRead>> {
  // Only a context is padded without a syntax, and with one the program's chunks are.
  const { pad, context, truncate, special, ...rest } = settings;
  if (syntax === null) return engine.tokenize(text, settings);
  const framed = {
    ...(context === undefined ? {} : { context }),
    ...(truncate ? { truncate } : {}),
  };
  const plain = await engine.tokenize(text, {
    ...rest,
    ...framed,
    ...(special === undefined ? {} : { special }),
    ...(pad === undefined || context === undefined ? {} : { pad }),
  });
  return {
    ...plain,
    ...(await engine.prompt(text, { ...rest, syntax, ...(pad === undefined ? {} : { pad }) })),
  };
}

function syntaxOf(text: string | undefined): PromptSyntax | null {
  if (text === undefined || text === 'plain') return null;
  if (text === 'a1111' || text === 'comfy') return text;
  throw badInput(
    '--syntax',
    `"${text.slice(0, 64)}" is unknown; there are a1111, comfy, plain`,
    'bad-argument',
  );
}

function formatPrompt(read: Partial<PromptRead>, syntax: PromptSyntax | null): string {
  const { segments, chunks, token_count: tokens, target, subprompts, embeddings } = read;
  if (syntax === null || segments === undefined || chunks === undefined) return '';
  const counts =
    target === undefined ? counted(tokens ?? 0, 'token') : `${tokens}/${target} tokens`;
  const lines = [
    '',
    `${styled(syntax, 'bold')}  ${counts}, ${counted(chunks.length, 'chunk')}`,
    '',
    ...table(
      [['weight', 'text'], ...segments.map(({ text, weight }) => [String(weight), shown(text)])],
      [0],
    ),
  ];
  if (subprompts !== undefined && subprompts.length > 1) {
    lines.push('', `${count(subprompts.length)} prompts by AND`);
    lines.push(
      ...table(
        subprompts.map((one) => [
          String(one.weight),
          `${one.token_count}/${one.target}`,
          shown(one.text),
        ]),
        [0],
      ),
    );
  }
  if (embeddings !== undefined && embeddings.length > 0) {
    lines.push('', `embeddings, here read as text: ${embeddings.map(shown).join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function settingsOf(options: Options): TokenizeOptions {
  const { profile, special, context, truncate, pad } = options;
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(special === undefined ? {} : { special }),
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
    lines.push('');
    // One by one: there may be more than a call takes.
    for (const line of table([['id', 'piece', 'bytes'], ...rows], [0])) lines.push(line);
    lines.push('', '· ends a word');
  }
  if (tokenized.context !== undefined)
    lines.push('', 'context', `  ${tokenized.context.join(' ')}`);
  return `${lines.join('\n')}\n`;
}
