/**
 * The tokens module's calls as Embind exposes them (wasm/bindings/tokens.cpp). Every string
 * answer but version() is JSON, {"ok": …} or {"error": …}.
 */
export interface TokensBinding {
  version(): string;
  loadVocabulary(name: string, bytes: Uint8Array): string;
  tokenize(text: string, optionsJson: string): string;
  prompt(text: string, optionsJson: string): string;
  decode(idsJson: string, optionsJson: string): string;
  pieces(idsJson: string, optionsJson: string): string;
  merges(text: string, optionsJson: string): string;
  atlas(letters: number, optionsJson: string): string;
  /** Of the atlas made last. */
  atlasCounts(): Uint8Array<ArrayBuffer>;
  /** A view of `size` bytes for a batch's texts; dies with the next call. */
  staging(size: number): Uint8Array;
  /** The staged texts; the calls below answer what it made. */
  tokenizeMany(ends: Uint32Array, optionsJson: string): string;
  manyIds(): Uint32Array<ArrayBuffer>;
  manyOffsets(): Uint32Array<ArrayBuffer>;
  manySpans(): Uint32Array<ArrayBuffer>;
  /** Lets go of a batch's memory. */
  forgetMany(): void;
  tableOpen(bytes: Uint8Array, delimiter: string): string;
  tableClose(handle: number): void;
  tableRead(handle: number, budgetBytes: number): string;
  tableDescribe(handle: number, optionsJson: string): string;
  tableArrange(handle: number, optionsJson: string): string;
  tableRows(handle: number, begin: number, end: number, cellBytes: number): string;
  tableRecords(handle: number, begin: number, end: number): string;
  tablePlace(handle: number, row: number): string;
  tableProblems(handle: number, begin: number, end: number): string;
  tablePairs(handle: number, begin: number, end: number, viewed: boolean): string;
  tableExport(handle: number, form: string, begin: number, end: number): string;
  /** The bytes of the export made last. */
  tableExported(): Uint8Array<ArrayBuffer>;
  tableTokenize(handle: number, optionsJson: string, budgetRows: number): string;
}

/** The default export of tokens.mjs. */
export type TokensFactory = (options: { wasmBinary: Uint8Array }) => Promise<TokensBinding>;
