/** The search module behind {@link SearchApi}; runs in a Worker. */
import type { CoreReplayed, CoreVerified, Reply, Vocabulary } from '../protocol/core-api.js';
import type { Failure, ListsSummary, Membership, SpaceInfo } from '../protocol/results.js';
import type { OpenedLists, OpenedSearch, SearchApi } from '../protocol/search-api.js';
import { failure, messageOf } from './failure.js';
import type { SearchBinding, SearchFactory } from './search-binding.js';
import { vocabulariesIn } from './vocabularies.js';

export interface SearchSources {
  /** URL of the module's loader, search.mjs. */
  module: string;
  /** The whole file; rejects with an Error that says what was not found. */
  load(file: 'search.wasm' | `${Vocabulary}.vocab`): Promise<Uint8Array>;
}

/** Tags for which the number of a space's recipes is told. */
const COUNTED_LENGTHS = 8;

/** Loads the module and the vocabulary. Errors: `asset-unavailable`. */
export async function openSearch(sources: SearchSources): Promise<Reply<SearchApi>> {
  try {
    const [loader, wasmBinary, vocabulary] = await Promise.all([
      import(/* @vite-ignore */ sources.module) as Promise<{ default: SearchFactory }>,
      sources.load('search.wasm'),
      sources.load('clip.vocab'),
    ]);
    const binding = await loader.default({ wasmBinary });
    const loaded = JSON.parse(binding.loadVocabulary('clip', vocabulary)) as Reply<null>;
    return 'error' in loaded ? loaded : { ok: new SearchModule(binding, sources) };
  } catch (error) {
    const what = `the search cannot be loaded: ${messageOf(error)}`;
    return failure('asset-unavailable', sources.module, what);
  }
}

class SearchModule implements SearchApi {
  readonly #binding: SearchBinding;
  readonly #sources: SearchSources;
  readonly #loaded = new Set<Vocabulary>(['clip']);

  constructor(binding: SearchBinding, sources: SearchSources) {
    this.#binding = binding;
    this.#sources = sources;
  }

  spaces(): Promise<Reply<SpaceInfo[]>> {
    return this.#guarded((search) => ({
      ok: JSON.parse(search.spaces(COUNTED_LENGTHS)) as SpaceInfo[],
    }));
  }

  contains(space: string, recipe: string, texts: string[]): Promise<Reply<Membership>> {
    return this.#call((search) => search.contains(space, recipe, JSON.stringify(texts)));
  }

  async open(claimJson: string): Promise<Reply<OpenedSearch>> {
    const missing = await this.#loadFor(claimJson);
    return missing ?? this.#call((search) => search.open(claimJson));
  }

  async openDocument(documentJson: string, strict: boolean): Promise<Reply<OpenedSearch>> {
    const missing = await this.#loadFor(documentJson);
    return missing ?? this.#call((search) => search.openDocument(documentJson, strict));
  }

  /** The vocabularies of a stated recipe. */
  async #loadFor(text: string): Promise<{ error: Failure } | undefined> {
    for (const name of vocabulariesIn(text)) {
      if (this.#loaded.has(name)) continue;
      const file = `${name}.vocab` as const;
      try {
        const bytes = await this.#sources.load(file);
        const loaded = JSON.parse(this.#binding.loadVocabulary(name, bytes)) as Reply<null>;
        if ('error' in loaded) return loaded;
      } catch (error) {
        return failure('asset-unavailable', file, `cannot be loaded: ${messageOf(error)}`);
      }
      this.#loaded.add(name);
    }
    return undefined;
  }

  run(handle: number, begin: number, end: number, step = 1): Promise<Reply<{ tried: number }>> {
    return this.#call((search) =>
      step === 1 ? search.run(handle, begin, end) : search.runEvery(handle, begin, end, step),
    );
  }

  save(handle: number): Promise<Reply<Uint8Array>> {
    return this.#guarded((search) => ({ ok: search.save(handle) }));
  }

  merge(handle: number, part: Uint8Array): Promise<Reply<null>> {
    return this.#call((search) => search.merge(handle, part));
  }

  mergeShard(handle: number, part: Uint8Array, index: number, of: number): Promise<Reply<null>> {
    return this.#call((search) => search.mergeShard(handle, part, index, of));
  }

  reached(handle: number, pair: number): Promise<Reply<Uint8Array>> {
    return this.#guarded((search) => ({ ok: search.reached(handle, pair) }));
  }

  finish(handle: number): Promise<Reply<CoreVerified>> {
    return this.#call((search) => search.finish(handle));
  }

  finishReplay(
    handle: number,
    documentJson: string,
    strict: boolean,
  ): Promise<Reply<CoreReplayed>> {
    return this.#call((search) => search.finishReplay(handle, documentJson, strict));
  }

  close(handle: number): Promise<Reply<null>> {
    return this.#guarded((search) => {
      search.close(handle);
      return { ok: null };
    });
  }

  openLists(listsJson: string): Promise<Reply<OpenedLists>> {
    return this.#call((search) => search.openLists(listsJson));
  }

  runListUnit(
    handle: number,
    unit: number,
    names: number,
  ): Promise<Reply<{ done: boolean; work: number }>> {
    return this.#call((search) => search.runListUnit(handle, unit, names));
  }

  listRecord(handle: number): Promise<Reply<Uint8Array>> {
    return this.#guarded((search) => ({ ok: search.listRecord(handle) }));
  }

  addListRecord(
    handle: number,
    unit: number,
    record: Uint8Array,
  ): Promise<Reply<{ hits: number; work: number }>> {
    return this.#call((search) => search.addListRecord(handle, unit, record));
  }

  listHits(handle: number, begin: number, end: number): Promise<Reply<Uint8Array>> {
    return this.#guarded((search) => ({ ok: search.listHits(handle, begin, end) }));
  }

  finishLists(handle: number): Promise<Reply<ListsSummary>> {
    return this.#call((search) => search.finishLists(handle));
  }

  #call<T>(ask: (search: SearchBinding) => string): Promise<Reply<T>> {
    return this.#guarded((search) => JSON.parse(ask(search)) as Reply<T>);
  }

  // The module answers with values; what it throws is an abort.
  async #guarded<T>(ask: (search: SearchBinding) => Reply<T>): Promise<Reply<T>> {
    try {
      return ask(this.#binding);
    } catch (error) {
      return failure('internal', 'search', `the search stopped: ${messageOf(error)}`);
    }
  }
}
