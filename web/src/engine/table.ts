/** A table that the engine has read: what it says of itself, its rows, problems, pairs, exports. */
import type { Reply } from '../protocol/core-api.js';
import type { Pair } from '../protocol/results.js';
import type {
  TableArrangement,
  TableForm,
  TableInfo,
  TableProblem,
  TableReading,
  TableRow,
  TablesApi,
  TableTokens,
  TableTokensOptions,
} from '../protocol/table-api.js';

export interface TableOptions extends TableReading {
  /** One character between cells; left out: a tab where `fileName` ends in .tsv, else a comma. */
  delimiter?: string;
  fileName?: string;
  signal?: AbortSignal;
  /** Told of bytes read, a few times a second at most. */
  progress?: (read: number, total: number) => void;
}

/** Asks the tables' worker, and throws what is wrong. @internal */
export type AskTables = <T>(
  call: (tables: TablesApi) => Promise<Reply<T>>,
  signal?: AbortSignal,
) => Promise<T>;

/** How far one call goes, so that others, and cancelling, come between. */
const READ_BYTES = 16 * 1024 * 1024;
const TOKENIZED_ROWS = 100_000;
const SLICE_ROWS = 20_000;

/** Bytes of a cell that a row shows. */
export const SHOWN_CELL_BYTES = 300;

/**
 * An open table. Its memory lies in the engine's worker until `close()`.
 * Errors: `bad-handle` where the worker had to begin anew.
 */
export class OpenTable {
  readonly #ask: AskTables;
  readonly #handle: number;
  #info: TableInfo;
  #viewRows: number;

  private constructor(ask: AskTables, handle: number, info: TableInfo) {
    this.#ask = ask;
    this.#handle = handle;
    this.#info = info;
    this.#viewRows = rowsWithoutHeader(info);
  }

  /** @internal */
  static async open(
    ask: AskTables,
    bytes: Uint8Array,
    { delimiter, fileName, signal, progress, ...reading }: TableOptions,
  ): Promise<OpenTable> {
    const between = delimiter ?? (fileName?.toLowerCase().endsWith('.tsv') ? '\t' : ',');
    const { handle, bytes: total } = await ask((tables) => tables.open(bytes, between), signal);
    try {
      for (;;) {
        const read = await ask((tables) => tables.read(handle, READ_BYTES), signal);
        progress?.(read.bytes, total);
        if (read.done) break;
      }
      const info = await ask((tables) => tables.describe(handle, reading), signal);
      return new OpenTable(ask, handle, info);
    } catch (error) {
      void ask((tables) => tables.close(handle)).catch(() => undefined);
      throw error;
    }
  }

  get info(): TableInfo {
    return this.#info;
  }

  /** Rows that the arrangement shows. */
  get shownRows(): number {
    return this.#viewRows;
  }

  /** Reads columns, header and letters in another way; the arrangement begins anew. */
  async describe(reading: TableReading): Promise<TableInfo> {
    this.#info = await this.#ask((tables) => tables.describe(this.#handle, reading));
    this.#viewRows = rowsWithoutHeader(this.#info);
    return this.#info;
  }

  /** Filters and sorts; how many rows are shown. */
  async arrange(arrangement: TableArrangement, signal?: AbortSignal): Promise<number> {
    const { rows } = await this.#ask((tables) => tables.arrange(this.#handle, arrangement), signal);
    this.#viewRows = rows;
    return rows;
  }

  /** Rows begin … end of those shown. */
  rows(begin: number, end: number, cellBytes = SHOWN_CELL_BYTES): Promise<TableRow[]> {
    return this.#ask((tables) => tables.rows(this.#handle, begin, end, cellBytes));
  }

  /** Where a row stands among those shown. */
  async placeOf(row: number): Promise<number | null> {
    return (await this.#ask((tables) => tables.placeOf(this.#handle, row))).place;
  }

  problems(begin: number, end: number): Promise<TableProblem[]> {
    return this.#ask((tables) => tables.problems(this.#handle, begin, end));
  }

  /** Pairs of the whole table, or of the rows shown, in slices. */
  async *pairs(shown = false): AsyncGenerator<Pair[]> {
    const rows = shown ? this.#viewRows : this.#info.rows;
    for (let begin = 0; begin < rows; begin += SLICE_ROWS) {
      yield await this.#ask((tables) =>
        tables.pairs(this.#handle, begin, begin + SLICE_ROWS, shown),
      );
    }
  }

  /** All records in the file's order: the JSON text of their array, in slices. */
  async *recordsJson(): AsyncGenerator<string> {
    yield '[';
    for (let begin = 0; begin < this.#info.rows; begin += SLICE_ROWS) {
      const text = await this.#ask((tables) =>
        tables.recordsJson(this.#handle, begin, begin + SLICE_ROWS),
      );
      yield (begin === 0 ? '' : ',') + text.slice(1, -1);
    }
    yield ']';
  }

  /** The rows shown as a file's bytes, in slices. */
  async *export(form: TableForm): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let begin = 0; begin === 0 || begin < this.#viewRows; begin += SLICE_ROWS) {
      yield await this.#ask((tables) =>
        tables.export(this.#handle, form, begin, begin + SLICE_ROWS),
      );
    }
  }

  /** Tokenizes a column; rows then come with ids, and can be arranged by them. */
  async tokenize(
    options: TableTokensOptions,
    { signal, progress }: { signal?: AbortSignal; progress?: (rows: number) => void } = {},
  ): Promise<TableTokens> {
    for (;;) {
      const { done, rows, ...found } = await this.#ask(
        (tables) => tables.tokenize(this.#handle, options, TOKENIZED_ROWS),
        signal,
      );
      progress?.(rows);
      if (done) return found as TableTokens;
    }
  }

  /** Gives its memory back. */
  async close(): Promise<void> {
    await this.#ask((tables) => tables.close(this.#handle)).catch(() => undefined);
  }
}

function rowsWithoutHeader({ rows, header }: TableInfo): number {
  return header === null ? rows : Math.max(0, rows - 1);
}
