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
export function builtinModel({ bits, step, places, parts, means, shares, arrays }, read) {
  const each = 8 / bits;
  const width = parts.reduce((sum, size) => sum + size);
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

  // A token's weight in each mean.
  node('Gather', ['weights', 'input_ids'], 'token_log');
  node('Add', ['token_log', 'place_log'], 'log');
  float('lowest', [-10]);
  float('highest', [10]);
  node('Clip', ['log', 'lowest', 'highest'], 'clipped');
  node('Exp', ['clipped'], 'weight');
  integers('last', [-1]);
  node('Unsqueeze', ['present', 'last'], 'present_column');
  node('Mul', ['weight', 'present_column'], 'coefficients');
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
  float('step', [step]);
  node('Mul', ['centred', 'step'], 'restored');
  integers('row_shape', [0, 0, width]);
  node('Reshape', ['restored', 'row_shape'], 'vectors');

  // Runs of numbers, each brought to a length: [batch, sum of the sizes].
  float('least', [LEAST]);
  const scaled = (input, output, sizes, lengths) => {
    const total = sizes.reduce((sum, size) => sum + size);
    const runOf = sizes.flatMap((size, run) => Array(size).fill(run));
    const inRun = runOf.flatMap((run) => sizes.map((_, other) => (run === other ? 1 : 0)));
    float(`${output}.runs`, inRun, [total, sizes.length]);
    const lengthOf = lengths.flatMap((length, run) => runOf.map((o) => (o === run ? length : 0)));
    float(`${output}.lengths`, lengthOf, [sizes.length, total]);
    node('Mul', [input, input], `${output}.squares`);
    node('MatMul', [`${output}.squares`, `${output}.runs`], `${output}.power`);
    node('Max', [`${output}.power`, 'least'], `${output}.power_least`);
    node('Sqrt', [`${output}.power_least`], `${output}.size`);
    node('Reciprocal', [`${output}.size`], `${output}.inverse`);
    node('MatMul', [`${output}.inverse`, `${output}.lengths`], `${output}.scale`);
    return node('Mul', [input, `${output}.scale`], output);
  };

  // Of each mean the numbers of its part, brought to a mean square of one.
  node('MatMul', ['coefficient_rows', 'vectors'], 'all_sums');
  integers('flat_shape', [0, means.length * width]);
  node('Reshape', ['all_sums', 'flat_shape'], 'flat_sums');
  const firstOf = (part) => parts.slice(0, part).reduce((sum, size) => sum + size, 0);
  const numbersOf = (part) => Array.from({ length: parts[part] }, (_, i) => firstOf(part) + i);
  integers(
    'own_numbers',
    means.flatMap((part, mean) => numbersOf(part).map((i) => mean * width + i)),
  );
  node('Gather', ['flat_sums', 'own_numbers'], 'sums', { axis: 1 });
  const sizes = means.map((part) => parts[part]);
  scaled('sums', 'seen', sizes, sizes.map(Math.sqrt));

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

  // Each part of the embedding is the first mean of that part, corrected, as long as its share.
  const seenFrom = (mean) => sizes.slice(0, mean).reduce((sum, size) => sum + size, 0);
  integers(
    'corrected',
    parts.flatMap((size, part) =>
      Array.from({ length: size }, (_, i) => seenFrom(means.indexOf(part)) + i),
    ),
  );
  node('Gather', ['seen', 'corrected'], 'own_means', { axis: 1 });
  node('Add', ['own_means', outer], 'sum');
  scaled('sum', 'embedding', parts, shares.map(Math.sqrt));

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
