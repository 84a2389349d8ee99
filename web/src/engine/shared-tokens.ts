/** What a list of texts has in common as tokens, from the ids of all of them. */
import type { TokenizedMany } from '../protocol/results.js';

export interface SharedTokens {
  /** Texts by how many tokens they are. */
  by_tokens: Map<number, number>;
  /** Places of the texts that are one token. */
  one_token: number[];
  /** Ids that stand in two texts or more, those of most texts first, then by id. */
  shared: { id: number; texts: number[] }[];
}

/** O(n log n) for n tokens. A text that has a token twice counts once for it. */
export function sharedTokens({ ids, offsets }: TokenizedMany): SharedTokens {
  const by_tokens = new Map<number, number>();
  const one_token: number[] = [];
  const texts = new Map<number, number[]>();
  for (let text = 0; text + 1 < offsets.length; ++text) {
    const own = ids.subarray(offsets[text], offsets[text + 1]);
    by_tokens.set(own.length, (by_tokens.get(own.length) ?? 0) + 1);
    if (own.length === 1) one_token.push(text);
    for (const id of own) {
      const found = texts.get(id);
      if (found === undefined) texts.set(id, [text]);
      else if (found.at(-1) !== text) found.push(text);
    }
  }
  const shared = Array.from(texts, ([id, found]) => ({ id, texts: found }))
    .filter((one) => one.texts.length > 1)
    .sort((a, b) => b.texts.length - a.texts.length || a.id - b.id);
  return { by_tokens, one_token, shared };
}
