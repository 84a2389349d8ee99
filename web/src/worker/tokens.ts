/** The tokens module behind {@link TokensApi}; runs in a Worker, or in Node's own thread. */
import type { Reply } from '../protocol/core-api.js';
import type {
  Atlas,
  AtlasOptions,
  DecodeOptions,
  Merges,
  MergesOptions,
  PromptOptions,
  PromptRead,
  Tokenized,
  TokenizedMany,
  TokenizeOptions,
} from '../protocol/results.js';
import type { PackedTexts, TokenizeManyOptions, TokensApi } from '../protocol/tokens-api.js';
import { failure, messageOf } from './failure.js';
import { notText } from './not-text.js';
import { tableCalls } from './tables.js';
import type { TokensBinding, TokensFactory } from './tokens-binding.js';

export interface TokensSources {
  /** URL of the module's loader, tokens.mjs. */
  module: string;
  /** A whole file of the asset folder; rejects with an Error that says what was not found. */
  load(file: string): Promise<Uint8Array>;
}

/** The file of the asset folder that holds each tokenizer's vocabulary. */
const VOCABULARIES: ReadonlyMap<string, string> = new Map(
  ['clip', 'gpt2', 'cl100k', 'o200k'].map((name) => [name, `${name}.vocab`]),
);

/** Past this, a batch's memory is given back when it has been answered. */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Loads and starts the module. Vocabularies are loaded by the first call that needs
 * one. Errors: `asset-unavailable` where a file cannot be had.
 */
export async function openTokens(sources: TokensSources): Promise<Reply<TokensApi>> {
  const tokens = new Tokens(sources);
  const started = await tokens.start();
  return 'error' in started ? started : { ok: tokens };
}

class Tokens implements TokensApi {
  readonly tables = tableCalls((tokenizer, call) => this.#with(tokenizer, call));
  readonly #sources: TokensSources;
  #binding: TokensBinding | undefined;
  #vocabularies = new Map<string, Promise<Reply<null>>>();
  /** The tokenizer.json that was loaded; a module that takes over needs it again. */
  #file: Uint8Array | undefined;

  constructor(sources: TokensSources) {
    this.#sources = sources;
  }

  async start(): Promise<Reply<null>> {
    const { module } = this.#sources;
    try {
      const [loader, wasmBinary] = await Promise.all([
        import(/* @vite-ignore */ module) as Promise<{ default: TokensFactory }>,
        this.#sources.load('tokens.wasm'),
      ]);
      this.#vocabularies.clear();
      this.#binding = await loader.default({ wasmBinary });
      if (this.#file !== undefined) this.#binding.loadVocabulary('json', this.#file);
      return { ok: null };
    } catch (error) {
      return failure(
        'asset-unavailable',
        module,
        `the tokens module cannot be loaded: ${messageOf(error)}`,
      );
    }
  }

  load(file: Uint8Array): Promise<Reply<null>> {
    return this.#with('json', (module) => {
      const reply = JSON.parse(module.loadVocabulary('json', file)) as Reply<null>;
      if ('ok' in reply) this.#file = file;
      return reply;
    });
  }

  async tokenize(text: string, options: TokenizeOptions = {}): Promise<Reply<Tokenized>> {
    return (
      notText('text', text) ??
      this.#answer(options.tokenizer, (module) => module.tokenize(text, JSON.stringify(options)))
    );
  }

  async prompt(text: string, options: PromptOptions): Promise<Reply<PromptRead>> {
    return (
      notText('text', text) ??
      this.#answer(options.tokenizer, (module) => module.prompt(text, JSON.stringify(options)))
    );
  }

