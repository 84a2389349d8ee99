import { EngineError, type Failure } from '../../engine/browser.js';

/** What went wrong, whatever was thrown; `where` of what is no error of the engine. */
export function failureOf(error: unknown, where = 'page'): Failure {
  if (error instanceof EngineError) return error.failure;
  const what = error instanceof Error ? error.message : String(error);
  return { code: 'internal', where, what };
}
