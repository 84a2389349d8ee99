import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { DataType, type ValueInfo, writeModel } from '../../models/onnx.js';
import { EncoderHouse } from '../../web/src/engine/encoder.js';
import type { TextTokens } from '../../web/src/engine/tokens-holder.js';
import type { ModelStoreApi } from '../../web/src/protocol/model-api.js';
import type { SweepStoreApi } from '../../web/src/protocol/sweep.js';
import { nodeRuntime } from '../../web/src/worker/encoder-node.js';
import { Encoders } from '../../web/src/worker/encoders.js';
import { openReader } from '../../web/src/worker/file-reader.js';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'tagscope-onnx-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const house = new EncoderHouse(
  {
    open: async () => ({
      models: {} as ModelStoreApi,
      sweeps: {} as SweepStoreApi,
      encoders: new Encoders({
        runtime: nodeRuntime,
        openGpu: null,
        openReader,
        builtin: () => Promise.reject(new Error('not in these tests')),
        stored: () => Promise.reject(new Error('not in these tests')),
        encodersIn: () => Promise.reject(new Error('not in these tests')),
      }),
      broken: new Promise(() => undefined),
      close: () => undefined,
    }),
    transferred: (batch) => batch,
  },
  {} as TextTokens,
);

const WIDTH = 4;
const VOCAB = 50_000;
const LENGTH = 6;
/** TensorProto.DataType.BOOL, which no graph of ours has. */
const BOOL = 9 as DataType;

/** Row i is [i, i, i, i]. */
const TABLE = {
  name: 'table',
  type: DataType.float,
  shape: [VOCAB, WIDTH],
  data: new Uint8Array(
    Float32Array.from({ length: VOCAB * WIDTH }, (_, i) => Math.floor(i / WIDTH)).buffer,
  ),
};

/** Embeds ids as [id, id, id, id] and averages over positions. */
function model(inputs: readonly ValueInfo[]): string {
  const path = join(folder, `${inputs.map(({ name, type }) => name + type).join('-')}.onnx`);
  const states = ['batch', LENGTH, WIDTH];
  const bytes = writeModel({
    name: 'test',
    inputs,
    outputs: [
      { name: 'states', type: DataType.float, shape: states },
      { name: 'text_embeds', type: DataType.float, shape: ['batch', WIDTH] },
    ],
    nodes: [
      {
        op: 'Gather',
        inputs: ['table', inputs[0]?.name ?? ''],
        outputs: ['states'],
        attributes: { axis: 0 },
      },
      {
        op: 'ReduceMean',
        inputs: ['states'],
        outputs: ['text_embeds'],
        attributes: { axes: [1], keepdims: 0 },
      },
    ],
    initializers: [TABLE],
  });
  writeFileSync(path, bytes);
  return path;
}

const ids = (name: string, type: DataType = DataType.int64): ValueInfo => ({
  name,
  type,
  shape: ['batch', LENGTH],
});

describe('an .onnx file', () => {
  it.each([
    ['int64 ids', [ids('input_ids')]],
    ['int32 ids under another name', [ids('tokens', DataType.int32)]],
    ['a mask beside them', [ids('input_ids'), ids('attention_mask')]],
  ])('is an encoder by its inputs: %s', async (_, inputs) => {
    const path = model(inputs);
    const encoder = await house.open({ path });
    expect(encoder.info).toMatchObject({
      format: 'onnx',
      output: 'text_embeds',
      outputs: ['states', 'text_embeds'],
      context: LENGTH,
      width: WIDTH,
      pooled: true,
      causal: false,
    });
    // Nothing is cut: what the graph does with padding is its own business.
    const { data, shape } = await encoder.encode([[6, 0, 0, 0, 0, 0]]);
    expect(shape).toEqual([1, WIDTH]);
    expect(Array.from(data)).toEqual([1, 1, 1, 1]);
    await encoder.close();
    const states = await house.open({ path }, { output: 'states' });
    expect((await states.encode([[6, 5, 4, 3, 2, 1]])).shape).toEqual([1, LENGTH, WIDTH]);
    await states.close();
  });

  it('tells how wide its output is by a run where its graph leaves that open', async () => {
    const path = join(folder, 'open-width.onnx');
    writeFileSync(
      path,
      writeModel({
        name: 'test',
        inputs: [ids('input_ids')],
        outputs: [{ name: 'text_embeds', type: DataType.float, shape: ['batch', 'width'] }],
        nodes: [
          {
            op: 'Gather',
            inputs: ['table', 'input_ids'],
            outputs: ['states'],
            attributes: { axis: 0 },
          },
          {
            op: 'ReduceMean',
            inputs: ['states'],
            outputs: ['mean'],
            attributes: { axes: [1], keepdims: 0 },
          },
          // How many columns are taken is known when it runs.
          {
            op: 'Compress',
            inputs: ['mean', 'taken'],
            outputs: ['text_embeds'],
            attributes: { axis: 1 },
          },
        ],
        initializers: [
          TABLE,
          { name: 'taken', type: BOOL, shape: [WIDTH], data: Uint8Array.of(1, 0, 1, 1) },
        ],
      }),
    );
    const encoder = await house.open({ path });
    expect(encoder.info.width).toBe(3);
    const { data, shape } = await encoder.encode([[6, 0, 0, 0, 0, 0]]);
    expect(shape).toEqual([1, 3]);
    expect(Array.from(data)).toEqual([1, 1, 1]);
    await encoder.close();
  });

  it('is refused where it is none', async () => {
    const cut = join(folder, 'cut.onnx');
    writeFileSync(cut, Uint8Array.of(8, 8, 18, 255, 255));
    await expect(house.open({ path: cut })).rejects.toMatchObject({ code: 'bad-encoder' });
    const float = model([ids('input_ids'), { name: 'x', type: DataType.float, shape: [1] }]);
    await expect(house.open({ path: float })).rejects.toThrow(/input "x"/);
    const two = model([ids('first'), ids('second')]);
    await expect(house.open({ path: two })).rejects.toThrow(/which of them takes token ids/);
    const plain = model([ids('input_ids')]);
    await expect(house.open({ path: plain }, { output: 'none' })).rejects.toMatchObject({
      failure: { where: 'output' },
    });
    await expect(house.open({ path: plain }, { heads: 4 })).rejects.toThrow(/^heads: is for/);
  });
});
