/** The words of a failure as a sentence: with a stop, unless they end in one. */
export function stopped(what: string): string {
  return /[.?!]$/.test(what) ? what : `${what}.`;
}
