/** Rows of texts that were encoded, so that a comparison which changes costs only what is new. */
import type { Encoder } from './encoder.js';

/** Past it everything is forgotten: simpler than to choose, and rare. */
const MAX_BYTES = 128 * 1024 ** 2;

const memories = new WeakMap<Encoder, Map<string, Float32Array>>();

export interface RowsOptions {
  signal?: AbortSignal;
  /** Of the texts that are not known yet. */
  onProgress?: (progress: { texts: number; total: number }) => void;
}

/** One row for each text, in order. The encoder must give one for a text. */
export async function rowsOf(
  encoder: Encoder,
  texts: readonly string[],
  options: RowsOptions = {},
): Promise<Float32Array[]> {
  const known = memories.get(encoder) ?? new Map<string, Float32Array>();
  memories.set(encoder, known);
  const found = texts.map((text) => known.get(text));
  const missing = [...new Set(texts.filter((_, i) => found[i] === undefined))];
  if (missing.length === 0) return found.filter((row) => row !== undefined);
  const { width } = encoder.info;
  const { data } = await encoder.encode(missing, options);
  const fresh = new Map(
    missing.map((text, i) => [text, data.subarray(i * width, (i + 1) * width)]),
  );
  const bytes = (known.size + fresh.size) * width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > MAX_BYTES) known.clear();
  for (const [text, row] of fresh) known.set(text, row);
  const none = new Float32Array(width);
  return texts.map((text, i) => found[i] ?? fresh.get(text) ?? none);
}
