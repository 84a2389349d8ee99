/**
 * The panel's state: a text or ids, how they are cut, what prompt programs make of them, the map of
 * short strings, a list of tags. It lives as long as the page.
 */
import {
  type Atlas,
  type Engine,
  EngineError,
  type Failure,
  type Merges,
  type PromptRead,
  type SharedTokens,
  sharedTokens,
  type Token,
  type Tokenized,
} from '../../engine/browser.js';
import { count, counted } from '../../engine/show.js';
import { viewOfPiece } from '../common/pieces.js';
import { undo } from '../common/undo.svelte.js';
import { idsOf } from './id-list.js';
import { stringsOf } from './letter-map.js';
import { partsOf } from './prompt-view.js';
import {
  FILE_TOKENIZER,
  FIRST_SETTINGS,
  fragmentOf,
  lettersOnly,
  type Settings,
  type Source,
  settingsOf,
} from './settings.js';
import { csvOf, MAX_LIST_BYTES, MAX_TAGS, tagsOf } from './tag-list.js';

const TYPING_MS = 120;
const SAID_MS = 4000;
/** As the terminal's --tokenizer. */
const MAX_TOKENIZER_BYTES = 64 * 1024 * 1024;
/** Ids of the listed strings are asked for in pages. */
const LIST_PAGE = 240;

/** A token on the page; spans only where the ids are those that the text is cut into. */
export type ShownToken = Pick<Token, 'id' | 'piece' | 'text'> &
  Partial<Pick<Token, 'start' | 'end'>>;

export interface Cut {
  tokens: ShownToken[];
  tokenized: Tokenized;
  /** Ids that were typed and are not those of their own text. */
  foreign: boolean;
}

export interface Prompts {
  a1111: PromptRead;
  comfy: PromptRead;
  /** The chosen program's prompt for SDXL's two encoders. */
  encoders: { first: PromptRead; second: PromptRead };
  pieces: ReadonlyMap<number, string>;
}

export interface TagFindings {
  tags: string[];
  ids: number[][];
  pieces: ReadonlyMap<number, string>;
  shared: SharedTokens;
}

export class TokensSession {
  settings: Settings = $state.raw(FIRST_SETTINGS);
  /** The two fields; the one that is typed in leads, the other follows. */
  text = $state('');
  ids = $state('');
  cut: Cut | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** The name of the tokenizer.json that was loaded. */
  fileTokenizer = $state('');
  /** Why one was not. */
  fileFailure: Failure | null = $state.raw(null);
  /** The token that is looked at. */
  chosen = $state(0);
  merges: Merges | null = $state.raw(null);
  prompts: Prompts | null = $state.raw(null);
  promptFailure: Failure | null = $state.raw(null);
  atlas: Atlas | null = $state.raw(null);
  atlasFailure: Failure | null = $state.raw(null);
  /** The map's string that is looked at. */
  looked = $state('aua');
  lookedTokens: readonly Token[] | null = $state.raw(null);
  /** Strings of the list, and the ids of its beginning. */
  list: readonly string[] = $state.raw([]);
  listIds: readonly number[][] = $state.raw([]);
  tagText = $state('');
  tags: TagFindings | null = $state.raw(null);
  tagFailure: Failure | null = $state.raw(null);
  said = $state('');

  readonly #engine: Promise<Engine>;
  readonly #showFragment: (fragment: string) => void;
  // Each counts what was asked for: an answer to an earlier question is dropped.
  #reading = 0;
  #choosing = 0;
  #mapping = 0;
  #listing = 0;
  #looking = 0;
  #tagging = 0;
  #opened = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #typingTags: ReturnType<typeof setTimeout> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  /** `showFragment` is told the fragment of the settings whenever they are changed here. */
  constructor(engine: Promise<Engine>, showFragment: (fragment: string) => void) {
    this.#engine = engine;
    this.#showFragment = showFragment;
  }

  /** Whether something was opened. */
  get started(): boolean {
    return this.#opened;
  }

