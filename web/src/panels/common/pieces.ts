/**
 * A vocabulary's pieces as people read them. A piece is byte-mapped: each byte of
 * the text stands as one visible character (GPT-2's bytes_to_unicode), and `</w>`
 * ends a word.
 */

export interface PieceView {
  text: string;
  endsWord: boolean;
}

const WORD_END = '</w>';

// bytes_to_unicode of openai/gpt-2 encoder.py: printable Latin-1 stands for itself,
// the other bytes count up from U+0100.
const BYTE_OF: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; ++byte) {
    const itself = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    map.set(String.fromCodePoint(itself ? byte : next++), byte);
  }
  return map;
})();

/** The bytes that a piece stands for; null where it is not byte-mapped. */
export function bytesOfPiece(piece: string): number[] | null {
  const bytes: number[] = [];
  for (const character of piece.endsWith(WORD_END) ? piece.slice(0, -WORD_END.length) : piece) {
    const byte = BYTE_OF.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return bytes;
}

/** The piece's bytes as text; bytes that are no whole character are written as ⟨hex⟩. */
export function viewOfPiece(piece: string): PieceView {
  const endsWord = piece.endsWith(WORD_END);
  const bytes = bytesOfPiece(piece);
  if (bytes === null) {
    return { text: endsWord ? piece.slice(0, -WORD_END.length) : piece, endsWord };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
    return { text, endsWord };
  } catch {
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return { text: `⟨${hex}⟩`, endsWord };
  }
}
