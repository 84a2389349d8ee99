/** Colour and width: colour only on a terminal, and not where NO_COLOR is set. */
import type { State } from '../../protocol/results.js';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const;
export type Colour = keyof typeof CODES;

const WIDTH_OF_A_PIPE = Infinity;

function usesColour(): boolean {
  return (
    process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  );
}

/** The text in a colour, or as it is. */
export function styled(text: string, ...colours: Colour[]): string {
  if (!usesColour() || text === '') return text;
  return `\x1b[${colours.map((colour) => CODES[colour]).join(';')}m${text}\x1b[0m`;
}

const STATE_COLOURS: Record<State, Colour> = {
  reproduced: 'green',
  refuted: 'red',
  coincidence: 'yellow',
  undecided: 'blue',
};

/** The verdict's word. */
export function styledState(state: State): string {
  return styled(state, 'bold', STATE_COLOURS[state]);
}

/** Columns of the terminal; what goes elsewhere is never wrapped. */
export function columns(): number {
  return process.stdout.isTTY ? Math.max(40, process.stdout.columns || 80) : WIDTH_OF_A_PIPE;
}
