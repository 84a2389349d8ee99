/**
 * The panel's state: the form, its verdict, and what a link said. It asks the
 * engine after a pause in typing; an answer that was overtaken is dropped.
 */
import type {
  ClaimInput,
  Engine,
  Failure,
  MethodInfo,
  Replayed,
  SearchProgress,
  Verified,
  VerifyOptions,
} from '../../engine/browser.js';
import type { Glyphs } from '../common/bytes.js';
import { failureOf } from '../common/failure.js';
import { glyphsOf } from '../common/glyphs.js';
import type { RecipeState } from '../common/recipe-state.js';
import { undo } from '../common/undo.svelte.js';
import {
  type ClaimForm,
  claimOf,
  emptyForm,
  filledRows,
  formOf,
  type Place,
  placeOf,
} from './claim-form.js';

/** How an opened link compares with what was computed here. */
export type ReplayState =
  | { kind: 'agrees' }
  | { kind: 'differs'; differences: Replayed['differences'] }
  | { kind: 'unreadable'; failure: Failure };

/** A search of the claim's space, under way or stopped. */
export interface SearchRun {
  space: string;
  tried: number;
  recipes: number;
  /** Recipes a second; null until it can be told. */
  rate: number | null;
  stopped: boolean;
}

// A page that opens no link needs no inflate.
const loadReader = () => import('../../engine/read-link.js');
type ReadLink = Awaited<ReturnType<typeof loadReader>>;

const PAUSE_MS = 250;
/** Before that a rate says more about starting the workers than about them. */
const TELLING_MS = 200;

export class ClaimSession {
  form: ClaimForm = $state(emptyForm());
  /** The last verdict; `stale` where the form has moved on. */
  verified: Verified | null = $state.raw(null);
  stale = $state(true);
  /** Why the form has no verdict, and at which field. */
  failure: { failure: Failure; place: Place } | null = $state.raw(null);
  replay: ReplayState | null = $state.raw(null);
  recipe: RecipeState = $state.raw({ kind: 'empty' });
  /** The search that `form` asks for, while it has no answer. */
  search: SearchRun | null = $state.raw(null);
  /** The codes that the search under way has reached from the first name, a bit each. */
  reached: Uint8Array | null = $state.raw(null);
  /** Those of the search behind `verified`. */
  verifiedReached: Uint8Array | null = $state.raw(null);
  /** Recipes a second of the last search: what an estimate is made of. */
  rate: number | null = $state.raw(null);
  /** The claim is to be looked at in an encoder, and will name it. */
  looksInEncoder = $state(false);
  /** The catalog, once `loadMethods` has brought it. */
  methods: MethodInfo[] = $state.raw([]);
  glyphs: Glyphs | null = $state.raw(null);

  readonly #engine: Promise<Engine>;
  readonly #showLink: (link: string | null) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts openings and edits; an answer to an earlier one is dropped. */
  #turn = 0;
  #recipeTurn = 0;
  #running: AbortController | null = null;
  #again: () => Promise<void> = async () => undefined;
  // A title speaks of what it was written for, a number of names of the names among which it was
  // counted: once those are edited they no longer show, unless they were typed here.
  #opened = { title: '', subject: '', population: '', names: new Set<string>() };
  #titleTyped = false;
  #populationTyped = false;

