/**
 * The sentences about a verdict and its evidence, shared by the terminal, the
 * page and the Markdown export. Evidence is data only, so that better words never
 * break an old link; a sentence here must not say more than the evidence does.
 *
 * Texts of the claim inside a sentence are escaped and cut ({@link shown}).
 */
import type {
  CapacityEvidence,
  Claim,
  DigestTokens,
  DigestTokensEvidence,
  EmbeddingEvidence,
  Evidence,
  Match,
  RecipeEvidence,
  SearchEvidence,
  State,
  StructureEvidence,
  TokenList,
  TokensEvidence,
  Verified,
} from '../protocol/results.js';
import { digestName } from './checksums/kinds.js';
import {
  count,
  counted,
  decimal,
  listed,
  percent,
  probability,
  probabilityOfLog2,
  shown,
  shownBare,
  shownOutput,
} from './show.js';

export { digestName };

/** What the words are made of; both a verification and a replay's have it. */
export type Judged = Pick<Verified, 'claim' | 'evidence' | 'verdict'>;

/** The verdict in one sentence without a final stop; `state` is the word that stands before it. */
export interface Headline {
  state: State;
  sentence: string;
}

/** One piece of evidence in words. */
export interface Reason {
  kind: Evidence['kind'];
  title: string;
  /** Whole sentences with their stops, in the order in which they argue. */
  sentences: string[];
  /** The verdict rests on it. */
  carries: boolean;
}

/** Pairs spelled out one by one; the rest are counted. */
const SPELLED_PAIRS = 8;

/** What a digest of a file is good for. */
export interface DigestFitness {
  /** `integrity`: shows accidents; `security`: shows intent as well. */
  fit: 'integrity' | 'security' | 'neither';
  /** A few words, as they stand beside the digest. */
  words: string;
  /** What a match under it does not say, as a sentence. */
  limit: string;
}

const AGAINST_ACCIDENTS: DigestFitness = {
  fit: 'integrity',
  words: 'integrity, against accidents',
  limit:
    'It shows that no accident changed the bytes; a file can be made to have any such checksum.',
};
const COLLISIONS: DigestFitness = {
  fit: 'integrity',
  words: 'integrity only: collisions can be made',
  limit:
    'It shows that no accident changed the bytes; whoever made the file could have made a second one with the same digest.',
};
const SECURE: DigestFitness = {
  fit: 'security',
  words: 'security',
  limit: 'No way is known to make another file with the same digest.',
};
const SHORTENED: DigestFitness = {
  fit: 'neither',
  words: 'neither, shortened: names a file, no protection',
  limit: 'It is a shortened hash: it names a file and protects it from nothing.',
};

const DIGEST_FITNESS: Record<string, DigestFitness> = {
  crc32: AGAINST_ACCIDENTS,
  crc32c: AGAINST_ACCIDENTS,
  crc64: AGAINST_ACCIDENTS,
  'crc64-ecma': AGAINST_ACCIDENTS,
  xxh64: AGAINST_ACCIDENTS,
  adler32: {
    fit: 'neither',
    words: 'neither: misses accidents in short files',
    limit: 'Adler-32 misses many accidents in short files, and a file can be made to have any.',
  },
  md5: COLLISIONS,
  sha1: COLLISIONS,
  autov1: {
    fit: 'neither',
    words: 'neither: looks at 64 KiB only',
    limit: 'AutoV1 looks at 64 KiB of the file; everything else may differ.',
  },
  autov2: SHORTENED,
  autov3: SHORTENED,
};
const SECURE_DIGEST = /^(sha(224|256|384|512|512-256|3-\d+)|blake2(b|s|bp|sp)|blake3)$/;

const NORMALISATIONS: Record<string, string> = {
  'as-is': 'as given',
  lower: 'in lower case',
  'without-underscores': 'without underscores',
  spaces: 'with spaces for underscores',
  letters: 'letters only',
};

const ALPHABETS: Record<string, string> = {
  '0-9': 'the digits',
  hex: 'lower-case hex digits',
  HEX: 'upper-case hex digits',
  'a-z': 'a–z',
  'A-Z': 'A–Z',
  'a-z0-9': 'a–z and 0–9',
  'A-Z0-9': 'A–Z and 0–9',
  'a-zA-Z': 'a–z and A–Z',
  'a-zA-Z0-9': 'a–z, A–Z and 0–9',
  base32: 'the Base32 alphabet',
  base64: 'the Base64 alphabet',
  base64url: 'the Base64url alphabet',
  'printable-ascii': 'printable ASCII',
  'characters-seen': 'the characters that the tags show',
};

