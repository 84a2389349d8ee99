/** What two programs make of one prompt, laid beside each other. */
import type { PromptChunk, PromptRead } from '../../protocol/results.js';

/** CLIP's end token (openai/CLIP simple_tokenizer.py: the last of 49,408). */
const END_ID = 49407;
/** What OpenCLIP's text encoder is padded with (open_clip tokenizer.py). */
const ZERO_PAD_ID = 0;

/** Tokens that fit a chunk beside its start and end. */
export const CHUNK_TOKENS = 75;

export interface ChunkBody {
  ids: number[];
  weights: number[];
}

/** A chunk without start, end and padding. */
export function bodyOf({ ids, weights }: PromptChunk): ChunkBody {
  let end = ids.length;
  // Zeros are padding only behind the end token: id 0 is a "!" otherwise.
  while (end > 1 && ids[end - 1] === ZERO_PAD_ID) --end;
  while (end > 1 && ids[end - 1] === END_ID) --end;
  return { ids: ids.slice(1, end), weights: weights.slice(1, end) };
}

/**
 * The prompts that are encoded by themselves: A1111 parts a prompt at AND
 * (modules/prompt_parser.py, get_multicond_prompt_list); else there is one.
 */
export function partsOf(
  prompt: PromptRead,
): readonly Pick<PromptRead, 'chunks' | 'token_count' | 'target'>[] {
  const { subprompts } = prompt;
  return subprompts !== undefined && subprompts.length > 1 ? subprompts : [prompt];
}

/** All chunks that reach the text encoder. */
function chunksOf(prompt: PromptRead): readonly PromptChunk[] {
  return partsOf(prompt).flatMap(({ chunks }) => chunks);
}

export interface ChunkDifference {
  chunk: number;
  /** The first token that differs, from 0; what one has beyond the other counts. */
  token: number;
  what: 'id' | 'weight';
}

/** Where two readings first differ; null: the text encoder gets the same tokens and weights. */
export function firstDifference(one: PromptRead, other: PromptRead): ChunkDifference | null {
  const ours = chunksOf(one);
  const theirs = chunksOf(other);
  const chunks = Math.max(ours.length, theirs.length);
  for (let chunk = 0; chunk < chunks; ++chunk) {
    const a = bodyAt(ours, chunk);
    const b = bodyAt(theirs, chunk);
    const tokens = Math.max(a.ids.length, b.ids.length);
    for (let token = 0; token < tokens; ++token) {
      if (a.ids[token] !== b.ids[token]) return { chunk, token, what: 'id' };
      if (a.weights[token] !== b.weights[token]) return { chunk, token, what: 'weight' };
    }
  }
  return ours.length === theirs.length ? null : { chunk: chunks - 1, token: 0, what: 'id' };
}

/** Places of a chunk at which SDXL's two encoders get other ids. */
export interface EncoderDifference {
  chunk: number;
  /** From 0, the start token included. */
  place: number;
  first: number | undefined;
  second: number | undefined;
}

/** Without padding: that always differs, and is told by itself. */
export function encoderDifferences(first: PromptRead, second: PromptRead): EncoderDifference[] {
  const found: EncoderDifference[] = [];
  const [ours, theirs] = [chunksOf(first), chunksOf(second)];
  const chunks = Math.max(ours.length, theirs.length);
  for (let chunk = 0; chunk < chunks; ++chunk) {
    const a = bodyAt(ours, chunk).ids;
    const b = bodyAt(theirs, chunk).ids;
    for (let i = 0; i < Math.max(a.length, b.length); ++i) {
      if (a[i] !== b[i]) found.push({ chunk, place: i + 1, first: a[i], second: b[i] });
    }
  }
  return found;
}

/** The count as A1111 writes it over the prompt: of the longest part (modules/ui.py, update_token_counter). */
export function countShown(prompt: PromptRead): string {
  const [first, ...rest] = partsOf(prompt);
  const { token_count, target } = rest.reduce(
    (most, part) => (part.token_count > most.token_count ? part : most),
    first ?? prompt,
  );
  return target === undefined ? String(token_count) : `${token_count}/${target}`;
}

/** "1.1", "0.95": as few digits as say it. */
export function weightShown(weight: number): string {
  return String(Number(weight.toPrecision(4)));
}

function bodyAt(chunks: readonly PromptChunk[], at: number): ChunkBody {
  const chunk = chunks[at];
  return chunk === undefined ? { ids: [], weights: [] } : bodyOf(chunk);
}

const A1111_INSTRUCTIONS: readonly [what: string, pattern: RegExp][] = [
  ['a schedule', /\[[^[\]]*:\s*\d*\.?\d+\s*\]/],
  ['an alternation', /\[[^[\]|]*\|[^[\]]*\]/],
  ['an extra network', /<\w+:[^<>]+>/],
];

/**
 * What A1111 takes out of a prompt before it reads weights (modules/prompt_parser.py,
 * schedule_parser; modules/extra_networks.py, re_extra_net): the first of each kind.
 */
export function unreadByA1111(prompt: string): { text: string; what: string }[] {
  return A1111_INSTRUCTIONS.flatMap(([what, pattern]) => {
    const [text] = pattern.exec(prompt) ?? [];
    return text === undefined ? [] : [{ text, what }];
  });
}
