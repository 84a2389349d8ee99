import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { EncoderHouse } from '../../web/src/engine/encoder.js';
import type { TextTokens } from '../../web/src/engine/tokens-holder.js';
import type { CheckpointEncoder } from '../../web/src/protocol/checkpoint.js';
import type { EncoderOptions } from '../../web/src/protocol/encoder-api.js';
import type { ModelStoreApi } from '../../web/src/protocol/model-api.js';
import type { SweepStoreApi } from '../../web/src/protocol/sweep.js';
import { BlobReader, Unreadable } from '../../web/src/worker/byte-reader.js';
import { Encoders } from '../../web/src/worker/encoders.js';
import type { Gpu } from '../../web/src/worker/gpu.js';
import type {
  Feed,
  OnnxRuntime,
  OnnxSession,
  SessionOptions,
} from '../../web/src/worker/onnx-runtime.js';
import { goldenCases } from '../support/encoder-goldens.js';
import { encodersIn } from '../support/encoders-in.js';

const [golden] = goldenCases();
if (golden === undefined) throw new Error('there are no goldens');
const checkpoint = new Blob([readFileSync(golden.path)]);
const [found] = await encodersIn(checkpoint);
if (found === undefined) throw new Error('there is no encoder');
const encoder: CheckpointEncoder = found;
const HEADS = { heads: 4, activation: 'quick_gelu', output: 'pooled' } as const;

/** What a fake runtime and its device do. */
interface World {
  created: SessionOptions[];
  released: number;
  runs: { provider: string; feeds: Record<string, Feed> }[];
  /** What the device adds to every number. */
  wrong: number;
  /** The device is lost in the run of this number, counted over all devices. */
  lostIn: number[];
  gpuRuns: number;
  devices: number;
  adapter: boolean;
  maxTensorBytes: number;
  refuses: string[];
}

function world(changes: Partial<World> = {}): World {
  return {
    created: [],
    released: 0,
    runs: [],
    wrong: 0,
    lostIn: [],
    gpuRuns: 0,
    devices: 0,
    adapter: true,
    maxTensorBytes: 2 ** 30,
    refuses: [],
    ...changes,
  };
}

function house(w: World): EncoderHouse {
  let lost = false;
  const openGpu = async (): Promise<Gpu | null> => {
    if (!w.adapter) return null;
    w.devices += 1;
    lost = false;
    return {
      device: {} as Gpu['device'],
      adapter: 'a fake adapter',
      maxTensorBytes: w.maxTensorBytes,
      isLost: () => lost,
    };
  };
  const runtime: OnnxRuntime = {
    name: 'onnxruntime-web',
    bundle: 'jspi',
    threads: 1,
    processor: 'wasm',
    readsBlobs: true,
    async create(_, options): Promise<OnnxSession> {
      const { provider } = options;
      if (w.refuses.includes(provider)) throw new Error(`no ${provider} today`);
      w.created.push(options);
      return {
        inputs: [],
        outputs: [],
        // Every text's row is its first id, so that order and padding can be seen.
        async run(feeds) {
          w.runs.push({ provider, feeds });
          if (provider === 'webgpu' && w.lostIn.includes(++w.gpuRuns)) {
            lost = true;
            throw new Error('the device is lost');
          }
          const ids = feeds['input_ids'];
          const [size = 0, length = 0] = ids?.shape ?? [];
          const data = Float32Array.from(
            { length: size * 64 },
            (_, i) =>
              (ids?.data[Math.floor(i / 64) * length] ?? 0) + (provider === 'webgpu' ? w.wrong : 0),
          );
          return { data, shape: [size, 64] };
        },
        async release() {
          w.released += 1;
        },
      };
    },
  };
  return new EncoderHouse(
    {
      open: async () => ({
        models: {} as ModelStoreApi,
        sweeps: {} as SweepStoreApi,
        encoders: new Encoders({
          runtime: async () => runtime,
          openGpu,
          openReader: async (source) => {
            if (source instanceof Blob) return new BlobReader(source);
            throw new Unreadable('not-readable', 'is a path');
          },
          builtin: () => Promise.reject(new Error('not in these tests')),
          stored: () => Promise.reject(new Error('not in these tests')),
          encodersIn: async () => ({ ok: [encoder] }),
        }),
        broken: new Promise(() => undefined),
        close: () => undefined,
      }),
      transferred: (batch) => batch,
    },
    {} as TextTokens,
  );
}

const open = (w: World, options: EncoderOptions = {}) =>
  house(w).open(checkpoint, { ...HEADS, ...options });
const ids = [
  [9, 511],
  [7, 1, 2, 3, 511],
  [8, 1, 511],
];
const firsts = ({ data }: { data: Float32Array }) => [data[0], data[64], data[128]];

