/** A few digesting workers, opened when they are needed, given out in turn. */
import type { DigestApi } from '../protocol/digest-api.js';
import { EngineError } from './error.js';

/** Past this many, reading sets the pace, or the slowest digest. */
export const MAX_DIGESTERS = 4;

/** One worker. */
export interface Digester {
  digests: DigestApi;
  /** Rejects if the worker dies. */
  broken: Promise<never>;
  /** Node: a busy worker keeps the program alive, an idle one does not. */
  setBusy?(busy: boolean): void;
  close(): void;
}

/** What a platform offers for digesting. */
export interface DigestPlatform {
  /** How many workers are worth having. */
  width: number;
  open(): Promise<Digester>;
  /** The digests in this very thread, for inputs that are not worth a worker. */
  here?(): Promise<DigestApi>;
  /** Size of a file; null where it is none (a pipe) and can be read once only. */
  sizeOf?(path: string): Promise<number | null>;
  /** A copy of `bytes` that a worker may take over. */
  send(bytes: Uint8Array): Uint8Array;
}

interface Waiting {
  need: number;
  start(digesters: Digester[]): void;
  fail(reason: unknown): void;
}

/** @internal */
export class DigestPool {
  readonly platform: DigestPlatform;
  #idle: Digester[] = [];
  #open = new Set<Digester>();
  #opening = 0;
  #queue: Waiting[] = [];
  #closed = false;

  constructor(platform: DigestPlatform) {
    this.platform = platform;
  }

  get width(): number {
    return this.platform.width;
  }

  /**
   * Runs `work` with `need` workers, first come first served. Whoever waits may give up by
   * `signal`; what is under way looks at it by itself. Errors: `asset-unavailable`, `internal`.
   */
  async run<T>(
    need: number,
    signal: AbortSignal | undefined,
    work: (digests: DigestApi[]) => Promise<T>,
  ): Promise<T> {
    const digesters = await this.#acquire(need, signal);
    const broken = Promise.race(digesters.map((digester) => digester.broken));
    broken.catch(() => undefined);
    try {
      for (const { setBusy } of digesters) setBusy?.(true);
      return await Promise.race([work(digesters.map(({ digests }) => digests)), broken]);
    } finally {
      for (const digester of digesters) this.#release(digester);
    }
  }

  close(): void {
    this.#closed = true;
    for (const digester of this.#open) digester.close();
    this.#open.clear();
    this.#idle = [];
    for (const { fail } of this.#queue.splice(0)) fail(closed());
  }

  #acquire(need: number, signal: AbortSignal | undefined): Promise<Digester[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed());
      if (signal?.aborted) return reject(signal.reason);
      const settle = () => signal?.removeEventListener('abort', giveUp);
      const waiting: Waiting = {
        need: Math.min(need, this.width),
        start: (digesters) => {
          settle();
          resolve(digesters);
        },
        fail: (reason) => {
          settle();
          reject(reason);
        },
      };
      const giveUp = () => {
        this.#queue = this.#queue.filter((one) => one !== waiting);
        reject(signal?.reason);
        this.#serve();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#queue.push(waiting);
      this.#serve();
    });
  }

  #serve(): void {
    for (;;) {
      const [first] = this.#queue;
      if (first === undefined || this.#closed) return;
      if (this.#idle.length < first.need) {
        this.#openMore(first.need - this.#idle.length);
        return;
      }
      this.#queue.shift();
      first.start(this.#idle.splice(-first.need));
    }
  }

  #openMore(missing: number): void {
    const room = this.width - this.#open.size;
    while (this.#opening < Math.min(missing, room)) {
      ++this.#opening;
      this.platform.open().then(
        (digester) => {
          --this.#opening;
          if (this.#closed) return digester.close();
          digester.broken.catch(() => this.#forget(digester));
          this.#open.add(digester);
          this.#release(digester);
        },
        (reason: unknown) => {
          --this.#opening;
          this.#queue.shift()?.fail(reason);
          this.#serve();
        },
      );
    }
  }

  #release(digester: Digester): void {
    digester.setBusy?.(false);
    if (this.#open.has(digester)) this.#idle.push(digester);
    this.#serve();
  }

  #forget(digester: Digester): void {
    this.#open.delete(digester);
    this.#idle = this.#idle.filter((one) => one !== digester);
    this.#serve();
  }
}

function closed(): EngineError {
  return new EngineError({ code: 'closed', where: 'engine', what: 'is closed' });
}
