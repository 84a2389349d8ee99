/** What one panel hands to another. */
import { getContext, setContext } from 'svelte';
import type { ClaimInput } from '../../engine/browser.js';

/** An input of a recipe, as its panel takes it. */
export interface SentInput {
  as: 'text' | 'hex';
  text: string;
}

export interface Sends {
  /** Cuts a text into tokens. */
  toTokens(text: string): void;
  /** Runs a recipe; what is left out stays as it is there. */
  toRecipe(sent: { recipe?: string; input?: SentInput }): void;
  /** Compares two texts in the encoder that is open; without a name, with the one that is there. */
  toSimilarity(sent: { tag: string; name?: string }): void;
  /** Examines a claim. */
  toClaim(claim: ClaimInput): void;
}

const KEY = Symbol('sends');

/** To be called by the page, before its panels are made. */
export function offerSends(sends: Sends): void {
  setContext(KEY, sends);
}

/** To be called while a component is made. */
export function sendsOf(): Sends {
  return getContext<Sends>(KEY);
}
