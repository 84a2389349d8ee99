import type { Command } from 'commander';
import { DEFAULT_SPACE, type Engine } from '../../engine/client.js';
import { createEngine } from '../../engine/node.js';
import type { SearchProgress } from '../../engine/search.js';
import { count, percent, shownBare } from '../../engine/show.js';
import type { ClaimInput, Membership, Verified } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import {
  CLAIM_ENCODER_FLAGS,
  claimEncoder,
  claimEncoderOptions,
  type EncoderFlags,
} from '../encoders.js';
import { styled } from '../format/style.js';
import { formatVerified } from '../format/verified.js';
import { inputName } from '../input.js';
import { answerLines } from '../jsonl.js';
import { write, writeJson } from '../output.js';
import { openParts } from '../part-file.js';
import { type ClaimOptions, claimOptions, ofFile, readClaim } from './claim-options.js';
import { LISTS_SPACE, ListsLine, mergeLists, searchLists } from './search-lists.js';
import { mergeClaim, searchShard, shardOf } from './search-parts.js';

interface Options extends ClaimOptions, EncoderFlags {
  space?: string;
  contains?: string;
  names?: string;
  tags?: string;
  counts?: true;
  shard?: string;
  part?: string;
  merge?: string[];
  json?: true;
  jsonl?: string;
  base?: string;
}

/** 128 + SIGINT: how a shell tells that a program was interrupted. */
const EXIT_INTERRUPTED = 130;
const QUIET_MS = 500;
const INTERVAL_MS = 100;

export function searchCommand(program: Command): void {
  claimEncoderOptions(
    claimOptions(
      program
        .command('search')
        .description('look through a space of recipes for one that makes the tags'),
    ),
  )
    .option('--space <NAME>', 'quick, standard or deep, or one version of it (standard@1)')
    .option('--contains <RECIPE>', 'only say whether the space holds this recipe')
    .option('--names <FILE>', 'with --tags: which names reach which tags; lists or tables (quick)')
    .option('--tags <FILE>', 'the tags, likewise; both are read as `table` reads them')
    .option('--counts', 'of lists: only how many hits there are, not each')
    .option('--shard <I/N>', 'search only every N-th piece, from the I-th, and write its --part')
    .option('--part <FILE>', 'where the shard is written; of lists also the state to go on from')
    .option('--merge <FILE...>', 'what all parts of a search come to')
    .option('--json', 'one JSON document; of lists JSON lines')
    .option('--jsonl <FILE>', 'a claim a line; - reads standard input')
    .option('--base <URL>', 'the page that the link leads to')
    .action(search);
}

/** What options do not go together, before anything is read. */
function refuseMixed(path: string | undefined, options: Options): void {
  const given = (keys: readonly (keyof Options)[]) =>
    keys.find((key) => options[key] !== undefined && !(key === 'pair' && !options.pair.length));
  const CLAIM = [
    'pair',
    'recipe',
    'match',
    'ignoreCase',
    'population',
    'level',
    'title',
    'contains',
    'jsonl',
  ] as const;
  const flag = (key: string) => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  const refuse = (what: string) => {
    throw badInput('search', what, 'bad-usage');
  };
  if (options.jsonl !== undefined) {
    const other = given(CLAIM.filter((key) => key !== 'jsonl'));
    if (other !== undefined || path !== undefined) {
      refuse(
        `--jsonl takes claims that say all themselves, and no ${other === undefined ? 'CLAIM beside them' : flag(other)}`,
      );
    }
  }
  const model = given(CLAIM_ENCODER_FLAGS);
  const lists = options.names !== undefined || options.tags !== undefined;
  if (options.merge !== undefined) {
    const other = given([
      ...CLAIM,
      ...CLAIM_ENCODER_FLAGS,
      'names',
      'tags',
      'space',
      'counts',
      'shard',
      'part',
    ]);
    if (path !== undefined) refuse('--merge takes no claim: the parts hold it');
    if (other !== undefined)
      refuse(`--merge takes no ${flag(other)}: the parts hold what is asked`);
  } else if (lists) {
    if (options.names === undefined) refuse('--tags needs --names FILE as well');
    if (options.tags === undefined) refuse('--names needs --tags FILE as well');
    const other = given([...CLAIM, ...CLAIM_ENCODER_FLAGS, 'base']);
    if (path !== undefined) refuse('takes a claim or lists, not both');
    if (other !== undefined) refuse(`lists take no ${flag(other)}`);
  } else if (options.contains !== undefined && model !== undefined) {
    refuse(`--contains takes no ${flag(model)}`);
  } else if (options.counts) {
    refuse('--counts is of lists: it needs --names and --tags');
  } else if (options.part !== undefined && options.shard === undefined) {
    refuse('--part of a claim needs --shard I/N');
  }
  if (options.shard !== undefined) {
    if (options.part === undefined) refuse('--shard needs --part FILE, where it is written');
    const other = given([...CLAIM_ENCODER_FLAGS, 'contains', 'jsonl', 'base']);
    if (other !== undefined) refuse(`--shard takes no ${flag(other)}`);
  }
}

