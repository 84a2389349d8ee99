/**
 * The panel's state: the files, what is computed of them, and what they should be.
 * It lives as long as the page, so that files go on being read beside another panel.
 */
import {
  DEFAULT_DIGESTS,
  type Engine,
  EngineError,
  type Failure,
  type FileDigests,
} from '../../engine/browser.js';
import type { ChecksumEntry, ExpectedDigest } from '../../engine/checksums.js';
import { digestName } from '../../engine/words.js';
import { copyText } from '../common/clipboard.js';
import { type Found, unreadable } from '../common/found-files.js';
import { undo } from '../common/undo.svelte.js';
import { checkFile, expectedOf, neededNext, standingOf } from './checking.js';
import {
  type Expectation,
  expectationOf,
  listOf,
  MAX_CHECKSUM_FILE_BYTES,
  namesChecksums,
  type StatedList,
} from './expectation.js';
import { FileQueue, type QueuedFile, type QueueProgress, type Wanted } from './file-queue.js';
import { RateMeter } from './measures.js';
import { choiceOf, chosenOf, fragmentOf, type Settings, settingsOf } from './settings.js';

/** Files by whose names checkpoint sites know models. */
const CHECKPOINT_NAME = /\.(safetensors|ckpt|pth?|bin)$/i;

const TICK_MS = 200;
/** Progress that is over sooner is not shown at all. */
const UNSEEN_MS = 1000;
const SAID_MS = 4000;

/** One file of the list. */
export class FileRow implements QueuedFile {
  readonly key: number;
  readonly path: string;
  readonly file: File | null;
  state: QueuedFile['state'] = $state('waiting');
  failure: Failure | null = $state.raw(null);
  digests: FileDigests['digests'] = $state.raw({});
  checkpoint: FileDigests['checkpoint'] | null = $state.raw(undefined);
  /** Bytes read so far in the pass under way, as last shown. */
  bytes = $state(0);
  expected: readonly ExpectedDigest[] = $state.raw([]);
  readonly check = $derived(checkFile(this, this.expected));

  constructor(key: number, found: Found) {
    this.key = key;
    this.path = found.path;
    this.file = 'file' in found ? found.file : null;
    if ('failure' in found) {
      this.state = 'failed';
      this.failure = found.failure;
    }
  }

  get size(): number {
    return this.file?.size ?? 0;
  }

  get isCheckpoint(): boolean {
    return CHECKPOINT_NAME.test(this.path);
  }
}

export class DigestsSession {
  rows: FileRow[] = $state.raw([]);
  /** Digests that there are, in the catalog's order. */
  known: readonly string[] = $state.raw(DEFAULT_DIGESTS);
  settings: Settings = $state.raw({ only: null, lower: false });
  /** What the files should be, as it stands in the field. */
  expectedText = $state('');
  expectation: Expectation = $state.raw({ kind: 'none' });
  /** null: nothing is read, or it has not lasted long enough to be shown. */
  progress: { now: QueueProgress; rate: number | null } | null = $state.raw(null);
  busy = $state(false);
  /** Why there is no engine. */
  failure: Failure | null = $state.raw(null);
  /** What was just done, for a short while. */
  said = $state('');

  readonly chosen = $derived(chosenOf(this.settings, this.known, DEFAULT_DIGESTS));
  /** Entries of the checksum file that speak of none of the files. */
  absent: readonly ChecksumEntry[] = $state.raw([]);
  readonly standing = $derived(standingOf(this.expectation, this.rows, this.absent));
  /** What the tables show: the chosen digests, and those by which a file is what it should be. */
  readonly shown = $derived.by(() => {
    const shown = new Set(this.chosen);
    for (const { check } of this.rows) {
      for (const outcome of check.outcomes) if (outcome.state === 'match') shown.add(outcome.id);
    }
    return this.known.filter((id) => shown.has(id));
  });

