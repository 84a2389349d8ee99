/**
 * The panel's state: the form, its verdict, and what a link said. It asks the
 * engine after a pause in typing; an answer that was overtaken is dropped.
 */
import {
  type ClaimInput,
  type Engine,
  EngineError,
  type Failure,
  type MethodInfo,
  type RecipeInfo,
  type Replayed,
  type Verified,
} from '../../engine/browser.js';
import type { Glyphs } from './bytes.js';
import { type ClaimForm, claimOf, emptyForm, formOf, type Place, placeOf } from './claim-form.js';

/** How an opened link compares with what was computed here. */
export type ReplayState =
  | { kind: 'agrees' }
  | { kind: 'differs'; differences: Replayed['differences'] }
  | { kind: 'unreadable'; failure: Failure };

/** How the recipe field reads by itself. */
export type RecipeState =
  | { kind: 'empty' }
  | { kind: 'read'; info: RecipeInfo }
  | { kind: 'wrong'; failure: Failure };

const PAUSE_MS = 250;

export class ClaimSession {
  form: ClaimForm = $state(emptyForm());
  /** The last verdict; `stale` where the form has moved on. */
  verified: Verified | null = $state.raw(null);
  stale = $state(true);
  /** Why the form has no verdict, and at which field. */
  failure: { failure: Failure; place: Place } | null = $state.raw(null);
  replay: ReplayState | null = $state.raw(null);
  recipe: RecipeState = $state.raw({ kind: 'empty' });
  methods: MethodInfo[] = $state.raw([]);
  glyphs: Glyphs | null = $state.raw(null);

  readonly #engine: Promise<Engine>;
  readonly #showLink: (link: string | null) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts openings and edits; an answer to an earlier one is dropped. */
  #turn = 0;
  #recipeTurn = 0;
  // A title speaks of what it was written for: once that is edited it no longer shows,
  // unless it was typed here.
  #opened: { title: string; subject: string } = { title: '', subject: '' };
  #titleTyped = false;

  /** `showLink` is told the link of each verdict on an edited claim, null where it has none. */
  constructor(engine: Promise<Engine>, showLink: (link: string | null) => void) {
    this.#engine = engine;
    this.#showLink = showLink;
    engine.then((started) => this.#prepare(started)).catch((error) => this.#fail(error));
  }

  /** Shows a claim and computes it. */
  async openClaim(claim: ClaimInput): Promise<void> {
    const turn = this.#begin();
    this.replay = null;
    this.#show(formOf(claim));
    await this.#compute(turn, false);
  }

  /** Recomputes what a link states; what cannot be read leaves an empty form. */
  async openLink(link: string): Promise<void> {
    const turn = this.#begin();
    this.replay = null;
    try {
      const engine = await this.#engine;
      const replayed = await engine.replay(link);
      if (turn !== this.#turn) return;
      this.#show(formOf(replayed.verified.claim));
      this.verified = replayed.verified;
      this.failure = null;
      this.stale = false;
      this.replay = replayed.agrees
        ? { kind: 'agrees' }
        : { kind: 'differs', differences: replayed.differences };
    } catch (error) {
      if (turn !== this.#turn) return;
      const failure = failureOf(error);
      this.#show(emptyForm());
      this.verified = null;
      this.failure = null;
      this.stale = false;
      this.replay = { kind: 'unreadable', failure };
    }
  }

  /** To be called after every change to the form. `now`: without waiting for a pause. */
  edited(field: 'title' | 'recipe' | 'other' = 'other', now = false): void {
    const turn = this.#begin();
    this.replay = null;
    if (field === 'title') this.#titleTyped = true;
    else this.#keepTitleHonest();
    if (field === 'recipe') void this.#readRecipe();
    this.#timer = setTimeout(() => void this.#compute(turn, true), now ? 0 : PAUSE_MS);
  }

  async #compute(turn: number, edit: boolean): Promise<void> {
    const stated = claimOf(this.form);
    if ('failure' in stated) {
      this.failure = { failure: stated.failure, place: placeOf(stated.failure, this.form) };
      return;
    }
    try {
      const engine = await this.#engine;
      const verified = await engine.verify(stated.claim);
      if (turn !== this.#turn) return;
      this.verified = verified;
      this.failure = null;
      this.stale = false;
      if (edit) this.#showLink(verified.link);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#fail(error);
    }
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
    this.stale = true;
    this.#turn += 1;
    return this.#turn;
  }

  #show(form: ClaimForm): void {
    this.form = form;
    this.#opened = { title: form.title, subject: subjectOf(form) };
    this.#titleTyped = false;
    void this.#readRecipe();
  }

  #keepTitleHonest(): void {
    if (this.#titleTyped) return;
    this.form.title = subjectOf(this.form) === this.#opened.subject ? this.#opened.title : '';
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    this.failure = { failure, place: placeOf(failure, this.form) };
  }

  async #prepare(engine: Engine): Promise<void> {
    const [methods, glyphs] = await Promise.all([engine.methods(), glyphsOf(engine)]);
    this.methods = methods;
    this.glyphs = glyphs;
  }
}

function subjectOf({ rows, recipe }: ClaimForm): string {
  return JSON.stringify([rows.map(({ name, tag }) => [name, tag]), recipe.trim()]);
}

function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) return error.failure;
  const what = error instanceof Error ? error.message : String(error);
  return { code: 'internal', where: 'page', what };
}

// One run over all bytes that draw something: NUL and BEL draw nothing, so what
// comes back has a glyph for each of the others, in order.
async function glyphsOf(engine: Engine): Promise<Glyphs | null> {
  const drawn = Array.from({ length: 256 }, (_, byte) => byte).filter((b) => b !== 0 && b !== 7);
  try {
    const { output } = await engine.run('cp437', Uint8Array.from(drawn));
    const points = Array.from(output.text ?? '');
    if (points.length !== drawn.length) return null;
    const glyphs = Array.from({ length: 256 }, () => '');
    drawn.forEach((byte, i) => {
      glyphs[byte] = points[i] ?? '';
    });
    return glyphs;
  } catch {
    return null;
  }
}
