/** The core module behind {@link CoreApi}; runs in the Worker, or in Node's own thread. */
import type {
  AssetFile,
  CoreApi,
  CoreReplayed,
  CoreSources,
  CoreVerified,
  Reply,
  RunInput,
} from '../protocol/core-api.js';
import type { Failure, MethodInfo, RecipeInfo, RunResult } from '../protocol/results.js';
import type { CoreBinding, CoreFactory } from './core-binding.js';
import { failure, messageOf } from './failure.js';
import { notText } from './not-text.js';
import { vocabulariesIn } from './vocabularies.js';

type Asset = Exclude<AssetFile, 'tagscope.wasm'>;

// Beyond ASCII, in character references and in JSON's escapes the tables are certain or likely to be
// asked for. Where something else asks, the core stops and #answer gives it a second chance.
const needsTables = (text: string): boolean => /[^\0-\x7F]|[&\\]/.test(text);

/** A started module and what it has loaded. What it throws is an abort: its memory is not trusted again. */
interface Module {
  binding: CoreBinding;
  assets: Map<Asset, Promise<Reply<null>>>;
  stopped: boolean;
}

/**
 * Loads and starts the core. Vocabularies and tables are loaded by the first call that
 * needs one. Errors: `asset-unavailable` where a file cannot be had.
 */
export async function openCore(sources: CoreSources): Promise<Reply<CoreApi>> {
  const core = new Core(sources);
  const started = await core.start();
  return 'error' in started ? started : { ok: core };
}

function vocabulariesOf(text: string): Asset[] {
  return vocabulariesIn(text).map((name) => `${name}.vocab` as const);
}

class Core implements CoreApi {
  readonly #sources: CoreSources;
  #module: Promise<Reply<Module>> | undefined;

  constructor(sources: CoreSources) {
    this.#sources = sources;
  }

  async start(): Promise<Reply<Module>> {
    this.#module ??= this.#started();
    const started = await this.#module;
    // The next call may find the network back.
    if ('error' in started) this.#module = undefined;
    return started;
  }

  async #started(): Promise<Reply<Module>> {
    const { module } = this.#sources;
    try {
      const [loader, wasmBinary] = await Promise.all([
        import(/* @vite-ignore */ module) as Promise<{ default: CoreFactory }>,
        this.#sources.load('tagscope.wasm'),
      ]);
      const binding = await loader.default({ wasmBinary });
      return { ok: { binding, assets: new Map(), stopped: false } };
    } catch (error) {
      return failure('asset-unavailable', module, `the core cannot be loaded: ${messageOf(error)}`);
    }
  }

  version(): Promise<Reply<string>> {
    return this.#answer([], (core) => ({ ok: core.version() }));
  }

  methods(): Promise<Reply<MethodInfo[]>> {
    return this.#answer([], (core) => ({ ok: JSON.parse(core.catalog()) as MethodInfo[] }));
  }

  async recipe(source: string): Promise<Reply<RecipeInfo>> {
    return (
      notText('recipe', source) ??
      this.#answer(tablesOf(source), (core) => JSON.parse(core.readRecipe(source)))
    );
  }

  async run(recipe: string, input: RunInput): Promise<Reply<RunResult>> {
    const wrong =
      notText('recipe', recipe) ??
      (input.kind === 'text' ? notText('text', input.text) : undefined);
    if (wrong !== undefined) return wrong;
    const bytes = input.kind === 'text' ? new TextEncoder().encode(input.text) : input.bytes;
    const tables = tablesOf(recipe, input.kind === 'text' ? input.text : '');
    return this.#answer([...vocabulariesOf(recipe), ...tables], (core) =>
      JSON.parse(core.runRecipe(recipe, input.kind, bytes)),
    );
  }

  async verify(claimJson: string): Promise<Reply<CoreVerified>> {
    return (
      notText('claim', claimJson) ??
      this.#answer(['clip.vocab', ...vocabulariesOf(claimJson), ...tablesOf(claimJson)], (core) =>
        JSON.parse(core.verify(claimJson)),
      )
    );
  }

  async replay(documentJson: string, strict: boolean): Promise<Reply<CoreReplayed>> {
    return (
      notText('document', documentJson) ??
      this.#answer(
        ['clip.vocab', ...vocabulariesOf(documentJson), ...tablesOf(documentJson)],
        (core) => JSON.parse(core.replay(documentJson, strict)),
      )
    );
  }

  /** Loads what the call needs, then asks; again with the tables, where the core stopped without them. */
  async #answer<T>(
    needs: readonly Asset[],
    ask: (core: CoreBinding) => Reply<T>,
  ): Promise<Reply<T>> {
    for (let assets = needs; ; ) {
      const started = await this.start();
      if ('error' in started) return started;
      const module = started.ok;
      const loaded = await this.#load(module, assets);
      if ('error' in loaded) return loaded;
      if (module.stopped) continue; // by another call meanwhile
      try {
        return ask(module.binding);
      } catch (error) {
        this.#stop(module);
        if (module.assets.has('text.tables')) return coreStopped(error);
        assets = [...needs, 'text.tables'];
      }
    }
  }

  // A fresh module takes over for the calls that follow.
  #stop(module: Module): void {
    if (!module.stopped) this.#module = undefined;
    module.stopped = true;
  }

  async #load(module: Module, assets: readonly Asset[]): Promise<Reply<null>> {
    for (const asset of assets) {
      const loading = module.assets.get(asset) ?? this.#loadAsset(module, asset);
      module.assets.set(asset, loading);
      const loaded = await loading;
      if ('ok' in loaded) continue;
      // The next call may find the network back.
      module.assets.delete(asset);
      return loaded;
    }
    return { ok: null };
  }

  async #loadAsset(module: Module, asset: Asset): Promise<Reply<null>> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#sources.load(asset);
    } catch (error) {
      return failure('asset-unavailable', asset, `cannot be loaded: ${messageOf(error)}`);
    }
    try {
      return JSON.parse(
        asset === 'text.tables'
          ? module.binding.loadTextTables(bytes)
          : module.binding.loadVocabulary(asset.replace(/\.vocab$/, ''), bytes),
      );
    } catch (error) {
      this.#stop(module);
      return coreStopped(error);
    }
  }
}

function coreStopped(error: unknown): { error: Failure } {
  return failure('internal', 'engine', `the core stopped: ${messageOf(error)}`);
}

function tablesOf(...texts: string[]): Asset[] {
  return texts.some(needsTables) ? ['text.tables'] : [];
}