/** What a digest is fit for; null where nothing is known of it. */
export function digestFitness(id: string): DigestFitness | null {
  return DIGEST_FITNESS[id] ?? (SECURE_DIGEST.test(id) ? SECURE : null);
}

/** The verdict in one sentence. */
export function headline(judged: Judged): Headline {
  return { state: judged.verdict.state, sentence: headlineSentence(judged) };
}

/** The evidence in words, in the order of the evidence. */
export function reasons(judged: Judged): Reason[] {
  return judged.evidence.map((evidence) => ({
    kind: evidence.kind,
    title: titleOf(evidence.kind),
    sentences: sentencesOf(evidence, judged),
    carries: judged.verdict.because.some(
      (because) =>
        because === evidence.kind ||
        (because === 'freedom' && evidence.kind === 'recipe') ||
        (['finish', 'failing-pairs'].includes(because) && evidence.kind === 'search'),
    ),
  }));
}

/** What the verdict does not say, in one sentence. */
export function scope(judged: Judged): string {
  switch (judged.verdict.row) {
    case 1:
      return 'This holds for every deterministic recipe; it says nothing about how the tags were really made.';
    case 2:
      return `What is refuted is this recipe under the match rule "${judged.claim.match}"${judged.claim.ignore_case ? ', case ignored' : ''}, no other.`;
    case 3:
      return 'What is reproduced is the output; another recipe may give the same, and this does not tell which one was used.';
    case 4:
      return 'That the recipe fits is not denied; it is no evidence that it was used.';
    case 5:
      return `What is refuted is every recipe of ${judged.claim.space ?? 'the space'}, no other.`;
    case 6:
      return 'Nothing was searched, so nothing is refuted but what the evidence names.';
    case 7:
      return judged.verdict.scope === 'key'
        ? 'What is reproduced is the output under this key; only the parts of the key that the names meet are determined, and another recipe may give the same.'
        : 'What is reproduced is the output; another recipe may give the same, and this does not tell which one was used.';
    case 8:
      return 'That a recipe fits is not denied; it is no evidence that it was used.';
    default:
      return judged.claim.space === null
        ? ''
        : `The verdict reaches as far as ${judged.claim.space} does; it never says "not a hash".`;
  }
}

/** The whole verdict as Markdown, with the claim, the reasons and the link. */
export function toMarkdown(verified: Verified): string {
  const { state, sentence } = headline(verified);
  const { claim } = verified;
  const lines = [`## ${capital(state)}: ${markdown(sentence)}`, ''];
  if (claim.title !== null) lines.push(markdown(shown(claim.title)), '');
  lines.push('| name | tag |', '| --- | --- |');
  for (const pair of claim.pairs)
    lines.push(`| ${markdown(shown(pair.name))} | ${markdown(shown(pair.tag))} |`);
  lines.push('', markdown(claimSentence(claim)), '');
  for (const reason of reasons(verified)) {
    if (reason.sentences.length === 0) continue;
    lines.push(`### ${reason.title}`, '');
    for (const line of reason.sentences) lines.push(`- ${markdown(line)}`);
    lines.push('');
  }
  const limit = scope(verified);
  if (limit !== '') lines.push(markdown(limit), '');
  lines.push(
    verified.link === null
      ? `Digest of claim and evidence: \`${verified.digest}\` (the claim is too long for a link).`
      : `[Recompute it](<${verified.link}>)`,
    '',
    `Tagscope ${markdown(verified.engine.version)}`,
    '',
  );
  return lines.join('\n');
}

/** What was claimed beside the pairs, in one sentence. */
export function claimSentence(claim: Claim): string {
  const recipe =
    claim.recipe === null ? 'No recipe is stated' : `Stated recipe: ${shownBare(claim.recipe)}`;
  const match = `match: ${claim.match}${claim.ignore_case ? ', case ignored' : ''}`;
  const population = claim.population === null ? '' : `; names in all: ${count(claim.population)}`;
  return `${recipe}; ${match}${population}.`;
}

function headlineSentence(judged: Judged): string {
  const { claim, verdict } = judged;
  const recipe = judged.evidence.find((item) => item.kind === 'recipe');
  const p = verdict.p ?? recipe?.p ?? 1;
  const chance = `p = ${probability(p)}, level ${probability(verdict.level)}`;
  switch (verdict.row) {
    case 1: {
      const conflict = judged.evidence.find((item) => item.kind === 'structure')?.function
        .conflicts[0];
      return conflict === undefined
        ? 'no deterministic recipe gives one name two tags'
        : `no deterministic recipe gives ${shown(conflict.name)} both ${listed(conflict.tags.map(shown))}`;
    }
    case 2:
      return recipe === undefined
        ? 'the stated recipe does not give the tags'
        : failureSentence(recipe, claim);
    case 3:
      return `the stated recipe gives ${allTags(claim)}, and chance alone does not explain that (${chance})`;
    case 4:
      return `the stated recipe gives ${allTags(claim)}, but a recipe this free fits by chance (${chance})`;
    case 5:
      return `no recipe of ${claim.space ?? 'the space'} can give ${allTags(claim)}`;
    case 6:
      return 'no recipe is stated and no search was asked for; either would decide it';
    default:
      return searchHeadline(judged, chance);
  }
}

