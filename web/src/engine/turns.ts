/** A turn for timers and signals, now and then, in long work that else would leave them none. */

const TURN_MS = 50;

// Node, where modules answer in the caller's own thread: what awaits them goes on before any
// timer. In a page they answer from Workers, and other events come between.
const { setImmediate: soon } = globalThis as { setImmediate?: (call: () => void) => unknown };

export class Turns {
  #due = performance.now() + TURN_MS;

  /** Throws the signal's reason once that is aborted. */
  async next(signal?: AbortSignal): Promise<void> {
    if (soon !== undefined && performance.now() >= this.#due) {
      await new Promise<void>((resolve) => {
        soon(resolve);
      });
      this.#due = performance.now() + TURN_MS;
    }
    signal?.throwIfAborted();
  }
}
