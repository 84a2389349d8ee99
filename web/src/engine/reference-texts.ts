/**
 * Texts that stand for a kind: what others are compared with, and the fixed sets whose means
 * are taken from embeddings. All draws are the similarity module's, and seeded.
 */
import type { EncoderTokens } from '../protocol/encoder-api.js';
import { classMembers, codeAt, numberOf } from './code-class.js';
import { answered } from './reply.js';
import type { SimilarityClient } from './similarity.js';
import type { TextTokens } from './tokens-holder.js';
import { Turns } from './turns.js';

/** The sets whose means are subtracted: fixed, whatever is compared. */
export const REFERENCE = { codes: 'codes@2', names: 'words@2' };
const REFERENCE_SEED = 20_240_901;
const REFERENCE_SIZE = 256;
const REFERENCE_LETTERS = 3;
/** Names of the reference set have one to four words, each as often. */
const REFERENCE_WORDS = 4;

/** The id of CLIP's token "!</w>". */
const EXCLAMATION = 256;
/** So many letters are drawn for one word: their number is far above that of all words. */
const DRAWN_LETTERS = 8;
/** Names that are drawn at once. */
const PART = 4096;

/** Some texts of a class. `population`: how many there are, where that is known. */
export interface DrawnTexts {
  texts: string[];
  population: number | null;
}

/** @internal */
export class ReferenceTexts {
  readonly #similarity: SimilarityClient;
  readonly #textTokens: TextTokens;
  readonly #tokens: EncoderTokens;
  #words: Promise<string[]> | undefined;
  readonly #counts = new Map<number, Promise<Uint8Array>>();

  constructor(similarity: SimilarityClient, textTokens: TextTokens, tokens: EncoderTokens) {
    this.#similarity = similarity;
    this.#textTokens = textTokens;
    this.#tokens = tokens;
  }

  /** The reference set of codes. */
  codes(): Promise<string[]> {
    return this.#similarity.ask((api) =>
      api.randomCodes(REFERENCE_LETTERS, 0, REFERENCE_SIZE, REFERENCE_SEED),
    );
  }

  /** That of names; of given ones as many, drawn among the different ones. */
  async names(given?: readonly string[]): Promise<string[]> {
    if (given !== undefined) {
      return this.#sampled([...new Set(given)], REFERENCE_SIZE, REFERENCE_SEED);
    }
    const words = await this.words();
    const lengths = Array.from({ length: REFERENCE_SIZE }, (_, i) => 1 + (i % REFERENCE_WORDS));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const drawn = await this.#drawnWords(words, 0, total, REFERENCE_SEED);
    let at = 0;
    return lengths.map((length) => {
      at += length;
      return drawn.slice(at - length, at).join(' ');
    });
  }

  /** Other codes of a code's length and token count: `count` of them, or all where `count` says so. */
  async codesLike(
    code: string,
    tokens: number,
    count: (population: number) => number | Promise<number>,
    seed: number,
  ): Promise<DrawnTexts> {
    const { length } = code;
    const members = classMembers(await this.#tokenCounts(length), length, tokens, code);
    const wanted = await count(members.length);
    const texts = await this.#sampled(members, wanted, seed);
    return { texts: texts.map((i) => codeAt(i, length)), population: members.length };
  }

  /**
   * Other names of a name's token count: words of the vocabulary joined by spaces, of which
   * there must be far more than are asked for.
   */
  async namesLike(
    name: string,
    tokens: number,
    count: number,
    seed: number,
    signal?: AbortSignal,
  ): Promise<DrawnTexts> {
    const words = await this.words();
    if (tokens === 1) {
      const others = words.filter((word) => word !== name);
      return { texts: await this.#sampled(others, count, seed), population: null };
    }
    const names = new Set<string>();
    const turns = new Turns();
    for (let first = 0; names.size < count; ) {
      await turns.next(signal);
      const missing = Math.min(PART, count - names.size) * tokens;
      const drawn = await this.#drawnWords(words, first, missing, seed);
      first += missing;
      for (let at = 0; at < missing; at += tokens) {
        const one = drawn.slice(at, at + tokens).join(' ');
        if (one !== name) names.add(one);
      }
    }
    return { texts: [...names], population: null };
  }

  /** Some of the texts, all where there are no more than `count`, in their order. */
  async someOf(texts: readonly string[], count: number, seed: number): Promise<DrawnTexts> {
    return { texts: await this.#sampled(texts, count, seed), population: texts.length };
  }

  /** Words of at least three letters that are one token, by their ids. */
  words(): Promise<string[]> {
    this.#words ??= (async () => {
      const { start, tokenizer, profile } = this.#tokens;
      const ids = Array.from({ length: start }, (_, id) => [id, EXCLAMATION]).flat();
      const { text } = answered(await this.#textTokens.decode(ids, { tokenizer, profile }));
      // Pieces that end a word have a space of their own before the mark.
      return text
        .split('! ')
        .filter((piece) => /^[a-z]{3,} $/.test(piece))
        .map((piece) => piece.trimEnd());
    })();
    return this.#words;
  }

  #tokenCounts(letters: number): Promise<Uint8Array> {
    const known = this.#counts.get(letters);
    if (known !== undefined) return known;
    const { tokenizer, profile } = this.#tokens;
    const counted = this.#textTokens
      .atlas(letters, { tokenizer, profile })
      .then((reply) => answered(reply).counts);
    this.#counts.set(letters, counted);
    return counted;
  }

  async #sampled<T>(items: readonly T[], count: number, seed: number): Promise<T[]> {
    const taken = Math.min(count, items.length);
    const places = await this.#similarity.ask((api) => api.draw(items.length, taken, seed));
    return Array.from(places, (place) => items[place] as T);
  }

  // Words number `first` … of an endless row of random ones.
  async #drawnWords(
    words: readonly string[],
    first: number,
    count: number,
    seed: number,
  ): Promise<string[]> {
    const letters = await this.#similarity.ask((api) =>
      api.randomCodes(DRAWN_LETTERS, first, count, seed),
    );
    return letters.map((drawn) => words[numberOf(drawn, words.length)] ?? '');
  }
}
