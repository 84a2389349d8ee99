/** A claim on the command line: a file, options that override it, pairs that are added to it. */
import type { Command } from 'commander';
import { EngineError } from '../../engine/error.js';
import type { ClaimInput, Pair } from '../../protocol/results.js';
import { decimalNumber, wholeNumber } from '../arguments.js';
import { badInput, within } from '../bad-input.js';
import { MAX_DOCUMENT_BYTES, readText } from '../input.js';

export interface ClaimOptions {
  pair: string[];
  recipe?: string;
  match?: string;
  ignoreCase?: true;
  population?: string;
  level?: string;
  title?: string;
}

export function claimOptions(command: Command): Command {
  const each = (pair: string, pairs: string[]) => [...pairs, pair];
  return command
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
    .option('--title <TEXT>', 'a title for the claim');
}

/** The claim, or its text untouched where no option changes it: errors then name its lines. */
export async function readClaim(
  command: string,
  path: string | undefined,
  options: ClaimOptions,
): Promise<ClaimInput | string> {
  const stated = statedBy(options);
  if (path === undefined && options.pair.length === 0) {
    throw badInput(command, 'the claim is missing: CLAIM.json or --pair NAME=TAG', 'bad-usage');
  }
  return path === undefined ? (stated as ClaimInput) : claimFrom(path, stated);
}

// The core says "claim, line 3" of a text; people know it by its file's name.
export function ofFile(name: string, error: unknown): unknown {
  if (!(error instanceof EngineError) || error.failure.where === 'base') return error;
  const where = error.failure.where.replace(/^claim(, |$)/, '');
  return within(name, new EngineError({ ...error.failure, where }));
}

// What the options state: it overrides the file, and pairs are added to it.
function statedBy(options: ClaimOptions): Partial<ClaimInput> {
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
