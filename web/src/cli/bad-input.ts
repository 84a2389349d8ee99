import { EngineError } from '../engine/error.js';

/** The error that ends a command with exit code 2. */
export function badInput(where: string, what: string, code = 'bad-input'): EngineError {
  return new EngineError({ code, where, what });
}

/** The same failure seen from one level further out: "claim.json" + "line 3, column 7". */
export function within(subject: string, error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const { where } = error.failure;
  return new EngineError({
    ...error.failure,
    where: where === '' ? subject : `${subject}, ${where}`,
  });
}
