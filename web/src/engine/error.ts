import type { Failure } from '../protocol/results.js';

/**
 * Bad input, or an input that cannot be had: what every call of the engine throws.
 * `message` is made for people ("recipe, step 2: …"); programs look at `code`.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.where === '' ? failure.what : `${failure.where}: ${failure.what}`);
    this.failure = failure;
  }

  /** Stable and kebab-case: "unknown-method". */
  get code(): string {
    return this.failure.code;
  }
}

/**
 * The same failure seen from the file: "model.safetensors, tensor "a"".
 * @internal
 */
export function inside(error: EngineError, name: string): EngineError {
  const { where } = error.failure;
  if (where === name || error.code === 'asset-unavailable' || error.code === 'closed') return error;
  return new EngineError({ ...error.failure, where: where === '' ? name : `${name}, ${where}` });
}
