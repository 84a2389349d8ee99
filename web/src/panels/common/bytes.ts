/** Bytes as people look at them: pairs of hex digits, each over what a terminal would draw. */

/** The glyphs of code page 437, byte by byte, as the engine's `cp437` draws them. */
export type Glyphs = readonly string[];

export interface ByteCell {
  hex: string;
  glyph: string;
}

/** The bytes of a lower-case hex text. */
export function hexPairs(hex: string): string[] {
  return hex.match(/../g) ?? [];
}

export function byteCells(hex: string, glyphs: Glyphs | null): ByteCell[] {
  return hexPairs(hex).map((pair) => ({
    hex: pair,
    glyph: glyphs?.[Number.parseInt(pair, 16)] ?? asciiGlyph(Number.parseInt(pair, 16)),
  }));
}

/** The UTF-8 bytes of a text as lower-case hex. */
export function utf8Hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function asciiGlyph(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '';
}
