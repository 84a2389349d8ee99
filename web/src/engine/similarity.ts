/** The similarity module behind the engine: opened by the first call that needs it. */
import type { Reply } from '../protocol/core-api.js';
import type { SimilarityApi } from '../protocol/similarity-api.js';
import { EngineError } from './error.js';
import { answered } from './reply.js';

/** One opened module. */
export interface SimilarityConnection {
  similarity: SimilarityApi;
  /** Rejects if the other side dies. */
  broken?: Promise<never>;
  close(): void;
}

/** What a platform offers. */
export interface SimilarityPlatform {
  open(): Promise<SimilarityConnection>;
}

/** @internal */
export class SimilarityClient {
  readonly #platform: SimilarityPlatform;
  #connection: Promise<SimilarityConnection> | undefined;
  #closed = false;

  constructor(platform: SimilarityPlatform) {
    this.#platform = platform;
  }

  /** Errors: the call's, `asset-unavailable`, `internal`, `closed`. */
  async ask<T>(call: (similarity: SimilarityApi) => Promise<Reply<T>>): Promise<T> {
    const { similarity, broken } = await this.#open();
    const reply = call(similarity);
    return answered(await (broken === undefined ? reply : Promise.race([reply, broken])));
  }

  close(): void {
    this.#closed = true;
    this.#connection?.then(({ close }) => close()).catch(() => undefined);
  }

  #open(): Promise<SimilarityConnection> {
    if (this.#closed) {
      return Promise.reject(
        new EngineError({ code: 'closed', where: 'engine', what: 'is closed' }),
      );
    }
    if (this.#connection === undefined) {
      const opening = this.#platform.open();
      this.#connection = opening;
      // The next call may find the network back, or a Worker that lives.
      const forget = () => {
        if (this.#connection === opening) this.#connection = undefined;
      };
      opening.then(({ broken }) => broken?.catch(forget), forget);
    }
    return this.#connection;
  }
}
