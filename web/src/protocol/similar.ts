/** What `similar` answers: how near texts lie to each other in an encoder, and what that is worth. */

/** Other texts in the place of one of the two. */
export interface SimilarityNull {
  /** `codes`: of the same length and token count; `names`: of the same token count. */
  kind: 'codes' | 'names';
  /** Which of the two texts they take the place of: its index. */
  replaced: number;
  /** Letters of a code; null for names. */
  length: number | null;
  tokens: number;
  /** How many such texts there are, the replaced one left out; null where that is not known. */
  population: number | null;
  /** How many were encoded, and how many of them lie at least as near. */
  m: number;
  b: number;
  /** (b + 1) / (m + 1), of the centred cosine. */
  p: number;
  /** The same of the raw cosine. */
  p_raw: number;
  /** Centred cosines of the m texts, and the texts; where asked for. */
  values?: number[];
  texts?: string[];
}

export interface Comparison {
  /** Indices of texts; null is the empty prompt. */
  a: number;
  b: number | null;
  cosine: number;
  /** Each text less the mean of its reference set. */
  centred: number;
  nulls: SimilarityNull[];
  /** The largest of the nulls'; null where there is none. */
  p: number | null;
  /** Corrected for the number of comparisons. */
  p_adjusted: number | null;
}

export interface Similar {
  model: string;
  /** Of the built-in encoder: what it knows, and what it is not. */
  note?: string;
  output: string;
  width: number;
  texts: { text: string; tokens: number; kind: 'code' | 'name' | 'empty'; norm: number }[];
  comparisons: Comparison[];
  /** `bh`: Benjamini–Hochberg, one name and different tags; `by`: Benjamini–Yekutieli. */
  adjustment: 'bh' | 'by' | null;
  seed: number;
  /** Texts asked for in a null. */
  m: number;
  level: number;
  /** What the means were taken over. */
  reference: { codes: string; names: string };
}
