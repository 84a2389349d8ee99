/** Token ids as people type them: numbers with anything sensible between, brackets around or not. */
import { count } from '../../engine/show.js';

/** More would not be read in one go. */
export const MAX_IDS = 100_000;

export type IdList = { ids: number[] } | { error: string };

/** The ids of "[320, 2368]" or "320 2368". */
export function idsOf(text: string): IdList {
  const ids: number[] = [];
  for (const match of text.matchAll(/[^\s,;[\]]+/g)) {
    const [word] = match;
    if (!/^\d{1,9}$/.test(word)) {
      const shown = word.length > 24 ? `${word.slice(0, 23)}…` : word;
      return {
        error: `“${shown}” at character ${match.index + 1} is no id: ids are whole numbers`,
      };
    }
    if (ids.length === MAX_IDS) {
      return { error: `more than ${count(MAX_IDS)} ids are not read at once` };
    }
    ids.push(Number(word));
  }
  return { ids };
}
