/**
 * How near texts lie to each other in an encoder, and to the empty prompt; and how many other
 * texts would lie as near. A small p says: nearer than a random code of its class, or than
 * other names, in this encoder. It does not say cipher, training or cause.
 */
import type { Comparison, Similar, SimilarityNull } from '../protocol/similar.js';
import { noteOf } from './builtin.js';
import { isCode } from './code-class.js';
import type { Encoder } from './encoder.js';
import { EngineError } from './error.js';
import { type DrawnTexts, REFERENCE, ReferenceTexts } from './reference-texts.js';
import { rowsOf } from './row-memory.js';
import type { SimilarityClient } from './similarity.js';
import type { TextTokens } from './tokens-holder.js';
import { Turns } from './turns.js';
import { cosine, less, meanOf, rounded } from './vectors.js';

export interface SimilarOptions {
  /** Names to compare with instead of words of the vocabulary; those of equal token count serve. */
  names?: readonly string[];
  /** 1 where left out. */
  seed?: number;
  /** Texts in each null; left out: the larger of 999 and comparisons / level, at most 65,536. */
  m?: number;
  /** 0.001 where left out. */
  level?: number;
  /** Which texts are compared with which, by their indices; null is the empty prompt. All where left out. */
  pairs?: readonly (readonly [number, number | null])[];
  /** How the answer calls the encoder. */
  model?: string;
  /** Whether the nulls' cosines and texts are wanted too. */
  values?: boolean;
  signal?: AbortSignal;
  /** `total` grows while it becomes known what is compared with. */
  onProgress?: (progress: { texts: number; total: number }) => void;
}

const DEFAULT_LEVEL = 0.001;
const DEFAULT_SEED = 1;
const MOST_TEXTS = 64;
/** Unless more are asked for: a claim's level may be as small as it likes, and comes with a link. */
const MOST_DRAWN = 2 ** 16;
/** Of a class whose size is not known: more than are ever drawn. */
const UNBOUNDED = 2 ** 31;

type Kind = 'code' | 'name' | 'empty';

/** A row of the encoder's output, and the same less the mean of its kind. */
interface Row {
  raw: Float32Array;
  centred: Float32Array;
}

/** One of the compared texts. */
interface Subject extends Row {
  text: string;
  tokens: number;
  kind: Kind;
}

/** Errors: `bad-argument`, and those of encoding. @internal */
export async function similar(
  encoder: Encoder,
  textTokens: TextTokens,
  similarity: SimilarityClient,
  texts: readonly string[],
  options: SimilarOptions = {},
): Promise<Similar> {
  const level = options.level ?? DEFAULT_LEVEL;
  refuseUnfit(encoder, texts, options, level);
  return new Comparing(encoder, textTokens, similarity, texts, options, level).compared();
}

class Comparing {
  readonly #encoder: Encoder;
  readonly #textTokens: TextTokens;
  readonly #similarity: SimilarityClient;
  readonly #texts: readonly string[];
  readonly #options: SimilarOptions;
  readonly #level: number;
  readonly #seed: number;
  readonly #width: number;
  readonly #reference: ReferenceTexts;
  #means: { codes: Float32Array; names: Float32Array } = NO_MEANS;
  /** Comparisons, either way round. */
  #wanted: ReadonlySet<string> = new Set();
  #tested = 0;
  #done = 0;
  #total = 0;

  constructor(
    encoder: Encoder,
    textTokens: TextTokens,
    similarity: SimilarityClient,
    texts: readonly string[],
    options: SimilarOptions,
    level: number,
  ) {
    this.#encoder = encoder;
    this.#textTokens = textTokens;
    this.#similarity = similarity;
    this.#texts = texts;
    this.#options = options;
    this.#level = level;
    this.#seed = options.seed ?? DEFAULT_SEED;
    this.#width = encoder.info.width;
    this.#reference = new ReferenceTexts(similarity, textTokens, encoder.info.tokens);
  }

