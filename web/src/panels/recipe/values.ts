/** Values of a recipe as the panel speaks of them. */
import { counted } from '../../engine/show.js';
import type { Output } from '../../protocol/results.js';
import { hexPairs } from '../common/bytes.js';

/** How long a value is, and in words: "14 characters". Characters are code points. */
export function lengthOf(value: Output): { n: number; text: string } {
  const [n, one] =
    value.kind === 'text'
      ? [Array.from(value.text ?? '').length, 'character']
      : value.kind === 'bytes'
        ? [(value.hex ?? '').length / 2, 'byte']
        : [(value.ids ?? []).length, 'id'];
  return { n, text: counted(n, one) };
}

/** Bytes as the text that they are in UTF-8; null where they are none, or one that cannot be seen. */
export function textOfBytes(hex: string): string | null {
  if (hex === '' || hex.length > 1024) return null;
  const bytes = Uint8Array.from(hexPairs(hex), (pair) => Number.parseInt(pair, 16));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /\p{Other}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A value as it is copied, or sent on. */
export function writtenOf(value: Output): string {
  if (value.kind === 'text') return value.text ?? '';
  if (value.kind === 'bytes') return value.hex ?? '';
  return (value.ids ?? []).join(' ');
}
