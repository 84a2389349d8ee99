/** The engine of the built package over the similarity module: rows, neighbours, statistics. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../web/src/engine/client.js';
import type { Inspected, StoredTensor } from '../../web/src/protocol/checkpoint.js';
import type { Reply } from '../../web/src/protocol/core-api.js';
import type { SimilarityApi, SimilarityModule } from '../../web/src/protocol/similarity-api.js';
import { headerOf } from '../support/checkpoint.js';
import { folder, TOP } from './tagscope.js';

const lib = (path: string) => pathToFileURL(join(TOP, 'lib', path)).href;
const SD1 = join(TOP, 'tests/vectors/encoder/sd1_fp16.safetensors');
const SDXL = join(TOP, 'tests/vectors/encoder/sdxl_fp16.safetensors');
const EMBEDDING = 'cond_stage_model.transformer.text_model.embeddings.token_embedding.weight';

let engine: Engine;
let api: SimilarityApi;
let dir: string;

function ok<T>(reply: Reply<T>): T {
  if ('error' in reply) throw new Error(`${reply.error.where}: ${reply.error.what}`);
  return reply.ok;
}

async function failure(promise: Promise<unknown>) {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: Error & { failure: unknown }) => error.failure,
  );
}

/** IEEE 754 binary16 by its definition. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const magnitude =
    exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** The rows of an F16 tensor, in double. */
function rowsOf(file: string, { begin, shape }: StoredTensor): number[][] {
  const bytes = readFileSync(file);
  const [count = 0, width = 0] = shape;
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: width }, (_, j) => half(bytes.readUInt16LE(begin + 2 * (i * width + j)))),
  );
}

const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

function centred(rows: number[][], by = rows): number[][] {
  const mean = (by[0] ?? []).map(
    (_, j) => by.reduce((sum, row) => sum + (row[j] ?? 0), 0) / by.length,
  );
  return rows.map((row) => row.map((x, j) => x - (mean[j] ?? 0)));
}

beforeAll(async () => {
  dir = folder();
  const { createEngine } = (await import(lib('engine/node.js'))) as {
    createEngine: () => Promise<Engine>;
  };
  engine = await createEngine();
  const module = (await import(lib('worker/similarity-node.js'))) as SimilarityModule;
  api = ok(await module.openSimilarityHere(lib('core/')));
});
afterAll(() => engine.close());

describe('neighbours', () => {
  let inspected: Inspected;
  let rows: number[][];
  beforeAll(async () => {
    inspected = await engine.inspect({ path: SD1 });
    const tensor = inspected.encoders[0]?.weights.token_embedding;
    if (tensor === undefined) throw new Error('no encoder');
    expect(tensor.name).toBe(EMBEDDING);
    rows = rowsOf(SD1, tensor);
  });

  it.each([true, false])('of a token are those of the slow way; centred: %s', async (centre) => {
    const found = await engine.neighbours(
      { path: SD1 },
      { id: 17 },
      { centred: centre, count: 12 },
    );
    const vectors = centre ? centred(rows) : rows;
    const query = vectors[17] ?? [];
    const expected = vectors
      .map((row, id) => ({ id, cosine: cosine(row, query) }))
      .filter(({ id }) => id !== 17)
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, 12);
    expect(found.encoder).toMatchObject({ kind: 'clip-l', vocab: 512, width: 64 });
    expect(found.centred).toBe(centre);
    const [vector] = found.vectors;
    expect(vector?.of).toEqual({ id: 17 });
    expect(vector?.neighbours.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    vector?.neighbours.forEach((one, i) => {
      expect(one.cosine).toBeCloseTo(expected[i]?.cosine ?? 0, 5);
      // The vocabulary is not CLIP's.
      expect(one).not.toHaveProperty('piece');
    });
  });

  it('of each vector of a textual inversion, from a Blob too', async () => {
    const { header } = headerOf(new Map([['emb_params', { dtype: 'F32', shape: [2, 64] }]]));
    const values = Float32Array.from([...(rows[5] ?? []), ...(rows[300] ?? [])]);
    const taught = Buffer.concat([header, Buffer.from(values.buffer)]);
    const checkpoint = new Blob([readFileSync(SD1)]);
    const { vectors } = await engine.neighbours(
      checkpoint,
      { inversion: new Uint8Array(taught) },
      { count: 3 },
    );
    expect(vectors.map(({ of }) => of)).toEqual([{ vector: 0 }, { vector: 1 }]);
    expect(vectors.map(({ neighbours }) => neighbours[0]?.id)).toEqual([5, 300]);
    expect(vectors[0]?.neighbours[0]?.cosine).toBeCloseTo(1, 5);
    expect(vectors[0]?.neighbours).toHaveLength(3);
  });

  it('of the second encoder', async () => {
    const found = await engine.neighbours({ path: SDXL }, { id: 0 }, { encoder: 1, count: 1000 });
    expect(found.encoder).toMatchObject({ kind: 'openclip-bigg', width: 80 });
    expect(found.vectors[0]?.neighbours).toHaveLength(511);
  });

  it('refuses what is not there, and pickles', async () => {
    const of = { id: 512 };
    expect(await failure(engine.neighbours({ path: SD1 }, of))).toMatchObject({
      code: 'bad-argument',
      where: 'id',
    });
    expect(
      await failure(engine.neighbours({ path: SD1 }, { id: 1 }, { encoder: 1 })),
    ).toMatchObject({ code: 'bad-argument', where: 'encoder' });
    const path = join(dir, 'badhand.pt');
    writeFileSync(path, 'PK\u0003\u0004 and the rest of a zip');
    const pickled = engine.neighbours({ path: SD1 }, { inversion: { path } });
    expect(await failure(pickled)).toMatchObject({
      code: 'pickle-refused',
      where: `${path}, byte 0`,
    });
    const other = join(dir, 'other.safetensors');
    const { header } = headerOf(new Map([['emb_params', { dtype: 'U8', shape: [0, 32] }]]));
    writeFileSync(other, header);
    expect(
      await failure(engine.neighbours({ path: SD1 }, { inversion: { path: other } })),
    ).toMatchObject({ code: 'no-inversion', where: other });
  });
});