// Rows 7 to 12. A verdict of a later engine that comes in by a replay still gets its word.
function searchHeadline({ claim, verdict, evidence }: Judged, chance: string): string {
  const space = claim.space ?? 'the space';
  const search = evidence.find((item) => item.kind === 'search');
  const key = search?.known_plaintext?.hits[0];
  switch (verdict.row) {
    case 7:
      if (verdict.scope === 'key' && key !== undefined) {
        return `${keyed(key)} gives ${allTags(claim)}, and chance alone does not explain that (${chance})`;
      }
      return `a recipe of ${space} gives ${allTags(claim)}, and chance alone does not explain that (${chance})`;
    case 8:
      return search?.permutations.p != null && (verdict.p ?? 1) <= verdict.level
        ? `a recipe of ${space} gives ${allTags(claim)}, but so it does where the tags are exchanged`
        : `a recipe of ${space} gives ${allTags(claim)}, but so many recipes fit some tag by chance (${chance})`;
    case 9:
      return `a recipe of ${space} gives ${allTags(claim)}, but the search was cut short; to finish it would decide`;
    case 10:
      return `no recipe tried so far gives ${allTags(claim)}, and the search was cut short; to finish it would decide`;
    case 11:
      return `no recipe of ${space} gives ${allTags(claim)}, but one gives more of them than chance would (${chance}); the pairs that fail would decide`;
    case 12:
      return `no recipe of ${space} gives ${allTags(claim)} under the match rule "${claim.match}"`;
    default:
      return otherHeadline(verdict.state);
  }
}

function otherHeadline(state: State): string {
  return state === 'undecided'
    ? 'the evidence does not decide it'
    : 'this version has no words for the reason';
}

function allTags(claim: Claim): string {
  const [first] = claim.pairs;
  if (claim.pairs.length === 1 && first !== undefined) {
    return `${shown(first.tag)} for ${shown(first.name)}`;
  }
  return `all ${count(claim.pairs.length)} tags`;
}

function failureSentence(recipe: RecipeEvidence, claim: Claim): string {
  const failing = recipe.pairs.filter((pair) => !pair.matches);
  const [first] = failing;
  if (first === undefined) return 'the stated recipe does not give the tags';
  const one = doesNot(first.name, first.tag, claim.match);
  if (recipe.pairs.length === 1) return one;
  return `${one} (${counted(recipe.fits, 'pair')} of ${count(recipe.pairs.length)} ${recipe.fits === 1 ? 'fits' : 'fit'})`;
}

function doesNot(name: string, tag: string, match: Match): string {
  const [from, to] = [shown(name), shown(tag)];
  switch (match) {
    case 'exact':
      return `the stated recipe does not turn ${from} into ${to}`;
    case 'prefix':
      return `what the stated recipe makes of ${from} does not begin with ${to}`;
    case 'suffix':
      return `what the stated recipe makes of ${from} does not end with ${to}`;
    case 'window':
      return `what the stated recipe makes of ${from} does not contain ${to}`;
    case 'subsequence':
      return `what the stated recipe makes of ${from} does not hold the characters of ${to} in order`;
  }
}

function titleOf(kind: Evidence['kind']): string {
  switch (kind) {
    case 'recipe':
      return 'The stated recipe';
    case 'structure':
      return 'Proofs without a search';
    case 'tokens':
      return 'Tokens';
    case 'digest-tokens':
      return 'Digests as tokens';
    case 'capacity':
      return 'Room for names';
    case 'search':
      return 'The search';
    case 'embedding':
      return 'In an encoder';
  }
}

function sentencesOf(evidence: Evidence, judged: Judged): string[] {
  switch (evidence.kind) {
    case 'recipe':
      return recipeSentences(evidence, judged);
    case 'structure':
      return structureSentences(evidence, judged.claim);
    case 'tokens':
      return tokensSentences(evidence);
    case 'digest-tokens':
      return digestTokensSentences(evidence);
    case 'capacity':
      return capacitySentences(evidence);
    case 'search':
      return searchSentences(evidence, judged);
    case 'embedding':
      return embeddingSentences(evidence);
  }
}

/** With a true minus sign. */
const cosine = (value: number): string => value.toFixed(3).replace('-', '−');

