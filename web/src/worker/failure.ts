import type { Failure } from '../protocol/results.js';

export function failure(code: string, where: string, what: string): { error: Failure } {
  return { error: { code, where, what } };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
