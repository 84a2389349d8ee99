/** Searching workers, opened when they are needed; one search at a time has them all. */
import type { SearchApi } from '../protocol/search-api.js';
import { EngineError } from './error.js';

/** One worker. */
export interface Searcher {
  search: SearchApi;
  /** Rejects if the worker dies. */
  broken: Promise<never>;
  /** Node: a busy worker keeps the program alive, an idle one does not. */
  setBusy?(busy: boolean): void;
  close(): void;
}

/** What a platform offers for searching. */
export interface SearchPlatform {
  /** How many workers are worth having. */
  width: number;
  open(): Promise<Searcher>;
}

/** @internal */
export class SearchPool {
  readonly #platform: SearchPlatform;
  readonly #open: Searcher[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(platform: SearchPlatform) {
    this.#platform = platform;
  }

  get width(): number {
    return this.#platform.width;
  }

  /**
   * Runs `work` when it is its turn. It asks for workers as it needs them, from 0 up; they are
   * its own until it settles. (A worker's proxy answers to any name, `then` too: it is not
   * to be awaited itself.)
   */
  run<T>(
    signal: AbortSignal | undefined,
    work: (worker: (index: number) => Promise<Searcher>) => Promise<T>,
  ): Promise<T> {
    const mine = this.#turn.then(() => {
      if (this.#closed) throw closed();
      signal?.throwIfAborted();
      return this.#run(work);
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #run<T>(work: (worker: (index: number) => Promise<Searcher>) => Promise<T>): Promise<T> {
    let fail: (reason: unknown) => void = () => undefined;
    const broken = new Promise<never>((_, reject) => {
      fail = reject;
    });
    broken.catch(() => undefined);
    const used = new Set<Searcher>();
    let over = false;
    const worker = async (index: number) => {
      let searcher = this.#open[index];
      if (searcher === undefined) {
        searcher = await this.#platform.open();
        if (this.#closed) {
          searcher.close();
          throw closed();
        }
        const opened = searcher;
        opened.broken.catch(() => {
          const at = this.#open.indexOf(opened);
          if (at >= 0) this.#open.splice(at, 1);
        });
        this.#open[index] = opened;
      }
      if (over) {
        // It came too late for this work; the next one finds it.
        searcher.setBusy?.(false);
        throw closed();
      }
      if (!used.has(searcher)) {
        used.add(searcher);
        searcher.broken.catch(fail);
        searcher.setBusy?.(true);
      }
      return searcher;
    };
    try {
      return await Promise.race([work(worker), broken]);
    } finally {
      over = true;
      for (const searcher of used) searcher.setBusy?.(false);
    }
  }

  close(): void {
    this.#closed = true;
    // Those that are still opening have left holes; they are closed when they come.
    for (const searcher of this.#open.splice(0)) searcher?.close();
  }
}

function closed(): EngineError {
  return new EngineError({ code: 'closed', where: 'engine', what: 'is closed' });
}
