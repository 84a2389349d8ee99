// A checkpoint with CLIP-L's shapes and seeded float16 weights, made in memory.
import { seeded } from './inputs.mjs';

const WIDTH = 768;
const VOCAB = 49_408;
const POSITIONS = 77;
const PREFIX = 'cond_stage_model.transformer.text_model.';
/** Bytes of one seeded block, of which all weights are made: an odd number of elements. */
const BLOCK_ELEMENTS = 1_048_573;

/**
 * The file, and its tensors by the part that they play, as the engine's description has them.
 *
 * @param {number} layers
 */
export function seededCheckpoint(layers) {
  const tensors = [];
  const one = (name, shape) => {
    const tensor = { name: PREFIX + name, dtype: 'F16', shape, begin: 0, end: 0 };
    tensors.push(tensor);
    return tensor;
  };
  const affine = (name, shape) => ({
    weight: one(`${name}.weight`, shape),
    bias: one(`${name}.bias`, shape.slice(0, 1)),
  });
  const block = (i) => {
    const at = `encoder.layers.${i}.`;
    const square = (name) => affine(`${at}self_attn.${name}`, [WIDTH, WIDTH]);
    return {
      ln_1: affine(`${at}layer_norm1`, [WIDTH]),
      ln_2: affine(`${at}layer_norm2`, [WIDTH]),
      attention: { query: square('q_proj'), key: square('k_proj'), value: square('v_proj') },
      attention_out: square('out_proj'),
      mlp_in: affine(`${at}mlp.fc1`, [4 * WIDTH, WIDTH]),
      mlp_out: affine(`${at}mlp.fc2`, [WIDTH, 4 * WIDTH]),
    };
  };
  const weights = {
    token_embedding: one('embeddings.token_embedding.weight', [VOCAB, WIDTH]),
    position_embedding: one('embeddings.position_embedding.weight', [POSITIONS, WIDTH]),
    blocks: Array.from({ length: layers }, (_, i) => block(i)),
    ln_final: affine('final_layer_norm', [WIDTH]),
    text_projection: null,
  };
  const sizeOf = ({ shape }) => 2 * shape.reduce((product, size) => product * size, 1);
  let size = 0;
  for (const tensor of tensors) {
    tensor.begin = size;
    size += sizeOf(tensor);
    tensor.end = size;
  }
  const header = new TextEncoder().encode(
    JSON.stringify(
      Object.fromEntries(
        tensors.map(({ name, dtype, shape, begin, end }) => [
          name,
          { dtype, shape, data_offsets: [begin, end] },
        ]),
      ),
    ),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  const data = 8 + header.length;
  for (const tensor of tensors) {
    tensor.begin += data;
    tensor.end += data;
  }
  return { blob: new Blob([length, header, ...content(size)]), weights };
}

/** `size` bytes of seeded float16 of about ±0.03. */
function content(size) {
  const random = seeded(5);
  const block = Uint16Array.from({ length: BLOCK_ELEMENTS }, () => {
    const drawn = Math.floor(random() * 2 ** 12);
    // A sign, and an exponent and mantissa between 2^-7 and 2^-5.
    return (drawn >= 2 ** 11 ? 0x8000 : 0) | (0x2000 + (drawn % 2 ** 11));
  });
  const bytes = new Uint8Array(block.buffer);
  const parts = [];
  for (let at = 0; at < size; at += bytes.length) parts.push(bytes.subarray(0, size - at));
  return parts;
}
