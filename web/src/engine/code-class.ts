/** Codes, strings of a few letters a–z, and the classes that they fall into by their tokens. */

const A = 'a'.charCodeAt(0);
const LETTERS = 26;
/** Beyond this the class of a code is not defined (docs: null T is exact up to four letters). */
export const MAX_CODE_LETTERS = 4;

/** Whether a text is a code: one to four letters of a–z. */
export function isCode(text: string): boolean {
  return new RegExp(`^[a-z]{1,${MAX_CODE_LETTERS}}$`).test(text);
}

/** The i-th code of that length in alphabetical order, from 0. */
export function codeAt(i: number, length: number): string {
  let rest = i;
  let code = '';
  for (let at = 0; at < length; ++at) {
    code = String.fromCharCode(A + (rest % LETTERS)) + code;
    rest = Math.floor(rest / LETTERS);
  }
  return code;
}

/** All codes of that length in alphabetical order. */
export function codesOf(length: number): string[] {
  return Array.from({ length: LETTERS ** length }, (_, i) => codeAt(i, length));
}

/**
 * Where the codes of a class stand in alphabetical order, `except` left out. `counts`: the
 * tokens of every code of that length, as an atlas has them.
 */
export function classMembers(
  counts: Uint8Array,
  length: number,
  tokens: number,
  except: string,
): number[] {
  const members: number[] = [];
  for (const [i, count] of counts.entries()) {
    if (count === tokens && codeAt(i, length) !== except) members.push(i);
  }
  return members;
}

/**
 * A string of letters as a number below `below`, all but as likely: of eight letters the
 * least likely is rarer than the likeliest by less than `below` / 26⁸.
 */
export function numberOf(letters: string, below: number): number {
  let number = 0;
  for (const letter of letters) number = number * LETTERS + (letter.charCodeAt(0) - A);
  return number % below;
}
