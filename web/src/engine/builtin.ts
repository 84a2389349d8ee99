/** What the encoder that comes with the program is called. */
import type { EncoderInfo } from '../protocol/encoder-api.js';
import type { BuiltinId } from '../protocol/model-api.js';

/** By which it is opened: `engine.openEncoder({ model: BUILTIN_ID })`. */
export const BUILTIN_ID: BuiltinId = 'builtin';
/** What it knows, and what it is not: goes into every result. */
export const BUILTIN_NOTE = 'built-in, English words; not the image model’s encoder';

/** What every result says of the built-in encoder; nothing of another. @internal */
export function noteOf({ builtin }: EncoderInfo): { note?: string } {
  return builtin ? { note: BUILTIN_NOTE } : {};
}
