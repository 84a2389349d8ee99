/** The engine's calls over a core that runs in a Worker or in the same thread. */
import type { CoreApi, CoreReplayed, CoreVerified, Reply } from '../protocol/core-api.js';
import type {
  ClaimInput,
  Failure,
  FileDigests,
  LinkDocument,
  MethodInfo,
  RecipeInfo,
  Replayed,
  RunResult,
  Tokenized,
  TokenizeOptions,
  Verified,
} from '../protocol/results.js';
import { EngineError } from './error.js';
import { type HashOptions, type HashSource, hashSource, type Sender } from './hash.js';
import { decodeLink, encodeLink, linkBase } from './link.js';
import { answered } from './reply.js';

export interface EngineOptions {
  /**
   * Address of the folder that holds tagscope.mjs, tagscope.wasm and clip.vocab.
   * A query (`core/?v=…`) goes to every file. Left out: the folder `core` beside the engine, as the npm package has it.
   */
  assets?: string | URL;
  /** Where links lead: the page's address. Left out: the package's home page. */
  base?: string;
}

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface VerifyOptions extends CallOptions {
  /** Where the link leads, instead of the engine's base. */
  base?: string;
}

/**
 * The whole of Tagscope. Every call rejects with an {@link EngineError} where the
 * input is at fault, and with nothing else but a signal's reason.
 */
export interface Engine {
  /** The core's version. */
  readonly version: string;

  /** Every method of the recipe language, in the catalog's order. */
  methods(options?: CallOptions): Promise<MethodInfo[]>;

  /** Reads a recipe without running it. Errors point into the text (`failure.span`). */
  recipe(source: string, options?: CallOptions): Promise<RecipeInfo>;

  /** Runs a recipe on a text or on bytes. */
  run(recipe: string, input: string | Uint8Array, options?: CallOptions): Promise<RunResult>;

  /** The token ids of a text, with what each stands for. */
  tokenize(text: string, options?: TokenizeOptions & CallOptions): Promise<Tokenized>;

  /** The text that token ids stand for. */
  decode(
    ids: readonly number[],
    options?: { tokenizer?: string } & CallOptions,
  ): Promise<{ text: string }>;

  /**
   * Examines a claim and judges it. `claim` is an object, or the JSON text of one
   * (errors then name line and column). Pure: the same claim gives the same answer.
   */
  verify(claim: ClaimInput | string, options?: VerifyOptions): Promise<Verified>;

  /**
   * Recomputes what a link or a replay file states. A string is a link, its fragment,
   * its payload, or (where it begins with a brace) a document's JSON text.
   */
  replay(stated: string | LinkDocument, options?: VerifyOptions): Promise<Replayed>;

  /** Digests of a file, blob, stream or bytes, in flat memory. */
  hash(source: HashSource, options?: HashOptions): Promise<FileDigests>;

  /** Ends the Worker, if there is one; calls under way and later ones reject (`closed`). */
  close(): void;
}

/** How the client reaches its core. @internal */
export interface Connection {
  core: CoreApi;
  send: Sender;
  /** Rejects if the other side dies. */
  broken?: Promise<never>;
  close(): void;
}

/** @internal */
export async function connect(connection: Connection, base: string): Promise<Engine> {
  const version = answered(await connection.core.version());
  return new Client(connection, version, base);
}

class Client implements Engine {
  readonly version: string;
  readonly #connection: Connection;
  readonly #base: string;
  readonly #ended: Promise<never>;
  #end: (reason: EngineError) => void = () => undefined;
  #closed = false;

