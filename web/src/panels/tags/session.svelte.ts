/**
 * The panel's state: one table, how it is read, which rows are shown. It lives as long as the page,
 * so that a table stays open beside another panel.
 */
import {
  type ClaimInput,
  type Engine,
  EngineError,
  type Failure,
  type OpenTable,
  type Pair,
} from '../../engine/browser.js';
import { counted } from '../../engine/show.js';
import type {
  TableForm,
  TableInfo,
  TableProblem,
  TableRow,
  TableTokens,
} from '../../protocol/table-api.js';
import { undo } from '../common/undo.svelte.js';
import { UNSEEN_MS, type Work } from '../common/work.js';
import {
  arrangementOf,
  FIRST_SETTINGS,
  fragmentOf,
  readingOf,
  type Settings,
  settingsOf,
} from './settings.js';

/** Rows come from the engine in pages. */
const PAGE_ROWS = 100;
/** Pages kept; the farthest from what is seen go first. */
const KEPT_PAGES = 60;
const PROBLEMS_AT_ONCE = 100;
/** What a claim takes: its link holds 8 KiB. */
export const MAX_CLAIM_PAIRS = 100;

const TYPING_MS = 180;
const SAID_MS = 4000;

export class TagsSession {
  settings: Settings = $state.raw(FIRST_SETTINGS);
  fileName = $state('');
  info: TableInfo | null = $state.raw(null);
  /** Rows that are shown. */
  shown = $state(0);
  /** Grows whenever other rows are shown. */
  arrangement = $state(0);
  tokens: TableTokens | null = $state.raw(null);
  problems: readonly TableProblem[] = $state.raw([]);
  /** The row that is looked at in full: its place among those shown. */
  current: number | null = $state(null);
  /** The row that a problem led to, and its column. */
  marked: { row: number; column: number } | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** Work that has lasted a while. */
  work: Work | null = $state.raw(null);
  said = $state('');
  /** A table that is being typed. */
  draft = $state('');

