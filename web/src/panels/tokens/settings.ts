/** The panel's settings as its fragment holds them: `#/tokens?text=a+cat&syntax=a1111&letters=4`. */
import type { PromptSyntax } from '../../protocol/results.js';

export const TOKENIZERS = [
  { id: 'clip', name: 'CLIP', profiles: ['openai', 'open_clip', 'hf-fast'] },
  { id: 'gpt2', name: 'GPT-2', profiles: [] },
  { id: 'cl100k', name: 'cl100k', profiles: [] },
  { id: 'o200k', name: 'o200k', profiles: [] },
] as const;

export const SYNTAXES = ['plain', 'a1111', 'comfy'] as const satisfies readonly (
  | PromptSyntax
  | 'plain'
)[];
export type Syntax = (typeof SYNTAXES)[number];

export const MAX_LETTERS = 4;
/** UTF-16 code units of a text in the address; a longer one stays out of it. */
export const MAX_SHARED_LENGTH = 2000;

/** A tokenizer.json that was dropped; no address can hold it. */
export const FILE_TOKENIZER = 'json';

/** The text, or the ids that were typed in its place. */
export type Source = { kind: 'text'; text: string } | { kind: 'ids'; ids: string };

export interface Settings {
  source: Source;
  tokenizer: string;
  /** Whose cleaning CLIP's text gets. */
  profile: string;
  /** Special tokens in the text are read as themselves, where the tokenizer leaves the choice. */
  special: boolean;
  syntax: Syntax;
  /** The map: letters of its strings, how many tokens the listed ones are, what they contain. */
  letters: number;
  listed: number;
  find: string;
}

export const FIRST_SETTINGS: Settings = {
  source: { kind: 'text', text: 'houshou_marine, aua' },
  tokenizer: 'clip',
  profile: 'openai',
  special: false,
  syntax: 'plain',
  letters: 3,
  listed: 1,
  find: '',
};

/** What stands after the ?; anything else in it is passed over. */
export function settingsOf(query: string): Settings {
  const read = new URLSearchParams(query);
  const first = FIRST_SETTINGS;
  const ids = read.get('ids');
  const text = read.get('text');
  const tokenizer = TOKENIZERS.find(({ id }) => id === read.get('tokenizer')) ?? TOKENIZERS[0];
  const profile = read.get('profile') ?? '';
  const letters = digitOf(read.get('letters'), MAX_LETTERS) ?? first.letters;
  return {
    source:
      ids !== null
        ? { kind: 'ids', ids }
        : { kind: 'text', text: text ?? (first.source as { text: string }).text },
    tokenizer: tokenizer.id,
    profile: TOKENIZERS[0].profiles.find((one) => one === profile) ?? first.profile,
    special: read.get('special') === '1',
    syntax: SYNTAXES.find((one) => one === read.get('syntax')) ?? first.syntax,
    letters,
    listed: digitOf(read.get('listed'), letters) ?? first.listed,
    find: lettersOnly(read.get('find') ?? ''),
  };
}

/** The fragment of these settings, with its #. */
export function fragmentOf(settings: Settings): string {
  const { source, tokenizer, profile, special, syntax, letters, listed, find } = settings;
  const first = FIRST_SETTINGS;
  const parts = new URLSearchParams();
  const input = source.kind === 'ids' ? source.ids : source.text;
  const isFirst = source.kind === 'text' && source.text === (first.source as { text: string }).text;
  if (!isFirst && isShared(source)) parts.set(source.kind, input);
  if (tokenizer !== first.tokenizer && tokenizer !== FILE_TOKENIZER)
    parts.set('tokenizer', tokenizer);
  if (profile !== first.profile) parts.set('profile', profile);
  if (special) parts.set('special', '1');
  if (syntax !== first.syntax) parts.set('syntax', syntax);
  if (letters !== first.letters) parts.set('letters', String(letters));
  if (listed !== first.listed) parts.set('listed', String(listed));
  if (find !== '') parts.set('find', find);
  const query = parts.toString();
  return query === '' ? '#/tokens' : `#/tokens?${query}`;
}

/** Whether the address holds the text or the ids. */
export function isShared(source: Source): boolean {
  const input = source.kind === 'ids' ? source.ids : source.text;
  return input.length <= MAX_SHARED_LENGTH && !/\p{Surrogate}/u.test(input);
}

/** The map knows a–z only. */
export function lettersOnly(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .slice(0, MAX_LETTERS);
}

function digitOf(text: string | null, most: number): number | null {
  const value = text !== null && /^\d$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}
