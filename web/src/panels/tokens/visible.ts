import { escapeControls } from '../../engine/show.js';

/** A token's text on its chip: blanks drawn, what would be invisible escaped. */
export function visible(text: string): string {
  return text === '' ? '∅' : escapeControls(text).replaceAll(' ', '␣');
}
