/** The calls of the digests module as Embind exposes them (wasm/bindings/digests.cpp). */
export interface DigestsBinding {
  version(): string;
  /** Method ids, one a line. */
  digests(): string;
  /** The buffer in the module's memory that is read from; the same, and valid, for ever. */
  staging(): Uint8Array;
  /** A handle, or 0 where there is no such digest. */
  start(id: string): number;
  /** Digests [begin, end) of the buffer; false where the handle is not open. */
  update(handle: number, begin: number, end: number): boolean;
  /** Ends the handle; empty where it was not open. */
  finish(handle: number): Uint8Array;
  cancel(handle: number): void;
  /** Texts lie one after another in the buffer, from 0, and end at `ends`. */
  digestMany(id: string, ends: Uint32Array): Uint8Array;
}

/** The default export of digests.mjs. */
export type DigestsFactory = (options: { wasmBinary: Uint8Array }) => Promise<DigestsBinding>;
