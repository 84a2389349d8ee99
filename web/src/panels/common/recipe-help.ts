/** Help while a recipe is typed: what fits at the caret, out of the catalog. */
import type { MethodInfo, ParamInfo } from '../../protocol/results.js';

export interface Suggestion {
  /** What is inserted in place of `from` … `to`, UTF-16 offsets of the source. */
  text: string;
  from: number;
  to: number;
  /** What the list shows: the id, the parameter, or the choice. */
  label: string;
  /** Beside the label: kinds or type. */
  detail: string;
  /** One line under it. */
  summary: string;
}

/** The step in which the caret stands, as far as it can be told without parsing. */
export interface StepAtCaret {
  inverse: boolean;
  id: string;
  idFrom: number;
  idTo: number;
  /** Arguments before and after the caret. */
  named: string[];
  /** The word under the caret. */
  word: string;
  wordFrom: number;
  wordTo: number;
  /** The caret stands inside a quoted value, where nothing is suggested. */
  quoted: boolean;
}

const MOST_SUGGESTIONS = 40;

/** Reads the step around the caret: bars inside quotes do not end it. */
export function stepAtCaret(source: string, caret: number): StepAtCaret {
  let begin = 0;
  let end = source.length;
  let inQuotes = false;
  let quoted = false;
  for (let i = 0; i < source.length; ++i) {
    if (i === caret) quoted = inQuotes;
    const c = source[i];
    if (inQuotes && c === '\\') {
      if (i + 1 === caret) quoted = true;
      ++i;
    } else if (c === '"') inQuotes = !inQuotes;
    else if (c === '|' && !inQuotes) {
      if (i < caret) begin = i + 1;
      else {
        end = i;
        break;
      }
    }
  }
  if (caret >= source.length) quoted = inQuotes;

  const words = wordsOf(source, begin, end);
  const [first] = words;
  const under = words.find((item) => item.from <= caret && caret <= item.to);
  const inverse = first?.text.startsWith('~') ?? false;
  return {
    inverse,
    id: first === undefined ? '' : first.text.slice(inverse ? 1 : 0),
    idFrom: first === undefined ? caret : first.from + (inverse ? 1 : 0),
    idTo: first?.to ?? caret,
    named: words.slice(1).flatMap((item) => /^([a-z_]+)=/.exec(item.text)?.[1] ?? []),
    word: under?.text ?? '',
    wordFrom: under?.from ?? caret,
    wordTo: under?.to ?? caret,
    quoted,
  };
}

/** What can be typed at the caret: methods, then parameters, then choices. */
export function suggestionsAt(
  source: string,
  caret: number,
  methods: readonly MethodInfo[],
): Suggestion[] {
  const step = stepAtCaret(source, caret);
  if (step.quoted) return [];
  const onId = step.id === '' || (step.idFrom <= caret && caret <= step.idTo);
  if (onId) return methodSuggestions(source, caret, step, methods);
  const method = methods.find((item) => item.id === step.id);
  if (method === undefined) return [];
  const equals = step.word.indexOf('=');
  if (equals < 0 || caret <= step.wordFrom + equals) {
    return parameterSuggestions(caret, step, method);
  }
  const param = method.params.find((item) => item.name === step.word.slice(0, equals));
  return param === undefined ? [] : choiceSuggestions(caret, step, equals, param);
}

/** "n=13 (integer): letters to move forward". */
export function parameterLine(param: ParamInfo): string {
  return `${param.name}${param.default === undefined ? '' : `=${param.default}`} (${describedType(param)}): ${param.summary}`;
}

/** The type with its range or its choices. */
export function describedType(param: ParamInfo): string {
  if (param.choices !== undefined) return param.choices.join(', ');
  if (param.type === 'key') return 'text or 0xHEX';
  if (param.type !== 'integer') return param.type;
  if (param.modulus !== undefined) return `integer, wraps at ${param.modulus}`;
  // A bound that is written as a text is the machine's, beyond 2^53.
  if (typeof param.max === 'string') return param.min === 0 ? 'integer from 0' : 'integer';
  if (param.min !== undefined && param.max !== undefined) return `${param.min} … ${param.max}`;
  return 'integer';
}

/** "text or bytes → bytes". */
export function describedKinds(method: MethodInfo): string {
  const taken = method.in.replace('|', ' or ');
  return `${taken} → ${method.out === 'same' ? 'the same' : method.out}`;
}

function methodSuggestions(
  source: string,
  caret: number,
  step: StepAtCaret,
  methods: readonly MethodInfo[],
): Suggestion[] {
  const typed = source.slice(step.idFrom, caret).toLowerCase();
  // After "rot " at the caret the id is done; a space has been typed before the next word.
  const fitting = methods
    .filter((item) => !step.inverse || item.reversible)
    .map((item) => ({ item, rank: rankOf(item, typed) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank);
  return fitting.slice(0, MOST_SUGGESTIONS).map(({ item }) => ({
    text: item.id,
    from: step.idFrom,
    to: step.idTo,
    label: item.id,
    detail: describedKinds(item),
    summary: item.summary,
  }));
}

function rankOf(method: MethodInfo, typed: string): number {
  if (method.id.startsWith(typed)) return 0;
  if (method.id.includes(typed)) return 1;
  return typed.length > 2 && method.summary.toLowerCase().includes(typed) ? 2 : 3;
}

function parameterSuggestions(caret: number, step: StepAtCaret, method: MethodInfo): Suggestion[] {
  const typed = step.word.slice(0, Math.max(0, caret - step.wordFrom));
  return method.params
    .filter((param) => !step.named.includes(param.name) && param.name.startsWith(typed))
    .map((param) => ({
      text: `${param.name}=`,
      from: step.wordFrom,
      to: step.wordTo,
      label: `${param.name}=`,
      detail: `${describedType(param)}${param.required ? '' : `; else ${param.default ?? ''}`}`,
      summary: param.summary,
    }));
}

function choiceSuggestions(
  caret: number,
  step: StepAtCaret,
  equals: number,
  param: ParamInfo,
): Suggestion[] {
  const from = step.wordFrom + equals + 1;
  const typed = step.word.slice(equals + 1, Math.max(equals + 1, caret - step.wordFrom));
  return (param.choices ?? [])
    .filter((choice) => choice.startsWith(typed))
    .map((choice) => ({
      text: choice,
      from,
      to: step.wordTo,
      label: choice,
      detail: param.name,
      summary: param.summary,
    }));
}

/** Words of a part of the source, apart by white space outside quotes. */
export function wordsOf(source: string, begin: number, end: number) {
  const words: { text: string; from: number; to: number }[] = [];
  let from = -1;
  let inQuotes = false;
  for (let i = begin; i <= end; ++i) {
    const c = i < end ? source.charAt(i) : ' ';
    const space = !inQuotes && /\s/.test(c);
    if (space || i === end) {
      if (from >= 0) words.push({ text: source.slice(from, i), from, to: i });
      from = -1;
    } else {
      if (from < 0) from = i;
      if (inQuotes && c === '\\') ++i;
      else if (c === '"') inQuotes = !inQuotes;
    }
  }
  return words;
}
