/** The vocabularies that recipes cut text by. */
import type { Vocabulary } from '../protocol/core-api.js';

const VOCABULARIES: readonly Vocabulary[] = ['clip', 'gpt2', 'cl100k', 'o200k'];

/** Those whose name stands anywhere in the text: too often costs milliseconds, too seldom an answer. */
export function vocabulariesIn(text: string): Vocabulary[] {
  return VOCABULARIES.filter((name) => text.includes(name));
}
