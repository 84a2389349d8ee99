/** The core module behind {@link CoreApi}; runs in the Worker, or in Node's own thread. */
import type {
  CoreApi,
  CoreReplayed,
  CoreSources,
  CoreVerified,
  Reply,
  RunInput,
} from '../protocol/core-api.js';
import type {
  Failure,
  MethodInfo,
  RecipeInfo,
  RunResult,
  Tokenized,
  TokenizeOptions,
} from '../protocol/results.js';
import type { CoreBinding, CoreFactory } from './core-binding.js';

type Digests = Record<string, { hex: string; base64: string }>;

/**
 * Loads and starts the core. Vocabularies are loaded by the first call that
 * needs one. Errors: `asset-unavailable` where a file cannot be had.
 */
export async function openCore(sources: CoreSources): Promise<Reply<CoreApi>> {
  const core = new Core(sources);
  const started = await core.start();
  return 'error' in started ? started : { ok: core };
}

class Core implements CoreApi {
  readonly #sources: CoreSources;
  #binding: CoreBinding | undefined;
  #vocabulary: Promise<Reply<null>> | undefined;

  constructor(sources: CoreSources) {
    this.#sources = sources;
  }

  async start(): Promise<Reply<null>> {
    const { module } = this.#sources;
    try {
      const [loader, wasmBinary] = await Promise.all([
        import(/* @vite-ignore */ module) as Promise<{ default: CoreFactory }>,
        this.#sources.load('tagscope.wasm'),
      ]);
      this.#binding = await loader.default({ wasmBinary });
      return { ok: null };
    } catch (error) {
      return failure('asset-unavailable', module, `the core cannot be loaded: ${messageOf(error)}`);
    }
  }

  version(): Promise<Reply<string>> {
    return this.#plain((core) => core.version());
  }

  methods(): Promise<Reply<MethodInfo[]>> {
    return this.#plain((core) => JSON.parse(core.catalog()) as MethodInfo[]);
  }

  async recipe(source: string): Promise<Reply<RecipeInfo>> {
    return notText('recipe', source) ?? this.#call((core) => core.readRecipe(source));
  }

  async run(recipe: string, input: RunInput): Promise<Reply<RunResult>> {
    const wrong =
      notText('recipe', recipe) ??
      (input.kind === 'text' ? notText('text', input.text) : undefined);
    if (wrong !== undefined) return wrong;
    const bytes = input.kind === 'text' ? new TextEncoder().encode(input.text) : input.bytes;
    const run = () => this.#call<RunResult>((core) => core.runRecipe(recipe, input.kind, bytes));
    // Loaded where the word stands anywhere: too often costs milliseconds, too seldom an answer.
    return recipe.includes('clip') ? this.#withVocabulary(run) : run();
  }

  async tokenize(text: string, options: TokenizeOptions = {}): Promise<Reply<Tokenized>> {
    return (
      notText('text', text) ??
      this.#withVocabulary(() => this.#call((core) => core.tokenize(text, JSON.stringify(options))))
    );
  }

  decode(ids: number[], tokenizer = 'clip'): Promise<Reply<{ text: string }>> {
    return this.#withVocabulary(() =>
      this.#call((core) => core.decode(tokenizer, JSON.stringify(ids))),
    );
  }

  async verify(claimJson: string): Promise<Reply<CoreVerified>> {
    return (
      notText('claim', claimJson) ??
      this.#withVocabulary(() => this.#call((core) => core.verify(claimJson)))
    );
  }

  async replay(documentJson: string, strict: boolean): Promise<Reply<CoreReplayed>> {
    return (
      notText('document', documentJson) ??
      this.#withVocabulary(() => this.#call((core) => core.replay(documentJson, strict)))
    );
  }

  hashStart(ids: string[]): Promise<Reply<number>> {
    return this.#call((core) => core.hasherCreate(JSON.stringify(ids)));
  }

  hashUpdate(handle: number, bytes: Uint8Array): Promise<Reply<null>> {
    return this.#call((core) => core.hasherUpdate(handle, bytes));
  }

  hashFinish(handle: number): Promise<Reply<Digests>> {
    return this.#call((core) => core.hasherFinish(handle));
  }

  hashCancel(handle: number): Promise<Reply<null>> {
    return this.#plain((core) => {
      core.hasherCancel(handle);
      return null;
    });
  }

  #call<T>(ask: (core: CoreBinding) => string): Promise<Reply<T>> {
    return this.#guarded((core) => JSON.parse(ask(core)) as Reply<T>);
  }

  #plain<T>(ask: (core: CoreBinding) => T): Promise<Reply<T>> {
    return this.#guarded((core) => ({ ok: ask(core) }));
  }

  // The core answers with values; what it throws is an abort, after which its memory
  // is not to be trusted. A fresh module takes over for the calls that follow.
  async #guarded<T>(ask: (core: CoreBinding) => Reply<T>): Promise<Reply<T>> {
    if (this.#binding === undefined) {
      this.#vocabulary = undefined;
      const started = await this.start();
      if ('error' in started) return started;
    }
    const binding = this.#binding;
    if (binding === undefined) return failure('internal', 'engine', 'the core did not start');
    try {
      return ask(binding);
    } catch (error) {
      this.#binding = undefined;
      return failure('internal', 'engine', `the core stopped: ${messageOf(error)}`);
    }
  }

  async #withVocabulary<T>(ask: () => Promise<Reply<T>>): Promise<Reply<T>> {
    if (this.#binding === undefined) this.#vocabulary = undefined;
    this.#vocabulary ??= this.#loadVocabulary();
    const loaded = await this.#vocabulary;
    if ('ok' in loaded) return ask();
    // The next call may find the network back.
    this.#vocabulary = undefined;
    return loaded;
  }

  async #loadVocabulary(): Promise<Reply<null>> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#sources.load('clip.vocab');
    } catch (error) {
      return failure('asset-unavailable', 'clip.vocab', `cannot be loaded: ${messageOf(error)}`);
    }
    return this.#call((core) => core.loadVocabulary('clip', bytes));
  }
}

function failure(code: string, where: string, what: string): { error: Failure } {
  return { error: { code, where, what } };
}

// A JavaScript string may hold half a surrogate pair, which has no UTF-8 form; the
// boundary would change it silently.
function notText(where: string, text: string): { error: Failure } | undefined {
  const at = text.search(/\p{Surrogate}/u);
  if (at < 0) return undefined;
  const unit = text.charCodeAt(at).toString(16).toUpperCase();
  return failure('invalid-text', where, `has a lone surrogate U+${unit} at UTF-16 offset ${at}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