function embeddingSentences({ pairs, pairs_in_all, encoder }: EmbeddingEvidence): string[] {
  const sentences = pairs.slice(0, SPELLED_PAIRS).map(({ name, tag, with_name: found }) => {
    const [carrier] = found.nulls.toSorted((a, b) => b.p - a.p);
    const near = `${shown(tag)} and ${shown(name)} have the cosine ${cosine(found.cosine)}, ${cosine(found.centred)} centred`;
    if (carrier === undefined) return `${near}; there is nothing to compare it with.`;
    const tokens = counted(carrier.tokens, 'token');
    const others =
      carrier.kind === 'codes'
        ? `${counted(carrier.m, 'other code')} of ${counted(carrier.length ?? 0, 'letter')} and ${tokens}`
        : `${counted(carrier.m, 'other name')} of ${tokens}`;
    return `${near}: of ${others}, ${count(carrier.b)} ${carrier.b === 1 ? 'lies' : 'lie'} at least as near (p ${probability(carrier.p)}).`;
  });
  // What it is goes before what it says.
  const of =
    encoder.note === undefined
      ? ''
      : `${encoder.note.charAt(0).toUpperCase()}${encoder.note.slice(1)}: `;
  return [
    ...sentences.map((sentence, i) => (i === 0 ? of + sentence : sentence)),
    ...remaining(pairs_in_all),
    `This is of the encoder with the SHA-256 ${encoder.sha256.slice(0, 12)}…, and decides nothing: a small p says nearer than a random code of its class in this encoder, not cipher, training or cause.`,
  ];
}

function recipeSentences(evidence: RecipeEvidence, judged: Judged): string[] {
  const sentences = evidence.pairs.slice(0, SPELLED_PAIRS).map((pair) => {
    const failed = pair.steps.find((step) => step.error !== undefined);
    if (failed !== undefined) {
      return `${shownBare(failed.step)} has no output for ${shown(pair.name)} (${failed.error?.code ?? 'error'}), so ${shown(pair.tag)} is not reached.`;
    }
    const last = pair.steps[pair.steps.length - 1];
    const made = last?.output === undefined ? 'nothing' : shownOutput(last.output);
    const relation = pair.matches ? fitsAs(judged.claim.match) : fitsNotAs(judged.claim.match);
    return `${shown(pair.name)} becomes ${made}, which ${relation} ${shown(pair.tag)}.`;
  });
  sentences.push(...remaining(evidence.pairs.length));
  // The price matters only to a recipe that fits: a chance beside a failure would mislead.
  if (evidence.chance_log2 !== null && evidence.p !== null) {
    sentences.push(
      `Writing the recipe down takes ${decimal(evidence.price.bits)} bits; random tags of this shape would fit it with a chance of ${probabilityOfLog2(evidence.chance_log2)}.`,
      `Every recipe of that length could have been stated, so p = min(1, 2^${decimal(evidence.price.bits)} × chance) = ${probability(evidence.p)}; the level is ${probability(judged.verdict.level)}.`,
    );
  }
  return sentences;
}

function fitsAs(match: Match): string {
  switch (match) {
    case 'exact':
      return 'is';
    case 'prefix':
      return 'begins with';
    case 'suffix':
      return 'ends with';
    case 'window':
      return 'contains';
    case 'subsequence':
      return 'holds, in order, the characters of';
  }
}

function fitsNotAs(match: Match): string {
  switch (match) {
    case 'exact':
      return 'is not';
    case 'prefix':
      return 'does not begin with';
    case 'suffix':
      return 'does not end with';
    case 'window':
      return 'does not contain';
    case 'subsequence':
      return 'does not hold, in order, the characters of';
  }
}

function structureSentences(evidence: StructureEvidence, claim: Claim): string[] {
  const sentences: string[] = [];
  if (evidence.duplicates > 0) {
    sentences.push(
      `${counted(evidence.duplicates, 'pair')} of ${count(evidence.pairs)} ${evidence.duplicates === 1 ? 'repeats' : 'repeat'} another exactly and ${evidence.duplicates === 1 ? 'adds' : 'add'} nothing.`,
    );
  }
  if (evidence.groups < evidence.pairs - evidence.duplicates) {
    sentences.push(
      `The tags are ${counted(evidence.groups, 'distinct one', 'distinct ones')}; only these count as evidence.`,
    );
  }
  for (const conflict of evidence.function.conflicts.slice(0, SPELLED_PAIRS)) {
    sentences.push(
      `${shown(conflict.name)} has the tags ${listed(conflict.tags.map(shown))}: under the match rule "exact" no deterministic recipe gives both.`,
    );
  }
  sentences.push(...isomorphSentences(evidence, claim));
  if (evidence.length.applies && evidence.length.excluded) {
    const differing = evidence.length.pairs.find((pair) => pair.name !== pair.tag);
    const lengths =
      differing === undefined
        ? ''
        : ` (${counted(differing.name, 'character')} against ${count(differing.tag)})`;
    sentences.push(
      `Name and tag differ in length${lengths}, so under the match rule "exact" no recipe made only of length-preserving steps gives the tag.`,
    );
  }
  const cannot = evidence.alphabet.filter((encoding) => encoding.excluded);
  if (cannot.length > 0) {
    const list = cannot.map((encoding) =>
      encoding.character === null
        ? encoding.id
        : `${encoding.id} (it never prints ${shown(encoding.character)})`,
    );
    sentences.push(`The tag cannot be the output of ${listed(list, 'or')} as the last step.`);
  }
  return sentences;
}

