import type { Command } from 'commander';
import type { Engine } from '../../engine/client.js';
import { createEngine } from '../../engine/node.js';
import type { Output } from '../../protocol/results.js';
import { hexBytes } from '../arguments.js';
import { badInput } from '../bad-input.js';
import { inputName, MAX_VALUE_BYTES, readBytes, readText, STDIN, utf8 } from '../input.js';
import { answerLines, textField } from '../jsonl.js';
import { forReader, write, writeJson } from '../output.js';

interface Options {
  hex?: string;
  file?: string;
  json?: true;
  jsonl?: string;
}

export function runCommand(program: Command): void {
  program
    .command('run')
    .description('run a recipe on a text, on bytes or on a file')
    .argument('[RECIPE]', "steps joined by |: 'rot n=42 | hex'")
    .argument('[TEXT]', 'the input; - reads standard input as UTF-8')
    .option('--hex <HEX>', 'the input as bytes in hexadecimal')
    .option('--file <FILE>', 'the input from a file (- is standard input)')
    .option('--json', 'one JSON document')
    .option('--jsonl <FILE>', 'a line {"text"} or {"hex"}, with optional "recipe", for each input')
    .action(run);
}

async function run(
  recipe: string | undefined,
  text: string | undefined,
  options: Options,
): Promise<void> {
  const given = [text, options.hex, options.file, options.jsonl].filter(
    (item) => item !== undefined,
  );
  if (given.length > 1)
    throw badInput('run', 'takes one input: TEXT, --hex, --file or --jsonl', 'bad-usage');
  if (options.jsonl !== undefined) return runLines(recipe, options.jsonl);
  if (recipe === undefined) throw badInput('run', 'RECIPE is missing', 'bad-usage');
  if (given.length === 0)
    throw badInput('run', 'the input is missing: TEXT, --hex, --file or --jsonl', 'bad-usage');
  const engine = await createEngine();
  const result = await engine.run(recipe, await inputOf(engine, recipe, text, options));
  if (options.json) await writeJson(result);
  else await write(`${plain(result.output)}\n`);
}

async function inputOf(
  engine: Engine,
  recipe: string,
  text: string | undefined,
  options: Options,
): Promise<string | Uint8Array> {
  if (options.hex !== undefined) return hexBytes('--hex', options.hex);
  // A recipe with a mistake is told before a long input is read.
  const { steps } = await engine.recipe(recipe);
  if (options.file !== undefined) {
    const bytes = await readBytes(options.file, MAX_VALUE_BYTES);
    return steps[0]?.in === 'text' ? utf8(bytes, inputName(options.file)) : bytes;
  }
  return text === STDIN ? readText(STDIN, MAX_VALUE_BYTES) : (text ?? '');
}

async function runLines(recipe: string | undefined, path: string): Promise<void> {
  const engine = await createEngine();
  if (recipe !== undefined) await engine.recipe(recipe);
  await answerLines(path, ['text', 'hex', 'recipe'], async (fields) => {
    const steps = textField(fields, 'recipe') ?? recipe;
    if (steps === undefined) throw badInput('recipe', 'is missing, here and on the command line');
    const text = textField(fields, 'text');
    const hex = textField(fields, 'hex');
    if ((text === undefined) === (hex === undefined)) {
      throw badInput(
        '',
        `has ${text === undefined ? 'neither text nor hex' : 'both text and hex'}; it needs one of them`,
      );
    }
    return engine.run(steps, text ?? hexBytes('hex', hex ?? ''));
  });
}

function plain(output: Output): string {
  if (output.kind === 'text') return forReader(output.text ?? '');
  if (output.kind === 'bytes') return output.hex ?? '';
  return (output.ids ?? []).join(' ');
}
