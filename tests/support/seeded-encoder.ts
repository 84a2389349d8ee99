/** Checkpoints with seeded weights: as large as they are asked to be, and good for nothing. */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface SeededEncoder {
  layers: number;
  width: number;
  vocab: number;
  /** What stands before `embeddings.`, `encoder.` and `final_layer_norm.`. */
  prefix: string;
}

/** CLIP-L's. */
export const CLIP_L: SeededEncoder = {
  layers: 12,
  width: 768,
  vocab: 49_408,
  prefix: 'text_model.',
};

export interface SeededOptions {
  dtype?: 'F16' | 'F32';
  seed?: number;
  /** Zeros of so many bytes before and after the encoder, which take no room on the disk. */
  before?: number;
  after?: number;
}

/** Writes a .safetensors file in transformers' layout; answers its size. */
export function writeSeededEncoder(
  path: string,
  { layers, width, vocab, prefix }: SeededEncoder,
  { dtype = 'F16', seed = 1, before = 0, after = 0 }: SeededOptions = {},
): number {
  const tensors: [name: string, shape: number[]][] = [];
  const affine = (name: string, shape: number[]) => {
    tensors.push([`${prefix}${name}.weight`, shape], [`${prefix}${name}.bias`, shape.slice(0, 1)]);
  };
  tensors.push([`${prefix}embeddings.token_embedding.weight`, [vocab, width]]);
  tensors.push([`${prefix}embeddings.position_embedding.weight`, [77, width]]);
  for (let i = 0; i < layers; ++i) {
    const at = `encoder.layers.${i}.`;
    affine(`${at}layer_norm1`, [width]);
    affine(`${at}layer_norm2`, [width]);
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      affine(`${at}self_attn.${name}`, [width, width]);
    }
    affine(`${at}mlp.fc1`, [4 * width, width]);
    affine(`${at}mlp.fc2`, [width, 4 * width]);
  }
  affine('final_layer_norm', [width]);

  const bytes = dtype === 'F32' ? 4 : 2;
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }> = {};
  let at = 0;
  const place = (name: string, shape: number[], size: number, type: string) => {
    header[name] = { dtype: type, shape, data_offsets: [at, at + size] };
    at += size;
  };
  if (before > 0) place('model.diffusion_model.before', [before], before, 'U8');
  const begin = at;
  for (const [name, shape] of tensors) place(name, shape, elementsOf(shape) * bytes, dtype);
  if (after > 0) place('model.diffusion_model.after', [after], after, 'U8');

  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = 8 + json.length;
  const file = openSync(path, 'w');
  writeSync(file, length, 0, 8, 0);
  writeSync(file, json, 0, json.length, 8);
  const block = seededBlock(seed);
  const weights = dtype === 'F32' ? new Uint8Array(block.buffer) : halves(block);
  const one = dtype === 'F32' ? Float32Array.of(1) : Uint16Array.of(0x3c00);
  let to = data + begin;
  for (const [name, shape] of tensors) {
    const stored = new Uint8Array(elementsOf(shape) * bytes);
    if (/norm\d?\.weight$/.test(name))
      stored.set(repeated(new Uint8Array(one.buffer), stored.length));
    else stored.set(repeated(weights, stored.length, to));
    writeSync(file, stored, 0, stored.length, to);
    to += stored.length;
  }
  // The last byte makes the file as long as it says, without writing the rest.
  if (after > 0) writeSync(file, new Uint8Array(1), 0, 1, data + at - 1);
  closeSync(file);
  return data + at;
}

/** Odd, so that rows of any width begin elsewhere in it. */
const BLOCK = 262_147;

function seededBlock(seed: number): Float32Array<ArrayBuffer> {
  let state = seed >>> 0;
  return Float32Array.from({ length: BLOCK }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) / 2 ** 23 - 1) * 0.05;
  });
}

/** `length` bytes of a block over and over, from an element that `from` tells. */
function repeated(block: Uint8Array, length: number, from = 0): Uint8Array {
  const all = new Uint8Array(length);
  let at = -((from % block.length) & ~3);
  for (; at < length; at += block.length) {
    const begin = Math.max(0, -at);
    all.set(block.subarray(begin, Math.min(block.length, length - at)), at + begin);
  }
  return all;
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Float16 of small normal numbers, rounded towards zero; smaller ones become 0. */
function halves(numbers: Float32Array): Uint8Array {
  const bits = new Uint32Array(numbers.buffer);
  const halves = Uint16Array.from(bits, (pattern) => {
    const exponent = ((pattern >>> 23) & 0xff) - 112;
    if (exponent <= 0) return 0;
    return ((pattern >>> 16) & 0x8000) | (exponent << 10) | ((pattern >>> 13) & 0x3ff);
  });
  return new Uint8Array(halves.buffer);
}