describe('rows', () => {
  it('hold a tensor of a file, block by block', async () => {
    const elements = 3 * 1024 * 1024 + 64;
    const { header } = headerOf(new Map([['t', { dtype: 'F32', shape: [elements / 64, 64] }]]));
    const values = Float32Array.from({ length: elements }, (_, i) => i);
    const source = new Blob([new Uint8Array(header), values]);
    const { list } = await engine.inspect(source, { list: true });
    const [tensor] = list ?? [];
    if (tensor === undefined) throw new Error('no tensor');
    const rows = ok(await api.loadRows(source, tensor));
    for (const i of [0, 16383, 16384, elements / 64 - 1]) {
      expect(ok(await api.row(rows, i))).toEqual(values.subarray(64 * i, 64 * i + 64));
    }
    ok(await api.closeRows(rows));
    const wrong = await api.loadRows(source, { ...tensor, dtype: 'I32' });
    expect(wrong).toMatchObject({ error: { code: 'unsupported-dtype' } });
  });

  it('refuse what does not fit them', async () => {
    const rows = ok(await api.openRows(3, 2));
    const vector = Float32Array.of(1, 0);
    const refused = (code: string) => ({ error: { code } });
    expect(await api.writeRows(rows, 2, new Float32Array(4))).toMatchObject(
      refused('bad-argument'),
    );
    expect(await api.writeRows(rows, -1, vector)).toMatchObject(refused('bad-argument'));
    expect(await api.writeRows(rows, 0, new Float32Array(3))).toMatchObject(
      refused('bad-argument'),
    );
    expect(await api.row(rows, 3)).toMatchObject(refused('bad-argument'));
    expect(await api.centre(rows, new Float32Array(3))).toMatchObject(refused('bad-argument'));
    expect(await api.score(rows, new Float32Array(3), 'dot')).toMatchObject(
      refused('bad-argument'),
    );
    expect(await api.nearest(rows, vector, 'dot', 0)).toMatchObject(refused('bad-argument'));
    expect(await api.openRows(0, 2)).toMatchObject(refused('bad-argument'));
    expect(await api.openRows(2 ** 31, 2 ** 31)).toMatchObject(refused('too-large'));
    expect(await api.openRows(2 ** 20, 1023)).toMatchObject(refused('too-large'));
    ok(await api.writeRows(rows, 1, Float32Array.of(0, 2, 3, 0)));
    expect(ok(await api.score(rows, vector, 'dot'))).toEqual(Float32Array.of(0, 0, 3));
    expect(ok(await api.score(rows, vector, 'cosine'))).toEqual(Float32Array.of(Number.NaN, 0, 1));
    expect(ok(await api.nearest(rows, vector, 'cosine', 9))).toEqual([
      { row: 2, score: 1 },
      { row: 1, score: 0 },
    ]);
    ok(await api.closeRows(rows));
    expect(await api.row(rows, 0)).toMatchObject(refused('bad-handle'));
  });
});

describe('the statistics', () => {
  it('draw the same for a seed', async () => {
    // As tests/similarity/null_test.cpp has them.
    expect(ok(await api.draw(1000, 5, 7))).toEqual(Uint32Array.of(210, 405, 674, 834, 903));
    expect(ok(await api.randomCodes(6, 0, 2, 7))).toEqual(['vebdme', 'ysqqka']);
    expect(ok(await api.randomCodes(6, 1, 1, 7))).toEqual(['ysqqka']);
    expect(await api.draw(5, 6, 7)).toMatchObject({ error: { code: 'bad-argument' } });
    expect(await api.randomCodes(65, 0, 1, 7)).toMatchObject({ error: { code: 'bad-argument' } });
  });

  it('count and adjust', async () => {
    expect(ok(await api.nullSize(3530, 4, 0.001))).toBe(3530);
    expect(await api.nullSize(1, 1, 0)).toMatchObject({ error: { code: 'bad-argument' } });
    const drawn = Float32Array.of(0.1, 0.5, 0.9);
    expect(ok(await api.empiricalP(Float32Array.of(0.5, 1), drawn))).toEqual([3 / 4, 1 / 4]);
    expect(ok(await api.adjustedP([0.04, 0.01], 'positive'))).toEqual([0.04, 0.02]);
    expect(ok(await api.adjustedP([0.04, 0.01], 'any'))).toEqual([0.06, 0.03]);
  });
});
