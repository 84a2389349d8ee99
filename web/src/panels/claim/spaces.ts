/**
 * The spaces as a form offers them before the search module is there. A version of a
 * space never changes, so its numbers can stand here; a test asks the engine for them.
 */
import { counted } from '../../engine/show.js';
import { type ClaimForm, filledRows } from './claim-form.js';

export interface OfferedSpace {
  id: string;
  /** What it holds, in a few words. */
  summary: string;
  /** Recipes for tags of 1, 2, … characters, without words of a claim. */
  recipes: readonly number[];
  /** What each word of the claim adds. */
  perWord: readonly number[];
}

/** The quickest first. */
export const SPACES: readonly OfferedSpace[] = [
  {
    id: 'substitution@1',
    summary: 'each character by itself, and a part in a row of what comes out',
    recipes: Array.from({ length: 8 }, () => 1127460),
    perWord: Array.from({ length: 8 }, () => 0),
  },
  {
    id: 'quick@1',
    summary: 'the simplest ciphers, the commonest digests, both ends',
    recipes: [29148, 29148, 29148, 29132, 29132, 29132, 29132, 29100],
    perWord: Array.from({ length: 8 }, () => 0),
  },
  {
    id: 'standard@1',
    summary: 'a cipher, a digest, an encoding and every window',
    recipes: [2194624, 2161976, 2129328, 2095408, 2064032, 2032656, 2001280, 1966088],
    perWord: Array.from({ length: 8 }, () => 0),
  },
  {
    id: 'deep@1',
    summary: 'spellings of the name, two ciphers in a row, one-byte keys and the claim’s words',
    recipes: [
      104402340, 117784380, 114995832, 112521276, 109897200, 107953440, 105987252, 103864068,
    ],
    perWord: [670320, 756240, 738336, 722448, 705600, 693120, 680496, 666864],
  },
];

/** Recipes a second that a search is taken to try before one was measured. */
export const USUAL_RATE = 4_000_000;

const MOST_WORDS = 64;

/**
 * Recipes of a space for the pairs of a form, and whether that is exact: it is for tags of one
 * length up to 8 where no words are added. null: there are no tags.
 */
export function sizeOf(
  space: OfferedSpace,
  form: ClaimForm,
): { recipes: number; exact: boolean } | null {
  const rows = filledRows(form).filter(({ tag }) => tag !== '');
  if (rows.length === 0) return null;
  // Each length is a space of its own.
  const lengths = [...new Set(rows.map(({ tag }) => [...tag].length))];
  const places = lengths.map((length) => Math.min(length, space.recipes.length) - 1);
  const sum = (numbers: readonly number[]) =>
    places.reduce((all, at) => all + (numbers[at] ?? 0), 0);
  const perWord = sum(space.perWord);
  return {
    recipes: sum(space.recipes) + (perWord === 0 ? 0 : perWord * wordsOf(form).size),
    exact: perWord === 0 && lengths.length === 1 && Math.max(...lengths) <= space.recipes.length,
  };
}

/** "under a second", "about 40 seconds". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under a second';
  if (seconds < 90) return `about ${counted(Math.ceil(seconds), 'second')}`;
  return `about ${counted(Math.round(seconds / 60), 'minute')}`;
}

// Runs of 2 to 32 letters in the names and the title.
function wordsOf(form: ClaimForm): Set<string> {
  const texts = [...filledRows(form).map(({ name }) => name), form.title];
  const runs = texts.flatMap((text) => text.match(/[a-z]+/gi) ?? []);
  return new Set(runs.filter((run) => run.length >= 2 && run.length <= 32).slice(0, MOST_WORDS));
}
