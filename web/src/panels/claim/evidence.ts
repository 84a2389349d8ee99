/**
 * What a card says in words: the engine's sentences, the first as the card's own,
 * the rest as its notes. What the card draws or tabulates is not said again.
 */
import { type Judged, type Reason, reasons, type Verified } from '../../engine/browser.js';

type Evidence = Verified['evidence'][number];
type Structure = Extract<Evidence, { kind: 'structure' }>;

export interface Spoken extends Pick<Reason, 'title' | 'carries'> {
  lead: string;
  notes: string[];
  /** Where a proof ends. */
  limits: string[];
}

/** The words of one piece of evidence. */
export function spoken(evidence: Evidence, judged: Judged): Spoken {
  const [reason] = reasons({ ...judged, evidence: [forWords(evidence)] });
  const sentences = reason?.sentences ?? [];
  const limits = sentences.filter((sentence) => sentence.startsWith('Scope:'));
  const [lead = '', ...notes] = sentences.filter((sentence) => !sentence.startsWith('Scope:'));
  return { title: reason?.title ?? '', carries: reason?.carries ?? false, lead, notes, limits };
}

// The evidence reduced to what needs a sentence beside the card's own data.
function forWords(evidence: Evidence): Evidence {
  switch (evidence.kind) {
    case 'recipe': {
      // A pair that fails is the one that says something.
      const telling = evidence.pairs.find((pair) => !pair.matches) ?? evidence.pairs[0];
      if (telling === undefined) return evidence;
      return { ...evidence, pairs: [telling], fits: telling.matches ? 1 : 0 };
    }
    case 'structure':
      return strongest(evidence);
    case 'tokens':
      return { ...evidence, pairs: evidence.pairs.slice(0, 1) };
    case 'digest-tokens':
      return { ...evidence, names: evidence.names.slice(0, 1) };
    case 'search':
      // The card lists the rest.
      return {
        ...evidence,
        names: evidence.names.slice(0, 1),
        hits: evidence.hits.slice(0, 1),
        hits_by_groups: [],
        not_searched: [],
      };
    case 'capacity':
      return { ...evidence, token_classes: null };
    default:
      return evidence;
  }
}

// The proof that excludes most; the table has them all.
function strongest(evidence: Structure): Structure {
  const period = evidence.isomorph.periods.find((item) => item.excluded);
  const periods = period === undefined ? [] : [period];
  const isomorph = { ...evidence.isomorph, periods };
  const without = {
    ...evidence,
    isomorph: { ...isomorph, periods: [] },
    length: { ...evidence.length, excluded: false },
    alphabet: [],
  };
  if (evidence.function.excluded) {
    const conflicts = evidence.function.conflicts.slice(0, 1);
    return { ...without, function: { ...evidence.function, conflicts } };
  }
  if (period !== undefined) return { ...without, isomorph };
  if (evidence.length.excluded) return { ...without, length: evidence.length };
  return { ...without, alphabet: evidence.alphabet };
}
