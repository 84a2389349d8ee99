/** The panel's settings as its fragment holds them: `#/digests?only=crc32,sha256&case=lower`. */

export interface Settings {
  /** Digests to compute: ids, all there are, or (null) the five default ones. */
  only: readonly string[] | 'all' | null;
  /** Hex in lower case instead of upper. */
  lower: boolean;
}

/** What stands after the ?; anything else in it is passed over. */
export function settingsOf(query: string): Settings {
  const read = new URLSearchParams(query);
  const only = read.get('only');
  return {
    only: only === null || only === 'all' ? only : only.split(',').filter((id) => id !== ''),
    lower: read.get('case') === 'lower',
  };
}

/** The fragment of these settings, with its #. */
export function fragmentOf({ only, lower }: Settings): string {
  const parts = [
    ...(only === null ? [] : [`only=${only === 'all' ? only : only.join(',')}`]),
    ...(lower ? ['case=lower'] : []),
  ];
  return parts.length === 0 ? '#/digests' : `#/digests?${parts.join('&')}`;
}

/** The digests that are to be computed, in the catalog's order; ids it does not know are dropped. */
export function chosenOf(
  { only }: Settings,
  known: readonly string[],
  defaults: readonly string[],
): string[] {
  if (only === 'all') return [...known];
  const wanted = new Set(only ?? defaults);
  return known.filter((id) => wanted.has(id));
}

/** The shortest way to say which digests are chosen. */
export function choiceOf(
  chosen: readonly string[],
  known: readonly string[],
  defaults: readonly string[],
): Settings['only'] {
  const set = new Set(chosen);
  if (known.every((id) => set.has(id))) return 'all';
  const isDefault = set.size === defaults.length && defaults.every((id) => set.has(id));
  return isDefault ? null : known.filter((id) => set.has(id));
}
