/** The calls of the search module as Embind exposes them (wasm/bindings/search.cpp). */
export interface SearchBinding {
  version(): string;
  loadVocabulary(name: string, bytes: Uint8Array): string;
  /** Not wrapped in {"ok": …}. */
  spaces(most: number): string;
  contains(space: string, recipe: string, textsJson: string): string;
  open(claimJson: string): string;
  openDocument(documentJson: string, strict: boolean): string;
  run(handle: number, begin: number, end: number): string;
  runEvery(handle: number, begin: number, end: number, step: number): string;
  save(handle: number): Uint8Array;
  merge(handle: number, part: Uint8Array): string;
  mergeShard(handle: number, part: Uint8Array, index: number, of: number): string;
  reached(handle: number, pair: number): Uint8Array;
  finish(handle: number): string;
  finishReplay(handle: number, documentJson: string, strict: boolean): string;
  close(handle: number): void;
  openLists(listsJson: string): string;
  runListUnit(handle: number, unit: number, names: number): string;
  listRecord(handle: number): Uint8Array;
  addListRecord(handle: number, unit: number, record: Uint8Array): string;
  listHits(handle: number, begin: number, end: number): Uint8Array;
  finishLists(handle: number): string;
}

/** The default export of search.mjs. */
export type SearchFactory = (options: { wasmBinary: Uint8Array }) => Promise<SearchBinding>;