  readonly #showFragment: (fragment: string) => void;
  readonly #queue: FileQueue<FileRow>;
  #ready = false;
  #keys = 0;
  #meter = new RateMeter();
  #begun = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  /** `showFragment` is told the fragment of the settings whenever they are changed here. */
  constructor(engine: Promise<Engine>, showFragment: (fragment: string) => void) {
    this.#showFragment = showFragment;
    this.#queue = new FileQueue<FileRow>(
      async (file, options) => (await engine).hash(file, options),
      (row) => this.#wantedFor(row),
    );
    engine.then((started) => this.#prepare(started)).catch((error) => this.#fail(error));
  }

  /** Takes the settings of an address. */
  open(query: string): void {
    this.settings = settingsOf(query);
    this.#update();
  }

  choose(id: string, on: boolean): void {
    const chosen = on ? [...this.chosen, id] : this.chosen.filter((one) => one !== id);
    this.#set({ ...this.settings, only: choiceOf(chosen, this.known, DEFAULT_DIGESTS) });
  }

  chooseOnly(only: Settings['only']): void {
    this.#set({ ...this.settings, only });
  }

  writeLower(lower: boolean): void {
    this.#set({ ...this.settings, lower });
  }

  /** Adds files; those whose names and texts are those of checksum files say what the others should be. */
  async add(found: Found[]): Promise<void> {
    const checksums = found.flatMap((one) =>
      'file' in one && namesChecksums(one.path) ? [one] : [],
    );
    const taken = await this.expectFiles(checksums);
    const there = new Set(this.rows.map(({ path, file }) => identity(path, file)));
    const added = found
      .filter((one) => !taken.has(one))
      .filter((one) => !there.has(identity(one.path, 'file' in one ? one.file : null)))
      .map((one) => {
        this.#keys += 1;
        return new FileRow(this.#keys, one);
      });
    this.#list([...this.rows, ...added]);
  }

  /**
   * Takes checksum files as what the files should be, beside those that were taken
   * before; answers those that are some.
   */
  async expectFiles<One extends { path: string; file: File }>(files: One[]): Promise<Set<Found>> {
    const taken = new Set<Found>();
    const lists: StatedList[] = [];
    const texts: string[] = [];
    for (const one of files) {
      const text = await textOf(one.file);
      const list = text === null ? null : listOf(text, one.path);
      if (text === null || list === null) continue;
      taken.add(one);
      lists.push(list);
      texts.push(text.trimEnd());
    }
    const [first] = lists;
    if (first === undefined) return taken;
    const { kind } = this.expectation;
    // What was typed makes room; what came from files stays, unless it is the same again.
    const before = kind === 'lists' ? this.expectation.lists : [];
    const kept = before.filter(
      ({ path }) => path !== '' && !lists.some((one) => one.path === path),
    );
    const text = kept.length === 0 ? texts : [this.expectedText.trimEnd(), ...texts];
    this.#expect(`${text.join('\n')}\n`, { kind: 'lists', lists: [...kept, ...lists] });
    const name = lists.length === 1 ? first.path : `${lists.length} checksum files`;
    this.say(`${name} ${lists.length === 1 ? 'is' : 'are'} compared with the files`);
    return taken;
  }

  /** Takes a typed or pasted text as what the files should be. */
  expect(text: string): void {
    this.#expect(text, expectationOf(text));
  }

  remove(row: FileRow): void {
    this.#remember(`${row.path} removed from the list`);
    this.#list(this.rows.filter((one) => one !== row));
  }

  removeAll(): void {
    this.#remember('All files removed from the list');
    this.#list([]);
  }

  // What was digested of a removed file comes back with it.
  #remember(what: string): void {
    const { rows } = this;
    undo.add(what, () => {
      const kept = new Set(rows);
      this.#list([...rows, ...this.rows.filter((row) => !kept.has(row))]);
    });
  }

  /** Gives up reading; all files where none is named. */
  stop(rows: readonly FileRow[] = this.rows): void {
    this.#queue.stop(rows);
    this.#watch();
  }

