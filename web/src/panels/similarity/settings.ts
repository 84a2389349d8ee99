/** The panel's settings as its fragment holds them: `#/similarity?tag=px&name=cat&model=sdxl-clip-l`. */
import { BUILTIN_ID, type SweepRank } from '../../engine/browser.js';

export interface Settings {
  tag: string;
  name: string;
  /** The public encoder that was open, or the built-in one; '': a file of one's own, which is in no address, or none. */
  model: string;
  /** Which encoder of the file, from 0. */
  encoder: number;
  /** An output by its name; '': the embedding of a text. */
  output: string;
  /** Heads and activation, where the file has to be helped. */
  heads: number | null;
  activation: '' | 'quick_gelu' | 'gelu';
  /** Whose neighbours are looked for: the first token of this text. */
  token: string;
  rank: SweepRank;
}

/** UTF-16 code units of a text in the address; a longer one stays out of it. */
export const MAX_SHARED_LENGTH = 500;

export const FIRST_SETTINGS: Settings = {
  tag: 'aua',
  name: 'houshou_marine',
  model: BUILTIN_ID,
  encoder: 0,
  output: '',
  heads: null,
  activation: '',
  token: 'aua',
  rank: { by: 'empty', measure: 'centred', nearest: false },
};

/** What stands after the ?; anything else in it is passed over. */
export function settingsOf(query: string): Settings {
  const read = new URLSearchParams(query);
  const first = FIRST_SETTINGS;
  const activation = read.get('activation');
  const tag = read.get('tag') ?? first.tag;
  return {
    tag,
    name: read.get('name') ?? first.name,
    model: plainWord(read.get('model')) || first.model,
    encoder: numberIn(read.get('encoder'), 0, 9) ?? first.encoder,
    output: plainWord(read.get('output')),
    heads: numberIn(read.get('heads'), 1, 999),
    activation: activation === 'quick_gelu' || activation === 'gelu' ? activation : '',
    token: read.get('token') ?? tag,
    rank: {
      by: read.get('by') === 'name' ? 'name' : 'empty',
      measure: read.get('measure') === 'raw' ? 'raw' : 'centred',
      nearest: read.get('first') === 'nearest',
    },
  };
}

/** The fragment of these settings, with its #. */
export function fragmentOf(settings: Settings): string {
  const { tag, name, model, encoder, output, heads, activation, token, rank } = settings;
  const first = FIRST_SETTINGS;
  const parts = new URLSearchParams();
  if (tag !== first.tag && isShared(tag)) parts.set('tag', tag);
  if (name !== first.name && isShared(name)) parts.set('name', name);
  if (model !== '' && model !== first.model) parts.set('model', model);
  if (encoder !== first.encoder) parts.set('encoder', String(encoder));
  if (output !== '') parts.set('output', output);
  if (heads !== null) parts.set('heads', String(heads));
  if (activation !== '') parts.set('activation', activation);
  if (token !== tag && isShared(token)) parts.set('token', token);
  if (rank.by !== first.rank.by) parts.set('by', rank.by);
  if (rank.measure !== first.rank.measure) parts.set('measure', rank.measure);
  if (rank.nearest) parts.set('first', 'nearest');
  const query = parts.toString();
  return query === '' ? '#/similarity' : `#/similarity?${query}`;
}

/** Whether the address holds the text. */
export function isShared(text: string): boolean {
  return text.length <= MAX_SHARED_LENGTH && !/\p{Surrogate}/u.test(text);
}

function plainWord(text: string | null): string {
  return text !== null && /^[\w.-]{1,64}$/.test(text) ? text : '';
}

function numberIn(text: string | null, least: number, most: number): number | null {
  const value = text !== null && /^\d{1,3}$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : null;
}
