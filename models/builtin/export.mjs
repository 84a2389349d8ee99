// Writes the built-in encoder's ONNX graph around what export.py laid out.
//
//   node models/builtin/export.mjs FOLDER OUTPUT [MANIFEST]
//
// Where a manifest is given, the model's size and digest are written into it.
//
// input_ids int64 [batch, length] -> embedding float32 [batch, width]. Each text is start
// token, tokens, end token; what is the end token counts as absent, so that padding with it
// changes nothing.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { DataType, writeModel } from '../../lib/models/onnx.js';

const END = 49_407n;
const LEAST = 1e-12;
const TYPES = {
  uint8: DataType.uint8,
  int8: DataType.int8,
  float32: DataType.float,
};

/** @returns {Uint8Array} */
export function builtinModel({ shape, arrays }, read) {
  const { width, bits, means, places } = shape;
  const each = 8 / bits;
  const nodes = [];
  const initializers = Object.entries(arrays).map(([name, array]) => ({
    name,
    type: TYPES[array.type],
    shape: array.shape,
    data: read(name),
  }));
  const constant = (name, type, dims, data) => {
    initializers.push({ name, type, shape: dims, data: new Uint8Array(data.buffer) });
    return name;
  };
  const float = (name, values, dims = []) =>
    constant(name, DataType.float, dims, Float32Array.from(values));
  const integers = (name, values, dims = [values.length]) =>
    constant(name, DataType.int64, dims, BigInt64Array.from(values, BigInt));
  const node = (op, inputs, output, attributes = {}) => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };

  // Which tokens are there, and how many of a text's own.
  node('Equal', ['input_ids', integers('end', [END], [])], 'absent');
  node('Not', ['absent'], 'is_present');
  node('Cast', ['is_present'], 'present', { to: DataType.float });
  node('Cast', ['is_present'], 'counted', { to: DataType.int64 });
  integers('rows', [1]);
  node('ReduceSum', ['counted', 'rows'], 'with_start', { keepdims: 1 });
  integers('one', [1], []);
  node('Sub', ['with_start', 'one'], 'own');
  node('Min', ['own', integers('longest', [places], [])], 'many');
  node('Max', ['many', integers('none', [0], [])], 'size');

  // Each token's place, the start token's being 0; together a row of the places' weights.
  node('Shape', ['input_ids'], 'input_shape');
  node('Gather', ['input_shape', 'one'], 'length');
  node('Range', ['none', 'length', 'one'], 'all_places');
  node('Min', ['all_places', 'longest'], 'place');
  node('Mul', ['size', integers('stride', [places + 1], [])], 'first');
  node('Add', ['first', 'place'], 'weight_row');
  node('Gather', ['places', 'weight_row'], 'place_log');

  // A token's weight in each mean, times the step of its row.
  node('Gather', ['weights', 'input_ids'], 'token_log');
  node('Add', ['token_log', 'place_log'], 'log');
  float('lowest', [-10]);
  float('highest', [10]);
  node('Clip', ['log', 'lowest', 'highest'], 'clipped');
  node('Exp', ['clipped'], 'weight');
  node('Gather', ['step', 'input_ids'], 'step_of_row');
  node('Mul', ['step_of_row', 'present'], 'step_present');
  integers('last', [-1]);
  node('Unsqueeze', ['step_present', 'last'], 'step_column');
  node('Mul', ['weight', 'step_column'], 'coefficients');
  node('Transpose', ['coefficients'], 'coefficient_rows', { perm: [0, 2, 1] });

  // The rows' numbers, several in a byte, the first in its lowest bits.
  node('Gather', ['table', 'input_ids'], 'bytes');
  node('Cast', ['bytes'], 'bytes_float', { to: DataType.float });
  node('Unsqueeze', ['bytes_float', 'last'], 'bytes_column');
  const shifts = Array.from({ length: each }, (_, i) => 2 ** (bits * i));
  float(
    'shifts',
    shifts.map((shift) => 1 / shift),
    [each],
  );
  node('Mul', ['bytes_column', 'shifts'], 'shifted');
  node('Floor', ['shifted'], 'upper');
  float('base', [1 / 2 ** bits]);
  node('Mul', ['upper', 'base'], 'upper_part');
  node('Floor', ['upper_part'], 'above');
  float('levels', [2 ** bits]);
  node('Mul', ['above', 'levels'], 'above_whole');
  node('Sub', ['upper', 'above_whole'], 'digits');
  float('middle', [(2 ** bits - 1) / 2]);
  node('Sub', ['digits', 'middle'], 'centred');
  integers('row_shape', [0, 0, width]);
  node('Reshape', ['centred', 'row_shape'], 'vectors');

  // The means, each brought to one length.
  node('MatMul', ['coefficient_rows', 'vectors'], 'sums');
  node('Mul', ['sums', 'sums'], 'squares');
  node('ReduceMean', ['squares'], 'power', { axes: [2], keepdims: 1 });
  float('least', [LEAST]);
  node('Max', ['power', 'least'], 'power_least');
  node('Sqrt', ['power_least'], 'size_of_sum');
  node('Div', ['sums', 'size_of_sum'], 'means');
  integers('flat_shape', [0, means * width]);
  node('Reshape', ['means', 'flat_shape'], 'seen');

  const layer = (name, input) => {
    node('Cast', [`${name}.matrix`], `${name}.whole`, { to: DataType.float });
    node('Mul', [`${name}.whole`, `${name}.step`], `${name}.weights`);
    node('MatMul', [input, `${name}.weights`], `${name}.product`);
    return node('Add', [`${name}.product`, `${name}.bias`], `${name}.sum`);
  };
  const inner = layer('mixing_in', 'seen');
  // Gelu by its definition: x (1 + erf(x / sqrt 2)) / 2.
  float('root', [Math.SQRT1_2]);
  node('Mul', [inner, 'root'], 'scaled');
  node('Erf', ['scaled'], 'erf');
  float('unit', [1]);
  node('Add', ['erf', 'unit'], 'gate');
  node('Mul', [inner, 'gate'], 'gated');
  float('half', [0.5]);
  node('Mul', ['gated', 'half'], 'gelu');
  const outer = layer('mixing_out', 'gelu');
  node('Gather', ['means', 'none'], 'first_mean', { axis: 1 });
  node('Add', ['first_mean', outer], 'sum');
  node('Mul', ['sum', 'sum'], 'sum_squares');
  node('ReduceSum', ['sum_squares', 'rows'], 'norm_square', { keepdims: 1 });
  node('Max', ['norm_square', 'least'], 'norm_least');
  node('Sqrt', ['norm_least'], 'norm');
  node('Div', ['sum', 'norm'], 'embedding');

  return writeModel({
    name: 'tagscope-builtin',
    inputs: [{ name: 'input_ids', type: DataType.int64, shape: ['batch', 'length'] }],
    outputs: [{ name: 'embedding', type: DataType.float, shape: ['batch', width] }],
    nodes,
    initializers,
  });
}

const [folder, output, manifest] = process.argv.slice(2);
const model = builtinModel(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')), (name) =>
  readFileSync(join(folder, name)),
);
writeFileSync(output, model);
const sha256 = createHash('sha256').update(model).digest('hex');
if (manifest !== undefined) {
  const read = JSON.parse(readFileSync(manifest, 'utf8'));
  Object.assign(read.builtin, { bytes: model.length, sha256 });
  writeFileSync(manifest, `${JSON.stringify(read, null, 2)}\n`);
}
console.log(
  `${output}: ${model.length} bytes, ${brotliCompressSync(model).length} as brotli, sha256 ${sha256}`,
);
