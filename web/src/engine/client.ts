/** The engine's calls over a core that runs in a Worker or in the same thread. */
import type { Inspected, Neighbourhood } from '../protocol/checkpoint.js';
import type { CoreApi, CoreReplayed, CoreVerified, Reply } from '../protocol/core-api.js';
import type { PublicModel } from '../protocol/model-api.js';
import type {
  Atlas,
  AtlasOptions,
  Claim,
  ClaimInput,
  DecodeOptions,
  EmbeddingEvidence,
  Failure,
  FileDigests,
  LinkDocument,
  ListsInput,
  ListsSummary,
  Membership,
  Merges,
  MergesOptions,
  MethodInfo,
  PromptOptions,
  PromptRead,
  RecipeInfo,
  Replayed,
  RunResult,
  SpaceInfo,
  Tokenized,
  TokenizedMany,
  TokenizeOptions,
  Verified,
} from '../protocol/results.js';
import type { SearchApi } from '../protocol/search-api.js';
import type { Similar } from '../protocol/similar.js';
import type { Sweep, SweepStoreApi } from '../protocol/sweep.js';
import type { TokenizeManyOptions, TokensApi } from '../protocol/tokens-api.js';
import { type DigestPlatform, DigestPool } from './digest-pool.js';
import type {
  Encoder,
  EncoderHouse,
  EncoderPlatform,
  EncoderSource,
  FetchModelOptions,
  OpenEncoderOptions,
} from './encoder.js';
import { partLoaded } from './engine-part.js';
import { EngineError } from './error.js';
import type { HashOptions, HashSource } from './hash.js';
import type { InspectOptions, InspectSource } from './inspect.js';
import { encodeLink, linkBase } from './link.js';
import type { ListsOptions } from './lists.js';
import type { NeighbourOptions, Taught } from './neighbours.js';
import { packTexts } from './packed-texts.js';
import { answered } from './reply.js';
import type { ClaimPart, runSearch, SearchOptions } from './search.js';
import { type SearchPlatform, SearchPool } from './search-pool.js';
import type { Shard } from './shard.js';
import type { SimilarOptions } from './similar.js';
import { SimilarityClient, type SimilarityPlatform } from './similarity.js';
import type { SweepOptions } from './sweep.js';
import type { OpenTable, TableOptions } from './table.js';
import { TokensHolder, type TokensPlatform } from './tokens-holder.js';

export interface EngineOptions {
  /**
   * Address of the folder that holds tagscope.mjs, digests.mjs, search.mjs, tokens.mjs, similarity.mjs, their
   * .wasm and the vocabularies (.vocab).
   * A query (`core/?v=…`) goes to every file. Left out: the folder `core` beside the engine, as the npm package has it.
   */
  assets?: string | URL;
  /**
   * Address of the folder with onnxruntime-web's files, in browsers; read when an encoder is
   * opened. Left out: the folder `ort` beside the assets' folder.
   */
  runtime?: string | URL;
  /** Address that public encoders are fetched from instead of their manifest's. */
  mirror?: string | URL;
  /** Where links lead: the page's address. Left out: the package's home page. */
  base?: string;
}

export interface EncoderDigestOptions {
  signal?: AbortSignal;
  onProgress?: (progress: { bytes: number; total: number }) => void;
}

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** `onProgress` and `reached` are for claims that set a space. */
export interface VerifyOptions extends CallOptions, SearchOptions {
  /** Where the link leads, instead of the engine's base. */
  base?: string;
  /**
   * Adds the evidence `embedding`, which is outside the digest and decides nothing. The claim
   * then names the encoder's file, unless it does so already; a replayed one must.
   * Error: `wrong-encoder` where it names another.
   */
  encoder?: Encoder;
  /** While texts are encoded for it. */
  onEncoding?: (progress: { texts: number; total: number }) => void;
}

export interface EmbeddingOptions extends CallOptions {
  /** Whether the nulls' cosines and texts are wanted too. */
  values?: boolean;
  onProgress?: (progress: { texts: number; total: number }) => void;
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

