/** Text encoders in Node: onnxruntime-node where it is installed, else onnxruntime-web's WebAssembly. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-web';
import type { Reply } from '../protocol/core-api.js';
import type { EncoderPlaces, EncoderServices } from '../protocol/encoder-api.js';
import { encoderServices } from './encoder-services.js';
import { openReader } from './file-reader.js';
import { type OnnxRuntime, type OrtModule, onnxRuntime } from './onnx-runtime.js';
import { cacheFolder, nodeFolder } from './store-node.js';

/** Past this many the memory sets the pace. */
const MAX_THREADS = 8;

export async function openEncodersHere({
  assets,
  mirror,
}: EncoderPlaces): Promise<Reply<EncoderServices>> {
  const addressOf = (file: string) => new URL(file, assets);
  return {
    ok: encoderServices({
      addressOf: (file) => addressOf(file).href,
      load: (file) => readFile(addressOf(file)),
      openReader,
      // Encoders lie in the folder itself.
      folder: (of) => nodeFolder(of === 'encoders' ? cacheFolder() : join(cacheFolder(), of)),
      mirror,
      runtime: nodeRuntime,
      openGpu: null,
    }),
  };
}

/** Rejects where neither can be loaded. */
export async function nodeRuntime(): Promise<OnnxRuntime> {
  const threads = Math.max(1, Math.min(availableParallelism(), MAX_THREADS));
  const native = await installed('onnxruntime-node');
  if (native !== undefined) {
    return onnxRuntime(native, {
      name: 'onnxruntime-node',
      bundle: 'native',
      threads,
      processor: 'cpu',
      readsBlobs: false,
    });
  }
  const ort: typeof Ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  return onnxRuntime(ort, {
    name: 'onnxruntime-web',
    bundle: 'wasm',
    threads,
    processor: 'wasm',
    readsBlobs: false,
  });
}

async function installed(name: string): Promise<OrtModule | undefined> {
  try {
    return (await import(/* @vite-ignore */ name)) as OrtModule;
  } catch {
    return undefined;
  }
}
