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
  /** Left out: clip. */
  tokenizer?: string;
  /** Whose cleaning is followed; left out: the tokenizer's first. */
  profile?: string;
  /** Special tokens in the text are read as themselves, where the tokenizer leaves the choice. */
  special?: boolean;
  context?: number;
  truncate?: boolean;
  /** Left out: what the profile's models are padded with. */
  pad?: number;
}

export interface DecodeOptions {
  tokenizer?: string;
  profile?: string;
}

export interface MergesOptions {
  tokenizer?: string;
  profile?: string;
  special?: boolean;
  /** A UTF-8 byte offset in the cleaned text; left out: its first word. */
  at?: number;
}

/** How a word is merged: symbols, then one pair after another until no pair is left. */
export interface Merges {
  word: string;
  /** UTF-8 byte offsets in the cleaned text. */
  start: number;
  end: number;
  symbols: { id: number; piece: string }[];
  /** `at`: the left symbol's place among those that are left before the step. */
  steps: { at: number; left: number; right: number; id: number; piece: string; rank: number }[];
}

export interface AtlasOptions {
  tokenizer?: string;
  profile?: string;
  /** List the strings of that many tokens. */
  list?: number;
}

/** All strings of so many lower-case letters, by how many tokens they are. */
export interface Atlas {
  length: number;
  strings: number;
  /** Tokens to strings: {"1": 3531, …}. */
  by_tokens: Record<string, number>;
  list?: { text: string; ids: number[] }[];
  /** Tokens of each string in the order of the alphabet: of two letters, "aa" is 0, "ba" 26. */
  counts: Uint8Array<ArrayBuffer>;
}

