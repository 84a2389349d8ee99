/**
 * The core module's calls as Embind exposes them (wasm/bindings). Every string
 * answer but version() is JSON, {"ok": …} or {"error": …} except catalog().
 */
export interface CoreBinding {
  version(): string;
  catalog(): string;
  readRecipe(source: string): string;
  runRecipe(source: string, kind: 'text' | 'bytes', input: Uint8Array): string;
  loadVocabulary(name: string, bytes: Uint8Array): string;
  loadTextTables(bytes: Uint8Array): string;
  verify(claimJson: string): string;
  replay(documentJson: string, strict: boolean): string;
}

/** The default export of tagscope.mjs. */
export type CoreFactory = (options: { wasmBinary: Uint8Array }) => Promise<CoreBinding>;
