/**
 * The panel's state: a recipe as text, of which its blocks are a view, what it is run on, and
 * what each step makes of it.
 */
import type { Engine, Failure, MethodInfo, Output } from '../../engine/browser.js';
import { type Glyphs, hexPairs } from '../common/bytes.js';
import { copyText } from '../common/clipboard.js';
import { failureOf } from '../common/failure.js';
import { glyphsOf } from '../common/glyphs.js';
import type { RecipeState } from '../common/recipe-state.js';
import type { SentInput } from '../common/sends.js';
import { undo } from '../common/undo.svelte.js';
import { fragmentOf, isShared, type RecipeInput, type Settings, settingsOf } from './settings.js';
import { firstStep, inserted, moved, removed, replaced, stepsOf } from './steps.js';

/** What became of a step. */
export type StepResult =
  | { kind: 'output'; output: Output }
  | { kind: 'failed'; failure: Failure; param: string | null }
  | { kind: 'not-reached' };

const TYPING_MS = 120;
const SAID_MS = 4000;

export class RecipeSession {
  source = $state('');
  input: RecipeInput = $state.raw({ as: 'text', text: '' });
  withoutInput = $state(false);
  /** How the text reads by itself. */
  reading: RecipeState = $state.raw({ kind: 'empty' });
  /** The input as a value; null where it does not read. */
  given: Output | null = $state.raw(null);
  inputFailure: Failure | null = $state.raw(null);
  /** One for each step of `source`, once it was run. */
  results: readonly StepResult[] = $state.raw([]);
  /** What is shown belongs to an earlier text. */
  stale = $state(true);
  methods: MethodInfo[] = $state.raw([]);
  glyphs: Glyphs | null = $state.raw(null);
  /** Why there is no engine. */
  failure: Failure | null = $state.raw(null);
  said = $state('');
  /** The address of what is shown, without its #. */
  fragment = $state('#/recipe');

  readonly steps = $derived(stepsOf(this.source));
  readonly failedAt = $derived(this.results.findIndex(({ kind }) => kind === 'failed'));
  /** What the whole recipe makes; null where it does not. */
  readonly output = $derived.by((): Output | null => {
    const last = this.results.at(-1);
    if (last === undefined) return this.given;
    return last.kind === 'output' ? last.output : null;
  });
  readonly shared = $derived(this.withoutInput || isShared(this.input));