  resume(rows: readonly FileRow[]): void {
    this.#queue.resume(rows);
    this.#watch();
  }

  /** A confirmation that is seen and spoken. */
  say(text: string): void {
    clearTimeout(this.#saying);
    this.said = text;
    this.#saying = setTimeout(() => {
      this.said = '';
    }, SAID_MS);
  }

  async copy(what: string, text: string): Promise<boolean> {
    const done = await copyText(text);
    this.say(done ? `${what} copied` : `${what} could not be copied: the browser refused`);
    return done;
  }

  /** The results of the files that are done, for taking away. */
  results(): FileDigests[] {
    return this.rows
      .filter(({ state }) => state === 'done')
      .map(({ path, size, digests, checkpoint }) => ({
        name: path,
        size,
        digests: Object.fromEntries(
          this.shown.flatMap((id) => (digests[id] === undefined ? [] : [[id, digests[id]]])),
        ) as FileDigests['digests'],
        ...(checkpoint ? { checkpoint } : {}),
      }));
  }

  /** The digests of a file that are shown, in order. */
  digestsOf(row: FileRow): { id: string; name: string; hex: string; base64: string }[] {
    return this.shown.flatMap((id) => {
      const digest = row.digests[id];
      return digest === undefined ? [] : [{ id, name: digestName(id), ...digest }];
    });
  }

  #set(settings: Settings): void {
    this.settings = settings;
    this.#showFragment(fragmentOf(settings));
    this.#update();
  }

  #expect(text: string, expectation: Expectation): void {
    this.expectedText = text;
    this.expectation = expectation;
    this.#list(this.rows);
  }

  #list(rows: FileRow[]): void {
    const { expected, absent } = expectedOf(
      this.expectation,
      rows.map(({ path }) => path),
    );
    rows.forEach((row, i) => {
      row.expected = expected[i] ?? [];
    });
    this.absent = absent;
    this.rows = rows;
    this.#update();
  }

  #wantedFor({ check, digests, isCheckpoint }: FileRow): Wanted {
    const wanted = new Set([
      ...this.chosen,
      ...neededNext(check, digests, this.chosen, this.known),
    ]);
    return { ids: this.known.filter((id) => wanted.has(id)), checkpoint: isCheckpoint };
  }

  #update(): void {
    // Before the engine has said which digests there are, nothing can be asked of it.
    if (!this.#ready) return;
    this.#queue.update(this.rows);
    this.#watch();
  }

  #watch(): void {
    if (this.#queue.busy && this.#ticking === undefined) {
      this.#begun = performance.now();
      this.#meter = new RateMeter();
      this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    }
    this.busy = this.#queue.busy;
  }

  #tick(): void {
    const now = performance.now();
    const progress = this.#queue.progress;
    for (const row of this.rows) {
      if (row.state === 'reading') row.bytes = this.#queue.bytesOf(row);
    }
    this.busy = this.#queue.busy;
    if (!this.busy) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
      this.progress = null;
      return;
    }
    this.#meter.add(now, progress.bytes);
    if (now - this.#begun >= UNSEEN_MS) this.progress = { now: progress, rate: this.#meter.rate };
  }

  async #prepare(engine: Engine): Promise<void> {
    const methods = await engine.methods();
    this.known = methods.filter(({ kind }) => kind === 'hash').map(({ id }) => id);
    this.#ready = true;
    this.#update();
  }

  #fail(error: unknown): void {
    this.failure = error instanceof EngineError ? error.failure : unreadable('the engine', error);
  }
}

// null: too long for a checksum file, or not to be read.
async function textOf(file: File): Promise<string | null> {
  if (file.size > MAX_CHECKSUM_FILE_BYTES) return null;
  try {
    return await file.text();
  } catch {
    return null;
  }
}

// The same file dropped twice is one row.
function identity(path: string, file: File | null): string {
  return JSON.stringify([path, file?.size ?? null, file?.lastModified ?? null]);
}
