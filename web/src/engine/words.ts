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
  Evidence,
  Match,
  RecipeEvidence,
  State,
  StructureEvidence,
  TokenList,
  TokensEvidence,
  Verified,
} from '../protocol/results.js';
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

const DIGEST_NAMES: Record<string, string> = {
  crc32: 'CRC32',
  crc64: 'CRC64',
  md5: 'MD5',
  sha1: 'SHA1',
  sha256: 'SHA256',
  blake2sp: 'BLAKE2sp',
};

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

/** A digest's id as people write it: SHA256. */
export function digestName(id: string): string {
  return DIGEST_NAMES[id] ?? id;
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
        because === evidence.kind || (because === 'freedom' && evidence.kind === 'recipe'),
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
      return otherHeadline(verdict.state, claim);
  }
}

// Rows 7 to 12 belong to searches. A verdict of a later engine that comes in by a
// replay still gets its word, and no more.
function otherHeadline(state: State, claim: Claim): string {
  const space = claim.space ?? 'the space';
  switch (state) {
    case 'reproduced':
      return `a recipe of ${space} gives ${allTags(claim)}`;
    case 'coincidence':
      return `a recipe of ${space} gives ${allTags(claim)}, but no better than chance would`;
    case 'refuted':
      return `no recipe of ${space} gives ${allTags(claim)} under the match rule "${claim.match}"`;
    case 'undecided':
      return 'the evidence does not decide it';
  }
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
  }
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
  const [only] = claim.pairs;
  const stretch =
    !several && only !== undefined
      ? `${counted(Array.from(only.tag).length, 'character')} in a row of ${shown(only.name)} to ${shown(only.tag)}`
      : 'stretches of the names to all the tags';
  const sentences = excluded.map((item) => {
    const none = noAlignment(item.tried);
    return item.period === 1
      ? `No per-letter substitution (ROT-n, Atbash, affine, one-byte XOR) maps any ${stretch}: ${none}.`
      : `Nor does a substitution that repeats with period ${count(item.period)} (Vigenère or XOR with a key of ${count(item.period)}): ${none}.`;
  });
  const forms = isomorph.normalisations.map((id) => NORMALISATIONS[id] ?? id);
  sentences.push(
    `Scope: stretches without gaps of the name ${listed(forms, 'or')}${isomorph.reversal ? ', read forwards or backwards' : ''}, and one-to-one maps${several ? ', the same for all pairs' : ''}${isomorph.ignore_case ? ', case ignored' : ''}. Not covered: letters picked with gaps, letters (mod 26), ${isomorph.ignore_case ? 'XOR with case ignored, ' : ''}a text encoding after XOR.`,
  );
  return sentences;
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
        ? `${counted(population.names, 'name')} could be one to one with them; given at random, two share a code with a chance of ${percent(population.collision_p)} (${decimal(population.expected_pairs)} pairs expected).`
        : `${counted(population.names, 'name')} cannot be one to one with them (pigeonhole).`,
      `By a random function that is ${decimal(population.per_code, 2)} names a code; ${percent(population.sharing_share)} of the names share one, ${count(population.codes_used)} codes are used, and ${decimal(population.bits_missing, 2)} bits are missing for each name.`,
    );
    if (!population.one_to_one_possible) {
      sentences.push(
        'This excludes one code for each of all the names in this shape; not a lossy hash, a subset of the names, or longer codes.',
      );
    }
  }
  for (const room of evidence.token_classes ?? []) {
    const crowd =
      room.names_per_code === null ? '' : `, ${decimal(room.names_per_code)} names a code`;
    sentences.push(
      `${counted(room.codes, 'code')} of this shape ${room.codes === 1 ? 'is' : 'are'} ${room.tokens === 1 ? 'one CLIP token' : `${count(room.tokens)} CLIP tokens`}: ${decimal(room.bits)} bits, even odds at ${counted(room.names_for_half, 'name')}${crowd}.`,
    );
  }
  return sentences;
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