  /**
   * Runs a recipe on a text or on bytes. Errors: `bad-argument` for any other input, and those
   * of its steps.
   */
  run(recipe: string, input: string | Uint8Array, options?: CallOptions): Promise<RunResult>;

  /**
   * Makes a Hugging Face tokenizer.json the tokenizer `json` of this engine; the one before ends.
   * Errors: `bad-json`, `bad-tokenizer`, and `unsupported-tokenizer`, whose `where` names the part
   * of the file that is not supported.
   */
  loadTokenizer(file: Uint8Array, options?: CallOptions): Promise<void>;

  /** The token ids of a text, with what each stands for. */
  tokenize(text: string, options?: TokenizeOptions & CallOptions): Promise<Tokenized>;

  /** A prompt as an image program reads it: weights, chunks, the count that it shows. */
  prompt(text: string, options: PromptOptions & CallOptions): Promise<PromptRead>;

  /**
   * Reads a table of tags: CSV or a plain list, up to 512 MiB. It stays open until it is closed.
   * Errors: `too-large`, `bad-encoding`, `bad-argument`.
   */
  table(bytes: Uint8Array, options?: TableOptions): Promise<OpenTable>;

  /** The text that token ids stand for. */
  decode(ids: readonly number[], options?: DecodeOptions & CallOptions): Promise<{ text: string }>;

  /** The pieces of token ids, as the vocabulary writes them. */
  pieces(ids: readonly number[], options?: DecodeOptions & CallOptions): Promise<string[]>;

  /** How one word of a text is merged, step by step. */
  merges(text: string, options?: MergesOptions & CallOptions): Promise<Merges>;

  /** All strings of `letters` (1 to 4) lower-case letters by how many tokens they are. */
  atlas(letters: number, options?: AtlasOptions & CallOptions): Promise<Atlas>;

  /**
   * The token ids of many texts at once, fast: the texts cross in one piece, the ids come back in
   * flat arrays. Errors of one text have where = "texts[3]".
   */
  tokenizeMany(
    texts: readonly string[],
    options?: TokenizeManyOptions & CallOptions,
  ): Promise<TokenizedMany>;

  /**
   * Examines a claim and judges it. `claim` is an object, or the JSON text of one
   * (errors then name line and column). Pure: the same claim gives the same answer.
   * A claim that sets a space is searched, by a few workers.
   */
  verify(claim: ClaimInput | string, options?: VerifyOptions): Promise<Verified>;

  /** {@link verify} with the space `standard@1` where the claim sets none. */
  search(claim: ClaimInput | string, options?: VerifyOptions): Promise<Verified>;

  /**
   * Which names reach which tags under which recipes of a space, where nobody says what name goes
   * with what tag, and how many that would be by chance. Hits are told as they are found, by
   * `options.onHits`. The answer does not depend on the number of workers. Errors: `bad-lists`,
   * `unknown-space`, `bad-part`.
   */
  searchLists(lists: ListsInput, options?: ListsOptions): Promise<ListsSummary>;

  /**
   * What {@link search} would look through, without doing it. `claim` is the claim's canonical
   * JSON text, by which parts of one search are known.
   */
  searchPlan(
    claim: ClaimInput | string,
    options?: CallOptions,
  ): Promise<{ claim: string; space: string; units: number; recipes: number }>;

  /** Searches one shard of a claim's space: what {@link mergeParts} takes. */
  searchPart(
    claim: ClaimInput | string,
    shard: Shard,
    options?: SearchOptions,
  ): Promise<Uint8Array>;

  /**
   * What {@link search} answers, of parts that hold every shard once. Errors: `bad-part` with
   * where = "shard 3 of 8".
   */
  mergeParts(
    claim: ClaimInput | string,
    parts: readonly ClaimPart[],
    options?: { base?: string } & CallOptions,
  ): Promise<Verified>;

  /** The spaces that there are, the quickest first, and what each holds. */
  spaces(options?: CallOptions): Promise<SpaceInfo[]>;

