/** What the tokens module's worker offers and the engine calls, as {@link CoreApi} for the core. */
import type { Reply } from './core-api.js';
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
} from './results.js';
import type { TablesApi } from './table-api.js';

/** Many texts, one after another as UTF-8; text i ends at ends[i]. */
export interface PackedTexts {
  utf8: Uint8Array;
  ends: Uint32Array;
}

/** What a batch may ask beside the tokenizer. */
export interface TokenizeManyOptions {
  tokenizer?: string;
  profile?: string;
  special?: boolean;
  /** Also where each token lies in its cleaned text. */
  spans?: boolean;
}

export interface TokensApi {
  /** Makes the text of a tokenizer.json the tokenizer `json`. */
  load(file: Uint8Array): Promise<Reply<null>>;
  tokenize(text: string, options?: TokenizeOptions): Promise<Reply<Tokenized>>;
  prompt(text: string, options: PromptOptions): Promise<Reply<PromptRead>>;
  decode(ids: number[], options?: DecodeOptions): Promise<Reply<{ text: string }>>;
  pieces(ids: number[], options?: DecodeOptions): Promise<Reply<string[]>>;
  merges(text: string, options?: MergesOptions): Promise<Reply<Merges>>;
  atlas(letters: number, options?: AtlasOptions): Promise<Reply<Atlas>>;
  tokenizeMany(texts: PackedTexts, options: TokenizeManyOptions): Promise<Reply<TokenizedMany>>;
  readonly tables: TablesApi;
}

/** What the worker thread exposes: `tokens` answers once `open` has. */
export interface TokensWorkerEntry {
  /** `assets`: absolute URL of the asset folder, as WorkerEntry's. */
  open(assets: string): Promise<Reply<null>>;
  tokens?: TokensApi;
}

/** The worker's tokens-node.js, which Node loads into its own thread. */
export interface TokensModule {
  openTokensHere(assets: string): Promise<Reply<TokensApi>>;
}
