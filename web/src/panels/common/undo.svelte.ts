/**
 * What can be taken back: actions that lose something, such as removing a row. Typing is the
 * field's own to undo.
 */
import { UndoList } from './undo-list.js';

const OFFERED_MS = 8000;

class Undo {
  /** The last action, for as long as the page offers to take it back. */
  offered: string | null = $state(null);
  /** What was taken back, for a short while. */
  said = $state('');

  readonly #list = new UndoList();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** To be called with every action that loses something. `what`: "Step 2 removed". */
  add(what: string, restore: () => void): void {
    this.#list.add(what, restore);
    this.#tell(what, '');
  }

  /** To be called where something else was opened in the place of what the actions changed. */
  forget(): void {
    this.#list.forget();
    this.#tell(null, '');
  }

  /** To be called when a field is typed into. */
  typed(): void {
    this.#list.typed();
  }

  /** Whether Ctrl+Z in a text field means the last action. */
  get comesFirst(): boolean {
    return this.#list.comesFirst;
  }

  /** Takes the last action back; false where there is none. */
  back(): boolean {
    const what = this.#list.back();
    if (what === null) return false;
    this.#tell(null, `Taken back: ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
    return true;
  }

  #tell(offered: string | null, said: string): void {
    this.offered = offered;
    this.said = said;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.offered = null;
      this.said = '';
    }, OFFERED_MS);
  }
}

/** The page's one list. */
export const undo = new Undo();
