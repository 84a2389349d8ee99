// transformers.js on a checkpoint as a page has it: its tokenizer, its padding, its own release of
// onnxruntime-web. For Chromium alone: in Node it runs onnxruntime-node, which is no WebAssembly.
import { AutoTokenizer, CLIPTextModel, env, Tensor } from '@huggingface/transformers';
import { buildTextEncoder, WHOLE_FILE } from '../../lib/models/text-encoder.js';
import { clipTokenizerFile } from './clip-tokenizer.mjs';

const MODEL = 'seeded-clip';
const OUTPUT = 'pooled';

/**
 * Opens a checkpoint under our graph for it, whose weights are the checkpoint's own bytes.
 *
 * @param {import('./room.mjs').Place} place
 * @param {import('../../lib/engine/public.js').Engine} engine for the vocabulary
 * @param {{blob: Blob, weights: import('../../lib/models/text-encoder.js').EncoderWeights}} checkpoint
 * @param {import('../../lib/models/text-encoder.js').EncoderTraits} traits
 * @param {number} threads
 */
export async function openWithTransformers(place, engine, { blob, weights }, traits, threads) {
  const runtime = place.url('tests/bench/node_modules/onnxruntime-web/dist/');
  // The build that it would fetch by itself.
  const build = `${runtime}ort-wasm-simd-threaded.asyncify`;
  Object.assign(env.backends.onnx.wasm, {
    numThreads: threads,
    wasmPaths: { mjs: `${build}.mjs`, wasm: `${build}.wasm` },
  });
  const { model: graph } = buildTextEncoder(weights, traits, {
    outputs: [OUTPUT],
    placement: 'file',
    converted: new Set(),
    gathersStored: false,
  });
  const files = {
    'config.json': JSON.stringify({ model_type: 'clip_text_model' }),
    'onnx/text_model.onnx': graph,
    'tokenizer.json': JSON.stringify(await clipTokenizerFile(engine)),
    'tokenizer_config.json': JSON.stringify({
      tokenizer_class: 'CLIPTokenizer',
      pad_token: '<|endoftext|>',
      model_max_length: 77,
    }),
  };
  Object.assign(env, {
    allowLocalModels: true,
    allowRemoteModels: false,
    useBrowserCache: false,
    useWasmCache: false,
    fetch: async (path) => {
      const file = files[path.slice(`${env.localModelPath}${MODEL}/`.length)];
      return new Response(file ?? null, { status: file === undefined ? 404 : 200 });
    },
  });
  const tokenizer = await AutoTokenizer.from_pretrained(MODEL);
  const weightsOfGraph = { path: WHOLE_FILE, data: new Uint8Array(await blob.arrayBuffer()) };
  const model = await CLIPTextModel.from_pretrained(MODEL, {
    device: 'wasm',
    dtype: 'fp32', // the file's name; weights are as they are stored
    session_options: { externalData: [weightsOfGraph] },
  });
  return {
    /**
     * @param {string[]} texts
     * @param {'max_length' | true} padding to the whole context, or to the longest
     * @returns {Promise<Float32Array>} [texts, width]
     */
    async encode(texts, padding) {
      const { input_ids, attention_mask } = tokenizer(texts, { padding, truncation: true });
      const [, length] = input_ids.dims;
      const ends = attention_mask.tolist().map((row, i) => i * length + row.lastIndexOf(1n));
      // Inputs as our graph has them, where an exporter's would look for the end tokens itself.
      const outputs = await model({
        input_ids: input_ids.to('int32'),
        pooled_rows: new Tensor('int32', ends, [texts.length]),
      });
      return outputs[OUTPUT].data;
    },
    close: () => model.dispose(),
  };
}