  async compared(): Promise<Similar> {
    const { names: given } = this.#options;
    const rows = await this.#takeMeans([...this.#texts, '']);
    const subjects = await this.#subjects(rows);
    const [empty] = rows.slice(this.#texts.length).map((raw) => this.#row(raw, 'empty'));
    if (empty === undefined) throw new Error('the empty prompt has no row');
    const pairs =
      this.#options.pairs ??
      subjects.flatMap(({ kind }, a): [number, number | null][] => [
        ...subjects.slice(a + 1).map((_, i): [number, number] => [a, a + 1 + i]),
        ...(kind === 'empty' ? [] : [[a, null] as [number, null]]),
      ]);
    this.#wanted = new Set(pairs.flatMap(([a, b]) => [pairKey(a, b), pairKey(b, a)]));
    const isTested = (i: number | null) => i === null || subjects[i]?.kind !== 'empty';
    this.#tested = pairs.filter(([a, b]) => isTested(a) && isTested(b)).length;
    const nulls = await this.#nulls(subjects, empty);
    const comparisons = pairs.map(([a, b]): Comparison => {
      const [x, y] = [subjects[a] ?? empty, b === null ? empty : (subjects[b] ?? empty)];
      const own = [nulls.get(pairKey(a, b)), nulls.get(pairKey(b, a))].filter(
        (one) => one !== undefined,
      );
      return {
        a,
        b,
        cosine: rounded(cosine(x.raw, y.raw)),
        centred: rounded(cosine(x.centred, y.centred)),
        nulls: own,
        p: own.length === 0 ? null : Math.max(...own.map(({ p }) => p)),
        p_adjusted: null,
      };
    });
    const adjustment = await this.#adjust(comparisons, subjects);
    return {
      model: this.#options.model ?? '',
      ...noteOf(this.#encoder.info),
      output: this.#encoder.info.output,
      width: this.#width,
      texts: subjects.map(({ text, tokens, kind, raw }) => ({
        text,
        tokens,
        kind,
        norm: rounded(Math.hypot(...raw)),
      })),
      comparisons,
      adjustment,
      seed: this.#seed,
      m: await this.#sizeOf(UNBOUNDED),
      level: this.#level,
      reference: { codes: REFERENCE.codes, names: given === undefined ? REFERENCE.names : 'given' },
    };
  }

  /** By which text is replaced, and which it is compared with. */
  async #nulls(subjects: readonly Subject[], empty: Row): Promise<Map<string, SimilarityNull>> {
    const classes = new Map<string, number[]>();
    for (const [i, { kind, tokens, text }] of subjects.entries()) {
      if (kind === 'empty') continue;
      const key = `${kind} ${kind === 'code' ? text.length : ''} ${tokens}`;
      classes.set(key, [...(classes.get(key) ?? []), i]);
    }
    const nulls = new Map<string, SimilarityNull>();
    for (const members of classes.values()) await this.#ofClass(members, subjects, empty, nulls);
    return nulls;
  }

  // The texts of one class share what they are compared with: it is encoded once.
  async #ofClass(
    members: readonly number[],
    subjects: readonly Subject[],
    empty: Row,
    nulls: Map<string, SimilarityNull>,
  ): Promise<void> {
    const drawn: { subject: Subject; i: number; drawn: DrawnTexts }[] = [];
    for (const i of members) {
      const subject = subjects[i];
      if (subject !== undefined) drawn.push({ subject, i, drawn: await this.#drawnFor(subject) });
    }
    const others = [...new Set(drawn.flatMap((one) => one.drawn.texts))];
    if (others.length === 0) return;
    const place = new Map(others.map((text, at) => [text, at]));
    const { kind } = drawn[0]?.subject ?? { kind: 'name' };
    const partners: { j: number | null; row: Row }[] = [
      ...subjects.map((row, j) => ({ j, row })),
      // Of the empty prompt only codes tell something: nothing is like it as names are like names.
      ...(kind === 'code' ? [{ j: null, row: empty }] : []),
    ];
    const scores = await this.#scores(
      [...(await this.#rows(others)), ...drawn.map(({ subject }) => subject.raw)],
      partners.map(({ row }) => row),
      this.#meanOf(kind),
    );
    for (const [at, { subject, i, drawn: own }] of drawn.entries()) {
      const places = own.texts.map((text) => place.get(text) ?? 0);
      const m = places.length;
      if (m === 0) continue;
      for (const [k, { j }] of partners.entries()) {
        if (j === i || !this.#wanted.has(pairKey(i, j))) continue;
        const [raw, centred] = [scores.raw[k], scores.centred[k]];
        if (raw === undefined || centred === undefined) continue;
        const values = Float32Array.from(places, (row) => comparable(centred[row]));
        const pOf = async (all: Float32Array, taken: Float32Array) => {
          const observed = Float32Array.of(comparable(all[others.length + at]));
          const [p = 1] = await this.#similarity.ask((api) => api.empiricalP(observed, taken));
          return p;
        };
        const p = await pOf(centred, values);
        const p_raw = await pOf(
          raw,
          Float32Array.from(places, (row) => comparable(raw[row])),
        );
        nulls.set(pairKey(i, j), {
          kind: kind === 'code' ? 'codes' : 'names',
          replaced: i,
          length: kind === 'code' ? subject.text.length : null,
          tokens: subject.tokens,
          population: own.population,
          m,
          b: Math.round(p * (m + 1)) - 1,
          p: rounded(p),
          p_raw: rounded(p_raw),
          ...(this.#options.values
            ? { values: Array.from(values, rounded), texts: own.texts }
            : {}),
        });
      }
    }
  }

  async #drawnFor({ text, tokens, kind }: Subject): Promise<DrawnTexts> {
    const { names: given } = this.#options;
    if (kind === 'code') {
      return this.#reference.codesLike(text, tokens, (others) => this.#sizeOf(others), this.#seed);
    }
    if (given === undefined) {
      const count = await this.#sizeOf(UNBOUNDED);
      return this.#reference.namesLike(text, tokens, count, this.#seed, this.#options.signal);
    }
    const different = [...new Set(given)].filter((name) => name !== text);
    const counts = await this.#tokenCounts(different);
    const equal = different.filter((_, i) => counts[i] === tokens);
    return this.#reference.someOf(equal, await this.#sizeOf(equal.length), this.#seed);
  }

  /** How many to draw among so many others. */
  async #sizeOf(others: number): Promise<number> {
    const { m } = this.#options;
    if (m !== undefined) return m;
    const enough = await this.#similarity.ask((api) =>
      api.nullSize(others, this.#tested, this.#level),
    );
    return Math.min(enough, MOST_DRAWN);
  }

  /** The cosine of every row with every partner's, raw and centred. */
  async #scores(
    rows: readonly Float32Array[],
    partners: readonly Row[],
    mean: Float32Array,
  ): Promise<{ raw: Float32Array[]; centred: Float32Array[] }> {
    const { signal } = this.#options;
    const handle = await this.#similarity.ask((api) => api.openRows(rows.length, this.#width));
    const score = async (queries: readonly Float32Array[]) => {
      const scores: Float32Array[] = [];
      for (const query of queries) {
        signal?.throwIfAborted();
        scores.push(await this.#similarity.ask((api) => api.score(handle, query, 'cosine')));
      }
      return scores;
    };
    try {
      await this.#similarity.ask((api) => api.writeRows(handle, 0, joined(rows, this.#width)));
      const raw = await score(partners.map((row) => row.raw));
      await this.#similarity.ask((api) => api.centre(handle, mean));
      return { raw, centred: await score(partners.map((row) => row.centred)) };
    } finally {
      await this.#similarity.ask((api) => api.closeRows(handle)).catch(() => undefined);
    }
  }

  // Different tags against one name, or a grid.
  async #adjust(
    comparisons: readonly Comparison[],
    subjects: readonly Subject[],
  ): Promise<Similar['adjustment']> {
    const tested = comparisons.filter(({ p }) => p !== null);
    if (tested.length === 0) return null;
    const names = subjects.filter(({ kind }) => kind === 'name').length;
    const adjustment = names <= 1 ? 'bh' : 'by';
    const p = tested.map((one) => one.p ?? 1);
    const adjusted = await this.#similarity.ask((api) =>
      api.adjustedP(p, adjustment === 'bh' ? 'positive' : 'any'),
    );
    for (const [i, comparison] of tested.entries()) {
      comparison.p_adjusted = rounded(adjusted[i] ?? 1);
    }
    return adjustment;
  }

