/** Many texts as one piece of UTF-8, so that they cross to a worker and into memory at once. */
import type { Reply } from '../protocol/core-api.js';
import type { PackedTexts } from '../protocol/tokens-api.js';

/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const MAX_BYTES_A_UNIT = 3;

/** Error `invalid-text` with where = "texts[i]": a lone surrogate has no UTF-8 form. */
export function packTexts(texts: readonly string[]): Reply<PackedTexts> {
  const ends = new Uint32Array(texts.length);
  let units = 0;
  for (let i = 0; i < texts.length; ++i) {
    units += texts[i]?.length ?? 0;
    ends[i] = units;
  }
  // Most text is ASCII: there is room for that and a little, and for more where it is needed.
  const room = new Uint8Array(units + (units >> 4) + 64);
  const encoder = new TextEncoder();
  // Encoding text by text costs a microsecond each. Where all take one byte a unit, which no
  // surrogate does, one call is enough.
  const { read, written } = encoder.encodeInto(texts.join(''), room);
  if (read === units && written === units) return { ok: { utf8: room.subarray(0, units), ends } };
  return packEach(texts, encoder, units, room, ends);
}

function packEach(
  texts: readonly string[],
  encoder: TextEncoder,
  units: number,
  utf8: Uint8Array<ArrayBuffer>,
  ends: Uint32Array<ArrayBuffer>,
): Reply<PackedTexts> {
  let end = 0;
  for (let i = 0; i < texts.length; ++i) {
    const text = texts[i] ?? '';
    const lone = loneSurrogate(text);
    if (lone >= 0) {
      const what = `has a lone surrogate at UTF-16 offset ${lone}`;
      return { error: { code: 'invalid-text', where: `texts[${i}]`, what } };
    }
    let { read, written } = encoder.encodeInto(text, utf8.subarray(end));
    if (read < text.length) {
      const larger = new Uint8Array(end + MAX_BYTES_A_UNIT * units);
      larger.set(utf8.subarray(0, end));
      utf8 = larger;
      ({ read, written } = encoder.encodeInto(text, utf8.subarray(end)));
    }
    units -= text.length;
    end += written;
    ends[i] = end;
  }
  return { ok: { utf8: utf8.subarray(0, end), ends } };
}

type Checked = string & { isWellFormed?(): boolean };

function loneSurrogate(text: Checked): number {
  // Browsers before 2023 lack it.
  if (text.isWellFormed?.()) return -1;
  return text.search(/\p{Surrogate}/u);
}
