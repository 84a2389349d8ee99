import type { Failure, RecipeInfo } from '../../engine/browser.js';

/** How a recipe's text reads by itself. */
export type RecipeState =
  | { kind: 'empty' }
  | { kind: 'read'; info: RecipeInfo }
  | { kind: 'wrong'; failure: Failure };