/** The ids of many texts in flat arrays. */
export interface TokenizedMany {
  ids: Uint32Array<ArrayBuffer>;
  /** One more than there are texts: those of text i are ids.subarray(offsets[i], offsets[i + 1]). */
  offsets: Uint32Array<ArrayBuffer>;
  /** Where asked for: begin and end of each id, UTF-8 byte offsets in its own cleaned text. */
  spans?: Uint32Array<ArrayBuffer>;
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
  /** SHA-256 of an encoder's file: what the claim is also looked at in. */
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

export type KeyFamily = 'xor' | 'vigenere' | 'affine' | 'substitution';

/**
 * Known plaintext: what free keys could do, and do, for all pairs at once. A key is over-determined
 * where more positions are known than it has residues; without such checks every tag fits.
 */
export interface KnownPlaintext {
  /** XOR is left out where letter case is ignored and where tags are not ASCII. */
  families: KeyFamily[];
  normalisations: string[];
  /** Names are read backwards as well. */
  reversal: boolean;
  /** The smallest that holds all tags. */
  alphabet: string;
  /** Characters of the distinct tags: N. */
  positions: number;
  /** About what one check is worth: log₂ of the alphabet's size. */
  check_bits: number;
  /** Every period was examined; false past a bound of work. */
  complete: boolean;
  /** Distinct systems: family, period, alignment, normalisation. */
  tried: number;
  /** Of these, systems that fit whatever the tags are. */
  always: number;
  /** By family, encoding and period. `p`: the sum of P over the systems with checks. */
  periods: {
    family: KeyFamily;
    encoding: 'hex' | null;
    period: number;
    tried: number;
    always: number;
    /** Systems with checks that fit every pair. */
    fits: number;
    /** The fewest and the most of a system that has any. */
    checks: [number, number];
    p: number;
  }[];
  /** The sum of P over all systems with checks. */
  sum: number;
  /** Keys with checks that fit every pair; those that leave least to chance first. */
  hits: {
    family: KeyFamily;
    /** Tags are read as hex digits of bytes. */
    encoding: 'hex' | null;
    /** null where no recipe selects these windows, or the map is not determined. */
    recipe: string | null;
    normalisation: string;
    reversed: boolean;
    /** The window's offset counts from here. */
    from: 'start' | 'end';
    offset: number;
    /** Where the key begins. */
    counted_from: 'name' | 'window';
    /** null for affine and substitution, which have no period. */
    period: number | null;
    /** N, d and c = N − d. */
    positions: number;
    residues: number;
    checks: number;
    free_bits: number;
    /** P: that random tags fit this system. */
    chance: number;
    /** By residue: a byte in hex, a letter, or a and b; null where untouched. */
    key: (string | number | null)[];
    /** The sum of P over all systems that leave no more to chance. */
    p: number;
  }[];
  /** Of the first hit, before the chance of the space's recipes is added; null without one. */
  p: number | null;
}

/** What a search of the claim's space found. Chances and shares have six significant digits. */
export interface SearchEvidence {
  kind: 'search';
  /** With its version. */
  space: string;
  /** In the planned space, for tags of the claim's lengths. */
  recipes: number;
  tried: number;
  exhausted: boolean;
  /** A proof without a search excludes every recipe: nothing was tried. */
  covered: 'isomorph' | null;
  /** The smallest alphabet that holds all tags. */
  shape: { alphabet: string; size: number };
  /** Distinct tags: the J of the verdict rules. */
  groups: number;
  names: {
    name: string;
    /** Of its tag, in characters. */
    length: number;
    /** Different outputs of the shape; null under `subsequence`, which counts no codes. */
    distinct: number | null;
    /** distinct / codes of the shape: the chance that one uniform tag would be explained. */
    coverage: number | null;
    /** Relative standard error of both; 0 where they are exact. */
    coverage_error: number;
    /** The same among the codes of as many CLIP tokens as the tag has, up to four letters. */
    coverage_tokens: number | null;
  }[];
  /** The null models; p is the largest over them. */
  nulls: {
    /** An alphabet's name, or "tokens". */
    null: string;
    /** Codes from which tags are drawn: one number a length (and number of tokens). */
    codes: (number | null)[];
    /** Recipes whose outputs are such codes, equal for equal tags and different for others. */
    qualifying: number;
    /** The chance that one of them explains every pair. */
    p: number;
  }[];
  /** The recipes that explain most, then first in space order. */
  hits: {
    recipe: string;
    /** How many distinct pairs it explains, and which. */
    pairs: number;
    groups: number;
    explains: number[];
    /** Recipes of the space that explain as much by accident. */
    expected: number;
    p: number;
    /** Recipes that explain as many groups, this one among them. */
    equivalents: number;
  }[];
  /** How many recipes explain exactly so many groups. */
  hits_by_groups: { groups: number; recipes: number }[];
  /** Recipes that explain every pair. */
  full: { recipes: number; expected: number; p: number } | null;
  /** Else the best that explain some, with p corrected for all recipes. */
  partial: { groups: number; recipes: number; p: number } | null;
  /** Free keys; null where a proof covers the whole space. */
  known_plaintext: KnownPlaintext | null;
  /**
   * Without a full hit, of a key with checks that fits every pair: the chance that some recipe of
   * the space, or some key as good, does.
   */
  key: { p: number } | null;
  /**
   * Ways to give the same tags to the names; how many of them recipes explain (with a full hit), or
   * recipes and keys as good as the best (with `key.p` at most the level).
   */
  permutations: {
    arrangements: number | null;
    counted: 'recipes' | 'keys' | null;
    explained: number | null;
    p: number | null;
  };
  /** Random tags searched for in the same pass: the most groups explained, by run. For a chart. */
  decoys: { runs: number; best: number[]; observed: number };
  /** Distinct tags from which on a full hit would mean something. */
  pairs_needed: number | null;
  /** Words of the claim that were tried as keys, where the space has such. */
  words: string[];
  /** Domains that the space leaves open. */
  not_searched: string[];
}

/** A space of recipes. */
export interface SpaceInfo {
  id: string;
  summary: string;
  /** The frozen lines of which it is made. */
  lines: { part: string; text: string }[];
  /** The stages of each product, written out; "" is nothing. */
  blocks: {
    normalisations: string[];
    ciphers: string[];
    digests: string[];
    encodings: string[];
    windows: boolean;
    every: boolean;
  }[];
  /** Recipes for tags of 1, 2, 3, … characters, without words of a claim. */
  recipes: number[];
  /** What every word adds. */
  recipes_per_word: number[];
}

/** Whether a space holds a recipe. */
export interface Membership {
  space: string;
  recipe: string;
  contains: boolean;
  /** The member that is the same function. */
  as: string | null;
  /** It is there for tags of so many characters; null: for all. */
  length: number | null;
}

/** A tag against a text in an encoder; `p` is the larger of its nulls'. */
export interface EmbeddingComparison {
  cosine: number;
  /** Each less the mean of its reference set. */
  centred: number;
  /** null where there is nothing to compare with. */
  p: number | null;
  /** Corrected for the number of comparisons. */
  p_adjusted: number | null;
  nulls: {
    kind: 'codes' | 'names';
    /** Which of the two other texts took the place of. */
    replaced: 'tag' | 'name';
    length: number | null;
    tokens: number;
    population: number | null;
    m: number;
    b: number;
    p: number;
    /** Centred cosines and their texts, in the same order; where they were asked for. */
    values?: number[];
    texts?: string[];
  }[];
}

/** How near tags lie to names in an encoder. Outside the digest; it decides nothing. */
export interface EmbeddingEvidence {
  kind: 'embedding';
  encoder: {
    sha256: string;
    output: string;
    width: number;
    runtime: 'webgpu' | 'wasm' | 'cpu';
    /** Of the built-in encoder: what it knows, and what it is not. */
    note?: string;
  };
  pairs: {
    name: string;
    tag: string;
    with_name: EmbeddingComparison;
    with_empty: EmbeddingComparison;
  }[];
  /** Distinct pairs of the claim; the first of them are examined. */
  pairs_in_all: number;
  /** `bh`: Benjamini–Hochberg; `by`: Benjamini–Yekutieli. */
  adjustment: 'bh' | 'by' | null;
  seed: number;
  m: number;
  level: number;
  reference: { codes: string; names: string };
  /** By so much cosines may differ from machine to machine. */
  tolerance: number;
}

/** Lists of which nobody says what name goes with what tag. */
export interface ListsInput {
  /** Up to 2,000,000 different ones of up to 1,024 bytes; repetitions are dropped. */
  names: readonly string[];
  /** Up to 100,000 different ones, of at most 64 different lengths. */
  tags: readonly string[];
  /** Left out: `quick@1`. */
  space?: string;
  /** Whether every hit is kept, or only how many there are. Left out: true. */
  hits?: boolean;
}

/** A name that reaches a tag under a recipe: a line of what a search of lists streams. */
export interface ListHit {
  kind: 'hit';
  name: string;
  recipe: string;
  tag: string;
}

/**
 * How often tags are reached. A hit is a name and a recipe that makes the tag of it; `expected` is
 * how many a random tag would have, the larger over the nulls (docs/verdicts.md).
 */
export interface ListsSummary {
  /** In the order of the list. */
  tags: { tag: string; hits: number; expected: number }[];
  /** The recipes with most hits beyond what is expected, at most 20. */
  recipes: { recipe: string; hits: number; expected: number }[];
  total: {
    space: string;
    recipes: number;
    names: number;
    tags: number;
    /** Recipes times names. */
    tried: number;
    exhausted: boolean;
    shape: { alphabet: string; size: number; lengths: number[] };
    /** How many outputs have the tags' shape. */
    outputs: number;
    hits: number;
    expected: number;
    /** The null under which most are expected: an alphabet, or "tokens". */
    null: string;
    /** From which free keys are drawn, where the space has some. */
    words: string[];
    not_searched: string[];
  };
}

export type Evidence =
  | RecipeEvidence
  | StructureEvidence
  | TokensEvidence
  | DigestTokensEvidence
  | CapacityEvidence
  | SearchEvidence
  | EmbeddingEvidence;

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
  /** By method id, in the order asked for. Hex is lower case. */
  digests: Record<string, { hex: string; base64: string }>;
  /** Where checkpoint hashes were asked for. */
  checkpoint?: CheckpointHashes;
}