function isomorphSentences(evidence: StructureEvidence, claim: Claim): string[] {
  const { isomorph } = evidence;
  const excluded = isomorph.periods.filter((item) => item.excluded);
  if (excluded.length === 0) return [];
  const several = new Set(claim.pairs.map((pair) => `${pair.name}\0${pair.tag}`)).size > 1;
  const keyed = keyedMaps(claim);
  const [only] = claim.pairs;
  const stretch =
    !several && only !== undefined
      ? `${counted(Array.from(only.tag).length, 'character')} in a row of ${shown(only.name)} to ${shown(only.tag)}`
      : 'stretches of the names to all the tags';
  const sentences = excluded.map((item) => {
    const none = noAlignment(item.tried);
    return item.period === 1
      ? `No per-letter substitution (ROT-n, Atbash, affine${keyed.xor ? ', one-byte XOR' : ''}) maps any ${stretch}${several ? ', at one place for all pairs' : ''}: ${none}.`
      : `Nor does a substitution that repeats with period ${count(item.period)}${keyed.words === '' ? '' : ` (${keyed.words} with a key of ${count(item.period)})`}: ${none}.`;
  });
  const forms = isomorph.normalisations.map((id) => NORMALISATIONS[id] ?? id);
  sentences.push(
    `Scope: stretches without gaps of the name ${listed(forms, 'or')}${isomorph.reversal ? ', read forwards or backwards' : ''}, and one-to-one maps${several ? ', the same for all pairs' : ''}${isomorph.ignore_case ? ', case ignored' : ''}. Not covered: letters picked with gaps, letters (mod 26), ${isomorph.ignore_case ? 'XOR with case ignored, ' : ''}a text encoding after XOR.`,
  );
  return sentences;
}

/**
 * Which maps with a key the proof by isomorphs speaks of: it looks at characters, and repeats by
 * their place. XOR maps bytes, which are characters in ASCII alone; Vigenère counts letters alone.
 */
export function keyedMaps({ pairs }: Claim): { xor: boolean; words: string } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  const xor = pairs.every(({ name, tag }) => /^[\x00-\x7f]*$/.test(name + tag));
  const vigenere = pairs.every(({ name }) => /^[a-z]*$/i.test(name));
  const words = [vigenere ? 'Vigenère' : '', xor ? 'XOR' : ''].filter((word) => word !== '');
  return { xor, words: words.join(' or ') };
}

function noAlignment(tried: number): string {
  if (tried === 0) return 'no stretch is as long as the tag';
  const subject =
    tried === 1 ? 'the only alignment does not set' : `none of the ${count(tried)} alignments sets`;
  return `${subject} equal characters against equal ones and different against different`;
}

function tokensSentences(evidence: TokensEvidence): string[] {
  const sentences = evidence.pairs.slice(0, SPELLED_PAIRS).map(({ name, tag }) => {
    const rank =
      tag.one_token && tag.merge_rank !== null ? ` (merge rank ${count(tag.merge_rank)})` : '';
    return `${describedTokens(name)}; ${describedTokens(tag)}${rank}.`;
  });
  sentences.push(...remaining(evidence.pairs.length));
  sentences.push(`Tokenizer: ${evidence.tokenizer}, profile ${evidence.profile}.`);
  return sentences;
}

function describedTokens(list: TokenList): string {
  const pieces = list.pieces.map((piece) => piece.replace(/<\/w>$/, ''));
  if (list.ids.length === 1) return `${shown(list.text)} is one token, ${list.ids[0]}`;
  const parts = pieces.slice(0, 16).map(shown).join(' ');
  return `${shown(list.text)} is ${counted(list.ids.length, 'token')}: ${parts}${pieces.length > 16 ? ' …' : ''}`;
}

