/**
 * A stand-in for the core's search of text encoders: reads the headers of well-formed files
 * only, and knows names by their endings alone.
 */
import type {
  CheckpointEncoder,
  EncoderWeights,
  StoredTensor,
} from '../../web/src/protocol/checkpoint.js';
import type { ReadableSource } from '../../web/src/protocol/digest-api.js';
import { openReader } from '../../web/src/worker/file-reader.js';

type Tensors = Map<string, StoredTensor>;

/** The text encoders in a file, in the order of their prefixes. */
export async function encodersIn(source: ReadableSource): Promise<CheckpointEncoder[]> {
  const tensors = await tensorsIn(source);
  const found: CheckpointEncoder[] = [];
  for (const [ending, weightsOf] of [
    ['embeddings.token_embedding.weight', transformersWeights],
    ['model.token_embedding.weight', openClipWeights],
    ['token_embedding.weight', openClipWeights],
  ] as const) {
    for (const name of tensors.keys()) {
      if (!name.endsWith(ending) || found.some(({ prefix }) => name.startsWith(prefix))) continue;
      const prefix = name.slice(0, -ending.length) + (ending.startsWith('model.') ? 'model.' : '');
      found.push(described(prefix, weightsOf(tensors, prefix), weightsOf === openClipWeights));
    }
  }
  return found.sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

async function tensorsIn(source: ReadableSource): Promise<Tensors> {
  const reader = await openReader(source);
  const length = new Uint8Array(8);
  await reader.read(length, 0);
  const header = new Uint8Array(Number(new DataView(length.buffer).getBigUint64(0, true)));
  for (let at = 0; at < header.length; ) at += await reader.read(header.subarray(at), 8 + at);
  await reader.close();
  const entries = JSON.parse(new TextDecoder().decode(header)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const data = 8 + header.length;
  return new Map(
    Object.entries(entries)
      .filter(([name]) => name !== '__metadata__')
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]) => [name, { name, dtype, shape, begin: data + begin, end: data + end }],
      ),
  );
}

function transformersWeights(tensors: Tensors, prefix: string): EncoderWeights {
  const get = getter(tensors);
  const block = (i: number) => {
    const at = `${prefix}encoder.layers.${i}.`;
    return {
      ln_1: get.affine(`${at}layer_norm1`),
      ln_2: get.affine(`${at}layer_norm2`),
      attention: {
        query: get.affine(`${at}self_attn.q_proj`),
        key: get.affine(`${at}self_attn.k_proj`),
        value: get.affine(`${at}self_attn.v_proj`),
      },
      attention_out: get.affine(`${at}self_attn.out_proj`),
      mlp_in: get.affine(`${at}mlp.fc1`),
      mlp_out: get.affine(`${at}mlp.fc2`),
    };
  };
  const projection = tensors.get('text_projection.weight');
  return {
    token_embedding: get.one(`${prefix}embeddings.token_embedding.weight`),
    position_embedding: get.one(`${prefix}embeddings.position_embedding.weight`),
    blocks: blocksOf(tensors, (i) => `${prefix}encoder.layers.${i}.layer_norm1.weight`).map(block),
    ln_final: get.affine(`${prefix}final_layer_norm`),
    text_projection: projection === undefined ? null : { tensor: projection, transposed: true },
  };
}

function openClipWeights(tensors: Tensors, prefix: string): EncoderWeights {
  const get = getter(tensors);
  const block = (i: number) => {
    const at = `${prefix}transformer.resblocks.${i}.`;
    const packed = {
      weight: get.one(`${at}attn.in_proj_weight`),
      bias: get.one(`${at}attn.in_proj_bias`),
    };
    return {
      ln_1: get.affine(`${at}ln_1`),
      ln_2: get.affine(`${at}ln_2`),
      attention: { packed },
      attention_out: get.affine(`${at}attn.out_proj`),
      mlp_in: get.affine(`${at}mlp.c_fc`),
      mlp_out: get.affine(`${at}mlp.c_proj`),
    };
  };
  const projection = tensors.get(`${prefix}text_projection`);
  return {
    token_embedding: get.one(`${prefix}token_embedding.weight`),
    position_embedding: get.one(`${prefix}positional_embedding`),
    blocks: blocksOf(tensors, (i) => `${prefix}transformer.resblocks.${i}.ln_1.weight`).map(block),
    ln_final: get.affine(`${prefix}ln_final`),
    text_projection: projection === undefined ? null : { tensor: projection, transposed: false },
  };
}

function getter(tensors: Tensors) {
  const one = (name: string): StoredTensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`there is no tensor ${name}`);
    return tensor;
  };
  return {
    one,
    affine: (name: string) => ({ weight: one(`${name}.weight`), bias: one(`${name}.bias`) }),
  };
}

function blocksOf(tensors: Tensors, name: (i: number) => string): number[] {
  const blocks: number[] = [];
  while (tensors.has(name(blocks.length))) blocks.push(blocks.length);
  return blocks;
}

function described(prefix: string, weights: EncoderWeights, openClip: boolean): CheckpointEncoder {
  const [vocab = 0, width = 0] = weights.token_embedding.shape;
  const projection = weights.text_projection;
  return {
    kind: openClip ? 'openclip-bigg' : 'clip-l',
    layout: openClip ? 'openclip' : 'transformers',
    prefix,
    layers: weights.blocks.length,
    width,
    heads: width % 64 === 0 ? width / 64 : null,
    inner: weights.blocks[0]?.mlp_in.weight.shape[0] ?? 0,
    vocab,
    context: weights.position_embedding.shape[0] ?? 0,
    dtype: weights.token_embedding.dtype,
    activation: openClip ? 'gelu' : 'quick_gelu',
    projection: projection?.tensor.shape[projection.transposed ? 0 : 1] ?? null,
    conditioning: null,
    unreadable: null,
    weights,
  };
}