  readonly #engine: Promise<Engine>;
  readonly #showFragment: (fragment: string) => void;
  readonly #openClaim: (claim: ClaimInput) => void;
  #table: OpenTable | null = null;
  /** What the table was read from. */
  #source: File | string | null = null;
  #pages: ReadonlyMap<number, readonly TableRow[]> = $state.raw(new Map());
  #asked = new Set<number>();
  /** Counts tables and arrangements: an answer to an earlier one is dropped. */
  #turn = 0;
  #readings = 0;
  #arrangements = 0;
  #cancel: AbortController | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    engine: Promise<Engine>,
    showFragment: (fragment: string) => void,
    openClaim: (claim: ClaimInput) => void,
  ) {
    this.#engine = engine;
    this.#showFragment = showFragment;
    this.#openClaim = openClaim;
    engine.catch((error: unknown) => this.#fail(error));
  }

  /** Takes the settings of an address. */
  open(query: string): void {
    const settings = settingsOf(query);
    if (fragmentOf(settings) === fragmentOf(this.settings)) return;
    this.settings = settings;
    void this.#read();
  }

  /** Opens a file, or a text that was pasted. */
  async load(source: File | string): Promise<void> {
    const restore = this.#restorer();
    await this.#load(source, () => {
      if (restore !== null) undo.add('The table replaced', restore);
    });
  }

  /** `opened` is called when the table has taken the place of the one before. */
  async #load(source: File | string, opened: () => void): Promise<void> {
    const name = typeof source === 'string' ? 'the pasted table' : source.name;
    let isThere = false;
    await this.#work(`Reading ${name}`, async (signal, turn, progress) => {
      const bytes =
        typeof source === 'string'
          ? new TextEncoder().encode(source)
          : new Uint8Array(await source.arrayBuffer());
      const engine = await this.#engine;
      const table = await engine.table(bytes, {
        fileName: typeof source === 'string' && source.includes('\t') ? 'pasted.tsv' : name,
        signal,
        progress,
      });
      if (turn !== this.#turn) return void table.close();
      void this.#table?.close();
      this.#table = table;
      this.#source = source;
      this.fileName = name;
      // Both are of the table before.
      this.tokens = null;
      this.current = null;
      opened();
      this.#accept(table.info);
      isThere = true;
    });
    // A failure stays to be read.
    if (isThere) await this.#read();
  }

  /** Takes the table away. */
  remove(): void {
    const restore = this.#restorer();
    if (restore !== null) undo.add('The table closed', restore);
    this.#turn += 1;
    this.#cancel?.abort();
    void this.#table?.close();
    this.#table = null;
    this.#source = null;
    this.info = null;
    this.tokens = null;
    this.problems = [];
    this.current = null;
    this.failure = null;
    this.settings = FIRST_SETTINGS;
    this.#showFragment(fragmentOf(this.settings));
  }

  /** Gives up what is under way. */
  cancel(): void {
    this.#cancel?.abort();
  }

  /** Columns, header and letters. */
  read(change: Partial<Pick<Settings, 'name' | 'tag' | 'header' | 'rot13'>>): void {
    this.#set({ ...this.settings, ...change });
    void this.#read();
  }

  /** Filter and order; `typed`: after a pause. */
  arrange(
    change: Partial<Pick<Settings, 'find' | 'column' | 'tokens' | 'sort' | 'descending'>>,
    typed = false,
  ): void {
    this.#set({ ...this.settings, ...change });
    clearTimeout(this.#typing);
    if (typed) this.#typing = setTimeout(() => void this.#arrange(), TYPING_MS);
    else void this.#arrange();
  }

  /** By a column: up, down, and back to the file's order. */
  sortBy(sort: number | 'tokens'): void {
    const { sort: before, descending } = this.settings;
    if (before !== sort) this.arrange({ sort, descending: false });
    else if (!descending) this.arrange({ sort, descending: true });
    else this.arrange({ sort: 'file', descending: false });
  }

  /** The column whose tokens are shown: the tags, else the names, else the first. */
  get tokenColumn(): number {
    return this.info?.pairing.tag ?? this.info?.pairing.name ?? 0;
  }

  /** Which tags are one token, and which share tokens. */
  async tokenize(): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    const column = this.tokenColumn;
    await this.#work('Cutting the tags into tokens', async (signal, turn, progress) => {
      const tokens = await table.tokenize(
        { column },
        { signal, progress: (rows) => progress(rows, table.info.rows) },
      );
      if (turn === this.#turn) this.tokens = tokens;
    });
    if (this.tokens !== null) await this.#arrange();
  }

  /** The row at a place, or undefined until it has come. */
  rowAt(place: number): TableRow | undefined {
    return this.#pages.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS];
  }

  /** Sees to it that these rows come. */
  want(begin: number, end: number): void {
    const first = Math.floor(begin / PAGE_ROWS);
    const last = Math.floor(Math.max(begin, end - 1) / PAGE_ROWS);
    for (let page = first; page <= last; ++page) {
      if (!this.#asked.has(page)) void this.#fetchPage(page);
    }
  }

  async moreProblems(): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    const begin = this.problems.length;
    const more = await table.problems(begin, begin + PROBLEMS_AT_ONCE).catch(() => []);
    if (table === this.#table && begin === this.problems.length) {
      this.problems = [...this.problems, ...more];
    }
  }

  /** Leads to the row of a problem; where the filter hides it, the filter goes. Its place, or null. */
  async jump({ row, column }: { row: number; column: number }): Promise<number | null> {
    const table = this.#table;
    if (table === null) return null;
    let place = await table.placeOf(row);
    if (place === null) {
      this.#set({ ...this.settings, find: '', tokens: '' });
      await this.#arrange();
      place = await table.placeOf(row);
    }
    this.marked = { row, column: column - 1 };
    this.current = place;
    return place;
  }

  /** The rows shown as a file's bytes; null where it was given up or failed. */
  async exported(form: TableForm): Promise<Blob | null> {
    const table = this.#table;
    if (table === null) return null;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const ended = await this.#work('Writing the file', async (signal, _, progress) => {
      for await (const part of table.export(form)) {
        signal.throwIfAborted();
        parts.push(part);
        progress(parts.length, 0);
      }
    });
    return ended === 'done' ? new Blob(parts, { type: 'text/csv' }) : null;
  }

  /** A claim of the first pairs among the rows shown. */
  async toClaim(): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    const pairs: Pair[] = [];
    for await (const part of table.pairs(true)) {
      pairs.push(...part.slice(0, MAX_CLAIM_PAIRS - pairs.length));
      if (pairs.length === MAX_CLAIM_PAIRS) break;
    }
    if (pairs.length === 0) this.say('No row shown has both a name and a tag');
    else this.#openClaim({ pairs });
  }

  /** A confirmation that is seen and spoken. */
  say(text: string): void {
    clearTimeout(this.#saying);
    this.said = text;
    this.#saying = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  }

  /** Opens again, as it was read, the table that is there; null where there is none. */
  #restorer(): (() => void) | null {
    const source = this.#source;
    const { settings } = this;
    if (source === null) return null;
    return () => void this.#load(source, () => this.#set(settings));
  }

  #set(settings: Settings): void {
    this.settings = settings;
    this.#showFragment(fragmentOf(settings));
  }

  async #read(): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    const tokenized = this.tokens !== null;
    const before = this.tokenColumn;
    // The table is read so, whatever came meanwhile; only a later reading goes before.
    const mine = ++this.#readings;
    await this.#work('Reading the columns', async () => {
      const info = await table.describe(readingOf(this.settings, table.info.columns));
      if (table === this.#table && mine === this.#readings) this.#accept(info);
    });
    // The tokens are those of a column and of its letters.
    if (tokenized && (this.tokens === null || before !== this.tokenColumn)) {
      this.tokens = null;
      await this.tokenize();
    } else {
      await this.#arrange();
    }
  }

  #accept(info: TableInfo): void {
    const turned = info.rot13.turned !== this.info?.rot13.turned;
    const headed = (info.header === null) !== (this.info?.header === null);
    if (this.info === null || turned || headed) this.tokens = null;
    this.info = info;
    this.problems = [];
    this.marked = null;
    void this.moreProblems();
  }

  async #arrange(): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    // What the table began it ends: its rows stand in that order then.
    const mine = ++this.#arrangements;
    await this.#work('Sorting', async () => {
      const wanted = arrangementOf(this.settings, table.info.columns, this.tokens !== null);
      const shown = await table.arrange(wanted);
      if (table !== this.#table || mine !== this.#arrangements) return;
      this.#asked = new Set();
      this.#pages = new Map();
      this.shown = shown;
      this.current = null;
      this.arrangement += 1;
    });
  }

  async #fetchPage(page: number): Promise<void> {
    const table = this.#table;
    if (table === null) return;
    const { arrangement } = this;
    const asked = this.#asked;
    asked.add(page);
    try {
      const rows = await table.rows(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
      if (table !== this.#table || arrangement !== this.arrangement) return;
      const pages = new Map(this.#pages).set(page, rows);
      const farthestFirst = Array.from(pages.keys()).sort(
        (a, b) => Math.abs(b - page) - Math.abs(a - page),
      );
      for (const old of farthestFirst.slice(0, Math.max(0, pages.size - KEPT_PAGES))) {
        pages.delete(old);
        asked.delete(old);
      }
      this.#pages = pages;
    } catch (error) {
      asked.delete(page);
      this.#fail(error);
    }
  }

  // Runs one piece of work after giving up the one before; shows its progress once it lasts.
  async #work(
    what: string,
    run: (
      signal: AbortSignal,
      turn: number,
      progress: (done: number, total: number) => void,
    ) => Promise<void>,
  ): Promise<'done' | 'given-up' | 'failed'> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.failure = null;
    const work: Work = { what, done: 0, total: 0 };
    const timer = setTimeout(() => {
      if (turn === this.#turn) this.work = { ...work };
    }, UNSEEN_MS);
    try {
      await run(cancel.signal, turn, (done, total) => {
        work.done = done;
        work.total = total;
        if (turn === this.#turn && this.work !== null) this.work = { ...work };
      });
      return 'done';
    } catch (error) {
      if (!cancel.signal.aborted) {
        this.#fail(error);
        return 'failed';
      }
      if (turn === this.#turn) this.say(`${what} was given up`);
      return 'given-up';
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) this.work = null;
    }
  }

  #fail(error: unknown): void {
    this.failure =
      error instanceof EngineError
        ? error.failure
        : { code: 'not-readable', where: 'table', what: `cannot be read: ${String(error)}` };
  }
}

/** "1,234 rows, 4 columns" */
export function sizeOfTable({ rows, columns }: TableInfo): string {
  return `${counted(rows, 'row')}, ${counted(columns, 'column')}`;
}