function digestTokensSentences(evidence: DigestTokensEvidence): string[] {
  const sentences = evidence.names.slice(0, SPELLED_PAIRS).map(({ name, digests }) => {
    const forms = digests.flatMap((digest) => [digest.hex, digest.base64]);
    const characters = forms.reduce((sum, form) => sum + form.count * form.mean_length, 0);
    const subwords = forms.reduce((sum, form) => sum + form.count, 0);
    const longest = forms
      .flatMap((form) => form.lengths)
      .reduce((most, item) => Math.max(most, item.length), 0);
    return `BPE breaks the digests of ${shown(name)} (${digests.map((digest) => digestName(digest.id)).join(', ')}; hex and Base64) into ${counted(subwords, 'subword')} of ${decimal(characters / Math.max(1, subwords))} characters on average, none longer than ${count(longest)}.`;
  });
  sentences.push(...remaining(evidence.names.length, 'name'));
  const short = new Map<number, number>();
  for (const { digests } of evidence.names) {
    for (const digest of digests) {
      for (const { length, strings } of digest.base64.lengths) short.set(length, strings);
    }
  }
  const rooms = [...short]
    .sort(([a], [b]) => a - b)
    .slice(0, 3)
    .map(([length, strings]) => `${counted(strings, 'string')} of ${counted(length, 'character')}`);
  if (rooms.length > 0) {
    sentences.push(
      `Lower-cased, as BPE reads it, Base64 has ${listed(rooms)}: pieces this short are shared by unrelated digests.`,
    );
  }
  return sentences;
}

/** One digest's text and the subwords it falls into, in one line: `44C2 8C62 (2 subwords)`. */
export function digestPieces(tokens: DigestTokens): string {
  return `${tokens.pieces.map((piece) => piece.replace(/<\/w>$/, '')).join(' ')} (${counted(tokens.count, 'subword')}, mean ${decimal(tokens.mean_length)})`;
}

/**
 * Whose token counts the evidence holds: they are of a–z strings, also where the tag's own shape
 * is smaller, as its letters happen to be hex digits.
 */
export function tokenClassesOf({ alphabet, lengths }: CapacityEvidence['shape']): string {
  const [length = 0] = lengths;
  return alphabet === 'a-z' ? 'of this shape' : `of ${counted(length, 'letter')} from a to z`;
}

// Where the chance is too small for its own arithmetic, it is that of the pairs expected.
function chanceOfCollision({
  collision_p,
  expected_pairs,
}: NonNullable<CapacityEvidence['population']>): number {
  return collision_p > 0 ? collision_p : expected_pairs;
}

function capacitySentences(evidence: CapacityEvidence): string[] {
  const { shape, codes, birthday, population } = evidence;
  const lengths = listed(shape.lengths.map(count), 'or');
  const one = shape.lengths.length === 1 && shape.lengths[0] === 1;
  const sentences = [
    codes === null
      ? `There are about 2^${decimal(evidence.bits)} codes of ${lengths} ${one ? 'character' : 'characters'} from ${ALPHABETS[shape.alphabet] ?? shape.alphabet} (${count(shape.size)} characters).`
      : `There are ${counted(codes, 'code')} of ${lengths} ${one ? 'character' : 'characters'} from ${ALPHABETS[shape.alphabet] ?? shape.alphabet} (${counted(shape.size, 'character')}): ${decimal(evidence.bits)} bits.`,
  ];
  if (birthday.names_for_half !== null) {
    sentences.push(
      `With ${counted(birthday.names_for_half, 'name')} it is as likely as not that two share a code, if codes are given at random.`,
    );
  }
  if (population !== null) {
    sentences.push(
      population.one_to_one_possible
        ? `${counted(population.names, 'name')} could be one to one with them; given at random, two share a code with a chance of ${percent(chanceOfCollision(population))} (${decimal(population.expected_pairs)} pairs expected).`
        : `${counted(population.names, 'name')} cannot be one to one with them (pigeonhole).`,
      `By a random function that is ${decimal(population.per_code, 2)} names a code; ${percent(population.sharing_share)} of the names share one, ${count(population.codes_used)} codes are used, and ${decimal(population.bits_missing, 2)} bits are missing for each name.`,
    );
    if (!population.one_to_one_possible) {
      sentences.push(
        'This excludes one code for each of all the names in this shape; not a lossy hash, a subset of the names, or longer codes.',
      );
    }
  }
  const ofShape = tokenClassesOf(shape);
  for (const room of evidence.token_classes ?? []) {
    const crowd =
      room.names_per_code === null ? '' : `, ${decimal(room.names_per_code)} names a code`;
    sentences.push(
      `${counted(room.codes, 'code')} ${ofShape} ${room.codes === 1 ? 'is' : 'are'} ${room.tokens === 1 ? 'one CLIP token' : `${count(room.tokens)} CLIP tokens`}: ${decimal(room.bits)} bits, even odds at ${counted(room.names_for_half, 'name')}${crowd}.`,
    );
  }
  return sentences;
}

