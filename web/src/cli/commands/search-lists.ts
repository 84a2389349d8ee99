/** `search --names FILE --tags FILE`: lists, streamed, in shards, gone on with. */
import type { Engine } from '../../engine/client.js';
import type { ListsOptions, ListsPlan, ListsProgress } from '../../engine/lists.js';
import type { Shard } from '../../engine/shard.js';
import { WHOLE } from '../../engine/shard.js';
import { count, percent } from '../../engine/show.js';
import type { ListsInput, ListsSummary } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import { formatHits, formatSummary } from '../format/lists.js';
import { inputName } from '../input.js';
import { ofLists, readList } from '../lists-input.js';
import { write } from '../output.js';
import { isThere, PartFile, type PartHead, PartWriter, recordsIn } from '../part-file.js';
import { duration } from '../progress.js';

/** A search of lists needs less of a space to say something. */
export const LISTS_SPACE = 'quick';

export interface ListsRequest {
  names: string;
  tags: string;
  /** With its version. */
  space: string;
  /** Only counts, no hits. */
  counts: boolean;
  json: boolean;
  shard?: Shard;
  part?: string;
  signal: AbortSignal;
}

/** Searches lists; where a shard is named, writes its part and nothing else. */
export async function searchLists(
  engine: Engine,
  request: ListsRequest,
  progress: ListsLine,
): Promise<void> {
  const { names, tags, space, counts, json, shard, part, signal } = request;
  if (names === '-' && tags === '-') {
    throw badInput('search', 'reads one list from standard input, not both', 'bad-usage');
  }
  const lists: ListsInput = {
    names: await readList(engine, names, 'name'),
    tags: await readList(engine, tags, 'tag'),
    space,
    hits: !counts,
  };
  const options: ListsOptions = {
    signal,
    onProgress: (state) => progress.show(state),
    ...(shard === undefined ? {} : { shard }),
  };
  const output = new ListsOutput(json, progress);
  try {
    if (part === undefined) {
      await output.finish(await engine.searchLists(lists, { ...options, ...output.hooks() }));
      return;
    }
    const summary = await withPart(engine, lists, part, shard ?? WHOLE, options, output);
    if (shard === undefined) await output.finish(summary);
    else await tellPart(part, shard, summary, json);
  } catch (error) {
    throw ofLists(error, names, tags);
  } finally {
    progress.end();
  }
}

/** Goes on from what the part, whole or not, holds. */
async function withPart(
  engine: Engine,
  lists: ListsInput,
  path: string,
  shard: Shard,
  options: ListsOptions,
  output: ListsOutput,
): Promise<ListsSummary> {
  const question = questionOf(lists);
  const hooks: ListsOptions = options.shard === undefined ? output.hooks() : {};
  let plan: ListsPlan | undefined;
  const head = (): PartHead => {
    if (plan === undefined) throw new Error('the search is not open');
    return { kind: 'lists', space: plan.space, units: plan.units, shard, question };
  };
  const onOpen = (opened: ListsPlan) => {
    plan = opened;
    hooks.onOpen?.(opened);
  };
  if (await isThere(path)) {
    const part = await PartFile.open(path);
    const same = () => {
      const { kind, space, units, shard: of, question: asked } = part.head;
      const wanted = head();
      const fits =
        kind === 'lists' && space === wanted.space && units === wanted.units && asked === question;
      if (!fits || of.index !== shard.index || of.of !== shard.of) {
        throw badInput(inputName(path), 'is a part of another search or shard', 'bad-part');
      }
    };
    const records = async function* () {
      same();
      const { index, of } = shard;
      for (let unit = index - 1; unit < part.head.units; unit += of) {
        yield { unit, record: await part.record((unit - index + 1) / of) };
      }
    };
    return engine.searchLists(lists, { ...options, ...hooks, onOpen, records: records() });
  }
  const writer = new PartWriter(path);
  try {
    const summary = await engine.searchLists(lists, {
      ...options,
      ...hooks,
      onOpen,
      records: (async function* () {
        yield* writer.resume(head());
      })(),
      onRecord: ({ record }) => writer.write(record),
    });
    await writer.finish();
    return summary;
  } finally {
    await writer.close();
  }
}

