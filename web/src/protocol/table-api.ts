/** Tables as the tokens module reads them, and what its worker offers for them. */
import type { Reply } from './core-api.js';
import type { Pair } from './results.js';

/** Columns and rows count from 0 here, lines from 1. */
export interface TableInfo {
  /** Records that are not blank, a header too. */
  rows: number;
  /** Cells of the longest row. */
  columns: number;
  /** Cells that most rows have. */
  usual_columns: number;
  bytes: number;
  delimiter: string;
  /** The first row's cells where they name columns. */
  header: string[] | null;
  pairing: {
    by: 'nothing' | 'header' | 'position' | 'hand';
    name: number | null;
    tag: number | null;
    /** Rows that have both. */
    pairs: number;
    /** Rows that lack one of both. */
    incomplete: number;
  };
  problems: number;
  /** Problems past the first million are only counted. */
  problems_kept: number;
  rot13: {
    /** Letters are turned. */
    turned: boolean;
    /** It would read better turned once more. */
    offered: boolean;
    letters: number;
    /** Mean gain of a letter in bits, positive where turning makes it likelier. */
    gain_bits: number;
  };
}

/** What is asked of a table beside its bytes. */
export interface TableReading {
  /** A column by hand: its number from 1, or a word of the header. */
  name?: string;
  tag?: string;
  /** Whether the first row names columns; left out: as found. */
  header?: boolean;
  /** Turns letters by 13. */
  rot13?: boolean;
}

/** Which rows are shown, and in what order. */
export interface TableArrangement {
  /** A text that a cell holds, ASCII letters in either case. */
  find?: string;
  /** Where; left out: in any column. */
  column?: number | null;
  /** Only tags of one token, of several, or those that have a token (its id). */
  tokens?: string;
  /** A column, the number of tokens, or the file's order. */
  sort?: number | 'tokens' | 'file';
  descending?: boolean;
}

export interface TableRow {
  row: number;
  line: number;
  /** Cut where they are long. */
  cells: string[];
  /** Ids of the column that was tokenized. */
  tokens?: number[];
}

export interface TableProblem {
  line: number;
  /** From 1. */
  column: number;
  row: number;
  fault:
    | 'control-character'
    | 'replacement-character'
    | 'invalid-utf8'
    | 'text-after-quote'
    | 'unclosed-quote'
    | 'long-cell'
    | 'missing-cells'
    | 'extra-cells';
  what: string;
}

export interface TableTokensOptions {
  /** The column of the tags. */
  column: number;
  tokenizer?: string;
  profile?: string;
}

/** What the tags of a column have in common as tokens. */
export interface TableTokens {
  /** Rows whose tag is one token. */
  one: number;
  /** Rows by how many tokens their tag is. */
  by_tokens: Record<string, number>;
  /** Ids that two rows or more have, those of most rows first, at most 100. */
  shared: { id: number; text: string; rows: number }[];
  shared_count: number;
}

export type TableForm = 'csv' | 'tagcomplete';

/** A table stays open in the worker under its handle. */
export interface TablesApi {
  open(bytes: Uint8Array, delimiter: string): Promise<Reply<{ handle: number; bytes: number }>>;
  close(handle: number): Promise<Reply<null>>;
  read(handle: number, budgetBytes: number): Promise<Reply<{ done: boolean; bytes: number }>>;
  describe(handle: number, reading: TableReading): Promise<Reply<TableInfo>>;
  arrange(handle: number, arrangement: TableArrangement): Promise<Reply<{ rows: number }>>;
  rows(handle: number, begin: number, end: number, cellBytes: number): Promise<Reply<TableRow[]>>;
  /** All records in the file's order, as the JSON text of an array of arrays. */
  recordsJson(handle: number, begin: number, end: number): Promise<Reply<string>>;
  placeOf(handle: number, row: number): Promise<Reply<{ place: number | null }>>;
  problems(handle: number, begin: number, end: number): Promise<Reply<TableProblem[]>>;
  pairs(handle: number, begin: number, end: number, viewed: boolean): Promise<Reply<Pair[]>>;
  export(
    handle: number,
    form: TableForm,
    begin: number,
    end: number,
  ): Promise<Reply<Uint8Array<ArrayBuffer>>>;
  tokenize(
    handle: number,
    options: TableTokensOptions,
    budgetRows: number,
  ): Promise<Reply<{ done: boolean; rows: number } & Partial<TableTokens>>>;
}