  decode(ids: number[], options: DecodeOptions = {}): Promise<Reply<{ text: string }>> {
    return this.#answer(options.tokenizer, (module) =>
      module.decode(JSON.stringify(ids), JSON.stringify(options)),
    );
  }

  pieces(ids: number[], options: DecodeOptions = {}): Promise<Reply<string[]>> {
    return this.#answer(options.tokenizer, (module) =>
      module.pieces(JSON.stringify(ids), JSON.stringify(options)),
    );
  }

  async merges(text: string, options: MergesOptions = {}): Promise<Reply<Merges>> {
    return (
      notText('text', text) ??
      this.#answer(options.tokenizer, (module) => module.merges(text, JSON.stringify(options)))
    );
  }

  async atlas(letters: number, options: AtlasOptions = {}): Promise<Reply<Atlas>> {
    if (!Number.isInteger(letters) || letters < 0) {
      return failure('bad-argument', 'letters', `is ${letters}; it is a whole number`);
    }
    return this.#with<Atlas>(options.tokenizer, (module) => {
      const reply = JSON.parse(module.atlas(letters, JSON.stringify(options))) as Reply<Atlas>;
      return 'error' in reply ? reply : { ok: { ...reply.ok, counts: module.atlasCounts() } };
    });
  }

  tokenizeMany(
    { utf8, ends }: PackedTexts,
    options: TokenizeManyOptions,
  ): Promise<Reply<TokenizedMany>> {
    return this.#with(options.tokenizer, (module) => {
      const staging = module.staging(utf8.length);
      if (staging.length !== utf8.length) {
        return failure(
          'text-too-long',
          'texts',
          `are ${utf8.length} bytes, more than a batch holds`,
        );
      }
      staging.set(utf8);
      const reply = JSON.parse(module.tokenizeMany(ends, JSON.stringify(options))) as Reply<null>;
      if ('error' in reply) return reply;
      const many: TokenizedMany = { ids: module.manyIds(), offsets: module.manyOffsets() };
      if (options.spans) many.spans = module.manySpans();
      if (utf8.length > KEPT_BYTES) module.forgetMany();
      return { ok: many };
    });
  }

  #answer<T>(
    tokenizer: string | undefined,
    ask: (module: TokensBinding) => string,
  ): Promise<Reply<T>> {
    return this.#with(tokenizer, (module) => JSON.parse(ask(module)) as Reply<T>);
  }

  // As in core.ts: what the module throws is an abort, and a fresh one takes over.
  async #with<T>(
    tokenizer: string | null | undefined,
    ask: (module: TokensBinding) => Reply<T>,
  ): Promise<Reply<T>> {
    if (this.#binding === undefined) {
      const started = await this.start();
      if ('error' in started) return started;
    }
    if (tokenizer !== null) {
      const loaded = await this.#vocabulary(tokenizer ?? 'clip');
      if ('error' in loaded) return loaded;
    }
    const binding = this.#binding;
    if (binding === undefined) {
      return failure('internal', 'engine', 'the tokens module did not start');
    }
    try {
      return ask(binding);
    } catch (error) {
      this.#binding = undefined;
      return failure('internal', 'engine', `the tokens module stopped: ${messageOf(error)}`);
    }
  }

  // Of a tokenizer that there is not, the module tells.
  async #vocabulary(tokenizer: string): Promise<Reply<null>> {
    const file = VOCABULARIES.get(tokenizer);
    if (file === undefined) return { ok: null };
    const loading = this.#vocabularies.get(tokenizer) ?? this.#loadVocabulary(tokenizer, file);
    this.#vocabularies.set(tokenizer, loading);
    const loaded = await loading;
    // The next call may find the network back.
    if ('error' in loaded) this.#vocabularies.delete(tokenizer);
    return loaded;
  }

  async #loadVocabulary(tokenizer: string, file: string): Promise<Reply<null>> {
    try {
      const bytes = await this.#sources.load(file);
      const reply = this.#binding?.loadVocabulary(tokenizer, bytes);
      if (reply !== undefined) return JSON.parse(reply) as Reply<null>;
      return failure('internal', 'engine', 'the tokens module did not start');
    } catch (error) {
      return failure('asset-unavailable', file, `cannot be loaded: ${messageOf(error)}`);
    }
  }
}
