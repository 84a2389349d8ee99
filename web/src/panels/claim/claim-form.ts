/**
 * The claim as it stands in the form: texts exactly as typed, so that nothing is
 * lost while they do not yet make a claim.
 */
import { count } from '../../engine/show.js';
import type { Claim, ClaimInput, Failure, Match, Pair } from '../../protocol/results.js';

/** A row of the table; `key` stays with it while rows come and go. */
export interface Row extends Pair {
  key: number;
}

export interface ClaimForm {
  title: string;
  rows: Row[];
  recipe: string;
  match: Match;
  ignoreCase: boolean;
  population: string;
  level: string;
  /** With its version; empty where nothing is searched. */
  space: string;
  /** SHA-256 of an encoder's file; empty where the claim names none. */
  encoder: string;
}

/** A field of the form; rows are named by their key. */
export type Place =
  | { field: 'title' | 'pairs' | 'recipe' | 'match' | 'population' | 'level' | 'space' | 'claim' }
  | { field: 'name' | 'tag'; row: number };

export const DEFAULT_LEVEL = 0.001;
export const MATCHES: readonly Match[] = ['exact', 'prefix', 'suffix', 'window', 'subsequence'];

let lastKey = 0;

/** An empty row, or one that holds `pair`. */
export function row(pair: Pair = { name: '', tag: '' }): Row {
  lastKey += 1;
  return { key: lastKey, name: pair.name, tag: pair.tag };
}

/** The form that shows a claim. */
export function formOf(claim: ClaimInput | Claim): ClaimForm {
  return {
    title: claim.title ?? '',
    rows: claim.pairs.length === 0 ? [row()] : claim.pairs.map(row),
    recipe: claim.recipe ?? '',
    match: claim.match ?? 'exact',
    ignoreCase: claim.ignore_case ?? false,
    population: claim.population == null ? '' : String(claim.population),
    level: String(claim.level ?? DEFAULT_LEVEL),
    space: claim.space ?? '',
    encoder: claim.encoder ?? '',
  };
}

/** A form with nothing in it. */
export function emptyForm(): ClaimForm {
  return formOf({ pairs: [] });
}

/** The rows that count: at least one of their cells is filled. */
export function filledRows(form: ClaimForm): Row[] {
  return form.rows.filter((item) => item.name !== '' || item.tag !== '');
}

/** The question of a claim that has none of its own; names and tags stand in bidi isolates. */
export function questionOf(form: ClaimForm): string {
  const rows = filledRows(form);
  const [first] = rows;
  if (first === undefined) return 'Which tag is made from which name?';
  if (rows.length > 1) {
    return `Are these ${count(rows.length)} tags made from their names?`;
  }
  return `Is “\u2068${first.tag}\u2069” made from “\u2068${first.name}\u2069”?`;
}

/**
 * The claim that the form states, or why it does not state one yet. Only what the
 * form itself must read (two numbers) is judged here; the rest is the engine's.
 */
export function claimOf(form: ClaimForm): { claim: ClaimInput } | { failure: Failure } {
  const population = numberOf(form.population);
  if (Number.isNaN(population)) {
    return bad('population', `"${form.population.trim()}" is not a number`);
  }
  const level = numberOf(form.level) ?? DEFAULT_LEVEL;
  if (Number.isNaN(level)) return bad('level', `"${form.level.trim()}" is not a number`);
  const title = form.title.trim();
  const recipe = form.recipe.trim();
  return {
    claim: {
      version: 1,
      title: title === '' ? null : title,
      pairs: filledRows(form).map(({ name, tag }) => ({ name, tag })),
      recipe: recipe === '' ? null : form.recipe,
      match: form.match,
      ...(form.ignoreCase ? { ignore_case: true } : {}),
      population,
      level,
      ...(form.space === '' ? {} : { space: form.space }),
      ...(form.encoder === '' ? {} : { encoder: form.encoder }),
    },
  };
}

/** Where in the form a failure of the engine belongs. */
export function placeOf(failure: Failure, form: ClaimForm): Place {
  const pair = /^pairs\[(\d+)\](?:\.(name|tag))?/.exec(failure.where);
  if (pair !== null) {
    const found = filledRows(form)[Number(pair[1])];
    if (found === undefined) return { field: 'pairs' };
    return { field: pair[2] === 'tag' ? 'tag' : 'name', row: found.key };
  }
  const field = /^[a-z_]+/.exec(failure.where)?.[0];
  switch (field) {
    case 'title':
    case 'pairs':
    case 'recipe':
    case 'match':
    case 'population':
    case 'level':
    case 'space':
      return { field };
    case 'ignore_case':
      return { field: 'match' };
    default:
      return { field: 'claim' };
  }
}

// Separators as people write them: 110,000, 110 000, 110_000. NaN: not a number.
function numberOf(text: string): number | null {
  const bare = text.trim();
  if (bare === '') return null;
  if (/^\d{1,3}(?:([,_\u00a0\u202f' ])\d{3})(?:\1\d{3})*$/.test(bare)) {
    return Number(bare.replace(/\D/g, ''));
  }
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(bare) ? Number(bare) : Number.NaN;
}

function bad(where: string, what: string): { failure: Failure } {
  return { failure: { code: 'bad-claim', where, what } };
}
