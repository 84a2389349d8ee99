/** As many are remembered. */
const MOST = 50;

/** Actions that lost something, the last one first. */
export class UndoList {
  readonly #done: { what: string; restore: () => void }[] = [];
  // A text field undoes what was typed since; before that, the last action is meant.
  #typed = false;

  add(what: string, restore: () => void): void {
    this.#done.push({ what, restore });
    if (this.#done.length > MOST) this.#done.shift();
    this.#typed = false;
  }

  /** To be called when a field is typed into. */
  typed(): void {
    this.#typed = true;
  }

  /** Whether Ctrl+Z in a text field means the last action. */
  get comesFirst(): boolean {
    return !this.#typed && this.#done.length > 0;
  }

  /** What was done can not be taken back any more. */
  forget(): void {
    this.#done.length = 0;
  }

  /** Takes the last action back, and answers what it was; null where there is none. */
  back(): string | null {
    const last = this.#done.pop();
    last?.restore();
    return last?.what ?? null;
  }
}
