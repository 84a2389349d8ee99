/** Checkpoints made for tests: only the header is written, the data are a hole of the file. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

export type Tensors = Map<string, { dtype: string; shape: number[] }>;

const BYTES: Record<string, number> = { F32: 4, F16: 2, BF16: 2, I64: 8, U8: 1 };

/** The header's bytes, its length before it, and how many bytes of data follow. */
export function headerOf(tensors: Tensors, metadata?: Record<string, string>) {
  const entries: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  let at = 0;
  for (const [name, { dtype, shape }] of tensors) {
    const bytes = shape.reduce((product, dimension) => product * dimension, BYTES[dtype] ?? 0);
    entries.push([name, { dtype, shape, data_offsets: [at, at + bytes] }]);
    at += bytes;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return { header: Buffer.concat([length, json]), data_bytes: at };
}

/** A sparse file: 7 GB take a few kilobytes of the disk. Answers its size. */
export function writeSparse(
  path: string,
  tensors: Tensors,
  metadata?: Record<string, string>,
): number {
  const { header, data_bytes } = headerOf(tensors, metadata);
  const file = openSync(path, 'w');
  try {
    writeSync(file, header);
    ftruncateSync(file, header.length + data_bytes);
  } finally {
    closeSync(file);
  }
  return header.length + data_bytes;
}

interface Size {
  layers: number;
  width: number;
  vocab?: number;
  context?: number;
  dtype?: string;
}

/** CLIP as transformers names it. */
export function addTransformers(tensors: Tensors, prefix: string, size: Size): void {
  const { layers, width, vocab = 49408, context = 77, dtype = 'F16' } = size;
  const set = (name: string, ...shape: number[]) => tensors.set(prefix + name, { dtype, shape });
  const affine = (name: string, ...shape: number[]) => {
    set(`${name}.weight`, ...shape);
    set(`${name}.bias`, shape[0] ?? 0);
  };
  set('embeddings.token_embedding.weight', vocab, width);
  set('embeddings.position_embedding.weight', context, width);
  for (let i = 0; i < layers; ++i) {
    const layer = `encoder.layers.${i}.`;
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      affine(`${layer}self_attn.${name}`, width, width);
    }
    affine(`${layer}layer_norm1`, width);
    affine(`${layer}layer_norm2`, width);
    affine(`${layer}mlp.fc1`, 4 * width, width);
    affine(`${layer}mlp.fc2`, width, 4 * width);
  }
  affine('final_layer_norm', width);
}

/** CLIP as OpenCLIP names it, with its projection. */
export function addOpenClip(tensors: Tensors, prefix: string, size: Size): void {
  const { layers, width, vocab = 49408, context = 77, dtype = 'F16' } = size;
  const set = (name: string, ...shape: number[]) => tensors.set(prefix + name, { dtype, shape });
  const affine = (name: string, ...shape: number[]) => {
    set(`${name}.weight`, ...shape);
    set(`${name}.bias`, shape[0] ?? 0);
  };
  set('token_embedding.weight', vocab, width);
  set('positional_embedding', context, width);
  for (let i = 0; i < layers; ++i) {
    const block = `transformer.resblocks.${i}.`;
    set(`${block}attn.in_proj_weight`, 3 * width, width);
    set(`${block}attn.in_proj_bias`, 3 * width);
    affine(`${block}attn.out_proj`, width, width);
    affine(`${block}ln_1`, width);
    affine(`${block}ln_2`, width);
    affine(`${block}mlp.c_fc`, 4 * width, width);
    affine(`${block}mlp.c_proj`, width, 4 * width);
  }
  affine('ln_final', width);
  set('text_projection', width, width);
}

/** The size of SDXL: both of its encoders whole, the U-Net's bytes in as many tensors. */
export function sdxlTensors(): Tensors {
  const tensors: Tensors = new Map();
  for (let i = 0; i < 1680; ++i) {
    tensors.set(`model.diffusion_model.filler.${i}.weight`, { dtype: 'F16', shape: [1250, 1275] });
  }
  addTransformers(tensors, 'conditioner.embedders.0.transformer.text_model.', {
    layers: 12,
    width: 768,
  });
  addOpenClip(tensors, 'conditioner.embedders.1.model.', { layers: 32, width: 1280 });
  return tensors;
}
