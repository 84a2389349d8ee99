// Text encoders on the processor: the same threads, the same weights. Peers that take prompts
// (transformers.js) pad a batch to the whole context or to its longest prompt, and run it in
// one. ONNX Runtime itself, the same release of it as ours, is given tokens padded so, and does
// nothing else.
import { buildTextEncoder } from '../../../lib/models/text-encoder.js';
import { seededCheckpoint } from '../checkpoint.mjs';
import { seeded } from '../inputs.mjs';
import { packageVersion, peerName } from '../room.mjs';

const CONTEXT = 77;
const END = 49407;
const PROMPTS = 24;
/** CLIP-L, and for encoding its first blocks: a row shall take seconds, not minutes. */
const LAYERS = 12;
const ENCODED_LAYERS = 3;
const TRAITS = { heads: 12, activation: 'quick_gelu' };
const OUTPUT = 'pooled';
const SHORT_TEXTS = 1000;
/** One token each. */
const WORDS = 'red maple quick river stone happy engine violin small justice'.split(' ');

/** Prompts of 2 to 20 tokens between start and end, all lengths as often. */
function drawPrompts() {
  const random = seeded(3);
  return Array.from({ length: PROMPTS }, (_, i) => {
    const body = Array.from({ length: 2 + (i % 19) }, () => Math.floor(49_000 * random()));
    return [49406, ...body, END];
  });
}

/** Texts of as many tokens. */
function drawTexts() {
  const random = seeded(4);
  const word = () => WORDS[Math.floor(WORDS.length * random())];
  return Array.from({ length: PROMPTS }, (_, i) =>
    Array.from({ length: 2 + (i % 19) }, word).join(' '),
  );
}

const near = (ours, peer) =>
  ours.length === peer.length && ours.every((value, i) => Math.abs(value - peer[i]) < 1e-3);

/** A session of ONNX Runtime on a graph whose weights are handed over as they are stored. */
async function sessionOf(ort, blob, weights, converts) {
  const { model, parts } = buildTextEncoder(weights, TRAITS, {
    outputs: [OUTPUT],
    placement: 'parts',
    converted: new Set(),
    gathersStored: converts,
  });
  const externalData = await Promise.all(
    parts.map(async ({ location, begin, end }) => ({
      path: location,
      data: new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
    })),
  );
  return ort.InferenceSession.create(model, { executionProviders: ['wasm'], externalData });
}

async function ran(ort, session, prompts, length) {
  const ids = new Int32Array(prompts.length * length).fill(END);
  prompts.forEach((prompt, i) => {
    ids.set(prompt, i * length);
  });
  const rows = Int32Array.from(prompts, (prompt, i) => i * length + prompt.length - 1);
  const results = await session.run({
    input_ids: new ort.Tensor('int32', ids, [prompts.length, length]),
    pooled_rows: new ort.Tensor('int32', rows, [prompts.length]),
  });
  return results[OUTPUT].data;
}

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const folder = place.url('node_modules/onnxruntime-web/dist/');
  const file = place.where === 'node' ? 'ort.node.min.mjs' : 'ort.wasm.min.mjs';
  const ort = await import(/* @vite-ignore */ `${folder}${file}`);
  const runtime = `onnxruntime-web ${await packageVersion(place, 'onnxruntime-web')}`;
  const engine = await place.createEngine({ runtime: folder });

  const small = seededCheckpoint(ENCODED_LAYERS);
  const encoder = await engine.openEncoder(small.blob, { output: OUTPUT, provider: 'wasm' });
  ort.env.wasm.wasmPaths ??= folder;
  ort.env.wasm.numThreads = encoder.info.runtime.threads;
  const session = await sessionOf(ort, small.blob, small.weights, false);
  const prompts = drawPrompts();
  const longest = Math.max(...prompts.map(({ length }) => length));
  for (const [what, length, floor] of [
    ['padded to 77', CONTEXT, 3],
    ['padded to the longest', longest, 1],
  ]) {
    yield {
      what: `${PROMPTS} prompts of 2–20 tokens, ${what}`,
      ours: async () => (await encoder.encode(prompts)).data,
      peer: () => ran(ort, session, prompts, length),
      agree: near,
      peer_name: runtime,
      unit: 'texts/s',
      amount: PROMPTS,
      floor,
      goal: null,
    };
  }
  await encoder.close();
  await session.release();

  const { blob, weights } = seededCheckpoint(LAYERS);
  yield {
    what: 'open CLIP-L, float16',
    ours: async () => {
      const opened = await engine.openEncoder(blob, { output: OUTPUT, provider: 'wasm' });
      await opened.close();
    },
    peer: async () => (await sessionOf(ort, blob, weights, false)).release(),
    agree: () => true,
    peer_name: `${runtime}, the same graph and weights`,
    unit: 's',
    // Within 1.5 times the runtime's own loading.
    floor: 0.67,
    goal: 1,
  };

  yield* builtinMeasurements(place, ort, engine, runtime);
  // In Node transformers.js runs onnxruntime-node: native code, no WebAssembly.
  if (place.where === 'chromium') yield* transformersMeasurements(place, engine);
  engine.close();
}

