/**
 * The engine counts UTF-8 bytes, an editor UTF-16 code units.
 */

/**
 * The UTF-16 range of a UTF-8 byte range. Offsets inside a character fall on its
 * edge (begin before it, end after it), offsets past the end on the end.
 */
export function utf16Range(text: string, [begin, end]: [number, number]): [number, number] {
  let bytes = 0;
  let units = 0;
  let from = -1;
  let to = -1;
  for (const character of text) {
    if (from < 0 && bytes + utf8Length(character) > begin) from = units;
    if (to < 0 && bytes >= end) to = units;
    bytes += utf8Length(character);
    units += character.length;
  }
  if (from < 0) from = units;
  if (to < 0) to = units;
  return [from, Math.max(from, to)];
}

// A lone surrogate becomes U+FFFD where text is encoded: three bytes.
function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
