/**
 * The panel's state: an encoder, a pair compared in it, neighbours of a token, a sweep. It lives
 * as long as the page, so that an encoder stays open beside another panel, whose claim may be
 * looked at in it.
 */
import type {
  CheckpointEncoder,
  Encoder,
  EncoderInfo,
  EncoderSource,
  Engine,
  Failure,
  FetchState,
  Neighbourhood,
  OpeningProgress,
  PublicModel,
  Similar,
  Sweep,
  SweepColumns,
  SweepRank,
} from '../../engine/browser.js';
import { BUILTIN_ID, EngineError, ranked, soundEncoders, sweepCsv } from '../../engine/browser.js';
import { failureOf } from '../common/failure.js';
import { Job } from '../common/job.svelte.js';
import { FIRST_SETTINGS, fragmentOf, type Settings, settingsOf } from './settings.js';
import { stageWords } from './words.js';

const SAID_MS = 4000;
/** The nearest rows of a vocabulary that are shown. */
const NEIGHBOURS = 20;
/** The columns of a sweep are drawn anew so often at most. */
const DRAWN_MS = 400;
/** ModelProto's first field, ir_version, as a varint; and where a .safetensors header begins. */
const ONNX_FIRST_BYTE = 0x08;
const HEADER_AT = 8;
const OPENING_BRACE = 0x7b;
/** Files by whose names textual inversions and nothing else are known. */
const PICKLE_NAME = /\.(pt|pth|bin)$/i;

/** What is open, or about to be. */
export interface Chosen {
  /** A file's name, or a model's id. */
  name: string;
  /** What a model is called. */
  title?: string;
  source: EncoderSource;
  /** Those in a checkpoint, one of which is used; empty for .onnx files. */
  encoders: readonly CheckpointEncoder[];
}

/** One run of many texts; `columns` fills while it goes on. */
export interface ShownSweep {
  columns: SweepColumns;
  near: string;
  /** Once all are there. */
  whole: Sweep | null;
  order: Uint32Array;
}

export class SimilaritySession {
  settings: Settings = $state.raw(FIRST_SETTINGS);
  chosen: Chosen | null = $state.raw(null);
  info: EncoderInfo | null = $state.raw(null);
  /** What is open, once it is. */
  encoder: Encoder | null = $state.raw(null);
  readonly opening = new Job();

  /** Public encoders; null until the list is there. */
  models: readonly PublicModel[] | null = $state.raw(null);
  modelsFailure: Failure | null = $state.raw(null);
  /** The one that is being fetched, and how far it is. */
  fetching: { id: string; state: FetchState | null } | null = $state.raw(null);
  readonly fetchJob = new Job();

  compared: Similar | null = $state.raw(null);
  readonly comparing = new Job();

  neighbourhood: Neighbourhood | null = $state.raw(null);
  /** Whose neighbours they are, as it was given. */
  neighboursOf = $state('');
  readonly seeking = new Job();

  swept: ShownSweep | null = $state.raw(null);
  /** Whether a list of one's own is swept, or all codes of three letters. */
  fromList = $state(false);
  /** That list, one text a line. */
  list = $state('');
  kept: { sweeps: number; bytes: number } | null = $state.raw(null);
  readonly sweeping = new Job();

  said = $state('');

