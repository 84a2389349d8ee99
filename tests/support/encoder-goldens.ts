/**
 * Hidden states and embeddings of tiny seeded text encoders, computed by openai/CLIP and
 * open_clip (MIT) from the weights in the files beside them: tests/vectors/encoder/index.json
 * says how. The heads are not in the files.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EncoderOutput } from '../../web/src/protocol/encoder-api.js';

/** The wrong activation moves `last` by 0.06. */
export const TOLERANCE = 1e-4;

const FOLDER = new URL('../vectors/encoder/', import.meta.url);

interface Index {
  models: Record<string, { num_attention_heads: number; hidden_size: number; hidden_act: string }>;
  sequences: Record<string, { note: string; ids: number[] }[]>;
  goldens: Record<
    string,
    {
      rows_seq: number[];
      rows_pos: number[];
      outputs: Record<string, { file: string; shape: number[] }>;
    }
  >;
}

export interface GoldenCase {
  file: string;
  path: string;
  encoder: number;
  heads: number;
  activation: 'quick_gelu' | 'gelu';
  output: EncoderOutput;
  /** Ten texts of 77 ids. */
  ids: number[][];
  /** The largest difference of an answer: [texts, W] or [texts, 77, W], row-major. */
  difference(data: Float32Array): number;
}

const OUTPUTS: Record<string, EncoderOutput> = {
  last: 'last',
  penult: 'penultimate',
  penult_ln: 'penultimate_ln',
  pooled: 'pooled',
  projected: 'projected',
};

/** Which file holds which model's weights, as its encoder of that number. */
const FILES: [file: string, encoder: number, model: string, dtype: string, projects: boolean][] = [
  ['sd1_fp32.safetensors', 0, 'L', 'F32', false],
  ['sd1_fp16.safetensors', 0, 'L', 'F16', false],
  ['sd1_bf16.safetensors', 0, 'L', 'BF16', false],
  ['sd1_heads64_fp16.safetensors', 0, 'heads64', 'F16', false],
  ['sd2_fp16.safetensors', 0, 'G', 'F16', true],
  ['sdxl_fp16.safetensors', 0, 'L', 'F16', false],
  ['sdxl_fp16.safetensors', 1, 'G', 'F16', true],
  ['hf_l_fp16.safetensors', 0, 'L', 'F16', true],
  ['hf_g_fp16.safetensors', 0, 'G', 'F16', true],
];

/** Every case: a file, an encoder in it, an output. */
export function goldenCases(): GoldenCase[] {
  const index = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as Index;
  return FILES.flatMap(([file, encoder, model, dtype, projects]) => {
    const golden = index.goldens[`${model}.${dtype}`];
    const config = index.models[model];
    if (golden === undefined || config === undefined) throw new Error(`no golden ${model}`);
    return Object.entries(golden.outputs).flatMap(([name, { file: array }]) => {
      const output = OUTPUTS[name];
      if (output === undefined || (output === 'projected' && !projects)) return [];
      const expected = numbersOf(readFileSync(new URL(array, FOLDER)));
      const ids = (index.sequences[model] ?? []).map((sequence) => sequence.ids);
      return [
        {
          file,
          path: fileURLToPath(new URL(file, FOLDER)),
          encoder,
          heads: config.num_attention_heads,
          activation: config.hidden_act === 'gelu' ? ('gelu' as const) : ('quick_gelu' as const),
          output,
          ids,
          difference(data: Float32Array) {
            if (output === 'pooled' || output === 'projected')
              return largest(expected, data, [[0, 0, data.length]]);
            const width = config.hidden_size;
            const rows = golden.rows_seq.map((text, row): [number, number, number] => [
              row * width,
              (text * 77 + (golden.rows_pos[row] ?? 0)) * width,
              width,
            ]);
            return largest(expected, data, rows);
          },
        },
      ];
    });
  });
}

function largest(
  expected: Float32Array,
  found: Float32Array,
  parts: [expected: number, found: number, length: number][],
): number {
  let difference = 0;
  for (const [from, to, length] of parts) {
    for (let i = 0; i < length; ++i) {
      const apart = Math.abs((expected[from + i] ?? Number.NaN) - (found[to + i] ?? Number.NaN));
      // A missing number differs by infinity.
      difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
    }
  }
  return difference;
}

/** NumPy's format 1.0, little-endian float32 in C order. */
function numbersOf(file: Buffer): Float32Array {
  const data = file.subarray(10 + file.readUInt16LE(8));
  return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
}
