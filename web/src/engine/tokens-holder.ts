/** The tokens module's worker, opened by the first call that needs it. */
import type { Reply } from '../protocol/core-api.js';
import type {
  Atlas,
  AtlasOptions,
  DecodeOptions,
  Tokenized,
  TokenizeOptions,
} from '../protocol/results.js';
import type { PackedTexts, TokensApi } from '../protocol/tokens-api.js';

/** One opened module. */
export interface OpenTokens {
  tokens: TokensApi;
  /** Rejects if its worker dies. */
  broken?: Promise<never>;
  close(): void;
}

/** What a platform offers for tokens. */
export interface TokensPlatform {
  open(): Promise<OpenTokens>;
  /** The texts of a batch, made so that a worker may take them over. */
  send(texts: PackedTexts): PackedTexts;
}

/** What other parts of the engine ask of tokens. */
export type TextTokens = Pick<TokensApi, 'tokenize' | 'decode' | 'atlas'>;

/** @internal */
export class TokensHolder implements TextTokens {
  readonly #platform: TokensPlatform;
  #opening: Promise<OpenTokens> | undefined;
  #closed = false;

  constructor(platform: TokensPlatform) {
    this.#platform = platform;
  }

  /** Errors: `asset-unavailable`, `internal` where the worker dies; the next call opens another. */
  async run<T>(call: (tokens: TokensApi) => Promise<Reply<T>>): Promise<Reply<T>> {
    this.#opening ??= this.#open();
    const { tokens, broken } = await this.#opening;
    const reply = call(tokens);
    return broken === undefined ? reply : Promise.race([reply, broken]);
  }

  tokenize(text: string, options?: TokenizeOptions): Promise<Reply<Tokenized>> {
    return this.run((tokens) => tokens.tokenize(text, options));
  }

  decode(ids: number[], options?: DecodeOptions): Promise<Reply<{ text: string }>> {
    return this.run((tokens) => tokens.decode(ids, options));
  }

  atlas(letters: number, options?: AtlasOptions): Promise<Reply<Atlas>> {
    return this.run((tokens) => tokens.atlas(letters, options));
  }

  close(): void {
    this.#closed = true;
    void this.#opening?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  async #open(): Promise<OpenTokens> {
    const forget = () => {
      this.#opening = undefined;
    };
    try {
      const opened = await this.#platform.open();
      opened.broken?.catch(forget);
      if (this.#closed) opened.close();
      return opened;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
