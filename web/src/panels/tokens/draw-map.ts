/** The map on a canvas. */
import { indexAt, type MapShape, type Place, placeOf, stringOf } from './letter-map.js';

export interface MapColours {
  /** CSS colours of one token, two, three, four. */
  tokens: string[];
  ground: string;
}

export interface MapGeometry {
  width: number;
  height: number;
  /** Where a string lies, in CSS pixels. */
  boxOf(place: Place): { x: number; y: number; w: number; h: number };
  placeAt(x: number, y: number): Place;
}

/** The gap between squares takes this share of each. */
const GAP = 0.07;
/** Share of a string's own place that is left free around it, where there is room for it. */
const INNER_GAP = 0.12;
/** One letter: the strip's height. */
const STRIP_HEIGHT = 48;

export function mapGeometry(shape: MapShape, width: number): MapGeometry {
  const { columns, rows, innerColumns, innerRows } = shape;
  const square = width / columns;
  const height = rows === 1 ? STRIP_HEIGHT : width;
  const tall = height / rows;
  const w = (square * (1 - GAP)) / innerColumns;
  const h = (tall * (1 - GAP)) / innerRows;
  return {
    width,
    height,
    boxOf: ({ column, row, innerColumn, innerRow }) => ({
      x: column * square + innerColumn * w,
      y: row * tall + innerRow * h,
      w,
      h,
    }),
    placeAt: (x, y) => {
      const column = Math.floor(x / square);
      const row = Math.floor(y / tall);
      return {
        column,
        row,
        innerColumn: Math.min(innerColumns - 1, Math.floor((x - column * square) / w)),
        innerRow: Math.min(innerRows - 1, Math.floor((y - row * tall) / h)),
      };
    },
  };
}

/** The string under a point in CSS pixels; null where none lies. */
export function pointedAt(
  shape: MapShape,
  geometry: MapGeometry,
  x: number,
  y: number,
): number | null {
  return indexAt(shape, geometry.placeAt(x, y));
}

/** Draws all strings; those that do not contain `find` are faint. */
export function drawMap(
  canvas: HTMLCanvasElement,
  shape: MapShape,
  geometry: MapGeometry,
  counts: Uint8Array,
  colours: MapColours,
  find: string,
  scale: number,
): void {
  canvas.width = Math.round(geometry.width * scale);
  canvas.height = Math.round(geometry.height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  if (shape.letters === 4) drawPixels(canvas, context, shape, geometry, counts, colours, find);
  else drawBoxes(context, shape, geometry, counts, colours, find, scale);
}

function drawBoxes(
  context: CanvasRenderingContext2D,
  shape: MapShape,
  geometry: MapGeometry,
  counts: Uint8Array,
  colours: MapColours,
  find: string,
  scale: number,
): void {
  const free = shape.letters < 3 ? 0 : INNER_GAP;
  for (let index = 0; index < counts.length; ++index) {
    const { x, y, w, h } = geometry.boxOf(placeOf(shape, index));
    // On whole device pixels, so that edges are sharp and no seam shows.
    const left = Math.round(x * scale);
    const top = Math.round(y * scale);
    const right = Math.max(left + 1, Math.round((x + w * (1 - free)) * scale));
    const bottom = Math.max(top + 1, Math.round((y + h * (1 - free)) * scale));
    context.globalAlpha = lit(shape.letters, index, find) ? 1 : FAINT;
    context.fillStyle = colours.tokens[colourOf(counts[index])] ?? colours.ground;
    context.fillRect(left, top, right - left, bottom - top);
  }
  context.globalAlpha = 1;
}

// Almost half a million strings: one pixel each in a picture that is then scaled.
function drawPixels(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  shape: MapShape,
  geometry: MapGeometry,
  counts: Uint8Array,
  colours: MapColours,
  find: string,
): void {
  const inner = shape.innerColumns;
  const square = inner / (1 - GAP);
  const side = Math.round(square * shape.columns);
  const picture = new OffscreenCanvas(side, side);
  const painter = picture.getContext('2d', { willReadFrequently: true });
  if (painter === null) return;
  const ground = rgbOf(painter, colours.ground);
  const full = colours.tokens.map((one) => rgbOf(painter, one));
  const faint = full.map((one) => faded(one, ground));
  const image = painter.createImageData(side, side);
  for (let index = 0; index < counts.length; ++index) {
    const { column, row, innerColumn, innerRow } = placeOf(shape, index);
    const x = Math.round(column * square) + innerColumn;
    const y = Math.round(row * square) + innerRow;
    const colour = (lit(4, index, find) ? full : faint)[colourOf(counts[index])] ?? ground;
    image.data.set(colour, 4 * (y * side + x));
    image.data[4 * (y * side + x) + 3] = 255;
  }
  painter.putImageData(image, 0, 0);
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    picture,
    0,
    0,
    side,
    side,
    0,
    0,
    canvas.width,
    (canvas.height * geometry.width) / geometry.height,
  );
}

const FAINT = 0.12;

function lit(letters: number, index: number, find: string): boolean {
  return find === '' || stringOf(letters, index).includes(find);
}

function colourOf(tokens: number | undefined): number {
  return Math.min(4, Math.max(1, tokens ?? 1)) - 1;
}

type Rgb = [number, number, number];

// A CSS colour of any notation as the canvas paints it.
function rgbOf(painter: OffscreenCanvasRenderingContext2D, colour: string): Rgb {
  painter.fillStyle = colour;
  painter.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = painter.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

function faded([red, green, blue]: Rgb, ground: Rgb): Rgb {
  const mix = (value: number, below: number) => below * (1 - FAINT) + value * FAINT;
  return [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2])];
}
