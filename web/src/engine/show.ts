/**
 * Data as people read it: texts without anything a terminal or a page could
 * mistake for a command, and numbers with separators.
 */
import type { Output } from '../protocol/results.js';

/** Code points of a text shown inside a sentence; what is longer is cut. */
const SHOWN_CODE_POINTS = 64;
/** Bytes of an output shown inside a sentence. */
const SHOWN_BYTES = 24;

// C0, DEL, C1, soft hyphen, the zero-width and bidirectional controls, line and
// paragraph separators, lone surrogates, tag characters: nothing that is invisible
// or that moves what stands around it.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;

const SHORT_ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * The text with control, invisible and direction-changing characters written as
 * escapes (`\x1b`, `\u{202e}`): safe to print to a terminal.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same for text of several lines: line feeds and tabs stay. */
export function escapeControlsKeepingLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** At most `limit` code points, an ellipsis in place of the rest. */
export function shortened(text: string, limit = SHOWN_CODE_POINTS): string {
  if (text.length <= limit) return text;
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}

/** A text inside a sentence: bare where it is one plain word, else in quotes; escaped and cut. */
export function shown(text: string): string {
  const cut = shortened(text);
  if (/^[\p{L}\p{N}][\p{L}\p{N}_+-]*$/u.test(cut)) return cut;
  return `"${escapeControls(cut.replace(/[\\"]/g, '\\$&'))}"`;
}

/** A text that needs no quotes around it, a recipe say: escaped and cut. */
export function shownBare(text: string): string {
  return escapeControls(shortened(text));
}

/** Bytes inside a sentence: pairs of hexadecimal digits. */
export function shownHex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  if (bytes.length === 0) return 'no bytes';
  const head = bytes.slice(0, SHOWN_BYTES).join(' ');
  return bytes.length > SHOWN_BYTES ? `${head} … (${count(bytes.length)} bytes)` : head;
}

/** A recipe's value inside a sentence. */
export function shownOutput(output: Output): string {
  if (output.kind === 'text') return shown(output.text ?? '');
  if (output.kind === 'bytes') return `the bytes ${shownHex(output.hex ?? '')}`;
  const ids = output.ids ?? [];
  const head = ids.slice(0, SHOWN_BYTES).join(' ');
  return `the ids ${head}${ids.length > SHOWN_BYTES ? ' …' : ''}`;
}

/** A whole number with thousands separators: 17,576. */
export function count(value: number): string {
  return Number.isFinite(value) ? grouped(Math.round(value), 0, 0) : String(value);
}

/** "1 name", "3 names". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A measurement to `digits` decimals: 14.1, 6.26. Trailing zeros are dropped down to `least` of them. */
export function decimal(value: number, digits = 1, least = 0): string {
  return Number.isFinite(value) ? grouped(value, digits, least) : String(value);
}

/**
 * As `toLocaleString('en-US', …)` writes it. The first call of that takes a browser 50 ms, and four
 * times as long on a telephone: as long as all else of a first view.
 */
function grouped(value: number, most: number, least: number): string {
  const [whole, fraction] = digitsOf(Math.abs(value));
  let digits = whole + fraction.slice(0, most).padEnd(most, '0');
  // Half of the last digit goes away from zero, in the decimal digits that stand for the double.
  if ((fraction[most] ?? '0') >= '5')
    digits = String(BigInt(digits) + 1n).padStart(digits.length, '0');
  const at = digits.length - most;
  let decimals = digits.slice(at);
  while (decimals.length > least && decimals.endsWith('0')) decimals = decimals.slice(0, -1);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const separated = digits.slice(0, at).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${separated}${decimals === '' ? '' : `.${decimals}`}`;
}

/** The shortest decimal digits that stand for a double, before and behind the point. */
function digitsOf(value: number): [whole: string, fraction: string] {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  if (shift === 0) return [whole, fraction];
  if (shift < 0) return ['0', `${'0'.repeat(-shift - 1)}${whole}${fraction}`];
  return [`${whole}${fraction.padEnd(shift, '0')}`, ''];
}

/** A share of one in per cent; what is not whole never reads as 0 % or 100 %. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const value = share * 100;
  if (value > 99.9) return value > 99.99 ? 'over 99.99 %' : `${decimal(value, 2)} %`;
  if (value < 0.01) return `${probability(share)}`;
  return `${decimal(value, value < 1 ? 2 : 1)} %`;
}

/** A probability to three significant digits; small ones as 3.4 × 10⁻⁴. */
export function probability(p: number): string {
  if (p === 0 || p === 1) return String(p);
  if (p >= 0.001) return String(Number(p.toPrecision(3)));
  const [mantissa = '', exponent = ''] = p.toExponential(2).split('e');
  return `${Number(mantissa)} × 10${superscript(Number(exponent))}`;
}

/** 2 to a power that may lie far outside a double: for chances given as log₂. */
export function probabilityOfLog2(log2: number): string {
  if (log2 > -1000) return probability(2 ** log2);
  return `2${superscript(Math.round(log2))}`;
}

function superscript(value: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return String(value).replace(/[-\d]/g, (c) => (c === '-' ? '⁻' : (digits[Number(c)] ?? '')));
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;
}