  /**
   * Does the space hold the recipe, or one that is provably the same function? Words of `texts`
   * are the keys where the space draws them from a claim's names.
   */
  contains(
    space: string,
    recipe: string,
    options?: { texts?: readonly string[] } & CallOptions,
  ): Promise<Membership>;

  /**
   * Recomputes what a link or a replay file states. A string is a link, its fragment,
   * its payload, or (where it begins with a brace) a document's JSON text.
   */
  replay(stated: string | LinkDocument, options?: VerifyOptions): Promise<Replayed>;

  /**
   * Digests of a file, blob, stream or bytes, in flat memory, by a few workers. Any number of
   * calls may be made at once: they wait for their turn. Errors: `unknown-method`, `not-found`,
   * `not-readable`, `not-a-file`, `file-changed`.
   */
  hash(source: HashSource, options?: HashOptions): Promise<FileDigests>;

  /**
   * The digests of many short texts under default arguments, faster than one by one: they lie
   * one after another in the answer, each `length / texts.length` bytes long.
   */
  digestTexts(id: string, texts: readonly string[], options?: CallOptions): Promise<Uint8Array>;

  /**
   * Opens a text encoder: one of those in a checkpoint, of which only the encoder is read, or
   * an .onnx file with token ids as its input. Loads ONNX Runtime when it is first called.
   * Errors: `no-encoder`, `bad-encoder`, `bad-safetensors`, `bad-argument`, `too-large`,
   * `no-webgpu`, `not-found`, `not-readable`, `asset-unavailable`.
   *
   * @example
   * const encoder = await engine.openEncoder(file);
   * const { shape, data } = await encoder.encode(['aua', 'houshou_marine', '']);
   */
  openEncoder(source: EncoderSource, options?: OpenEncoderOptions): Promise<Encoder>;

  /**
   * How near texts lie to each other in an encoder, raw and centred, and to the empty prompt,
   * with the p of each comparison under its nulls. Seeded: the same call gives the same answer.
   * Errors: `bad-argument`, and those of encoding.
   */
  similar(encoder: Encoder, texts: readonly string[], options?: SimilarOptions): Promise<Similar>;

  /**
   * The evidence `embedding` of a verified claim, which must name the file of this encoder: what
   * `verify` adds where it is given one. Errors: `wrong-encoder`, and those of `similar`.
   */
  embedding(encoder: Encoder, claim: Claim, options?: EmbeddingOptions): Promise<EmbeddingEvidence>;

  /**
   * Many texts through an encoder, all codes of three letters unless others are given, each
   * compared with the empty prompt and with a name. Rows are kept, in the browser's own storage
   * or a cache folder, by the encoder's digest and the list: a sweep that was ended goes on, and
   * another name costs nothing more. Errors: `bad-argument`, `too-large`, those of encoding.
   *
   * @example
   * const swept = await engine.sweep(encoder, { near: 'houshou_marine' });
   * const nearest = ranked(swept, usualRank(swept.near)).slice(0, 10);
   */
  sweep(encoder: Encoder, options?: SweepOptions): Promise<Sweep>;

  /** How many sweeps are kept, and their size. */
  keptSweeps(): Promise<{ sweeps: number; bytes: number }>;

  /** Removes what is kept of sweeps. */
  removeSweeps(): Promise<void>;

  /** SHA-256 of the file that an encoder was opened from, in lower-case hex; a public one's is known. */
  encoderDigest(encoder: Encoder, options?: EncoderDigestOptions): Promise<string>;

  /** The public encoders that are known, with size, licence, and what is stored of them. */
  models(): Promise<PublicModel[]>;

  /**
   * Fetches a public encoder, from the network, and keeps it: in the browser's own storage, or
   * a cache folder. Goes on where it was cut before. Errors: `unknown-model`, `busy`,
   * `connection-lost`, `bad-answer`, `wrong-size`, `wrong-digest`, `disk-full`, `not-writable`.
   */
  fetchModel(id: string, options?: FetchModelOptions): Promise<void>;

