/** Reading of option values. */
import { badInput } from './bad-input.js';

/** A whole number in decimal, 0 … 2^53−1. */
export function wholeNumber(where: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw badInput(
      where,
      `is "${text.slice(0, 64)}"; it must be a whole number up to 2^53 − 1`,
      'bad-argument',
    );
  }
  return value;
}

/** A decimal number: 0.001, 1e-3. */
export function decimalNumber(where: string, text: string): number {
  if (!/^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Number(text))) {
    throw badInput(where, `is "${text.slice(0, 64)}"; it must be a number`, 'bad-argument');
  }
  return Number(text);
}

/** Bytes from hexadecimal digits, either case, nothing between them. */
export function hexBytes(where: string, hex: string): Uint8Array {
  const at = hex.search(/[^0-9a-f]/i);
  if (at >= 0)
    throw badInput(where, `character ${at + 1} is not a hexadecimal digit`, 'bad-argument');
  if (hex.length % 2 === 1)
    throw badInput(where, `has ${hex.length} digits; two make a byte`, 'bad-argument');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Token ids from arguments: separated by space or comma, brackets allowed. */
export function tokenIds(where: string, text: string): number[] {
  const inner = text
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  if (inner === '') return [];
  return inner.split(/\s*,\s*|\s+/).map((id) => {
    const value = Number(id);
    if (!/^\d+$/.test(id) || value > 0xffffffff) {
      throw badInput(where, `"${id.slice(0, 32)}" is not a token id`, 'bad-argument');
    }
    return value;
  });
}
