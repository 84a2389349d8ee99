/**
 * What the engine answers: the JSON documents that the core writes, the
 * terminal prints with --json and the page draws. Hex is lower case.
 */

/** What went wrong. `code` is stable; `span` counts UTF-8 bytes of the text that was given. */
export interface Failure {
  code: string;
  where: string;
  what: string;
  span?: [begin: number, end: number];
}

export type Kind = 'text' | 'bytes' | 'ids';

/** One value of a recipe: exactly one of `text`, `hex`, `ids`, as `kind` says. */
export interface Output {
  kind: Kind;
  text?: string;
  hex?: string;
  ids?: number[];
}

export interface RunResult {
  /** The canonical form: every argument written out. */
  recipe: string;
  output: Output;
}

/** A recipe as the core read it, for editors. */
export interface RecipeInfo {
  recipe: string;
  steps: {
    id: string;
    inverse: boolean;
    arguments: string;
    in: string;
    out: Kind | 'same';
    span: [number, number];
  }[];
}

export interface Token {
  id: number;
  /** The vocabulary's own string, byte-mapped, `</w>` at the end of a word. */
  piece: string;
  /** The token's bytes as text, U+FFFD where they are not whole characters. */
  text: string;
  /** UTF-8 byte offsets in `cleaned`. */
  start: number;
  end: number;
}

export interface Tokenized {
  ids: number[];
  tokens: Token[];
  count: number;
  /** Code points of the text as given. */
  characters: number;
  cleaned: string;
  decoded: string;
  decoded_characters: number;
  /** With `--context`: start, body, end and padding, exactly that many ids. */
  context?: number[];
}

export interface TokenizeOptions {
  tokenizer?: string;
  profile?: string;
  context?: number;
  truncate?: boolean;
  pad?: number;
}

export interface Pair {
  name: string;
  tag: string;
}

export type Match = 'exact' | 'prefix' | 'suffix' | 'window' | 'subsequence';

export interface Claim {
  version: 1;
  title: string | null;
  pairs: Pair[];
  recipe: string | null;
  match: Match;
  ignore_case?: true;
  tokenizer: string;
  profile: string;
  population: number | null;
  space: string | null;
  level: number;
  encoder: string | null;
}

/** A claim as people write it: what is left out takes its default. */
export type ClaimInput = { pairs: Pair[] } & Partial<Omit<Claim, 'ignore_case'>> & {
    ignore_case?: boolean;
  };

export interface Step {
  step: string;
  output?: Output;
  /** The step failed on this name. */
  error?: { code: string };
}

export interface RecipeEvidence {
  kind: 'recipe';
  recipe: string;
  pairs: { name: string; tag: string; steps: Step[]; matches: boolean }[];
  /** Pairs whose output is the tag. */
  fits: number;
  /**
   * The price of the stated recipe (verdict rule "a stated recipe"): its length in
   * bits, log₂ of the chance that random tags of this shape fit, and
   * p = min(1, 2^bits × chance). Six significant digits; null unless all pairs fit.
   */
  price: { bits: number; steps: { step: string; bits: number }[] };
  chance_log2: number | null;
  p: number | null;
}

export interface StructureEvidence {
  kind: 'structure';
  /** Pairs given, exact duplicates among them, distinct tags (the J of the verdict rules). */
  pairs: number;
  duplicates: number;
  groups: number;
  function: { applies: boolean; excluded: boolean; conflicts: { name: string; tags: string[] }[] };
  isomorph: {
    normalisations: string[];
    reversal: boolean;
    /** Substitutions of period k, k = 1 … ; `fits` of `tried` alignments are consistent. */
    periods: { period: number; excluded: boolean; tried: number; fits: number }[];
    ignore_case: boolean;
  };
  length: { applies: boolean; excluded: boolean; pairs: { name: number; tag: number }[] };
  alphabet: { id: string; excluded: boolean; character: string | null }[];
  /** The families of recipes that the proofs exclude, each with the scope of its proof. */
  excludes: {
    proof: 'function' | 'isomorph' | 'length' | 'alphabet';
    family: string;
    scope: string[];
    /** isomorph: the period; alphabet: the encoding. */
    period?: number;
    id?: string;
  }[];
}