  /** Encodes the reference sets, and the texts with them: their rows. */
  async #takeMeans(texts: readonly string[]): Promise<Float32Array[]> {
    const codes = await this.#reference.codes();
    const names = await this.#reference.names(this.#options.names);
    const rows = await this.#rows([...texts, ...codes, ...names]);
    const begin = texts.length + codes.length;
    this.#means = {
      codes: meanOf(rows.slice(texts.length, begin), this.#width),
      names: meanOf(rows.slice(begin), this.#width),
    };
    return rows.slice(0, texts.length);
  }

  async #subjects(rows: readonly Float32Array[]): Promise<Subject[]> {
    const tokens = await this.#tokenCounts(this.#texts);
    return this.#texts.map((text, i) => {
      const kind = tokens[i] === 0 ? 'empty' : isCode(text) ? 'code' : 'name';
      return {
        text,
        tokens: tokens[i] ?? 0,
        kind,
        ...this.#row(rows[i] ?? new Float32Array(this.#width), kind),
      };
    });
  }

  #row(raw: Float32Array, kind: Kind): Row {
    return { raw, centred: less(raw, this.#meanOf(kind)) };
  }

  #meanOf(kind: Kind): Float32Array {
    return kind === 'code' ? this.#means.codes : this.#means.names;
  }

  async #rows(texts: readonly string[]): Promise<Float32Array[]> {
    const { signal, onProgress } = this.#options;
    this.#total += texts.length;
    const before = this.#done;
    return rowsOf(this.#encoder, texts, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ texts: done, total }) => {
        // What is known already is done.
        this.#done = before + texts.length - total + done;
        onProgress?.({ texts: this.#done, total: this.#total });
      },
    });
  }

  async #tokenCounts(texts: readonly string[]): Promise<number[]> {
    const { tokenizer, profile } = this.#encoder.info.tokens;
    const counts: number[] = [];
    const turns = new Turns();
    for (const [i, text] of texts.entries()) {
      await turns.next(this.#options.signal);
      const reply = await this.#textTokens.tokenize(text, { tokenizer, profile });
      if ('error' in reply) {
        const where = `texts[${i}]${reply.error.where === '' ? '' : `, ${reply.error.where}`}`;
        throw new EngineError({ ...reply.error, where });
      }
      counts.push(reply.ok.count);
    }
    return counts;
  }
}