  /** `showLink` is told the link of each verdict on an edited claim, null where it has none. */
  constructor(engine: Promise<Engine>, showLink: (link: string | null) => void) {
    this.#engine = engine;
    this.#showLink = showLink;
    engine
      .then(async (started) => {
        this.glyphs = await glyphsOf(started);
      })
      .catch((error) => this.#fail(error));
  }

  /** Shows a claim and computes it. `edit`: it was made here, so that its link is shown. */
  async openClaim(claim: ClaimInput, edit = false): Promise<void> {
    if (!edit) undo.forget();
    const turn = this.#begin();
    this.replay = null;
    this.#show(formOf(claim));
    await this.#compute(turn, edit);
  }

  /** Brings the catalog for help while typing: the first view has no use for it. */
  async loadMethods(): Promise<void> {
    if (this.methods.length > 0) return;
    try {
      this.methods = await (await this.#engine).methods();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The claim that the form states; null where it states none. */
  stated(): ClaimInput | null {
    const stated = claimOf(this.form);
    return 'failure' in stated ? null : stated.claim;
  }

  /** An empty form. Answers how what stood in it comes back. */
  clear(): () => void {
    const before = this.form;
    this.#begin();
    this.replay = null;
    this.#empty();
    this.#showLink(null);
    return () => {
      this.#show(before);
      this.edited('other', true);
    };
  }

  /** Gives up the search that is under way; the claim stays as it is. */
  stopSearch(): void {
    if (this.search === null) return;
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#running?.abort();
    this.search = { ...this.search, stopped: true };
  }

  /** Begins a stopped search once more. */
  searchAgain(): Promise<void> {
    return this.#again();
  }

  /** Recomputes what a link states; what cannot be read leaves an empty form. */
  async openLink(link: string): Promise<void> {
    undo.forget();
    const turn = this.#begin();
    this.#again = () => this.openLink(link);
    this.replay = null;
    try {
      const [engine, { decodeLink }] = await Promise.all([this.#engine, loadReader()]);
      let shown = false;
      const options = this.#searching(turn, () => {
        // The engine has read the claim: it stands in the form while it is searched.
        if (!shown) this.#showLinked(decodeLink(link));
        shown = true;
        return this.form.space;
      });
      const replayed = await engine.replay(link, options);
      if (turn !== this.#turn) return;
      this.search = null;
      this.#show(formOf(replayed.verified.claim));
      this.verified = replayed.verified;
      this.verifiedReached = this.reached;
      this.failure = null;
      this.stale = false;
      this.replay = replayed.agrees
        ? { kind: 'agrees' }
        : { kind: 'differs', differences: replayed.differences };
    } catch (error) {
      if (turn !== this.#turn) return;
      const failure = failureOf(error);
      this.#empty();
      this.replay = { kind: 'unreadable', failure };
    }
  }

  #empty(): void {
    this.search = null;
    this.#show(emptyForm());
    this.verified = null;
    this.failure = null;
    this.stale = false;
  }

  /** To be called after every change to the form. `now`: without waiting for a pause. */
  edited(field: 'title' | 'population' | 'recipe' | 'other' = 'other', now = false): void {
    const turn = this.#begin();
    this.replay = null;
    if (field === 'title') this.#titleTyped = true;
    if (field === 'population') this.#populationTyped = true;
    this.#keepHonest();
    if (field === 'recipe') void this.#readRecipe();
    this.#timer = setTimeout(() => void this.#compute(turn, true), now ? 0 : PAUSE_MS);
  }

  async #compute(turn: number, edit: boolean): Promise<void> {
    this.#again = () => this.#compute(this.#begin(), edit);
    const stated = claimOf(this.form);
    if ('failure' in stated) {
      this.failure = { failure: stated.failure, place: placeOf(stated.failure, this.form) };
      return;
    }
    try {
      const engine = await this.#engine;
      const { space } = this.form;
      const verified = await engine.verify(
        stated.claim,
        space === '' ? {} : this.#searching(turn, () => space),
      );
      if (turn !== this.#turn) return;
      this.search = null;
      this.verified = verified;
      this.verifiedReached = this.reached;
      this.failure = null;
      this.stale = false;
      if (edit) this.#showLink(verified.link);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.search = null;
      this.#fail(error);
    }
  }

  // What a call that may search is given. `spaceOf` is asked once the search has begun.
  #searching(turn: number, spaceOf: () => string): VerifyOptions {
    const running = new AbortController();
    this.#running = running;
    this.reached = null;
    const begun = { at: 0, tried: 0 };
    const onProgress = ({ tried, recipes, reached }: SearchProgress) => {
      if (turn !== this.#turn) return;
      const now = performance.now();
      // Counted from the first answer, so that loading the module is no part of the rate.
      if (begun.at === 0) Object.assign(begun, { at: now, tried });
      const seconds = (now - begun.at) / 1000;
      const told = seconds * 1000 > TELLING_MS;
      if (told) this.rate = (tried - begun.tried) / seconds;
      if (reached !== undefined && reached.length > 0) this.reached = reached;
      const rate = told ? this.rate : null;
      this.search = { space: spaceOf(), tried, recipes, rate, stopped: false };
    };
    return { signal: running.signal, reached: true, onProgress };
  }

  #showLinked(document: ReturnType<ReadLink['decodeLink']>): void {
    if (!('ok' in document)) return;
    this.#show(formOf((JSON.parse(document.ok) as { claim: ClaimInput }).claim));
    this.verified = null;
    this.failure = null;
  }

  async #readRecipe(): Promise<void> {
    this.#recipeTurn += 1;
    const turn = this.#recipeTurn;
    const source = this.form.recipe;
    if (source.trim() === '') {
      this.recipe = { kind: 'empty' };
      return;
    }
    let state: RecipeState;
    try {
      const engine = await this.#engine;
      state = { kind: 'read', info: await engine.recipe(source) };
    } catch (error) {
      state = { kind: 'wrong', failure: failureOf(error) };
    }
    if (turn === this.#recipeTurn) this.recipe = state;
  }

  #begin(): number {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = null;
    this.search = null;
    this.stale = true;
    this.#turn += 1;
    return this.#turn;
  }

  #show(form: ClaimForm): void {
    this.form = form;
    this.looksInEncoder = false;
    this.#opened = {
      title: form.title,
      subject: subjectOf(form),
      population: form.population,
      names: namesOf(form),
    };
    this.#titleTyped = false;
    this.#populationTyped = false;
    void this.#readRecipe();
  }

  #keepHonest(): void {
    const { title, subject, population, names } = this.#opened;
    if (!this.#titleTyped) this.form.title = subjectOf(this.form) === subject ? title : '';
    if (this.#populationTyped) return;
    const isAmongThem = [...namesOf(this.form)].some((name) => names.has(name));
    this.form.population = isAmongThem ? population : '';
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    this.failure = { failure, place: placeOf(failure, this.form) };
  }
}

function namesOf(form: ClaimForm): Set<string> {
  return new Set(filledRows(form).map(({ name }) => name));
}

function subjectOf({ rows, recipe }: ClaimForm): string {
  return JSON.stringify([rows.map(({ name, tag }) => [name, tag]), recipe.trim()]);
}