export interface TokenList {
  text: string;
  ids: number[];
  pieces: string[];
}

export interface TokensEvidence {
  kind: 'tokens';
  tokenizer: string;
  profile: string;
  pairs: {
    name: TokenList;
    tag: TokenList & { one_token: boolean; merge_rank: number | null };
  }[];
}

export interface DigestTokensEvidence {
  kind: 'digest-tokens';
  names: {
    name: string;
    digests: {
      id: string;
      hex: DigestTokens;
      base64: DigestTokens;
    }[];
  }[];
}

export interface DigestTokens {
  text: string;
  pieces: string[];
  count: number;
  mean_length: number;
  /** Subwords by length in characters, and how many strings of that length the alphabet has. */
  lengths: { length: number; tokens: number; strings: number }[];
}

export interface CapacityEvidence {
  kind: 'capacity';
  shape: { alphabet: string; size: number; lengths: number[] };
  /** Codes of the shape; null where the number exceeds 2^53. */
  codes: number | null;
  bits: number;
  birthday: {
    /** The least number of names for an even chance that two share a code. */
    names_for_half: number | null;
  };
  /** Only where the claim states a population. */
  population: {
    names: number;
    /** false: pigeonhole, the names cannot be one to one with codes of this shape. */
    one_to_one_possible: boolean;
    per_code: number;
    collision_p: number;
    expected_pairs: number;
    sharing_share: number;
    codes_used: number;
    bits_missing: number;
  } | null;
  /** Strings of the tags' length by CLIP token count; only a–z tags of one length up to four. */
  token_classes:
    | {
        tokens: number;
        codes: number;
        bits: number;
        names_for_half: number;
        names_per_code: number | null;
      }[]
    | null;
}

export type Evidence =
  | RecipeEvidence
  | StructureEvidence
  | TokensEvidence
  | DigestTokensEvidence
  | CapacityEvidence;

export type State = 'reproduced' | 'refuted' | 'coincidence' | 'undecided';

export interface Verdict {
  state: State;
  /** The evidence that carried it (or, undecided, what would decide it). */
  because: string[];
  /** Row of the decision table. */
  row: number;
  /** What the word covers: "recipe", "any-deterministic-recipe", … */
  scope: string;
  p?: number;
  level: number;
}

export interface Verified {
  claim: Claim;
  evidence: Evidence[];
  verdict: Verdict;
  /** SHA-256 of every vocabulary and encoder that was used. */
  assets: Record<string, string>;
  /** 16 bytes, hex. */
  digest: string;
  /** null where it would exceed 8 KiB. */
  link: string | null;
  engine: { version: string };
}

/** What a link or a replay file holds. */
export interface LinkDocument {
  claim: Claim;
  assets: Record<string, string>;
  digest: string;
}

export interface Replayed {
  agrees: boolean;
  differences: {
    what: 'digest' | 'asset';
    name: string;
    stated: string;
    computed: string | null;
  }[];
  verdict: Verdict;
  verified: Verified;
}

export interface MethodInfo {
  id: string;
  kind: string;
  summary: string;
  source: string;
  params: ParamInfo[];
  in: string;
  out: Kind | 'same';
  reversible: boolean;
}

export interface ParamInfo {
  name: string;
  type: 'integer' | 'key' | 'text' | 'choice';
  summary: string;
  required: boolean;
  /** Canonical form, as it would stand in a recipe; absent where required. */
  default?: string;
  /** Integers beyond 2^53 are written as strings. */
  min?: number | string;
  max?: number | string;
  modulus?: number;
  choices?: string[];
  min_bytes?: number;
  max_bytes?: number;
}

export interface FileDigests {
  name: string;
  size: number;
  digests: Record<string, { hex: string; base64: string }>;
}