const NO_MEANS = { codes: new Float32Array(), names: new Float32Array() };

/** A cosine with a zero vector is none; it counts as 0. */
function comparable(score: number | undefined): number {
  return score === undefined || Number.isNaN(score) ? 0 : score;
}

function pairKey(replaced: number | null, other: number | null): string {
  return `${replaced} ${other}`;
}

function joined(rows: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}

function refuseUnfit(
  { info }: Encoder,
  texts: readonly string[],
  { m, names, seed, pairs = [] }: SimilarOptions,
  level: number,
): void {
  const refuse = (where: string, what: string): never => {
    throw new EngineError({ code: 'bad-argument', where, what });
  };
  if (!info.pooled)
    refuse('output', `is ${info.output}, a row for each position; one for a text is needed`);
  if (texts.length < 1 || texts.length > MOST_TEXTS) {
    refuse('texts', `are ${texts.length}; there must be 1 to ${MOST_TEXTS}`);
  }
  if (!(level > 0 && level < 1)) refuse('level', `is ${level}; it must lie between 0 and 1`);
  if (m !== undefined && (!Number.isInteger(m) || m < 1 || m > 1_000_000)) {
    refuse('m', `is ${m}; it must be a whole number from 1 to 1,000,000`);
  }
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)) {
    refuse('seed', `is ${seed}; it must be a whole number below 2^32`);
  }
  if (names !== undefined && names.length === 0) refuse('names', 'are none');
  const isText = (i: number) => Number.isInteger(i) && i >= 0 && i < texts.length;
  const unknown = pairs.find(([a, b]) => !isText(a) || (b !== null && !isText(b)));
  if (unknown !== undefined) {
    const asked = unknown.map(String).join(', ');
    refuse('pairs', `hold [${asked}]; texts are 0 to ${texts.length - 1}`);
  }
}
