/** How near the tags of a claim lie to their names in an encoder: beside the digest, and decides nothing. */
import type { EmbeddingEvidence, Pair } from '../protocol/results.js';
import type { Comparison, Similar, SimilarityNull } from '../protocol/similar.js';
import { noteOf } from './builtin.js';
import type { Encoder } from './encoder.js';
import type { SimilarOptions } from './similar.js';

/** More are not looked at: each costs two nulls. */
const MOST_PAIRS = 32;
/** By so much cosines may differ from machine to machine. */
const TOLERANCE = 0.001;

/** @internal */
export async function embeddingEvidence(
  encoder: Encoder,
  sha256: string,
  claim: { pairs: readonly Pair[]; level: number },
  compare: (texts: readonly string[], options: SimilarOptions) => Promise<Similar>,
): Promise<EmbeddingEvidence> {
  const distinct = Array.from(
    new Map(claim.pairs.map((pair) => [JSON.stringify([pair.name, pair.tag]), pair])).values(),
  );
  const examined = distinct.slice(0, MOST_PAIRS);
  const texts = [...new Set(examined.flatMap(({ name, tag }) => [tag, name]))];
  const at = (text: string) => texts.indexOf(text);
  const tags = [...new Set(examined.map(({ tag }) => at(tag)))];
  const similar = await compare(texts, {
    level: claim.level,
    pairs: [
      ...examined.map(({ name, tag }): [number, number] => [at(tag), at(name)]),
      ...tags.map((tag): [number, null] => [tag, null]),
    ],
  });
  const found = (a: number, b: number | null) =>
    similar.comparisons.find((one) => one.a === a && one.b === b);
  const { adjustment, seed, m, level, reference, output, width } = similar;
  return {
    kind: 'embedding',
    encoder: {
      sha256,
      output,
      width,
      runtime: encoder.info.runtime.provider,
      ...noteOf(encoder.info),
    },
    pairs: examined.map(({ name, tag }) => ({
      name,
      tag,
      with_name: told(found(at(tag), at(name)), at(tag)),
      with_empty: told(found(at(tag), null), at(tag)),
    })),
    pairs_in_all: distinct.length,
    adjustment,
    seed,
    m,
    level,
    reference,
    tolerance: TOLERANCE,
  };
}

function told(
  comparison: Comparison | undefined,
  tag: number,
): EmbeddingEvidence['pairs'][number]['with_name'] {
  const { cosine = 0, centred = 0, p = null, p_adjusted = null, nulls = [] } = comparison ?? {};
  return {
    cosine,
    centred,
    p,
    p_adjusted,
    nulls: nulls.map(
      ({ kind, replaced, length, tokens, population, m, b, p, values, texts }: SimilarityNull) => ({
        kind,
        replaced: replaced === tag ? 'tag' : 'name',
        length,
        tokens,
        population,
        m,
        b,
        p,
        ...(values === undefined || texts === undefined ? {} : { values, texts }),
      }),
    ),
  };
}