describe('WebGPU', () => {
  it('is used where it gives the processor’s numbers', async () => {
    const w = world({ wrong: 1e-6 });
    const opened = await open(w);
    expect(opened.info.runtime).toMatchObject({
      provider: 'webgpu',
      adapter: 'a fake adapter',
      note: null,
    });
    // The processor's session was for the test alone, at full length.
    expect(w.created.map(({ provider }) => provider)).toEqual(['webgpu', 'wasm']);
    expect(w.released).toBe(1);
    for (const { feeds } of w.runs) expect(feeds['input_ids']?.shape).toEqual([1, 77]);
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8].map((id) => Math.fround(id + 1e-6)));
    // Every shape is compiled: lengths by four, sizes by powers of two.
    for (const { feeds } of w.runs.slice(2)) {
      const [size = 0, length = 0] = feeds['input_ids']?.shape ?? [];
      expect(length % 4).toBe(0);
      expect(Math.log2(size) % 1).toBe(0);
    }
    await opened.close();
    expect(w.released).toBe(2);
  });

  it.each<[string, Partial<World>, RegExp]>([
    ['has no adapter', { adapter: false }, /^WebGPU has no adapter: the processor is used$/],
    [
      'gives other numbers',
      { wrong: 0.5 },
      /^a fake adapter gives other numbers than the processor \(by/,
    ],
    ['gives no numbers', { wrong: Number.NaN }, /gives other numbers/],
    [
      'cannot hold a tensor',
      { maxTensorBytes: 1000 },
      /token_embedding\.weight needs 1 MiB at once; a fake/,
    ],
    ['refuses the graph', { refuses: ['webgpu'] }, /^WebGPU failed \(no webgpu today\)/],
    ['is lost in the test', { lostIn: [1] }, /^WebGPU failed \(the device is lost\)/],
  ])('is left where it %s', async (_, changes, note) => {
    const w = world(changes);
    const opened = await open(w);
    expect(opened.info.runtime).toMatchObject({ provider: 'wasm', adapter: null });
    expect(opened.info.runtime.note).toMatch(note);
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8]);
    await opened.close();
    expect(w.released).toBe(w.created.length);
  });

  it('leaves no session where opening is given up', async () => {
    const w = world();
    const stop = new AbortController();
    const opening = house(w).open(checkpoint, {
      ...HEADS,
      signal: stop.signal,
      onProgress: ({ stage }) => {
        if (stage === 'self-test') stop.abort();
      },
    });
    await expect(opening).rejects.toThrow(/abort/i);
    await vi.waitUntil(() => w.released === w.created.length);
    expect(w.created.length).toBeGreaterThan(0);
  });

  it('is an error where it was asked for', async () => {
    await expect(open(world({ adapter: false }), { provider: 'webgpu' })).rejects.toMatchObject({
      code: 'no-webgpu',
    });
    await expect(open(world({ wrong: 1 }), { provider: 'webgpu' })).rejects.toMatchObject({
      code: 'no-webgpu',
    });
  });

  it('is not touched where the processor was asked for', async () => {
    const w = world();
    const opened = await open(w, { provider: 'wasm' });
    expect(opened.info.runtime).toMatchObject({ provider: 'wasm', note: null });
    expect(w.devices).toBe(0);
    // Without shaders every length will do.
    await opened.encode([[5, 511]]);
    expect(w.runs[0]?.feeds['input_ids']?.shape).toEqual([1, 2]);
  });
});

describe('a lost device', () => {
  it('is replaced, and the batch runs again', async () => {
    // The first run is the test's.
    const w = world({ lostIn: [2] });
    const opened = await open(w);
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8]);
    expect(w.devices).toBe(2);
    expect(opened.info.runtime).toMatchObject({
      provider: 'webgpu',
      note: 'WebGPU’s device was lost and replaced',
    });
  });

  it('is given up when it is lost again and again', async () => {
    const w = world({ lostIn: [2, 3, 4, 5] });
    const opened = await open(w);
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8]);
    expect(opened.info.runtime.provider).toBe('wasm');
    expect(opened.info.runtime.note).toMatch(/^WebGPU’s device was lost 4 times/);
  });

  it('is survived where there is no other', async () => {
    const w = world({ lostIn: [2] });
    const opened = await open(w);
    w.adapter = false;
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8]);
    expect(opened.info.runtime.provider).toBe('wasm');
  });
});

describe('opening and encoding', () => {
  it('are given up by a signal', async () => {
    const w = world();
    const stop = new AbortController();
    const opening = house(w).open(checkpoint, {
      ...HEADS,
      signal: stop.signal,
      onProgress: ({ stage }) => stage === 'session' && stop.abort('enough'),
    });
    await expect(opening).rejects.toBe('enough');
    const opened = await open(world());
    const later = new AbortController();
    const encoding = opened.encode(
      Array.from({ length: 200 }, (_, i) => Array.from({ length: 40 }, () => i)),
      { signal: later.signal, onProgress: ({ texts }) => texts > 0 && later.abort('enough') },
    );
    await expect(encoding).rejects.toBe('enough');
    // It goes on to serve.
    expect(firsts(await opened.encode(ids))).toEqual([9, 7, 8]);
  });

  it('tell how far they are', async () => {
    const seen: number[] = [];
    const opened = await open(world());
    await opened.encode(ids, { onProgress: ({ texts }) => seen.push(texts) });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(3);
    expect(opened.info.weight_bytes).toBeGreaterThan(100_000);
  });

  it('refuse ids that are none, and what comes after closing', async () => {
    const opened = await open(world());
    for (const wrong of [[[512]], [[-1]], [[1.5]], [[]], [Array.from({ length: 78 }, () => 1)]]) {
      await expect(opened.encode(wrong)).rejects.toMatchObject({ code: 'bad-ids' });
    }
    await opened.close();
    await expect(opened.encode(ids)).rejects.toMatchObject({ code: 'closed' });
  });

  it('say why a file is refused', async () => {
    const cases: [Blob, EncoderOptions, string][] = [
      [new Blob(['nothing']), {}, 'bad-encoder'],
      [new Blob([]), {}, 'bad-encoder'],
      [checkpoint, { encoder: 1 }, 'no-encoder'],
      [checkpoint, { heads: 3 }, 'bad-argument'],
      [checkpoint, { output: 'projected' }, 'bad-argument'],
    ];
    for (const [blob, options, code] of cases) {
      await expect(house(world()).open(blob, { ...HEADS, ...options })).rejects.toMatchObject({
        code,
      });
    }
  });

  it('see that a file was cut', async () => {
    const cut = new Blob([checkpoint.slice(0, checkpoint.size - 500_000)]);
    await expect(house(world()).open(cut, HEADS)).rejects.toMatchObject({ code: 'file-changed' });
  });
});
