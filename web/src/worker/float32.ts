/** Stored numbers as float32, by table: every value of 8 or 16 bits is converted once. */

/** Whole bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

const tables = new Map<string, Float32Array>();

/** Little-endian numbers of a data type in {@link ELEMENT_BYTES} as little-endian float32. */
export function toFloat32(
  dtype: string,
  bytes: Uint8Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  if (dtype === 'F64') return Float32Array.from(new Float64Array(aligned(bytes)));
  if (dtype === 'F32') return new Float32Array(aligned(bytes));
  const table = tables.get(dtype) ?? made(dtype);
  const stored = ELEMENT_BYTES[dtype] === 1 ? bytes : new Uint16Array(aligned(bytes));
  const numbers = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; ++i) numbers[i] = table[stored[i] ?? 0] ?? 0;
  return numbers;
}

function aligned(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset === 0 && byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Bits of exponent and mantissa; whether the largest exponent stands for infinity and NaN. */
interface Format {
  exponent: number;
  mantissa: number;
  infinities: boolean;
}

// IEEE 754 binary16; bfloat16; the 8-bit formats of arXiv 2209.05433, of which E4M3 has no
// infinities, and NaN only where all bits after the sign are set.
const FORMATS: Readonly<Record<string, Format>> = {
  F16: { exponent: 5, mantissa: 10, infinities: true },
  BF16: { exponent: 8, mantissa: 7, infinities: true },
  F8_E4M3: { exponent: 4, mantissa: 3, infinities: false },
  F8_E5M2: { exponent: 5, mantissa: 2, infinities: true },
};

function made(dtype: string): Float32Array {
  const format = FORMATS[dtype];
  if (format === undefined) throw new Error(`${dtype} has no table`);
  const bits = 1 + format.exponent + format.mantissa;
  const table = Float32Array.from({ length: 2 ** bits }, (_, pattern) => numberOf(pattern, format));
  tables.set(dtype, table);
  return table;
}

function numberOf(pattern: number, { exponent, mantissa, infinities }: Format): number {
  const largest = 2 ** exponent - 1;
  const fraction = pattern % 2 ** mantissa;
  const power = Math.floor(pattern / 2 ** mantissa) % 2 ** exponent;
  const sign = pattern >= 2 ** (exponent + mantissa) ? -1 : 1;
  if (power === largest && infinities) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (power === largest && fraction === 2 ** mantissa - 1) return Number.NaN;
  const bias = 2 ** (exponent - 1) - 1;
  const scaled = power === 0 ? fraction : fraction + 2 ** mantissa;
  return sign * scaled * 2 ** (Math.max(power, 1) - bias - mantissa);
}
