/**
 * What a card says in words: the engine's sentences, the first as the card's own,
 * the rest as its notes. Where the card draws every pair, the sentence of one of
 * them is enough.
 */
import { type Judged, type Reason, reasons, type Verified } from '../../engine/browser.js';

type Evidence = Verified['evidence'][number];

export interface Spoken extends Pick<Reason, 'title' | 'carries'> {
  lead: string;
  notes: string[];
}

/** The words of one piece of evidence. */
export function spoken(evidence: Evidence, judged: Judged): Spoken {
  const [reason] = reasons({ ...judged, evidence: [withOneOf(evidence)] });
  const [lead = '', ...notes] = reason?.sentences ?? [];
  return { title: reason?.title ?? '', carries: reason?.carries ?? false, lead, notes };
}

function withOneOf(evidence: Evidence): Evidence {
  switch (evidence.kind) {
    case 'recipe': {
      // A pair that fails is the one that says something.
      const telling = evidence.pairs.find((pair) => !pair.matches) ?? evidence.pairs[0];
      if (telling === undefined) return evidence;
      return { ...evidence, pairs: [telling], fits: telling.matches ? 1 : 0 };
    }
    case 'tokens':
      return { ...evidence, pairs: evidence.pairs.slice(0, 1) };
    case 'digest-tokens':
      return { ...evidence, names: evidence.names.slice(0, 1) };
    default:
      return evidence;
  }
}
