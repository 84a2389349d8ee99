/**
 * A recipe's text as steps that forms can change, and back. It reads whatever is typed: what is
 * wrong with it is for the engine to say. A change to one step leaves the text of the others.
 */
import type { MethodInfo, ParamInfo } from '../../protocol/results.js';
import { wordsOf } from '../common/recipe-help.js';

export interface StepText {
  /** UTF-16 offsets of the source, without the white space around it. */
  from: number;
  to: number;
  inverse: boolean;
  id: string;
  /** The arguments as they are written, in their order. */
  args: readonly { name: string; raw: string }[];
  /** Words that are no argument. */
  stray: readonly string[];
}

/** The steps of a source; none where it is blank. */
export function stepsOf(source: string): StepText[] {
  if (source.trim() === '') return [];
  const steps: StepText[] = [];
  let from = 0;
  for (const bar of [...barsOf(source), source.length]) {
    steps.push(stepOf(source, from, bar));
    from = bar + 1;
  }
  return steps;
}

/** The text of a step. */
export function textOf({ inverse, id, args, stray }: Omit<StepText, 'from' | 'to'>): string {
  const words = [...args.map(({ name, raw }) => `${name}=${raw}`), ...stray];
  return [`${inverse ? '~' : ''}${id}`, ...words].join(' ');
}

/** A step of a method as it is at first: with the arguments that it cannot do without. */
export function firstStep(method: MethodInfo): string {
  const needed = method.params.filter(({ required }) => required);
  return [method.id, ...needed.map((param) => `${param.name}=${firstValue(param)}`)].join(' ');
}

/** The source with a step's text in the place of another's. */
export function replaced(source: string, index: number, text: string): string {
  const step = stepsOf(source)[index];
  if (step === undefined) return source;
  return source.slice(0, step.from) + text + source.slice(step.to);
}

/** The source with a step before the one at `index`, or at its end. */
export function inserted(source: string, index: number, text: string): string {
  const texts = stepTexts(source);
  texts.splice(index, 0, text);
  return texts.join(' | ');
}

export function removed(source: string, index: number): string {
  const texts = stepTexts(source);
  texts.splice(index, 1);
  return texts.join(' | ');
}

/** The source with a step in another's place, those between moved along. */
export function moved(source: string, from: number, to: number): string {
  const texts = stepTexts(source);
  const [text] = texts.splice(from, 1);
  if (text !== undefined) texts.splice(to, 0, text);
  return texts.join(' | ');
}

export function stepTexts(source: string): string[] {
  return stepsOf(source).map(({ from, to }) => source.slice(from, to));
}

/** The step with one argument changed; an empty `raw` leaves it to its default. */
export function withArgument(step: StepText, name: string, raw: string): string {
  const others = step.args.filter((argument) => argument.name !== name);
  const at = step.args.findIndex((argument) => argument.name === name);
  const args = raw === '' ? others : [...others];
  if (raw !== '') args.splice(at < 0 ? args.length : at, 0, { name, raw });
  return textOf({ ...step, args });
}

/** An argument as a field shows it. */
export type FieldValue = { as: 'text' | 'bytes'; text: string };

/** What a field shows for an argument as it is written. */
export function fieldValue(param: ParamInfo, raw: string): FieldValue {
  const quoted = unquoted(raw);
  if (quoted !== null) return { as: 'text', text: quoted };
  if (param.type === 'key' && /^0x/i.test(raw)) return { as: 'bytes', text: raw.slice(2) };
  return { as: 'text', text: raw };
}

/** How a field's value is written; empty where it is to be left out. */
export function rawOf(param: ParamInfo, { as, text }: FieldValue): string {
  if (param.type === 'key' && as === 'bytes') return `0x${text.replace(/[\s:,]+/g, '')}`;
  if (param.type === 'key' || param.type === 'text') return JSON.stringify(text);
  const word = text.trim();
  // Whatever would end the word is quoted: the engine then says that it is no number.
  return word === '' || /^[^\s|"=]+$/.test(word) ? word : JSON.stringify(word);
}

function firstValue(param: ParamInfo): string {
  if (param.default !== undefined) return param.default;
  if (param.type === 'integer') return String(param.min ?? 0);
  if (param.type === 'choice') return param.choices?.[0] ?? '';
  return param.type === 'key' ? '"key"' : '""';
}

function unquoted(raw: string): string | null {
  if (!raw.startsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function barsOf(source: string): number[] {
  const bars: number[] = [];
  let quoted = false;
  for (let i = 0; i < source.length; ++i) {
    const c = source[i];
    if (quoted && c === '\\') ++i;
    else if (c === '"') quoted = !quoted;
    else if (c === '|' && !quoted) bars.push(i);
  }
  return bars;
}

function stepOf(source: string, begin: number, end: number): StepText {
  const words = wordsOf(source, begin, end);
  const [head, ...rest] = words;
  const args: { name: string; raw: string }[] = [];
  const stray: string[] = [];
  for (const { text } of rest) {
    const [, name, raw] = /^([a-z_]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && raw !== undefined) args.push({ name, raw });
    else stray.push(text);
  }
  const inverse = head?.text.startsWith('~') ?? false;
  return {
    from: head?.from ?? begin,
    to: words.at(-1)?.to ?? begin,
    inverse,
    id: head?.text.slice(inverse ? 1 : 0) ?? '',
    args,
    stray,
  };
}
