/** What evidence lacks where a claim names an encoder whose file is not at hand. */
import type { Judged } from './words.js';

/** A sentence with its stop; '' where nothing is missing. */
export function missingEncoder({ claim, evidence }: Judged): string {
  const { encoder } = claim;
  if (encoder === null || evidence.some(({ kind }) => kind === 'embedding')) return '';
  return `The claim names the encoder with the SHA-256 ${encoder}, which was not given: how near the tags lie to their names in it is missing here. Verdict and digest do without it.`;
}
