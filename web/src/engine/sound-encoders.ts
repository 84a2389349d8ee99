import type { CheckpointEncoder, Inspected } from '../protocol/checkpoint.js';
import { EngineError, inside } from './error.js';

/**
 * The encoders of a file that can be opened: one of which any is unfit is refused, as
 * `openEncoder` does. Errors: `encoder-incomplete`, `encoder-shape`.
 */
export function soundEncoders({
  name = '',
  encoders,
  unfit: [unfit],
}: Pick<Inspected, 'encoders' | 'unfit'> & { name?: string }): readonly CheckpointEncoder[] {
  if (unfit === undefined) return encoders;
  throw inside(new EngineError(unfit.error), name || 'input');
}