/** Hits spelled out one by one; the rest are counted. */
const SPELLED_HITS = 5;

function searchSentences(evidence: SearchEvidence, judged: Judged): string[] {
  const { space, recipes, tried } = evidence;
  if (evidence.covered !== null) {
    return [
      `Every one of the ${counted(recipes, 'recipe')} of ${space} maps each character by itself, one to one, and takes a part in a row; the patterns of equal letters exclude them all, so nothing had to be tried.`,
    ];
  }
  const sentences = [
    evidence.exhausted
      ? `All ${counted(recipes, 'recipe')} of ${space} were tried.`
      : `${counted(tried, 'recipe')} of ${count(recipes)} of ${space} were tried; the search was cut short.`,
  ];
  for (const name of evidence.names.slice(0, SPELLED_PAIRS)) sentences.push(...coverageOf(name));
  sentences.push(...remaining(evidence.names.length, 'name'));
  sentences.push(...hitSentences(evidence, judged));
  sentences.push(...keySentences(evidence, judged));
  sentences.push(...decoySentence(evidence));
  if (evidence.pairs_needed !== null && evidence.pairs_needed > evidence.groups) {
    sentences.push(
      `With ${counted(evidence.pairs_needed, 'different tag')} under one recipe a full hit would be more than chance.`,
    );
  }
  if (evidence.not_searched.length > 0) {
    sentences.push(
      `Not searched: ${listed(evidence.not_searched)}${evidence.known_plaintext === null ? '' : '; keys that act on the name itself were solved for'}.`,
    );
  }
  return sentences;
}

function coverageOf(name: SearchEvidence['names'][number]): string[] {
  if (name.distinct === null || name.coverage === null) return [];
  const about = name.coverage_error > 0 ? 'about ' : '';
  const tokens =
    name.coverage_tokens === null
      ? ''
      : `, ${percent(name.coverage_tokens)} of those with as many tokens`;
  return [
    `From ${shown(name.name)} they make ${about}${counted(Math.round(name.distinct), 'different code')} of the tag's shape: a random tag would have been "explained" with a chance of ${percent(name.coverage)}${tokens}.`,
  ];
}

function hitSentences(evidence: SearchEvidence, judged: Judged): string[] {
  const { hits, full, partial, groups } = evidence;
  if (hits.length === 0) {
    return [groups === 1 ? 'No recipe gives the tag.' : 'No recipe gives any of the tags.'];
  }
  const sentences: string[] = [];
  if (full !== null) {
    sentences.push(
      `${counted(full.recipes, 'recipe')} ${full.recipes === 1 ? 'gives' : 'give'} ${allTags(judged.claim)}; by accident ${decimal(full.expected, 3)} would be expected, so p = ${probability(full.p)}.`,
    );
  } else if (partial !== null) {
    sentences.push(
      `The best ${partial.recipes === 1 ? 'recipe gives' : `${count(partial.recipes)} recipes give`} ${count(partial.groups)} of ${counted(groups, 'tag')}; corrected for all that was tried, p = ${probability(partial.p)}.`,
    );
  }
  for (const hit of hits.slice(0, SPELLED_HITS)) {
    const those =
      groups === 1 ? '' : ` (${count(hit.pairs)} of ${counted(judged.claim.pairs.length, 'pair')})`;
    sentences.push(`${shownBare(hit.recipe)} fits${those}.`);
  }
  const total = evidence.hits_by_groups.reduce((sum, { recipes }) => sum + recipes, 0);
  const left = total - Math.min(hits.length, SPELLED_HITS);
  if (left > 0) sentences.push(`${counted(left, 'more recipe')} fit as much or less.`);
  const { arrangements, counted: by, explained, p } = evidence.permutations;
  if (by === 'recipes' && p !== null && arrangements !== null && arrangements > 1) {
    sentences.push(
      `Of the ${count(arrangements)} ways to give the same tags to the names, ${explained === 1 ? 'only this one is' : `${count(explained ?? 0)} are`} explained by a recipe of the space.`,
    );
  }
  return sentences;
}

type KeyHit = NonNullable<SearchEvidence['known_plaintext']>['hits'][number];

/** A key in words: what it is of, and how long. */
function keyed(hit: KeyHit): string {
  switch (hit.family) {
    case 'xor':
      return `XOR with a key of ${counted(hit.period ?? 1, 'byte')}`;
    case 'vigenere':
      return `Vigenère with a key of ${counted(hit.period ?? 1, 'letter')}`;
    case 'affine':
      return 'an affine map of the letters';
    case 'substitution':
      return 'one substitution of characters';
  }
}

