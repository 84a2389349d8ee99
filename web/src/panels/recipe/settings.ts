/** The panel's state as its fragment holds it: `#/recipe?recipe=rot+n%3D42+%7C+hex&text=aua`. */

/** What the recipe is run on: a text, or bytes as they are written. */
export interface RecipeInput {
  as: 'text' | 'hex' | 'base64';
  text: string;
}

export interface Settings {
  recipe: string;
  input: RecipeInput;
  /** The address brings the recipe only. */
  withoutInput: boolean;
}

export const INPUT_FORMS = [
  'text',
  'hex',
  'base64',
] as const satisfies readonly RecipeInput['as'][];

/** UTF-16 code units of an input in the address; a longer one stays out of it. */
export const MAX_SHARED_LENGTH = 4000;

/** What stands after the ?; anything else in it is passed over. `first`: where it says nothing. */
export function settingsOf(query: string, first: Settings): Settings {
  const read = new URLSearchParams(query);
  const recipe = read.get('recipe');
  const as = INPUT_FORMS.find((form) => read.has(form));
  if (recipe === null && as === undefined) return first;
  return {
    recipe: recipe ?? '',
    input: { as: as ?? 'text', text: as === undefined ? '' : (read.get(as) ?? '') },
    withoutInput: read.get('input') === 'none',
  };
}

/** The fragment of these settings, with its #. */
export function fragmentOf(settings: Settings, first: Settings): string {
  const { recipe, input, withoutInput } = settings;
  const same =
    recipe === first.recipe &&
    input.as === first.input.as &&
    input.text === first.input.text &&
    withoutInput === first.withoutInput;
  if (same) return '#/recipe';
  const parts = new URLSearchParams({ recipe });
  // One that is left out stays as it is where the address is met again.
  if (withoutInput || !isShared(input)) parts.set('input', 'none');
  else parts.set(input.as, input.text);
  return `#/recipe?${parts.toString()}`;
}

/** Whether an address can hold the input. */
export function isShared({ text }: RecipeInput): boolean {
  return text.length <= MAX_SHARED_LENGTH && !/\p{Surrogate}/u.test(text);
}
