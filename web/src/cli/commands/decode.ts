import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import { tokenIds } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { MAX_DOCUMENT_BYTES, readText, STDIN } from '../input.js';
import { answerLines } from '../jsonl.js';
import { forReader, write, writeJson } from '../output.js';
import { TOKENIZER_HELP, tokenizerOption } from '../tokenizer-option.js';

interface Options {
  tokenizer?: string;
  profile?: string;
  json?: true;
  jsonl?: string;
}

export function decodeCommand(program: Command): void {
  program
    .command('decode')
    .description('show the text of token ids')
    .argument('[IDS...]', 'ids separated by space or comma; - reads them from standard input')
    .option('--tokenizer <ID>', TOKENIZER_HELP)
    .option('--profile <ID>', 'whose special tokens are written: openai, open_clip, hf-fast')
    .option('--json', 'one JSON document')
    .option('--jsonl <FILE>', 'a line {"ids"} for each input')
    .action(decode);
}

async function decode(words: string[], options: Options): Promise<void> {
  const { profile } = options;
  const settings = {
    ...(profile === undefined ? {} : { profile }),
  };
  if (options.jsonl !== undefined) {
    if (words.length > 0) throw badInput('decode', 'takes one input: IDS or --jsonl', 'bad-usage');
    const engine = await createEngine();
    const all = { ...settings, ...(await tokenizerOption(engine, options.tokenizer)) };
    return answerLines(options.jsonl, ['ids'], ({ ids }) => {
      if (!Array.isArray(ids) || !ids.every(isTokenId)) {
        throw badInput(
          'ids',
          ids === undefined ? 'is missing' : 'is not an array of token ids',
          'bad-argument',
        );
      }
      return engine.decode(ids, all);
    });
  }
  if (words.length === 0)
    throw badInput('decode', 'the input is missing: IDS or --jsonl', 'bad-usage');
  const fromStdin = words.length === 1 && words[0] === STDIN;
  const text = fromStdin ? await readText(STDIN, MAX_DOCUMENT_BYTES) : words.join(' ');
  const engine = await createEngine();
  const all = { ...settings, ...(await tokenizerOption(engine, options.tokenizer)) };
  const decoded = await engine.decode(tokenIds('ids', text), all);
  if (options.json) await writeJson(decoded);
  else await write(`${forReader(decoded.text)}\n`);
}

function isTokenId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 0xffffffff;
}
