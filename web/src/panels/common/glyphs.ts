import type { Engine } from '../../engine/browser.js';
import type { Glyphs } from './bytes.js';

/**
 * The glyphs of code page 437, as the engine draws them; null where it cannot.
 *
 * One run over all bytes that draw something: NUL and BEL draw nothing, so what comes back has a
 * glyph for each of the others, in order.
 */
export async function glyphsOf(engine: Engine): Promise<Glyphs | null> {
  const drawn = Array.from({ length: 256 }, (_, byte) => byte).filter((b) => b !== 0 && b !== 7);
  try {
    const { output } = await engine.run('cp437', Uint8Array.from(drawn));
    const points = Array.from(output.text ?? '');
    if (points.length !== drawn.length) return null;
    const glyphs = Array.from({ length: 256 }, () => '');
    drawn.forEach((byte, i) => {
      glyphs[byte] = points[i] ?? '';
    });
    return glyphs;
  } catch {
    return null;
  }
}