  readonly #engine: Promise<Engine>;
  readonly #first: Settings;
  readonly #showFragment: (fragment: string, edited: boolean) => void;
  #turn = 0;
  // The first edit after something was opened makes a new entry of the history.
  #edited = false;
  #opened = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  /**
   * `first`: the recipe that is shown where an address names none. `showFragment` is told the
   * fragment whenever it is changed here; `anew`: what was opened is to stay behind it.
   */
  constructor(
    engine: Promise<Engine>,
    first: { recipe: string; name: string },
    showFragment: (fragment: string, anew: boolean) => void,
  ) {
    this.#engine = engine;
    this.#first = {
      recipe: first.recipe,
      input: { as: 'text', text: first.name },
      withoutInput: false,
    };
    this.#showFragment = showFragment;
    engine.then(
      async (started) => {
        const glyphs = glyphsOf(started);
        this.methods = await started.methods();
        this.glyphs = await glyphs;
      },
      (error) => {
        this.failure = failureOf(error);
      },
    );
  }

  /** Whether something was opened. */
  get started(): boolean {
    return this.#opened;
  }

  /** Takes the state of an address. */
  open(query: string): void {
    const settings = settingsOf(query, this.#first);
    const fragment = fragmentOf(settings, this.#first);
    if (this.#opened && fragment === this.fragment) return;
    this.#opened = true;
    this.#edited = false;
    this.fragment = fragment;
    this.source = settings.recipe;
    this.input = settings.input;
    this.withoutInput = settings.withoutInput;
    this.stale = true;
    void this.#run(false);
  }

  /** The history has an entry for what comes now: the next edit takes its place. */
  arrive(): void {
    this.#edited = true;
  }

  /** To be called after the text was typed into. */
  typed(now = false): void {
    this.#later(now);
  }

  typeInput(text: string): void {
    this.input = { ...this.input, text };
    this.#later(false);
  }

  /** Reads the input as something else; what it says stays the same where that can be. */
  async readInputAs(as: RecipeInput['as']): Promise<void> {
    const before = this.input;
    const { given } = this;
    const text = given === null ? null : await this.#written(given, as);
    if (this.input !== before) return;
    if (text === null && before.text !== '') this.#remember('The input', 'read anew', 'input');
    this.input = { as, text: text ?? before.text };
    this.#later(true);
  }

  shareInput(shared: boolean): void {
    this.withoutInput = !shared;
    this.#show();
  }

  /** Writes one step anew. */
  change(index: number, text: string): void {
    this.source = replaced(this.source, index, text);
    this.#later(false);
  }

  /** Puts a method before the step at `index`, or at the end. */
  insert(method: MethodInfo, index = this.steps.length): void {
    this.source = inserted(this.source, index, firstStep(method));
    this.#later(true);
  }

  remove(index: number): void {
    this.#remember(`Step ${index + 1}`, 'removed', 'source');
    this.source = removed(this.source, index);
    this.#later(true);
  }

  move(from: number, to: number): void {
    if (from === to || to < 0 || to >= this.steps.length) return;
    this.#remember(`Step ${from + 1}`, 'moved', 'source');
    this.source = moved(this.source, from, to);
    this.#later(true);
  }

  clear(): void {
    this.#remember('All steps', 'removed', 'source');
    this.source = '';
    this.#later(true);
  }

  /** What another panel sends, in the place of what is there. */
  take({ recipe, input }: { recipe?: string; input?: SentInput }): void {
    if (this.#opened) this.#remember('The recipe and its input', 'replaced');
    else this.open('');
    this.arrive();
    if (recipe !== undefined) this.source = recipe;
    if (input !== undefined) this.input = input;
    this.#later(true);
  }

  /** Makes what the recipe gives its input. */
  goOn(): void {
    const { output } = this;
    if (output === null || output.kind === 'ids') return;
    this.#remember('The input', 'replaced');
    this.input =
      output.kind === 'text'
        ? { as: 'text', text: output.text ?? '' }
        : { as: 'hex', text: output.hex ?? '' };
    this.source = '';
    this.#later(true);
  }

  say(text: string): void {
    clearTimeout(this.#saying);
    this.said = text;
    this.#saying = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  }

  async copy(what: string, text: string): Promise<void> {
    const done = await copyText(text);
    this.say(done ? `${what} copied` : `${what} could not be copied: the browser refused`);
  }

  // Gives back only what the action changes: the other may be typed into meanwhile.
  #remember(what: string, done: string, changed: 'source' | 'input' | 'both' = 'both'): void {
    const { source, input } = this;
    undo.add(`${what} ${done}`, () => {
      if (changed !== 'input') this.source = source;
      if (changed !== 'source') this.input = input;
      this.#later(true);
    });
  }

  #later(now: boolean): void {
    ++this.#turn;
    this.stale = true;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#run(true), now ? 0 : TYPING_MS);
  }

  async #run(edited: boolean): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { source, input, steps } = this;
    const here = () => turn === this.#turn;
    try {
      const engine = await this.#engine;
      const [reading, given] = await Promise.all([
        readingOf(engine, source),
        givenOf(engine, input),
      ]);
      if (!here()) return;
      this.reading = reading;
      this.inputFailure = 'failure' in given ? given.failure : null;
      this.given = 'failure' in given ? null : given.output;
      if (edited) this.#show();
      const texts = steps.map(({ from, to }) => source.slice(from, to));
      const results = await resultsOf(engine, texts, this.given, reading);
      if (!here()) return;
      this.results = results;
      this.stale = false;
    } catch (error) {
      if (here()) this.failure = failureOf(error);
    }
  }

  // The canonical form is what a link carries.
  #show(): void {
    const recipe = this.reading.kind === 'read' ? this.reading.info.recipe : this.source;
    const { input, withoutInput } = this;
    const fragment = fragmentOf({ recipe, input, withoutInput }, this.#first);
    if (fragment === this.fragment) return;
    this.fragment = fragment;
    this.#showFragment(fragment, !this.#edited);
    this.#edited = true;
  }

  async #written(value: Output, as: RecipeInput['as']): Promise<string | null> {
    const recipe = { text: 'utf8', hex: 'hex', base64: 'base64' }[as];
    if (value.kind === 'text' && as === 'text') return value.text ?? '';
    try {
      const { output } = await (await this.#engine).run(recipe, inputOf(value));
      return output.text ?? null;
    } catch {
      return null;
    }
  }
}

async function readingOf(engine: Engine, source: string): Promise<RecipeState> {
  if (source.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'read', info: await engine.recipe(source) };
  } catch (error) {
    return { kind: 'wrong', failure: failureOf(error) };
  }
}

async function givenOf(
  engine: Engine,
  { as, text }: RecipeInput,
): Promise<{ output: Output } | { failure: Failure }> {
  if (as === 'text') return { output: { kind: 'text', text } };
  try {
    return { output: (await engine.run(`~${as}`, text)).output };
  } catch (error) {
    const failure = failureOf(error);
    return { failure: { ...failure, where: failure.where.replace(/^recipe, step 1, /, '') } };
  }
}

function inputOf(value: Output): string | Uint8Array {
  return value.kind === 'text'
    ? (value.text ?? '')
    : Uint8Array.from(hexPairs(value.hex ?? ''), (pair) => Number.parseInt(pair, 16));
}

/** Runs the steps one after another, up to the first that cannot. */
export async function resultsOf(
  engine: Pick<Engine, 'run'>,
  texts: readonly string[],
  given: Output | null,
  reading: RecipeState,
): Promise<StepResult[]> {
  const wrong = reading.kind === 'wrong' ? stepOfFailure(reading.failure) : null;
  const results: StepResult[] = [];
  let value = given;
  // Ids are no input of a run: steps after them are run from the last value that is.
  let from = 0;
  for (let i = 0; i < texts.length; ++i) {
    if (wrong !== null && wrong.step === i && reading.kind === 'wrong') {
      results.push({ kind: 'failed', failure: reading.failure, param: wrong.param });
      break;
    }
    if (value === null) {
      results.push({ kind: 'not-reached' });
      continue;
    }
    try {
      const { output } = await engine.run(texts.slice(from, i + 1).join(' | '), inputOf(value));
      results.push({ kind: 'output', output });
      if (output.kind !== 'ids') {
        value = output;
        from = i + 1;
      }
    } catch (error) {
      const failure = failureOf(error);
      const found = stepOfFailure(failure);
      results.push({
        kind: 'failed',
        failure: { ...failure, where: failure.where.replace(/\bstep \d+/, `step ${i + 1}`) },
        param: found?.param ?? null,
      });
      break;
    }
  }
  while (results.length < texts.length) results.push({ kind: 'not-reached' });
  return results;
}

/** The step, from 0, and the parameter that a failure of the engine names. */
export function stepOfFailure({ where }: Failure): { step: number; param: string | null } | null {
  const [, step, param] = /\bstep (\d+)(?:, ([a-z_]+))?/.exec(where) ?? [];
  if (step === undefined) return null;
  return { step: Number(step) - 1, param: param === undefined || param === 'input' ? null : param };
}