  /** Takes the settings of an address. */
  open(query: string): void {
    const settings = settingsOf(query);
    if (this.#opened && fragmentOf(settings) === fragmentOf(this.settings)) return;
    this.#opened = true;
    this.settings = settings;
    this.#fill(settings.source);
    if (this.looked.length !== settings.letters) this.looked = firstLooked(settings.letters);
    void this.#read();
    void this.#map();
    if (this.tagText !== '') void this.#readTags();
  }

  type(source: Source): void {
    this.#fill(source);
    this.#set({ ...this.settings, source });
    // An answer under way would overwrite what is being typed.
    ++this.#reading;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#read(), TYPING_MS);
  }

  /** Tokenizer, profile, special tokens: all that is shown depends on them. */
  tokenizeAs(change: Partial<Pick<Settings, 'tokenizer' | 'profile' | 'special'>>): void {
    this.#set({ ...this.settings, ...change });
    void this.#read();
    void this.#map();
    if (this.tagText !== '') void this.#readTags();
  }

  /** Makes a Hugging Face tokenizer.json the tokenizer; the one before stays where it is refused. */
  async loadTokenizer(file: File): Promise<void> {
    try {
      if (file.size > MAX_TOKENIZER_BYTES) {
        throw new EngineError({
          code: 'too-large',
          where: file.name,
          what: `is ${count(file.size)} bytes; the limit is ${count(MAX_TOKENIZER_BYTES)}`,
        });
      }
      await (await this.#engine).loadTokenizer(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      this.fileFailure = failureOf(error);
      return;
    }
    this.fileFailure = null;
    this.fileTokenizer = file.name;
    this.tokenizeAs({ tokenizer: FILE_TOKENIZER });
    this.say(`${file.name} is the tokenizer now`);
  }

  readAs(syntax: Settings['syntax']): void {
    this.#set({ ...this.settings, syntax });
    void this.#readPrompts(this.#reading);
  }

  /** Looks at a token of the strip. */
  choose(token: number): void {
    this.chosen = token;
    void this.#readMerges();
  }

  mapLetters(letters: number): void {
    const listed = Math.min(this.settings.listed, letters);
    this.#set({ ...this.settings, letters, listed });
    this.looked = firstLooked(letters);
    void this.#map();
  }

  /** Lists the strings of so many tokens, or those that contain some letters. */
  listStrings(change: Partial<Pick<Settings, 'listed' | 'find'>>): void {
    const find = lettersOnly(change.find ?? this.settings.find);
    this.#set({ ...this.settings, ...change, find });
    this.#list();
  }

  look(text: string): void {
    this.looked = text;
    void this.#look();
  }

  /** Puts a string of the map into the text field. */
  useLooked(): void {
    const { source } = this.settings;
    undo.add('The text replaced', () => this.type(source));
    this.type({ kind: 'text', text: this.looked });
  }

  async listMore(): Promise<void> {
    const turn = this.#listing;
    const from = this.listIds.length;
    const page = this.list.slice(from, from + LIST_PAGE);
    if (page.length === 0) return;
    try {
      const ids = await this.#idsOf(page);
      if (turn === this.#listing) this.listIds = [...this.listIds, ...ids];
    } catch (error) {
      if (turn === this.#listing) this.atlasFailure = failureOf(error);
    }
  }

  /** The whole list as CSV: string, tokens, ids; null where it cannot be made. */
  async listCsv(): Promise<string | null> {
    const { list } = this;
    const { listed } = this.settings;
    try {
      const ids = await this.#idsOf(list);
      const rows = list.map((text, i) => [text, listed, (ids[i] ?? []).join(' ')]);
      return csvOf([['string', 'tokens', 'ids'], ...rows]);
    } catch (error) {
      this.atlasFailure = failureOf(error);
      return null;
    }
  }

  typeTags(text: string): void {
    this.tagText = text;
    ++this.#tagging;
    clearTimeout(this.#typingTags);
    this.#typingTags = setTimeout(() => void this.#readTags(), TYPING_MS);
  }

  async dropTags(file: File): Promise<void> {
    if (file.size > MAX_LIST_BYTES) {
      this.tagFailure = {
        code: 'too-large',
        where: file.name,
        what: `is ${count(file.size)} bytes; the limit here is ${count(MAX_LIST_BYTES)}. The Tags panel reads larger tables`,
      };
      return;
    }
    const before = this.tagText;
    try {
      this.tagText = await file.text();
    } catch (error) {
      this.tagFailure = {
        code: 'not-readable',
        where: file.name,
        what: `cannot be read: ${String(error)}`,
      };
      return;
    }
    if (before !== '') undo.add('The list of tags replaced', () => this.typeTags(before));
    await this.#readTags();
    document.getElementById('tag-list-title')?.scrollIntoView();
  }

  /** The tags as CSV: tag, tokens, ids. */
  tagsCsv(): string {
    const { tags, ids } = this.tags ?? { tags: [], ids: [] };
    const rows = tags.map((tag, i) => [tag, ids[i]?.length ?? 0, (ids[i] ?? []).join(' ')]);
    return csvOf([['tag', 'tokens', 'ids'], ...rows]);
  }

  say(what: string): void {
    this.said = what;
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  }

  #set(settings: Settings): void {
    this.settings = settings;
    this.#showFragment(fragmentOf(settings));
  }

  #fill(source: Source): void {
    if (source.kind === 'text') this.text = source.text;
    else this.ids = source.ids;
  }

  get #options(): { tokenizer: string; profile?: string; special?: boolean } {
    const { tokenizer, profile, special } = this.settings;
    return {
      tokenizer,
      ...(tokenizer === 'clip' ? { profile } : {}),
      ...(tokenizer !== 'clip' && special ? { special } : {}),
    };
  }

  get #vocabulary(): { tokenizer: string; profile?: string } {
    const { special: _, ...vocabulary } = this.#options;
    return vocabulary;
  }

  async #read(): Promise<void> {
    const turn = ++this.#reading;
    const { source } = this.settings;
    try {
      const cut =
        source.kind === 'text' ? await this.#ofText(source.text) : await this.#ofIds(source.ids);
      if (turn !== this.#reading) return;
      this.failure = null;
      this.cut = cut;
      if (source.kind === 'text') this.ids = cut.tokenized.ids.join(' ');
      else this.text = cut.tokenized.decoded;
      this.chosen = Math.min(this.chosen, Math.max(0, cut.tokens.length - 1));
      await Promise.all([this.#readMerges(), this.#readPrompts(turn)]);
    } catch (error) {
      if (turn !== this.#reading) return;
      this.failure = failureOf(error);
      this.cut = null;
      this.merges = null;
      this.prompts = null;
    }
  }

  async #ofText(text: string): Promise<Cut> {
    const tokenized = await (await this.#engine).tokenize(text, this.#options);
    return { tokens: tokenized.tokens, tokenized, foreign: false };
  }

  async #ofIds(typed: string): Promise<Cut> {
    const read = idsOf(typed);
    if ('error' in read) throw new EngineError({ code: 'bad-ids', where: 'ids', what: read.error });
    const engine = await this.#engine;
    const { text } = await engine.decode(read.ids, this.#vocabulary);
    const [tokenized, pieces] = await Promise.all([
      engine.tokenize(text, this.#options),
      engine.pieces(read.ids, this.#vocabulary),
    ]);
    // The field shows what the ids stand for, whatever the text would be cut into.
    const own = { ...tokenized, decoded: text };
    const same =
      tokenized.ids.length === read.ids.length &&
      tokenized.ids.every((id, i) => id === read.ids[i]);
    if (same) return { tokens: tokenized.tokens, tokenized: own, foreign: false };
    return {
      tokens: read.ids.map((id, i) => {
        const piece = pieces[i] ?? '';
        return { id, piece, text: viewOfPiece(piece).text };
      }),
      tokenized: own,
      foreign: true,
    };
  }

  async #readMerges(): Promise<void> {
    const turn = ++this.#choosing;
    const start = this.cut?.tokens[this.chosen]?.start;
    if (start === undefined) {
      this.merges = null;
      return;
    }
    try {
      const merges = await (await this.#engine).merges(this.text, { ...this.#options, at: start });
      if (turn === this.#choosing) this.merges = merges;
    } catch {
      // Not every tokenizer merges; the token itself is told all the same.
      if (turn === this.#choosing) this.merges = null;
    }
  }

  async #readPrompts(turn: number): Promise<void> {
    const { syntax, tokenizer, profile } = this.settings;
    if (syntax === 'plain' || this.cut === null) {
      this.prompts = null;
      this.promptFailure = null;
      return;
    }
    const { text } = this;
    try {
      const engine = await this.#engine;
      const read = (as: 'a1111' | 'comfy', by: string) =>
        engine.prompt(text, {
          syntax: as,
          tokenizer,
          ...(tokenizer === 'clip' ? { profile: by } : {}),
        });
      const [a1111, comfy, first, second] = await Promise.all([
        read('a1111', profile),
        read('comfy', profile),
        read(syntax, 'openai'),
        read(syntax, 'open_clip'),
      ]);
      const pieces = await this.#piecesOf(
        [a1111, comfy, first, second].flatMap((prompt) =>
          partsOf(prompt).flatMap(({ chunks }) => chunks.flatMap(({ ids }) => ids)),
        ),
      );
      if (turn !== this.#reading || syntax !== this.settings.syntax) return;
      this.prompts = { a1111, comfy, encoders: { first, second }, pieces };
      this.promptFailure = null;
    } catch (error) {
      if (turn !== this.#reading) return;
      this.prompts = null;
      this.promptFailure = failureOf(error);
    }
  }

  async #map(): Promise<void> {
    const turn = ++this.#mapping;
    try {
      const engine = await this.#engine;
      const atlas = await engine.atlas(this.settings.letters, this.#vocabulary);
      if (turn !== this.#mapping) return;
      this.atlas = atlas;
      this.atlasFailure = null;
      this.#list();
      await this.#look();
    } catch (error) {
      if (turn !== this.#mapping) return;
      this.atlas = null;
      this.atlasFailure = failureOf(error);
    }
  }

  #list(): void {
    const { atlas } = this;
    if (atlas === null) return;
    ++this.#listing;
    this.list = stringsOf(atlas.counts, atlas.length, this.settings.listed, this.settings.find);
    this.listIds = [];
    void this.listMore();
  }

  async #look(): Promise<void> {
    const turn = ++this.#looking;
    try {
      const { tokens } = await (await this.#engine).tokenize(this.looked, this.#vocabulary);
      if (turn === this.#looking) this.lookedTokens = tokens;
    } catch (error) {
      if (turn === this.#looking) this.atlasFailure = failureOf(error);
    }
  }

  async #readTags(): Promise<void> {
    const turn = ++this.#tagging;
    const tags = tagsOf(this.tagText);
    if (tags.length === 0) {
      this.tags = null;
      this.tagFailure = null;
      return;
    }
    if (tags.length > MAX_TAGS) {
      this.tags = null;
      this.tagFailure = {
        code: 'too-large',
        where: 'tags',
        what: `are ${counted(tags.length, 'tag')}; the limit here is ${count(MAX_TAGS)}. The Tags panel reads larger tables`,
      };
      return;
    }
    try {
      const many = await (await this.#engine).tokenizeMany(tags, this.#vocabulary);
      const ids = tags.map((_, i) => [...many.ids.subarray(many.offsets[i], many.offsets[i + 1])]);
      const pieces = await this.#piecesOf(many.ids);
      if (turn !== this.#tagging) return;
      this.tags = { tags, ids, pieces, shared: sharedTokens(many) };
      this.tagFailure = null;
    } catch (error) {
      if (turn !== this.#tagging) return;
      this.tags = null;
      this.tagFailure = failureOf(error);
    }
  }

  async #piecesOf(ids: Iterable<number>): Promise<ReadonlyMap<number, string>> {
    const distinct = [...new Set(ids)];
    const pieces = await (await this.#engine).pieces(distinct, this.#vocabulary);
    return new Map(distinct.map((id, i) => [id, pieces[i] ?? '']));
  }

  async #idsOf(texts: readonly string[]): Promise<number[][]> {
    const { ids, offsets } = await (await this.#engine).tokenizeMany(texts, this.#vocabulary);
    return texts.map((_, i) => [...ids.subarray(offsets[i], offsets[i + 1])]);
  }
}

function firstLooked(letters: number): string {
  return 'auau'.slice(0, letters);
}

function failureOf(error: unknown): Failure {
  return error instanceof EngineError
    ? error.failure
    : { code: 'failed', where: 'tokens', what: String(error) };
}
