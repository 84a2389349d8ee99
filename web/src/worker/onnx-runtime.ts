/** ONNX Runtime behind the few calls that encoders need, so that a test can put another in its place. */
import type * as Ort from 'onnxruntime-web';
import type { EncoderRuntime } from '../protocol/encoder-api.js';

export type Provider = EncoderRuntime['provider'];

/** An input or output of a model. `shape` holds numbers, and names of what varies. */
export interface ValueDescription {
  name: string;
  /** As ONNX Runtime names it: "int64", "float32"; "" for what is no tensor. */
  type: string;
  shape: readonly (number | string)[];
}

export interface Feed {
  type: 'int32' | 'int64';
  data: Int32Array;
  shape: readonly number[];
}

export interface OnnxSession {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  /** Rejects with whatever the runtime throws. */
  run(
    feeds: Readonly<Record<string, Feed>>,
    output: string,
  ): Promise<{ data: Float32Array<ArrayBuffer>; shape: number[] }>;
  release(): Promise<void>;
}

export interface SessionOptions {
  provider: Provider;
  device?: GPUDevice;
  /** External data by the location that the model gives. */
  files: readonly { path: string; data: Uint8Array | Blob }[];
  /** Whether casts of weights are done once, at creation: faster, and twice the memory. */
  foldsConstants: boolean;
}

export interface OnnxRuntime {
  readonly name: EncoderRuntime['name'];
  readonly bundle: EncoderRuntime['bundle'];
  readonly threads: number;
  /** What runs without a graphics adapter. */
  readonly processor: 'wasm' | 'cpu';
  /** Whether files of external data may be blobs, of which only the ranges needed are read. */
  readonly readsBlobs: boolean;
  /** Rejects with whatever the runtime throws. */
  create(model: Uint8Array, options: SessionOptions): Promise<OnnxSession>;
}

/** The part of ONNX Runtime's module that is used here; onnxruntime-node has the same. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** `ort` after its environment was set. */
export function onnxRuntime(ort: OrtModule, traits: Omit<OnnxRuntime, 'create'>): OnnxRuntime {
  return { ...traits, create: (model, options) => createSession(ort, model, options) };
}

async function createSession(
  ort: OrtModule,
  model: Uint8Array,
  { provider, device, files, foldsConstants }: SessionOptions,
): Promise<OnnxSession> {
  const options: Ort.InferenceSession.SessionOptions = {
    executionProviders: [provider === 'webgpu' ? gpuProvider(device) : provider],
    graphOptimizationLevel: 'all',
    // Errors come as exceptions; warnings on standard error help nobody who did not write the graph.
    logSeverityLevel: 3,
    externalData: files.map(({ path, data }) => ({ path, data })),
    ...(foldsConstants
      ? {}
      : { extra: { optimization: { disable_specified_optimizers: 'ConstantFolding' } } }),
  };
  const session = await ort.InferenceSession.create(model, options);
  return {
    inputs: session.inputMetadata.map(described),
    outputs: session.outputMetadata.map(described),
    async run(feeds, output) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, feed]) => [name, tensorOf(ort, feed)]),
      );
      const results = await session.run(tensors, [output]);
      const result = results[output];
      if (result === undefined) throw new Error(`there is no output ${output}`);
      const data = await result.getData();
      if (!(data instanceof Float32Array)) {
        throw new Error(`the output ${output} is ${result.type}, not float32`);
      }
      // The runtime's own memory is its to use again.
      const answer = { data: data.slice(), shape: [...result.dims] };
      result.dispose();
      return answer;
    },
    release: () => session.release(),
  };
}

// The options' types do not know `device` in this version; its documentation does.
function gpuProvider(device: GPUDevice | undefined): Ort.InferenceSession.ExecutionProviderConfig {
  return { name: 'webgpu', device } as Ort.InferenceSession.ExecutionProviderConfig;
}

function described(value: Ort.InferenceSession.ValueMetadata): ValueDescription {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: '', shape: [] };
}

function tensorOf(ort: OrtModule, { type, data, shape }: Feed): Ort.Tensor {
  return type === 'int32'
    ? new ort.Tensor('int32', data, shape)
    : new ort.Tensor('int64', BigInt64Array.from(data, BigInt), shape);
}