  readonly engine: Promise<Engine>;
  readonly #showFragment: (fragment: string) => void;
  /** Whether the panel was ever shown, and did what it does with an encoder unasked. */
  #shown = false;
  #begun = false;
  /** While the built-in encoder is opened unasked: soon over, and what is asked for then comes after it. */
  #unasked: Promise<void> = Promise.resolve();
  /** Whether an address was taken already: the first one opens its encoder. */
  #opened = false;
  #inversion: File | null = null;
  /** How often an encoder was chosen, or none. */
  #choices = 0;
  #saying: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Promise<Engine>, showFragment: (fragment: string) => void) {
    this.engine = engine;
    this.#showFragment = showFragment;
    void this.#listModels();
  }

  /** Whether something was opened. */
  get started(): boolean {
    return this.#opened;
  }

  /** Takes the settings of an address; its public encoder is opened where it is stored. */
  open(query: string): void {
    this.#shown = true;
    void this.#begin();
    const first = !this.#opened;
    const settings = this.#ownKept(settingsOf(query), query);
    this.#opened = true;
    if (first && this.chosen === null) {
      this.settings = settings;
      this.#unasked = this.#openStored(settings.model);
      return;
    }
    if (fragmentOf(settings) === fragmentOf(this.settings)) return;
    const before = this.settings;
    this.settings = settings;
    const other =
      settings.model !== before.model ||
      settings.encoder !== before.encoder ||
      settings.output !== before.output;
    if (settings.model !== '' && other) void this.#openStored(settings.model);
    else if (this.info !== null) void this.compare();
    this.#rank();
  }

  // No address holds a file of one's own: one that names no model leaves it open, as it was told.
  #ownKept(settings: Settings, query: string): Settings {
    const isOwn = this.chosen !== null && this.settings.model === '';
    if (!isOwn || new URLSearchParams(query).has('model')) return settings;
    const { encoder, output, heads, activation } = this.settings;
    return { ...settings, model: '', encoder, output, heads, activation };
  }

  /** A file of one's own: an encoder, or a textual inversion. */
  async take(file: File): Promise<void> {
    if (PICKLE_NAME.test(file.name)) return this.seekInversion(file);
    await this.#unasked;
    const before = this.chosen;
    let isOnnx = false;
    let encoders: readonly CheckpointEncoder[] = [];
    this.chosen = { name: file.name, source: file, encoders };
    const looked = await this.opening.run(`Looking into ${file.name}`, file.name, async () => {
      isOnnx = await isOnnxFile(file);
      if (!isOnnx) encoders = soundEncoders(await (await this.engine).inspect(file));
    });
    const isTaught = looked === 'done' && !isOnnx && encoders.length === 0 && before !== null;
    if (looked !== 'done' || isTaught) {
      this.chosen = before;
      if (isTaught) await this.seekInversion(file);
      return;
    }
    this.#set({ model: '', encoder: 0, output: '', heads: null, activation: '' });
    await this.#open({ name: file.name, source: file, encoders });
  }

  /** The built-in encoder, where there is no other. */
  async openBuiltin(): Promise<void> {
    await this.#unasked;
    if (this.chosen !== null) return;
    this.#unasked = this.#openStored(BUILTIN_ID);
    await this.#unasked;
  }

  /** The built-in encoder or a public one, which must be stored. */
  async openModel(id: string): Promise<void> {
    await this.#unasked;
    this.#set({ model: id, encoder: 0, output: '', heads: null, activation: '' });
    await this.#openStored(id);
  }

  /** Other settings of the same file. */
  async reopen(
    change: Partial<Pick<Settings, 'encoder' | 'output' | 'heads' | 'activation'>>,
  ): Promise<void> {
    this.#set(change);
    if (this.chosen !== null) await this.#open(this.chosen);
  }

  /** Gives up opening; what was open is closed already. */
  cancelOpening(): void {
    this.#choices += 1;
    this.opening.cancel();
    this.chosen = null;
    this.#set({ model: '' });
  }

  async closeEncoder(): Promise<void> {
    if (!(await this.#released())) return;
    this.chosen = null;
    this.#set({ model: '', encoder: 0, output: '', heads: null, activation: '' });
  }

  async fetch(id: string): Promise<void> {
    this.fetching = { id, state: null };
    const ended = await this.fetchJob.run(`Fetching ${id}`, id, async (signal) => {
      const engine = await this.engine;
      await engine.fetchModel(id, {
        signal,
        onProgress: (state) => {
          if (this.fetching?.id === id) this.fetching = { id, state };
        },
      });
    });
    this.fetching = null;
    await this.#listModels();
    if (ended === 'done') this.say(`${id} is stored in this browser, its digest right`);
    if (ended === 'given-up') this.say('What was fetched stays; fetching goes on from there');
  }

  async remove(id: string): Promise<void> {
    try {
      if (this.settings.model === id) await this.closeEncoder();
      await (await this.engine).removeModel(id);
      this.say(`${id} is removed from this browser`);
    } catch (error) {
      this.modelsFailure = failureOf(error, id);
    }
    await this.#listModels();
  }

  /** What was typed. */
  type(change: Partial<Pick<Settings, 'tag' | 'name' | 'token'>>): void {
    const follows = this.settings.token === this.settings.tag;
    const token = change.tag !== undefined && follows ? { token: change.tag } : {};
    this.#set({ ...token, ...change });
  }

  /** Compares other texts, now or as soon as an encoder is open. */
  comparePair(pair: { tag: string; name?: string }): void {
    this.type(pair);
    void this.compare();
  }

  /** The tag, the name and the empty prompt with each other. */
  async compare(): Promise<void> {
    const encoder = this.encoder;
    if (encoder === null) return;
    const { tag, name } = this.settings;
    await this.comparing.run('Encoding', 'comparison', async (signal, report) => {
      const engine = await this.engine;
      const compared = await engine.similar(encoder, [tag, name], {
        model: this.chosen?.name ?? '',
        values: true,
        signal,
        onProgress: ({ texts, total }) => report(texts, total, 'Encoding texts to compare with'),
      });
      if (encoder !== this.encoder) return;
      this.compared = compared;
      // Its runtime may have changed meanwhile.
      this.info = encoder.info;
    });
  }

  /** The neighbours of the first token of a text. */
  async seekToken(): Promise<void> {
    const { token } = this.settings;
    await this.seeking.run('Comparing the vocabulary', 'token', async (signal) => {
      const engine = await this.engine;
      const { tokens = 'clip', profile = 'openai' } = {
        tokens: this.info?.tokens.tokenizer,
        profile: this.info?.tokens.profile,
      };
      const { ids } = await engine.tokenize(token, { tokenizer: tokens, profile });
      const [id] = ids;
      if (id === undefined) {
        this.neighbourhood = null;
        this.neighboursOf = '';
        return;
      }
      this.#inversion = null;
      const [piece = ''] = await engine.pieces([id], { tokenizer: tokens, profile });
      await this.#seek({ id }, piece, signal);
    });
  }

  /** The neighbours of every vector of a textual inversion. */
  async seekInversion(file: File): Promise<void> {
    this.#inversion = file;
    await this.seeking.run('Comparing the vocabulary', file.name, (signal) =>
      this.#seek({ inversion: file }, file.name, signal),
    );
  }

  /** All codes, or the list, through the encoder. */
  async sweep(): Promise<void> {
    const encoder = this.encoder;
    if (encoder === null) return;
    const { name } = this.settings;
    const texts = this.fromList ? linesOf(this.list) : undefined;
    let drawn = 0;
    const show = (columns: SweepColumns, whole: Sweep | null) => {
      drawn = performance.now();
      const order = ranked(columns, this.settings.rank);
      this.swept = { columns: { ...columns }, near: name, whole, order };
    };
    const ended = await this.sweeping.run('Sweeping', 'sweep', async (signal, report) => {
      const engine = await this.engine;
      const swept = await engine.sweep(encoder, {
        near: name,
        model: this.chosen?.name ?? '',
        ...(texts === undefined ? {} : { texts }),
        signal,
        onProgress: (progress) => {
          if (progress.stage === 'digest') {
            report(progress.bytes, progress.total, 'Digesting the file, by which rows are kept');
          } else report(progress.texts, progress.total, 'Encoding');
        },
        onColumns: (columns) => {
          const isDue = columns.done === 0 || performance.now() - drawn > DRAWN_MS;
          if (encoder === this.encoder && isDue) {
            show(columns, null);
          }
        },
      });
      if (encoder === this.encoder) show(swept, swept);
    });
    if (ended === 'given-up') this.say('The sweep was ended; the next one goes on from there');
    await this.#countKept();
  }

  rankBy(change: Partial<SweepRank>): void {
    this.#set({ rank: { ...this.settings.rank, ...change } });
    this.#rank();
  }

  /** The ranking as comma-separated values. */
  *csv(): Generator<string, void, undefined> {
    if (this.swept !== null) yield* sweepCsv(this.swept.columns, this.swept.order);
  }

  async forgetSweeps(): Promise<void> {
    try {
      await (await this.engine).removeSweeps();
      this.say('What was kept of sweeps is removed from this browser');
    } catch (error) {
      this.sweeping.failure = failureOf(error, 'sweeps');
    }
    await this.#countKept();
  }

  /** A confirmation that is seen and spoken. */
  say(text: string): void {
    clearTimeout(this.#saying);
    this.said = text;
    this.#saying = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  }

  #set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    this.#showFragment(fragmentOf(this.settings));
  }

  #rank(): void {
    if (this.swept === null) return;
    this.swept = { ...this.swept, order: ranked(this.swept.columns, this.settings.rank) };
  }

  // Where it is not stored, the list says so and offers to fetch it.
  async #openStored(id: string): Promise<void> {
    const models = this.models ?? (await this.#listModels());
    if (models?.find((one) => one.id === id)?.state !== 'present') return;
    const title = models?.find((one) => one.id === id)?.title;
    await this.#open({
      name: id,
      source: { model: id },
      encoders: [],
      ...(title === undefined ? {} : { title }),
    });
  }

  async #open(chosen: Chosen): Promise<void> {
    if (!(await this.#released())) return;
    this.chosen = chosen;
    const { encoder, output, heads, activation } = this.settings;
    await this.opening.run(`Opening ${chosen.name}`, chosen.name, async (signal, report) => {
      const engine = await this.engine;
      const opened = await engine.openEncoder(chosen.source, {
        ...('model' in chosen.source || chosen.encoders.length === 0 ? {} : { encoder }),
        ...(output === '' ? {} : { output }),
        ...(heads === null ? {} : { heads }),
        ...(activation === '' ? {} : { activation }),
        signal,
        onProgress: (progress: OpeningProgress) => {
          const [done, total] =
            progress.stage === 'weights' ? [progress.bytes, progress.total] : [0, 0];
          report(done, total, stageWords(progress));
        },
      });
      if (signal.aborted) return void opened.close();
      this.encoder = opened;
      this.info = opened.info;
    });
    void this.#begin();
  }

  // What needs no further word once an encoder is open and the panel is looked at.
  async #begin(): Promise<void> {
    if (this.encoder === null || !this.#shown || this.#begun) return;
    this.#begun = true;
    void this.#countKept();
    if (this.info?.checkpoint != null) {
      if (this.#inversion === null) await this.seekToken();
      else await this.seekInversion(this.#inversion);
    }
    await this.compare();
  }

  /** Closes what is open. False where something else was opened or closed meanwhile: that goes before. */
  async #released(): Promise<boolean> {
    const mine = ++this.#choices;
    for (const job of [this.opening, this.comparing, this.seeking, this.sweeping]) job.cancel();
    const open = this.encoder;
    this.encoder = null;
    this.#begun = false;
    this.info = null;
    this.compared = null;
    this.neighbourhood = null;
    this.swept = null;
    await open?.close();
    return mine === this.#choices;
  }

  async #seek(
    of: { id: number } | { inversion: File },
    shown: string,
    signal: AbortSignal,
  ): Promise<void> {
    const source = this.chosen?.source;
    this.neighbourhood = null;
    if (source === undefined) return;
    const engine = await this.engine;
    const found = await engine.neighbours(source, of, {
      encoder: this.settings.encoder,
      count: NEIGHBOURS,
      signal,
    });
    if (signal.aborted || source !== this.chosen?.source) return;
    this.neighbourhood = found;
    this.neighboursOf = shown;
  }

  async #listModels(): Promise<readonly PublicModel[] | null> {
    try {
      const models = await (await this.engine).models();
      this.models = models;
      this.modelsFailure = null;
      return models;
    } catch (error) {
      this.modelsFailure = failureOf(error, 'models');
      return null;
    }
  }

  async #countKept(): Promise<void> {
    this.kept = await this.engine.then((engine) => engine.keptSweeps()).catch(() => null);
  }
}

async function isOnnxFile(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, HEADER_AT + 1).arrayBuffer());
  if (start[HEADER_AT] === OPENING_BRACE) return false;
  if (start[0] === ONNX_FIRST_BYTE) return true;
  if (!/\.onnx$/i.test(file.name)) return false;
  const what = 'is no .onnx file, whatever its name says';
  throw new EngineError({ code: 'bad-encoder', where: file.name, what });
}

/** The texts of a list, one a line. */
export function linesOf(list: string): string[] {
  return list.split(/\r?\n/).filter((line) => line.trim() !== '');
}
