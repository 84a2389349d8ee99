/** The panel's settings as its fragment holds them: `#/tags?find=miku&sort=3&desc=1&rot13=1`. */
import type { TableArrangement, TableReading } from '../../protocol/table-api.js';

/** Columns count from 0 here, from 1 in the fragment. */
export interface Settings {
  find: string;
  /** Where; null: in any column. */
  column: number | null;
  /** '', 'one', 'many', or a token's id. */
  tokens: string;
  sort: number | 'tokens' | 'file';
  descending: boolean;
  /** Columns by hand; null: as found. */
  name: number | null;
  tag: number | null;
  /** Whether the first row names columns; null: as found. */
  header: boolean | null;
  rot13: boolean;
}

export const FIRST_SETTINGS: Settings = {
  find: '',
  column: null,
  tokens: '',
  sort: 'file',
  descending: false,
  name: null,
  tag: null,
  header: null,
  rot13: false,
};

/** What stands after the ?; anything else in it is passed over. */
export function settingsOf(query: string): Settings {
  const read = new URLSearchParams(query);
  const sort = read.get('sort');
  const tokens = read.get('tokens') ?? '';
  const header = read.get('header');
  return {
    find: read.get('find') ?? '',
    column: columnOf(read.get('in')),
    tokens: /^(one|many|\d{1,6})$/.test(tokens) ? tokens : '',
    sort: sort === 'tokens' ? sort : (columnOf(sort) ?? 'file'),
    descending: read.get('desc') === '1',
    name: columnOf(read.get('name')),
    tag: columnOf(read.get('tag')),
    header: header === '1' ? true : header === '0' ? false : null,
    rot13: read.get('rot13') === '1',
  };
}

/** The fragment of these settings, with its #. */
export function fragmentOf(settings: Settings): string {
  const { find, column, tokens, sort, descending, name, tag, header, rot13 } = settings;
  const parts = new URLSearchParams();
  if (find !== '') parts.set('find', find);
  if (column !== null) parts.set('in', String(column + 1));
  if (tokens !== '') parts.set('tokens', tokens);
  if (sort !== 'file') parts.set('sort', typeof sort === 'number' ? String(sort + 1) : sort);
  if (descending) parts.set('desc', '1');
  if (name !== null) parts.set('name', String(name + 1));
  if (tag !== null) parts.set('tag', String(tag + 1));
  if (header !== null) parts.set('header', header ? '1' : '0');
  if (rot13) parts.set('rot13', '1');
  const query = parts.toString();
  return query === '' ? '#/tags' : `#/tags?${query}`;
}

/** What the engine is asked to read; columns that the table lacks are left as found. */
export function readingOf(settings: Settings, columns: number): TableReading {
  const { name, tag, header, rot13 } = settings;
  return {
    rot13,
    ...(name === null || name >= columns ? {} : { name: String(name + 1) }),
    ...(tag === null || tag >= columns ? {} : { tag: String(tag + 1) }),
    ...(header === null ? {} : { header }),
  };
}

/** What the engine is asked to show. `tokenized`: the tags' tokens are known. */
export function arrangementOf(
  settings: Settings,
  columns: number,
  tokenized: boolean,
): TableArrangement {
  const { find, column, tokens, sort, descending } = settings;
  const known = typeof sort === 'number' ? sort < columns : sort === 'file' || tokenized;
  return {
    find,
    column: column !== null && column < columns ? column : null,
    tokens: tokenized ? tokens : '',
    sort: known ? sort : 'file',
    descending,
  };
}

function columnOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) - 1 : null;
}
