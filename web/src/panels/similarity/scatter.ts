/** The texts of a sweep as dots on a canvas. */
import type { Scale } from './chart-scale.js';

export interface Dots {
  x: Float32Array;
  y: Float32Array;
  /** Tokens of each text; four and more look alike. */
  tokens: Uint8Array;
  done: number;
}

export interface Frame {
  width: number;
  height: number;
  /** Left free for the axes. */
  left: number;
  bottom: number;
  x: Scale;
  y: Scale;
}

/** As near as a pointer must come, in CSS pixels. */
const REACH = 14;

export function placeOf({ x, y }: Dots, frame: Frame, i: number): { left: number; top: number } {
  const { width, height, left, bottom } = frame;
  return {
    left: left + frame.x.at(x[i] ?? 0) * (width - left),
    top: (1 - frame.y.at(y[i] ?? 0)) * (height - bottom),
  };
}

/** The dot nearest to a point; null where none is within reach. */
export function dotAt(dots: Dots, frame: Frame, px: number, py: number): number | null {
  let [found, nearest]: [number | null, number] = [null, REACH ** 2];
  for (let i = 0; i < dots.done; ++i) {
    const { left, top } = placeOf(dots, frame, i);
    const apart = (left - px) ** 2 + (top - py) ** 2;
    if (apart >= nearest) continue;
    [found, nearest] = [i, apart];
  }
  return found;
}

export interface DotColours {
  /** CSS colours of one token, two, three, four and more. */
  tokens: readonly string[];
  rule: string;
}

/** Draws the rules of the ticks and all dots; many of them, so each is faint. */
export function drawDots(
  canvas: HTMLCanvasElement,
  dots: Dots,
  frame: Frame,
  colours: DotColours,
  pixels: number,
): void {
  const { width, height, left, bottom } = frame;
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(pixels, pixels);
  context.fillStyle = colours.rule;
  for (const tick of frame.x.ticks) {
    context.fillRect(left + frame.x.at(tick) * (width - left), 0, 1, height - bottom);
  }
  for (const tick of frame.y.ticks) {
    context.fillRect(left, (1 - frame.y.at(tick)) * (height - bottom), width - left, 1);
  }
  const radius = dots.done > 2000 ? 1.4 : 2.6;
  context.globalAlpha = dots.done > 2000 ? 0.55 : 0.85;
  // The rarest class last, so that it is not hidden: most codes are two tokens.
  for (const tokens of [2, 3, 4, 1]) {
    context.fillStyle = colours.tokens[tokens - 1] ?? colours.rule;
    for (let i = 0; i < dots.done; ++i) {
      if (Math.min(4, Math.max(1, dots.tokens[i] ?? 1)) !== tokens) continue;
      const place = placeOf(dots, frame, i);
      context.beginPath();
      context.arc(place.left, place.top, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}
