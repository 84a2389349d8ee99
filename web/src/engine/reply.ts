import type { Reply } from '../protocol/core-api.js';
import { EngineError } from './error.js';

/** The answer, or the failure thrown as an EngineError. */
export function answered<T>(reply: Reply<T>): T {
  if ('error' in reply) throw new EngineError(reply.error);
  return reply.ok;
}