/** Where in the name the tag lies, under a key. */
function keyWindow(hit: KeyHit): string {
  const at = hit.offset === 0 ? '' : `, ${counted(hit.offset, 'character')} further in`;
  const reading = hit.normalisation === 'as-is' ? '' : `, read ${hit.normalisation}`;
  return `from the ${hit.from} of the name${at}${reading}${hit.reversed ? ', backwards' : ''}`;
}

function keySentences(evidence: SearchEvidence, judged: Judged): string[] {
  const known = evidence.known_plaintext;
  if (known === null) return [];
  const sentences: string[] = [];
  const always = alwaysFits(known);
  const [hit] = known.hits;
  if (hit === undefined) {
    sentences.push(
      `No key is found by known plaintext: ${families(known)} were solved for at every alignment${known.complete ? ' and period' : ', as many periods as the bound of work allows'}, and none with a check gives ${allTags(judged.claim)}.`,
    );
  } else {
    const as = hit.recipe === null ? ` (${keyWindow(hit)})` : `, ${shownBare(hit.recipe)},`;
    const p = evidence.key?.p ?? hit.p;
    sentences.push(
      `Solved for by known plaintext, ${keyed(hit)}${as} fits ${allTags(judged.claim)}: ${counted(hit.positions, 'position')} known, ${count(hit.residues)} free, so ${counted(hit.checks, 'check')} of about ${decimal(known.check_bits * (hit.encoding === null ? 1 : 2), 2)} bits; counted over all keys that leave no more to chance, p = ${probability(p)}.`,
    );
  }
  if (always !== '') sentences.push(always);
  const { arrangements, counted: by, explained } = evidence.permutations;
  if (by === 'keys' && arrangements !== null && arrangements > 1) {
    sentences.push(
      (explained ?? 0) <= 1
        ? `Of the ${count(arrangements)} ways to give the same tags to the names, only this one is explained as well by a key or a recipe.`
        : `Of the ${count(arrangements)} ways to give the same tags to the names, ${count(explained ?? 0)} are explained as well by a key or a recipe${keyVetoed(judged, evidence) ? ': which name has which tag does not tell, so the key is no evidence' : ''}.`,
    );
  }
  return sentences;
}

/** The key's p alone would do; that the tags fit exchanged as well forbids it. */
function keyVetoed(judged: Judged, evidence: SearchEvidence): boolean {
  return (
    evidence.key !== null && evidence.key.p <= judged.verdict.level && judged.verdict.row !== 7
  );
}

const FAMILIES: Record<KeyHit['family'], string> = {
  xor: 'XOR',
  vigenere: 'Vigenère',
  affine: 'affine maps',
  substitution: 'any substitution',
};

function families({ families: all }: NonNullable<SearchEvidence['known_plaintext']>): string {
  return listed(all.map((family) => FAMILIES[family]));
}

// From which period on a key fits, whatever the tags are.
function alwaysFits({ periods }: NonNullable<SearchEvidence['known_plaintext']>): string {
  const least = (family: KeyHit['family']) => {
    const rows = periods.filter((row) => row.family === family && row.encoding === null);
    const checked = rows.filter((row) => row.always < row.tried);
    const from = Math.max(0, ...checked.map((row) => row.period)) + 1;
    return rows.some((row) => row.period >= from) ? from : null;
  };
  const said = (['xor', 'vigenere'] as const).flatMap((family) => {
    const from = least(family);
    const unit = family === 'xor' ? 'bytes' : 'letters';
    return from === null
      ? []
      : [`${FAMILIES[family]} with a key of ${count(from)} ${unit} or more`];
  });
  return said.length === 0
    ? ''
    : `${capital(said.join(', and '))} ${said.length === 1 ? 'fits' : 'fit'} always, whatever the tags are: that says nothing.`;
}

function decoySentence({ decoys }: SearchEvidence): string[] {
  if (decoys.runs === 0 || decoys.observed === 0) return [];
  const as = decoys.best.filter((best) => best >= decoys.observed).length;
  return [
    `Of ${count(decoys.runs)} sets of random tags of the same shape, the same search explains as much for ${count(as)}.`,
  ];
}

function remaining(total: number, one = 'pair'): string[] {
  return total > SPELLED_PAIRS
    ? [`${counted(total - SPELLED_PAIRS, `more ${one}`)} not spelled out here.`]
    : [];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

// What CommonMark and GitHub's dialect would read as markup, or as a link.
function markdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~&]|:(?=\/\/)/g, '\\$&');
}