/** The hashes by which checkpoint sites name a model file; hex in lower case. */
export interface CheckpointHashes {
  /** First 8 digits of SHA-256 of 0x10000 bytes at 0x100000; null for files under 0x200000 bytes. */
  autov1: string | null;
  /** First 10 digits of the file's SHA-256. */
  autov2: string;
  /** First 12 digits of SHA-256 of what follows the header; null where the file is no .safetensors. */
  autov3: string | null;
  /** The 64 digits of which autov3 shows 12. */
  content_sha256: string | null;
  /** Hashes of the content that the file's own metadata states. */
  declared: DeclaredHash[];
}

export interface DeclaredHash {
  /** The metadata's key: `modelspec.hash_sha256` or `sshs_model_hash`. */
  key: string;
  /** As it stands in the file. */
  value: string;
  /** Whether it is the SHA-256 of what follows the header. */
  agrees: boolean;
}

/** How an image program reads a prompt. */
export type PromptSyntax = 'a1111' | 'comfy';

export interface PromptOptions {
  syntax: PromptSyntax;
  tokenizer?: string;
  profile?: string;
  /** The id that fills a chunk, instead of the program's own. */
  pad?: number;
  /** A1111: how many tokens back a comma may lie at which a chunk is ended early (20). */
  comma_backtrack?: number;
}

export interface PromptSegment {
  text: string;
  weight: number;
}

/** What the text encoder gets at once: 77 ids with start, end and padding. */
export interface PromptChunk {
  ids: number[];
  weights: number[];
}

export interface PromptRead {
  segments: PromptSegment[];
  chunks: PromptChunk[];
  /** Tokens as the program counts them; A1111 with the padding before BREAK and after commas. */
  token_count: number;
  /** A1111: how many fit the chunks, the second number of its "12/75". */
  target?: number;
  /** A1111: the prompts between ANDs, each read by itself; without AND there is one. */
  subprompts?: (PromptSegment & Omit<PromptRead, 'subprompts'>)[];
  /** ComfyUI: embeddings that the prompt names; here they are text. */
  embeddings?: string[];
}