  /** Removes what is stored of a public encoder. */
  removeModel(id: string): Promise<void>;

  /**
   * What is in a .safetensors file: its tensors, the text encoders among them, its metadata,
   * and AutoV1; AutoV2 and AutoV3 where `hashes` asks for them. Only the header is read. Errors:
   * `bad-safetensors`, `too-large`, and those of a file that cannot be read.
   */
  inspect(source: InspectSource, options?: InspectOptions): Promise<Inspected>;

  /**
   * The vocabulary rows nearest to a token, or to each vector of a textual inversion (a
   * .safetensors file; pickles are refused), by the token embedding of a checkpoint's encoder,
   * of a public one too that was fetched.
   * Errors: those of `inspect`; `encoder-incomplete`, `encoder-shape`, `bad-argument`,
   * `no-inversion`, `unsupported-dtype`.
   */
  neighbours(
    checkpoint: InspectSource | { model: string },
    of: { id: number } | Taught,
    options?: NeighbourOptions,
  ): Promise<Neighbourhood>;

  /** Ends the Worker, if there is one; calls under way and later ones reject (`closed`). */
  close(): void;
}

/** How the client reaches its core. @internal */
export interface Connection {
  core: CoreApi;
  digests: DigestPlatform;
  search: SearchPlatform;
  tokens: TokensPlatform;
  encoders: EncoderPlatform;
  similarity: SimilarityPlatform;
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
  readonly #digests: DigestPool;
  readonly #searches: SearchPool;
  readonly #tokens: TokensHolder;
  #encoders: Promise<EncoderHouse> | undefined;
  readonly #similarity: SimilarityClient;
  readonly #ended: Promise<never>;
  readonly #encoderDigests = new WeakMap<Encoder, string>();
  #end: (reason: EngineError) => void = () => undefined;
  #closed = false;

  constructor(connection: Connection, version: string, base: string) {
    this.#connection = connection;
    this.version = version;
    this.#base = base;
    this.#digests = new DigestPool(connection.digests);
    this.#searches = new SearchPool(connection.search);
    this.#tokens = new TokensHolder(connection.tokens);
    this.#similarity = new SimilarityClient(connection.similarity);
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

  async run(recipe: string, input: string | Uint8Array, options?: CallOptions): Promise<RunResult> {
    // Anything else would be run as no bytes, and answered wrongly.
    if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
      const what = 'is neither a string nor a Uint8Array';
      throw new EngineError({ code: 'bad-argument', where: 'input', what });
    }
    const given =
      typeof input === 'string'
        ? ({ kind: 'text', text: input } as const)
        : ({ kind: 'bytes', bytes: input } as const);
    return this.#ask((core) => core.run(recipe, given), options);
  }

  async loadTokenizer(file: Uint8Array, options: CallOptions = {}): Promise<void> {
    await this.#askTokens((tokens) => tokens.load(file), options.signal);
  }

