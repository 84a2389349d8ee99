/**
 * Names in checksum files as GNU coreutils write them: a line whose name holds a
 * backslash, LF or CR begins with a backslash, and in the name these three are `\\`,
 * `\n`, `\r` (coreutils manual, "md5sum invocation").
 */

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const UNESCAPED: Record<string, string> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };

export function escapeName(name: string): string {
  return name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Null where a backslash begins none of the three. */
export function unescapeName(escaped: string): string | null {
  if (/\\(?![\\nr])/.test(escaped.replace(/\\\\/g, ''))) return null;
  return escaped.replace(/\\[\\nr]/g, (pair) => UNESCAPED[pair] ?? pair);
}
