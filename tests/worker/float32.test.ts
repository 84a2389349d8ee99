import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../web/src/worker/float32.js';

const halves = (...patterns: number[]) => new Uint8Array(Uint16Array.from(patterns).buffer);

describe('stored numbers as float32', () => {
  // IEEE 754-2019, table 3.5, and NumPy's float16 of the same patterns.
  it.each<[string, Uint8Array<ArrayBuffer>, number[]]>([
    [
      'F16',
      halves(0x3c00, 0xc000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x3555),
      [1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, 0.333251953125],
    ],
    ['F16', halves(0x7c00, 0xfc00, 0x7e00, 0x8000), [Infinity, -Infinity, Number.NaN, -0]],
    [
      'BF16',
      halves(0x3f80, 0xc000, 0x7f80, 0x7fc0, 0x0001),
      [1, -2, Infinity, Number.NaN, 2 ** -133],
    ],
    // arXiv 2209.05433, table 1: the largest and the smallest numbers.
    [
      'F8_E4M3',
      Uint8Array.of(0x7e, 0xfe, 0x08, 0x01, 0x7f, 0x38),
      [448, -448, 2 ** -6, 2 ** -9, Number.NaN, 1],
    ],
    [
      'F8_E5M2',
      Uint8Array.of(0x7b, 0x04, 0x01, 0x7c, 0x7d, 0x3c),
      [57344, 2 ** -14, 2 ** -16, Infinity, Number.NaN, 1],
    ],
    ['F32', new Uint8Array(Float32Array.of(1.5, -0).buffer), [1.5, -0]],
    ['F64', new Uint8Array(Float64Array.of(0.1, 1e300).buffer), [Math.fround(0.1), Infinity]],
  ])('%s', (dtype, bytes, expected) => {
    expect(Array.from(toFloat32(dtype, bytes))).toEqual(expected);
  });

  it('may begin anywhere in a buffer', () => {
    const whole = Uint8Array.of(9, 0, 0x3c, 0, 0xc0);
    expect(Array.from(toFloat32('F16', whole.subarray(1)))).toEqual([1, -2]);
  });
});
