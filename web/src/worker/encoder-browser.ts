/** The module Worker's entry: text encoders and the store of public ones behind Comlink. */
import * as Comlink from 'comlink';
import type * as Ort from 'onnxruntime-web';
import type { EncoderRuntime, EncoderWorkerEntry } from '../protocol/encoder-api.js';
import { BlobReader, Unreadable } from './byte-reader.js';
import { encoderServices } from './encoder-services.js';
import { assetAddress, fetched } from './fetched.js';
import { openGpu } from './gpu.js';
import { type OnnxRuntime, onnxRuntime } from './onnx-runtime.js';
import { browserFolder } from './store-browser.js';

type Bundle = Exclude<EncoderRuntime['bundle'], 'native'>;

/** Past this many the memory sets the pace. */
const MAX_THREADS = 8;

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

// Where the page's policy binds this Worker too, ONNX Runtime's threads need leave: for scripts
// of this origin, and nothing else.
(globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    if (new URL(address, location.href).origin === location.origin) return address;
    throw new TypeError(`a script of another origin is refused: ${address}`);
  },
});

const entry: EncoderWorkerEntry = {
  async open({ assets, runtime, mirror }) {
    const services = encoderServices({
      addressOf: (file) => assetAddress(assets, file).href,
      load: (file) => fetched(assetAddress(assets, file)),
      openReader: async (source) => {
        if (source instanceof Blob) return new BlobReader(source);
        throw new Unreadable('not-readable', 'is a path, which a page cannot open');
      },
      folder: browserFolder,
      mirror,
      runtime: () => loadRuntime(runtime),
      openGpu,
    });
    Object.assign(entry, services);
    return { ok: null };
  },
};

// JSPI's build is the smaller of those with WebGPU; without an adapter neither is worth its size.
async function bundleOf(): Promise<Bundle> {
  if ('Suspending' in WebAssembly) return 'jspi';
  return (await navigator.gpu?.requestAdapter().catch(() => null)) ? 'webgpu' : 'wasm';
}

async function loadRuntime(folder: string): Promise<OnnxRuntime> {
  const bundle = await bundleOf();
  const address = new URL(`ort.${bundle}.min.mjs`, folder).href;
  const ort = (await import(/* @vite-ignore */ address)) as typeof Ort;
  // Threads share memory, which browsers allow only to isolated pages.
  const threads = self.crossOriginIsolated
    ? Math.max(1, Math.min(navigator.hardwareConcurrency, MAX_THREADS))
    : 1;
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = threads;
  return onnxRuntime(ort, {
    name: 'onnxruntime-web',
    bundle,
    threads,
    processor: 'wasm',
    readsBlobs: bundle === 'jspi',
  });
}

Comlink.expose(entry);