async function search(path: string | undefined, options: Options): Promise<void> {
  refuseMixed(path, options);
  const shard = options.shard === undefined ? undefined : shardOf(options.shard);
  const interrupt = new AbortController();
  const lists = options.names !== undefined || options.merge !== undefined;
  const listsLine = new ListsLine();
  const progress = lists ? listsLine : new SearchLine();
  const stop = () => interrupt.abort();
  // Once: a second Ctrl-C ends the program as any other.
  process.once('SIGINT', stop);
  const engine = await createEngine();
  const asked = options.names === undefined ? options.space : (options.space ?? LISTS_SPACE);
  const space = await spaceId(engine, asked);
  if (options.contains !== undefined) return contains(engine, path, space, options);
  const settings = {
    signal: interrupt.signal,
    onProgress: (state: SearchProgress) => {
      if (progress instanceof SearchLine) progress.show(state);
    },
    ...(options.base === undefined ? {} : { base: options.base }),
  };
  const encoder = await claimEncoder(engine, options);
  const searched = (claim: ClaimInput | string) =>
    engine.search(space === undefined ? claim : searchedIn(space, claim), {
      ...settings,
      ...encoder.options,
    });
  const json = options.json === true;
  try {
    if (options.merge !== undefined) {
      const parts = await openParts(options.merge);
      if (parts[0]?.head.kind === 'lists') {
        await mergeLists(engine, parts, json, interrupt.signal, listsLine);
        return;
      }
      const verified = await mergeClaim(engine, parts, settings);
      if (json) await writeJson(verified);
      else await write(formatVerified(verified));
      return;
    }
    if (options.names !== undefined && options.tags !== undefined) {
      const request = {
        names: options.names,
        tags: options.tags,
        space: space ?? LISTS_SPACE,
        counts: options.counts === true,
        json,
        signal: interrupt.signal,
        ...(shard === undefined ? {} : { shard }),
        ...(options.part === undefined ? {} : { part: options.part }),
      };
      await searchLists(engine, request, listsLine);
      return;
    }
    if (options.jsonl !== undefined) {
      await answerLines(options.jsonl, CLAIM_FIELDS, async (fields) =>
        searched(fields as unknown as ClaimInput),
      );
      return;
    }
    const claim = await readClaim('search', path, options);
    if (shard !== undefined && options.part !== undefined) {
      const given = space === undefined ? claim : searchedIn(space, claim);
      await searchShard(engine, given, shard, options.part, json, settings);
      return;
    }
    let verified: Verified;
    try {
      verified = await searched(claim);
    } catch (error) {
      throw path === undefined ? error : ofFile(inputName(path), error);
    }
    progress.end();
    if (options.json) await writeJson(verified);
    else await write(formatVerified(verified));
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    progress.end();
    const again = options.names === undefined || options.part === undefined;
    const how = again ? '' : '; the same command goes on from there';
    process.stderr.write(`tagscope: search: interrupted${progress.where()}${how}\n`);
    process.exitCode = EXIT_INTERRUPTED;
    // A worker in the middle of a unit is not waited for.
    engine.close();
  } finally {
    process.off('SIGINT', stop);
    progress.end();
    await encoder.close();
  }
}

function searchedIn(space: string, claim: ClaimInput | string): ClaimInput | string {
  const fields = typeof claim === 'string' ? parsed(claim) : claim;
  return fields === undefined ? claim : { ...fields, space };
}

function parsed(text: string): ClaimInput | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as ClaimInput) : undefined;
  } catch {
    return undefined;
  }
}

const CLAIM_FIELDS = [
  'version',
  'title',
  'pairs',
  'recipe',
  'match',
  'ignore_case',
  'tokenizer',
  'profile',
  'population',
  'space',
  'level',
  'encoder',
];

// A bare name is its latest version; the claim, and so the link, names the version.
async function spaceId(engine: Engine, given: string | undefined): Promise<string | undefined> {
  if (given === undefined || given.includes('@')) return given;
  const versions = (await engine.spaces()).filter(({ id }) => id.startsWith(`${given}@`));
  return versions.at(-1)?.id ?? given;
}

async function contains(
  engine: Engine,
  path: string | undefined,
  space: string | undefined,
  options: Options,
): Promise<void> {
  const given =
    path === undefined && options.pair.length === 0
      ? undefined
      : await readClaim('search', path, options);
  const claim = typeof given === 'string' ? parsed(given) : given;
  const names = Array.isArray(claim?.pairs) ? claim.pairs.map(({ name }) => String(name)) : [];
  const texts = [...names, String(claim?.title ?? '')];
  const held = await engine.contains(
    space ?? claim?.space ?? DEFAULT_SPACE,
    options.contains ?? '',
    { texts },
  );
  if (options.json) return writeJson(held);
  await write(`${membershipLine(held)}\n`);
}

function membershipLine({ space, recipe, contains, as, length }: Membership): string {
  if (!contains) return `${styled('no', 'bold')}  ${space} does not hold ${shownBare(recipe)}`;
  const equal = as === null || as === recipe ? '' : `, as ${shownBare(as)}`;
  const tags =
    length === null
      ? ''
      : `, for tags of ${count(length)} ${length === 1 ? 'character' : 'characters'}`;
  return `${styled('yes', 'bold')}  ${space} holds ${shownBare(recipe)}${equal}${tags}`;
}

/** A line of progress on standard error, on a terminal only. */
class SearchLine {
  readonly #started = performance.now();
  #shown = 0;
  #visible = false;
  #last: SearchProgress | undefined;

  show(state: SearchProgress): void {
    this.#last = state;
    const elapsed = performance.now() - this.#started;
    if (!process.stderr.isTTY || elapsed < QUIET_MS || elapsed - this.#shown < INTERVAL_MS) return;
    this.#shown = elapsed;
    this.#visible = true;
    const rate = state.tried / (elapsed / 1000);
    process.stderr.write(
      `\r\x1b[K${count(state.tried)} of ${count(state.recipes)} recipes (${percent(state.tried / state.recipes)})  ${count(Math.round(rate / 1e5) / 10)} million a second`,
    );
  }

  where(): string {
    return this.#last === undefined
      ? ''
      : ` after ${count(this.#last.tried)} of ${count(this.#last.recipes)} recipes`;
  }

  end(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
    this.#visible = false;
  }
}
