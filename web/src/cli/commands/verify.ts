import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EngineError } from '../../engine/error.js';
import { MAX_ENCODED_BYTES } from '../../engine/link.js';
import { createEngine } from '../../engine/node.js';
import { count } from '../../engine/show.js';
import type { ClaimInput, LinkDocument, Pair, Verified } from '../../protocol/results.js';
import { decimalNumber, wholeNumber } from '../arguments.js';
import { badInput, within } from '../bad-input.js';
import { formatVerified } from '../format/verified.js';
import { inputName, MAX_DOCUMENT_BYTES, readText } from '../input.js';
import { write, writeJson } from '../output.js';

interface Options {
  pair: string[];
  recipe?: string;
  match?: string;
  ignoreCase?: true;
  population?: string;
  level?: string;
  title?: string;
  json?: true;
  link?: true;
  save?: string;
  base?: string;
}

export function verifyCommand(program: Command): void {
  const each = (pair: string, pairs: string[]) => [...pairs, pair];
  program
    .command('verify')
    .description('check a claim: these names became these tags')
    .argument('[CLAIM.json]', 'a claim; - reads it from standard input')
    .option(
      '--pair <NAME=TAG>',
      'a name and its tag, split at the first = (repeat for more)',
      each,
      [],
    )
    .option('--recipe <RECIPE>', 'the recipe that is said to make the tags')
    .option('--match <RULE>', 'exact, prefix, suffix, window or subsequence')
    .option('--ignore-case', 'letter case does not count')
    .option('--population <N>', 'how many names there are in all')
    .option('--level <P>', 'chance above which a fit is a coincidence (0.001)')
    .option('--title <TEXT>', 'a title for the claim')
    .option('--json', 'one JSON document')
    .option('--link', 'only the link')
    .option('--save <FILE>', 'also write {claim, assets, digest}, which replays')
    .option('--base <URL>', 'the page that the link leads to')
    .action(verify);
}

async function verify(path: string | undefined, options: Options): Promise<void> {
  const stated = statedBy(options);
  if (path === undefined && options.pair.length === 0) {
    throw badInput('verify', 'the claim is missing: CLAIM.json or --pair NAME=TAG', 'bad-usage');
  }
  const claim = path === undefined ? (stated as ClaimInput) : await claimFrom(path, stated);
  const engine = await createEngine();
  let verified: Verified;
  try {
    verified = await engine.verify(claim, options.base === undefined ? {} : { base: options.base });
  } catch (error) {
    throw path === undefined ? error : ofFile(inputName(path), error);
  }
  if (options.save !== undefined) await save(options.save, verified);
  // Beside --json the document holds the link already.
  if (options.link && !options.json) return writeLink(verified);
  if (options.json) await writeJson(verified);
  else await write(formatVerified(verified));
}

// The core says "claim, line 3" of a text; people know it by its file's name.
function ofFile(name: string, error: unknown): unknown {
  if (!(error instanceof EngineError) || error.failure.where === 'base') return error;
  const where = error.failure.where.replace(/^claim(, |$)/, '');
  return within(name, new EngineError({ ...error.failure, where }));
}

// What the options state: it overrides the file, and pairs are added to it.
function statedBy(options: Options): Partial<ClaimInput> {
  const { recipe, match, ignoreCase, population, level, title } = options;
  return {
    ...(options.pair.length === 0 ? {} : { pairs: options.pair.map(pairOf) }),
    ...(recipe === undefined ? {} : { recipe }),
    // The core names the rules that there are.
    ...(match === undefined ? {} : { match: match as NonNullable<ClaimInput['match']> }),
    ...(ignoreCase === undefined ? {} : { ignore_case: ignoreCase }),
    ...(population === undefined ? {} : { population: wholeNumber('--population', population) }),
    ...(level === undefined ? {} : { level: decimalNumber('--level', level) }),
    ...(title === undefined ? {} : { title }),
  };
}

function pairOf(pair: string, index: number): Pair {
  const equals = pair.indexOf('=');
  if (equals < 0)
    throw badInput(`--pair ${index + 1}`, 'has no =; it must be NAME=TAG', 'bad-argument');
  return { name: pair.slice(0, equals), tag: pair.slice(equals + 1) };
}

async function claimFrom(path: string, stated: Partial<ClaimInput>): Promise<ClaimInput | string> {
  const text = await readText(path, MAX_DOCUMENT_BYTES);
  // Untouched, the text goes to the core, whose errors name line and column.
  if (Object.keys(stated).length === 0) return text;
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return text;
  const { pairs } = file as { pairs?: unknown };
  const merged = { ...file, ...stated };
  if (Array.isArray(pairs)) return { ...merged, pairs: [...pairs, ...(stated.pairs ?? [])] };
  return (pairs === undefined ? merged : { ...merged, pairs }) as ClaimInput;
}

async function save(path: string, { claim, assets, digest }: Verified): Promise<void> {
  const document: LinkDocument = { claim, assets, digest };
  try {
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badInput(path, `cannot be written (${code ?? String(error)})`, 'not-writable');
  }
}

async function writeLink({ link }: Verified): Promise<void> {
  if (link === null) {
    throw badInput(
      'link',
      `the claim does not fit into ${count(MAX_ENCODED_BYTES)} bytes; --save FILE writes a file that replays`,
      'too-large',
    );
  }
  await write(`${link}\n`);
}