/** What the parts of lists come to: the same as without shards. */
export async function mergeLists(
  engine: Engine,
  parts: readonly PartFile[],
  json: boolean,
  signal: AbortSignal,
  progress: ListsLine,
): Promise<void> {
  const [first] = parts;
  if (first === undefined) return;
  const lists = listsIn(first);
  const output = new ListsOutput(json, progress);
  const { onOpen: begin, ...hooks } = output.hooks();
  const onOpen = (plan: ListsPlan) => {
    if (plan.units !== first.head.units || plan.space !== first.head.space) {
      throw badInput(inputName(first.path), 'is of another version of the space', 'bad-part');
    }
    begin(plan);
  };
  try {
    const summary = await engine.searchLists(lists, {
      signal,
      ...hooks,
      onOpen,
      onProgress: (state) => progress.show(state),
      records: recordsIn(parts),
    });
    await output.finish(summary);
  } finally {
    progress.end();
  }
}

/** The same lists have the same text, whatever file they came from. */
function questionOf({ names, tags, space = '', hits = true }: ListsInput): string {
  return JSON.stringify({ names, tags, space, hits });
}

function listsIn({ path, head }: PartFile): ListsInput {
  let read: ListsInput | undefined;
  try {
    read = JSON.parse(head.question) as ListsInput;
  } catch {
    read = undefined;
  }
  const texts = (value: unknown) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string');
  const fits =
    typeof read === 'object' &&
    read !== null &&
    texts(read.names) &&
    texts(read.tags) &&
    read.space === head.space &&
    typeof read.hits === 'boolean' &&
    questionOf(read) === head.question;
  if (!fits || read === undefined) {
    throw badInput(inputName(path), 'holds lists that are none', 'bad-part');
  }
  return read;
}

async function tellPart(
  path: string,
  shard: Shard,
  { total }: ListsSummary,
  json: boolean,
): Promise<void> {
  const { index, of } = shard;
  if (json) {
    await write(`${JSON.stringify({ part: path, shard: index, of, hits: total.hits })}\n`);
  } else {
    await write(
      `${inputName(path)}: shard ${count(index)} of ${count(of)} of ${total.space}, ${count(total.hits)} hits\n`,
    );
  }
}

/** JSON lines, or lines for people: what is searched, the hits, the counts. */
class ListsOutput {
  readonly #json: boolean;
  readonly #progress: ListsLine;
  #begun: Promise<void> = Promise.resolve();

  constructor(json: boolean, progress: ListsLine) {
    this.#json = json;
    this.#progress = progress;
  }

  hooks() {
    return {
      onOpen: ({ names, tags, space, recipes }: ListsPlan) => {
        const line = { kind: 'lists', names, tags, space, recipes };
        if (this.#json) this.#begun = write(`${JSON.stringify(line)}\n`);
      },
      onHits: async (lines: Uint8Array) => {
        await this.#begun;
        this.#progress.hide();
        await write(this.#json ? lines : formatHits(new TextDecoder().decode(lines)));
      },
    };
  }

  async finish(summary: ListsSummary): Promise<void> {
    await this.#begun;
    this.#progress.end();
    if (!this.#json) return write(formatSummary(summary));
    const { tags, recipes, total } = summary;
    const lines = [
      ...tags.map((tag) => ({ kind: 'tag', ...tag })),
      ...recipes.map((recipe) => ({ kind: 'recipe', ...recipe })),
      { kind: 'total', ...total },
    ];
    await write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
}

const QUIET_MS = 500;
const INTERVAL_MS = 100;

/** A line of progress on standard error, on a terminal only. */
export class ListsLine {
  readonly #started = performance.now();
  #shown = 0;
  #visible = false;
  #last: ListsProgress | undefined;

  show(state: ListsProgress): void {
    this.#last = state;
    const elapsed = performance.now() - this.#started;
    if (!process.stderr.isTTY || elapsed < QUIET_MS || elapsed - this.#shown < INTERVAL_MS) return;
    this.#shown = elapsed;
    this.#visible = true;
    process.stderr.write(`\r\x1b[K${listsLine(state, elapsed)}`);
  }

  /** Until it is shown again. */
  hide(): void {
    if (this.#visible) process.stderr.write('\r\x1b[K');
    this.#visible = false;
  }

  where(): string {
    return this.#last === undefined
      ? ''
      : ` after ${percent(this.#last.done)} of ${this.#last.space}`;
  }

  end(): void {
    this.hide();
    this.#shown = Infinity;
  }
}

/** "41 % of quick@1  5,512 names a second  12 s left  1,234,567 hits" */
export function listsLine(
  { done, before, space, names, hits }: ListsProgress,
  elapsedMs: number,
): string {
  const rate = (done - before) / (elapsedMs / 1000);
  const parts = [`${percent(done)} of ${space}`, `${count(rate * names)} names a second`];
  if (rate > 0) parts.push(`${duration((1 - done) / rate)} left`);
  if (hits > 0) parts.push(`${count(hits)} hits`);
  return parts.join('  ');
}
