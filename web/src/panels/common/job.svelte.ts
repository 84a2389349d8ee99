/** One kind of work of a panel: a new run gives up the one before, and progress shows once it lasts. */
import type { Failure } from '../../engine/browser.js';
import { failureOf } from './failure.js';
import { UNSEEN_MS, type Work } from './work.js';

export type Report = (done: number, total: number, what?: string) => void;

export class Job {
  /** Under way. */
  busy = $state(false);
  /** Under way for a while. */
  work: Work | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  #turn = 0;
  #cancel: AbortController | null = null;

  /** Answers how it ended. `where` names the subject of what goes wrong without a name. */
  async run(
    what: string,
    where: string,
    work: (signal: AbortSignal, report: Report) => Promise<void>,
  ): Promise<'done' | 'given-up' | 'failed'> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.failure = null;
    this.busy = true;
    const now: Work = { what, done: 0, total: 0 };
    const timer = setTimeout(() => {
      if (turn === this.#turn) this.work = { ...now };
    }, UNSEEN_MS);
    try {
      await work(cancel.signal, (done, total, stage = what) => {
        Object.assign(now, { what: stage, done, total });
        if (turn === this.#turn && this.work !== null) this.work = { ...now };
      });
      return cancel.signal.aborted ? 'given-up' : 'done';
    } catch (error) {
      if (cancel.signal.aborted) return 'given-up';
      this.failure = failureOf(error, where);
      return 'failed';
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) {
        this.work = null;
        this.busy = false;
      }
    }
  }

  cancel(): void {
    this.#cancel?.abort();
  }
}