/** The built-in encoder, from the bytes of its file: texts of two words, and opening it. */
async function* builtinMeasurements(place, ort, engine, runtime) {
  const file = new Blob([await place.load('models/builtin/encoder.onnx')]);
  const open = () => engine.openEncoder({ model: 'builtin' }, { provider: 'wasm' });
  const start = async () =>
    ort.InferenceSession.create(new Uint8Array(await file.arrayBuffer()), {
      executionProviders: ['wasm'],
    });
  const encoder = await open();
  const session = await start();
  const texts = Array.from(
    { length: SHORT_TEXTS },
    (_, i) => `${WORDS[i % 10]} ${WORDS[(i * 7) % 9]}`,
  );
  const { ids, offsets } = await engine.tokenizeMany(texts);
  const rows = texts.map((_, i) => [49406, ...ids.subarray(offsets[i], offsets[i + 1]), END]);
  const longest = Math.max(...rows.map(({ length }) => length));
  yield {
    what: `built-in encoder, ${SHORT_TEXTS} texts of two words`,
    ours: async () => (await encoder.encode(texts)).data,
    peer: async () => {
      const padded = new BigInt64Array(rows.length * longest).fill(BigInt(END));
      rows.forEach((row, i) => {
        padded.set(row.map(BigInt), i * longest);
      });
      const input = new ort.Tensor('int64', padded, [rows.length, longest]);
      return (await session.run({ input_ids: input })).embedding.data;
    },
    agree: near,
    peer_name: `${runtime}, in one batch, tokens given`,
    unit: 'texts/s',
    amount: SHORT_TEXTS,
    floor: null,
    goal: null,
  };
  await encoder.close();
  await session.release();
  yield {
    what: 'open the built-in encoder',
    ours: async () => (await open()).close(),
    peer: async () => (await start()).release(),
    agree: () => true,
    peer_name: `${runtime}, the same file`,
    unit: 's',
    floor: null,
    goal: null,
  };
}

/** Prompts as text, against transformers.js itself. */
async function* transformersMeasurements(place, engine) {
  const { openWithTransformers } = await import('../transformers-js.mjs');
  const checkpoint = seededCheckpoint(ENCODED_LAYERS);
  const encoder = await engine.openEncoder(checkpoint.blob, { output: OUTPUT, provider: 'wasm' });
  const { threads } = encoder.info.runtime;
  const peer = await openWithTransformers(place, engine, checkpoint, TRAITS, threads);
  const texts = drawTexts();
  for (const [what, padding, floor] of [
    ['padded to 77', 'max_length', 3],
    ['padded to the longest', true, 1],
  ]) {
    yield {
      what: `${PROMPTS} prompts as text, ${what}`,
      ours: async () => (await encoder.encode(texts)).data,
      peer: () => peer.encode(texts, padding),
      agree: near,
      peer_name: await peerName(place, '@huggingface/transformers'),
      unit: 'texts/s',
      amount: PROMPTS,
      floor,
      goal: null,
    };
  }
  await encoder.close();
  await peer.close();
}