  tokenize(text: string, options: TokenizeOptions & CallOptions = {}): Promise<Tokenized> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.tokenize(text, rest), signal);
  }

  prompt(text: string, options: PromptOptions & CallOptions): Promise<PromptRead> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.prompt(text, rest), signal);
  }

  async table(bytes: Uint8Array, options: TableOptions = {}): Promise<OpenTable> {
    this.#refuseIfClosed();
    const { OpenTable } = await partLoaded(import('./table.js'));
    return OpenTable.open(
      (call, signal) => this.#askTokens((tokens) => call(tokens.tables), signal),
      bytes,
      options,
    );
  }

  decode(
    ids: readonly number[],
    options: DecodeOptions & CallOptions = {},
  ): Promise<{ text: string }> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.decode([...ids], rest), signal);
  }

  pieces(ids: readonly number[], options: DecodeOptions & CallOptions = {}): Promise<string[]> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.pieces([...ids], rest), signal);
  }

  merges(text: string, options: MergesOptions & CallOptions = {}): Promise<Merges> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.merges(text, rest), signal);
  }

  atlas(letters: number, options: AtlasOptions & CallOptions = {}): Promise<Atlas> {
    const { signal, ...rest } = options;
    return this.#askTokens((tokens) => tokens.atlas(letters, rest), signal);
  }

  async tokenizeMany(
    texts: readonly string[],
    options: TokenizeManyOptions & CallOptions = {},
  ): Promise<TokenizedMany> {
    const { signal, ...rest } = options;
    const packed = answered(packTexts(texts));
    const { send } = this.#connection.tokens;
    return this.#askTokens((tokens) => tokens.tokenizeMany(send(packed), rest), signal);
  }

  async verify(claim: ClaimInput | string, options: VerifyOptions = {}): Promise<Verified> {
    const base = answered(linkBase(options.base ?? this.#base));
    const { encoder, signal } = options;
    const digest =
      encoder === undefined
        ? null
        : await this.encoderDigest(encoder, signal === undefined ? {} : { signal });
    const stated = digest === null ? claim : withEncoder(claim, digest);
    const json = typeof stated === 'string' ? stated : jsonOf(stated);
    const plain = () => this.#ask((core) => core.verify(json), options);
    const search = () =>
      this.#search(
        pairsIn(json),
        (worker) => worker.open(json),
        (worker, handle) => worker.finish(handle),
        options,
      );
    const verified = this.#linked(await orSearch(plain, search), base);
    return this.#lookedAt(verified, options);
  }

  search(claim: ClaimInput | string, options: VerifyOptions = {}): Promise<Verified> {
    return this.verify(withSpace(claim), options);
  }

  async searchLists(lists: ListsInput, options: ListsOptions = {}): Promise<ListsSummary> {
    this.#refuseIfClosed();
    const running = partLoaded(import('./lists.js')).then(({ runLists }) =>
      runLists(this.#searches, lists, options),
    );
    const ended = Promise.race([running, this.#ended]);
    return options.signal === undefined ? ended : abortable(ended, options.signal);
  }

  async searchPlan(
    claim: ClaimInput | string,
    options: CallOptions = {},
  ): Promise<{ claim: string; space: string; units: number; recipes: number }> {
    const json = searchJson(claim);
    const opened = await this.#askSearch(async (search) => {
      const reply = await search.open(json);
      if ('ok' in reply) void search.close(reply.ok.handle);
      return reply;
    }, options);
    return {
      claim: opened.claim,
      space: opened.space,
      units: opened.units,
      recipes: opened.recipes,
    };
  }

  async searchPart(
    claim: ClaimInput | string,
    shard: Shard,
    options: SearchOptions = {},
  ): Promise<Uint8Array> {
    const json = searchJson(claim);
    return this.#search(
      pairsIn(json),
      (worker) => worker.open(json),
      (worker, handle) => worker.save(handle),
      options,
      shard,
    );
  }

  async mergeParts(
    claim: ClaimInput | string,
    parts: readonly ClaimPart[],
    options: { base?: string } & CallOptions = {},
  ): Promise<Verified> {
    this.#refuseIfClosed();
    const base = answered(linkBase(options.base ?? this.#base));
    const json = searchJson(claim);
    const { mergeParts } = await partLoaded(import('./search.js'));
    const merged = mergeParts(
      this.#searches,
      parts,
      (worker) => worker.open(json),
      (worker, handle) => worker.finish(handle),
      options.signal,
    );
    const ended = Promise.race([merged, this.#ended]);
    const { signal } = options;
    return this.#linked(await (signal === undefined ? ended : abortable(ended, signal)), base);
  }

  spaces(options: CallOptions = {}): Promise<SpaceInfo[]> {
    return this.#askSearch((search) => search.spaces(), options);
  }

  contains(
    space: string,
    recipe: string,
    options: { texts?: readonly string[] } & CallOptions = {},
  ): Promise<Membership> {
    const texts = [...(options.texts ?? [])];
    return this.#askSearch((search) => search.contains(space, recipe, texts), options);
  }

  async replay(stated: string | LinkDocument, options: VerifyOptions = {}): Promise<Replayed> {
    const base = answered(linkBase(options.base ?? this.#base));
    const isLink = typeof stated === 'string' && !/^\s*\{/.test(stated);
    const document = isLink
      ? answered((await partLoaded(import('./read-link.js'))).decodeLink(stated))
      : typeof stated === 'string'
        ? stated
        : jsonOf(stated);
    const named = <T>(reply: Reply<T>): Reply<T> =>
      'error' in reply && isLink && reply.error.code !== 'needs-search'
        ? { error: ofLink(reply.error) }
        : reply;
    const plain = () =>
      this.#ask(async (core) => named(await core.replay(document, isLink)), options);
    const search = () =>
      this.#search(
        pairsIn(document),
        async (worker) => named(await worker.openDocument(document, isLink)),
        (worker, handle) => worker.finishReplay(handle, document, isLink),
        options,
      );
    const replayed: CoreReplayed = await orSearch(plain, search);
    const verified = await this.#lookedAt(this.#linked(replayed.verified, base), options);
    return { ...replayed, verified };
  }

  async hash(source: HashSource, options: HashOptions = {}): Promise<FileDigests> {
    this.#refuseIfClosed();
    const hashed = partLoaded(import('./hash.js')).then(({ hashSource }) =>
      hashSource(this.#digests, source, options, (readable) =>
        this.#similarity.ask((api) => api.content(readable)),
      ),
    );
    return Promise.race([hashed, this.#ended]);
  }

  async inspect(source: InspectSource, options: InspectOptions = {}): Promise<Inspected> {
    this.#refuseIfClosed();
    const inspected = partLoaded(import('./inspect.js')).then(({ inspectSource }) =>
      inspectSource(this.#similarity, this.#digests, source, options),
    );
    return Promise.race([inspected, this.#ended]);
  }

  async digestTexts(
    id: string,
    texts: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<Uint8Array> {
    this.#refuseIfClosed();
    const digested = partLoaded(import('./hash.js')).then(({ digestTexts }) =>
      digestTexts(this.#digests, id, texts, signal),
    );
    return Promise.race([digested, this.#ended]);
  }

  async openEncoder(source: EncoderSource, options: OpenEncoderOptions = {}): Promise<Encoder> {
    this.#refuseIfClosed();
    return Promise.race([(await this.#encoderHouse()).open(source, options), this.#ended]);
  }

  async similar(
    encoder: Encoder,
    texts: readonly string[],
    options: SimilarOptions = {},
  ): Promise<Similar> {
    this.#refuseIfClosed();
    const compared = partLoaded(import('./similar.js')).then(({ similar }) =>
      similar(encoder, this.#tokens, this.#similarity, texts, options),
    );
    return Promise.race([compared, this.#ended]);
  }

  async embedding(
    encoder: Encoder,
    claim: Claim,
    { values = false, signal, onProgress }: EmbeddingOptions = {},
  ): Promise<EmbeddingEvidence> {
    const given = {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    const digest = await this.encoderDigest(encoder, signal === undefined ? {} : { signal });
    if (claim.encoder !== digest) throw wrongEncoder(claim.encoder, digest);
    const { embeddingEvidence } = await partLoaded(import('./embedding-evidence.js'));
    return embeddingEvidence(encoder, digest, claim, (texts, wanted) =>
      this.similar(encoder, texts, { ...wanted, ...given, values }),
    );
  }

  sweep(encoder: Encoder, options: SweepOptions = {}): Promise<Sweep> {
    this.#refuseIfClosed();
    const { signal, onProgress } = options;
    const digesting = {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress: { bytes: number; total: number }) =>
        onProgress?.({ stage: 'digest', ...progress }),
    };
    const services = {
      textTokens: this.#tokens,
      similarity: this.#similarity,
      tokenizeMany: (texts: readonly string[], many: TokenizeManyOptions) =>
        this.tokenizeMany(texts, many),
      store: async <T>(call: (sweeps: SweepStoreApi) => Promise<Reply<T>>) =>
        (await this.#encoderHouse()).sweeps(call),
      encoderDigest: () => this.encoderDigest(encoder, digesting),
      digest: async (text: string) =>
        sha256(await this.hash(new TextEncoder().encode(text), { ids: ['sha256'] })),
    };
    const swept = partLoaded(import('./sweep.js')).then(({ sweep }) =>
      sweep(encoder, services, options),
    );
    return Promise.race([swept, this.#ended]);
  }

  async keptSweeps(): Promise<{ sweeps: number; bytes: number }> {
    this.#refuseIfClosed();
    return Promise.race([
      (await this.#encoderHouse()).sweeps((store) => store.kept()),
      this.#ended,
    ]);
  }

  async removeSweeps(): Promise<void> {
    this.#refuseIfClosed();
    await Promise.race([
      (await this.#encoderHouse()).sweeps((store) => store.removeAll()),
      this.#ended,
    ]);
  }

  async encoderDigest(
    encoder: Encoder,
    { signal, onProgress }: EncoderDigestOptions = {},
  ): Promise<string> {
    const known = this.#encoderDigests.get(encoder);
    if (known !== undefined) return known;
    const { source } = encoder;
    if ('model' in source) return this.#pinOf(source.model);
    const hashed = await this.hash(source, {
      ids: ['sha256'],
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ bytes, total }) => onProgress?.({ bytes, total: total ?? bytes }),
    });
    const digest = sha256(hashed);
    this.#encoderDigests.set(encoder, digest);
    return digest;
  }

  async models(): Promise<PublicModel[]> {
    this.#refuseIfClosed();
    return Promise.race([(await this.#encoderHouse()).models(), this.#ended]);
  }

  async fetchModel(id: string, options: FetchModelOptions = {}): Promise<void> {
    this.#refuseIfClosed();
    return Promise.race([(await this.#encoderHouse()).fetchModel(id, options), this.#ended]);
  }

  async removeModel(id: string): Promise<void> {
    this.#refuseIfClosed();
    return Promise.race([(await this.#encoderHouse()).removeModel(id), this.#ended]);
  }

  async neighbours(
    checkpoint: InspectSource | { model: string },
    of: { id: number } | Taught,
    options: NeighbourOptions = {},
  ): Promise<Neighbourhood> {
    this.#refuseIfClosed();
    const pieceOf = async (id: number) => (await this.decode([id])).text;
    const find = async () => {
      const source =
        'model' in checkpoint
          ? await (await this.#encoderHouse()).stored(checkpoint.model)
          : checkpoint;
      const { neighboursOf } = await partLoaded(import('./neighbours.js'));
      return neighboursOf(this.#similarity, source, of, options, pieceOf);
    };
    return Promise.race([find(), this.#ended]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end(closed());
    this.#digests.close();
    this.#searches.close();
    this.#tokens.close();
    this.#encoders?.then((house) => house.close()).catch(() => undefined);
    this.#similarity.close();
    this.#connection.close();
  }

  // With the evidence of the encoder, where one is at hand.
  async #lookedAt(verified: Verified, options: VerifyOptions): Promise<Verified> {
    const { encoder, onEncoding, signal } = options;
    if (encoder === undefined) return verified;
    const evidence = await this.embedding(encoder, verified.claim, {
      ...(signal === undefined ? {} : { signal }),
      ...(onEncoding === undefined ? {} : { onProgress: onEncoding }),
    });
    return { ...verified, evidence: [...verified.evidence, evidence] };
  }

  // The pin of a public encoder, by which it was verified when it was fetched.
  async #pinOf(id: string): Promise<string> {
    const model = (await this.models()).find((one) => one.id === id);
    if (model !== undefined) return model.sha256;
    throw new EngineError({ code: 'unknown-model', where: 'model', what: `"${id}" is none` });
  }

  #encoderHouse(): Promise<EncoderHouse> {
    this.#encoders ??= partLoaded(import('./encoder.js')).then(
      ({ EncoderHouse }) => new EncoderHouse(this.#connection.encoders, this.#tokens),
    );
    // The next call may find the network back.
    this.#encoders.catch(() => {
      this.#encoders = undefined;
    });
    return this.#encoders;
  }

  #ask<T>(call: (core: CoreApi) => Promise<Reply<T>>, options: CallOptions = {}): Promise<T> {
    return this.#answer(() => call(this.#connection.core), options.signal);
  }

  #askTokens<T>(
    call: (tokens: TokensApi) => Promise<Reply<T>>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return this.#answer(() => this.#tokens.run(call), signal);
  }

  async #answer<T>(call: () => Promise<Reply<T>>, signal: AbortSignal | undefined): Promise<T> {
    this.#refuseIfClosed();
    signal?.throwIfAborted();
    const reply = Promise.race([call(), this.#ended]);
    if (signal === undefined) return answered(await reply);
    // The core finishes what it has begun; only its answer is not waited for.
    return answered(await abortable(reply, signal));
  }

  #search<T>(
    names: number,
    open: Parameters<typeof runSearch>[2],
    finish: (search: SearchApi, handle: number) => Promise<Reply<T>>,
    options: SearchOptions,
    shard?: Shard,
  ): Promise<T> {
    this.#refuseIfClosed();
    const running = partLoaded(import('./search.js')).then(({ runSearch }) =>
      runSearch(this.#searches, names, open, finish, options, shard),
    );
    const ended = Promise.race([running, this.#ended]);
    return options.signal === undefined ? ended : abortable(ended, options.signal);
  }

  #askSearch<T>(
    call: (search: SearchApi) => Promise<Reply<T>>,
    { signal }: CallOptions,
  ): Promise<T> {
    this.#refuseIfClosed();
    const running = this.#searches.run(signal, async (worker) => {
      const { search } = await worker(0);
      return answered(await call(search));
    });
    const ended = Promise.race([running, this.#ended]);
    return signal === undefined ? ended : abortable(ended, signal);
  }

  #linked({ document, ...verified }: CoreVerified, base: string): Verified {
    return { ...verified, link: encodeLink(document, base), engine: { version: this.version } };
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw closed();
  }
}

/** What `search` searches where a claim does not say. */
export const DEFAULT_SPACE = 'standard@1';

// The core says which claims it cannot judge by itself.
async function orSearch<T>(plain: () => Promise<T>, search: () => Promise<T>): Promise<T> {
  try {
    return await plain();
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'needs-search') throw error;
  }
  return search();
}

// A text that is no claim stays as it is, for the core to say what is wrong with it.
function withSpace(claim: ClaimInput | string): ClaimInput | string {
  let read: unknown = claim;
  try {
    if (typeof claim === 'string') read = JSON.parse(claim);
  } catch {
    return claim;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return claim;
  const fields = read as ClaimInput;
  return { ...fields, space: fields.space ?? DEFAULT_SPACE };
}

// The same for its encoder.
function withEncoder(claim: ClaimInput | string, digest: string): ClaimInput | string {
  let read: unknown = claim;
  try {
    if (typeof claim === 'string') read = JSON.parse(claim);
  } catch {
    return claim;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return claim;
  const fields = read as ClaimInput;
  const { encoder } = fields;
  if (typeof encoder === 'string' && encoder !== digest) throw wrongEncoder(encoder, digest);
  return { ...fields, encoder: encoder ?? digest };
}

function wrongEncoder(stated: string | null, digest: string): EngineError {
  const what =
    stated === null
      ? `is none in the claim; the one that is open is ${digest}`
      : `is ${stated.slice(0, 64)} in the claim; the one that is open is ${digest}`;
  return new EngineError({ code: 'wrong-encoder', where: 'encoder', what });
}

function searchJson(claim: ClaimInput | string): string {
  const given = withSpace(claim);
  return typeof given === 'string' ? given : jsonOf(given);
}

// How many pairs a claim has, in a text that the core has read: more are worth more workers.
function pairsIn(json: string): number {
  return json.split('"tag"').length - 1;
}

function sha256({ digests }: FileDigests): string {
  return digests['sha256']?.hex ?? '';
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