  constructor(connection: Connection, version: string, base: string) {
    this.#connection = connection;
    this.version = version;
    this.#base = base;
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
      connection.broken?.catch(reject);
    });
    this.#ended.catch(() => undefined);
  }

  methods(options?: CallOptions): Promise<MethodInfo[]> {
    return this.#ask((core) => core.methods(), options);
  }

  recipe(source: string, options?: CallOptions): Promise<RecipeInfo> {
    return this.#ask((core) => core.recipe(source), options);
  }

  run(recipe: string, input: string | Uint8Array, options?: CallOptions): Promise<RunResult> {
    return this.#ask(
      (core) =>
        core.run(
          recipe,
          typeof input === 'string'
            ? { kind: 'text', text: input }
            : { kind: 'bytes', bytes: input },
        ),
      options,
    );
  }

  tokenize(text: string, options: TokenizeOptions & CallOptions = {}): Promise<Tokenized> {
    const { signal, ...rest } = options;
    return this.#ask((core) => core.tokenize(text, rest), optional(signal));
  }

  decode(
    ids: readonly number[],
    options: { tokenizer?: string } & CallOptions = {},
  ): Promise<{ text: string }> {
    return this.#ask((core) => core.decode([...ids], options.tokenizer), options);
  }

  async verify(claim: ClaimInput | string, options: VerifyOptions = {}): Promise<Verified> {
    const base = answered(linkBase(options.base ?? this.#base));
    const json = typeof claim === 'string' ? claim : jsonOf(claim);
    return this.#linked(await this.#ask((core) => core.verify(json), options), base);
  }

  async replay(stated: string | LinkDocument, options: VerifyOptions = {}): Promise<Replayed> {
    const base = answered(linkBase(options.base ?? this.#base));
    const isLink = typeof stated === 'string' && !/^\s*\{/.test(stated);
    const document = isLink
      ? answered(decodeLink(stated))
      : typeof stated === 'string'
        ? stated
        : jsonOf(stated);
    const replayed: CoreReplayed = await this.#ask(async (core) => {
      const reply = await core.replay(document, isLink);
      return 'error' in reply && isLink ? { error: ofLink(reply.error) } : reply;
    }, options);
    return { ...replayed, verified: this.#linked(replayed.verified, base) };
  }

  async hash(source: HashSource, options: HashOptions = {}): Promise<FileDigests> {
    this.#refuseIfClosed();
    const { core, send } = this.#connection;
    return Promise.race([hashSource(core, send, source, options), this.#ended]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end(closed());
    this.#connection.close();
  }

  async #ask<T>(call: (core: CoreApi) => Promise<Reply<T>>, options: CallOptions = {}): Promise<T> {
    this.#refuseIfClosed();
    const { signal } = options;
    signal?.throwIfAborted();
    const reply = Promise.race([call(this.#connection.core), this.#ended]);
    if (signal === undefined) return answered(await reply);
    // The core finishes what it has begun; only its answer is not waited for.
    return answered(await abortable(reply, signal));
  }

  #linked({ document, ...verified }: CoreVerified, base: string): Verified {
    return { ...verified, link: encodeLink(document, base), engine: { version: this.version } };
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): EngineError {
  return new EngineError({ code: 'closed', where: 'engine', what: 'is closed' });
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function ofLink(failure: Failure): Failure {
  return { ...failure, where: failure.where === '' ? 'link' : `link, ${failure.where}` };
}

function optional(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}

// What JSON.stringify would change silently is refused by name.
function jsonOf(value: object): string {
  const wrong = unfit(value, '', 0);
  if (wrong !== undefined) throw new EngineError(wrong);
  return JSON.stringify(value);
}

const MAX_DEPTH = 64;

function unfit(value: unknown, where: string, depth: number): EngineError['failure'] | undefined {
  if (typeof value === 'string') {
    const at = value.search(/\p{Surrogate}/u);
    return at < 0
      ? undefined
      : { code: 'invalid-text', where, what: `has a lone surrogate at UTF-16 offset ${at}` };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? undefined
      : { code: 'bad-claim', where, what: `is ${value}; it must be finite` };
  }
  if (typeof value === 'bigint')
    return { code: 'bad-claim', where, what: 'is a bigint; it must be a number' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH)
    return { code: 'bad-claim', where, what: `is nested deeper than ${MAX_DEPTH}` };
  for (const [key, item] of Object.entries(value)) {
    const inner = Array.isArray(value)
      ? `${where}[${key}]`
      : where === ''
        ? key
        : `${where}.${key}`;
    const wrong = unfit(item, inner, depth + 1);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
