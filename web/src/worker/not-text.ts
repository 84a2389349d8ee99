import type { Failure } from '../protocol/results.js';
import { failure } from './failure.js';

/**
 * A JavaScript string may hold half a surrogate pair, which has no UTF-8 form; the
 * boundary would change it silently.
 */
export function notText(where: string, text: string): { error: Failure } | undefined {
  const at = text.search(/\p{Surrogate}/u);
  if (at < 0) return undefined;
  const unit = text.charCodeAt(at).toString(16).toUpperCase();
  return failure('invalid-text', where, `has a lone surrogate U+${unit} at UTF-16 offset ${at}`);
}
