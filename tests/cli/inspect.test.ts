import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckpointEncoder, Inspected } from '../../web/src/protocol/checkpoint.js';
import { headerOf, sdxlTensors, writeSparse } from '../support/checkpoint.js';
import { complaint, folder, json, output, TOP } from './tagscope.js';

/** A hundred megabytes take seconds, minutes where the machine has much else to do. */
const LARGE_MS = 300_000;

const GOLDEN = 'tests/vectors/encoder';
const ATTACKS = 'tests/attacks/safetensors';

type Brief = Omit<Inspected, 'encoders'> & { encoders: Omit<CheckpointEncoder, 'weights'>[] };

const inspect = async (...args: string[]) => (await json(['inspect', ...args])) as Brief;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let dir: string;
beforeAll(() => {
  dir = folder();
});

describe('inspect', () => {
  interface Golden {
    models: Record<string, { hidden_size: number; num_hidden_layers: number; vocab_size: number }>;
    files: Record<
      string,
      { layout: string; dtype: string; bytes: number; tensors: number; text_models: string[] }
    >;
  }
  const golden = JSON.parse(readFileSync(join(TOP, GOLDEN, 'index.json'), 'utf8')) as Golden;

  it.each(Object.entries(golden.files))('recognises %s', async (file, listed) => {
    const found = await inspect(join(GOLDEN, file), '--hashes');
    const bytes = readFileSync(join(TOP, GOLDEN, file));
    const content = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
    expect(found).toMatchObject({
      size: listed.bytes,
      tensors: listed.tensors,
      layout: listed.layout.startsWith('hf_') ? 'transformers' : listed.layout,
      metadata: { format: 'pt' },
      autov1: null,
      autov2: sha256(bytes).slice(0, 10),
      autov3: sha256(content).slice(0, 12),
    });
    expect(found.encoders).toEqual(
      listed.text_models.map((model) =>
        expect.objectContaining({
          dtype: listed.dtype,
          width: golden.models[model]?.hidden_size,
          layers: golden.models[model]?.num_hidden_layers,
          vocab: golden.models[model]?.vocab_size,
        }),
      ),
    );
  });

  it('names every field that is promised, and no tensors unless asked', async () => {
    const found = await inspect(join(GOLDEN, 'sdxl_fp16.safetensors'));
    expect(found).not.toHaveProperty('list');
    expect(found).toMatchObject({ autov1: null, autov2: null, autov3: null });
    expect(found.encoders).toEqual([
      {
        kind: 'clip-l',
        layout: 'sdxl',
        prefix: 'conditioner.embedders.0.transformer.text_model.',
        layers: 3,
        width: 64,
        heads: 1,
        inner: 256,
        vocab: 512,
        context: 77,
        dtype: 'F16',
        activation: 'quick_gelu',
        projection: null,
        conditioning: 'penultimate',
        unreadable: null,
      },
      expect.objectContaining({ kind: 'openclip-bigg', heads: null, activation: 'gelu' }),
    ]);
  });

  it('lists tensors with their place in the file', async () => {
    const path = join(GOLDEN, 'sd1_fp16.safetensors');
    const found = (await json(['inspect', path, '--tensors'])) as Inspected;
    expect(found.list).toHaveLength(62);
    const { token_embedding, blocks } = found.encoders[0]?.weights ?? {};
    expect(blocks).toHaveLength(3);
    expect(found.list).toContainEqual(token_embedding);
    expect(token_embedding).toMatchObject({ dtype: 'F16', shape: [512, 64] });
    expect((token_embedding?.end ?? 0) - (token_embedding?.begin ?? 0)).toBe(512 * 64 * 2);
    expect(found.list?.at(-1)?.end).toBe(found.size);
  });

  // Judged by the reference validator; see tests/attacks/safetensors/index.json.
  const { cases } = JSON.parse(readFileSync(join(TOP, ATTACKS, 'index.json'), 'utf8')) as {
    cases: { file: string; judge: string; tensors: number }[];
  };
  it.each(cases)('judges $file: $judge', async ({ file, judge, tensors }) => {
    const path = join(ATTACKS, file);
    if (judge === 'accept') {
      expect(await inspect(path)).toMatchObject({ encoders: [], layout: null, tensors });
    } else {
      expect(await complaint(['inspect', path])).toMatch(
        new RegExp(`^${path}, (tensor "[ab]"|byte [\\d,]+)`),
      );
    }
  });

  it('judges every file of the corpus', () => {
    const files = readdirSync(join(TOP, ATTACKS)).filter((name) => name !== 'index.json');
    expect(cases.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  it('reads seven gigabytes of SDXL by their header', async () => {
    const path = join(dir, 'sdxl.safetensors');
    const size = writeSparse(path, sdxlTensors(), { 'modelspec.title': 'A title' });
    expect(size).toBeGreaterThan(6.9e9);
    expect(statSync(path).blocks * 512).toBeLessThan(10e6);
    const found = await inspect(path);
    expect(found).toMatchObject({
      size,
      layout: 'sdxl',
      metadata: { 'modelspec.title': 'A title' },
      // SHA-256 of 64 KiB of zeros.
      autov1: sha256(new Uint8Array(0x10000)).slice(0, 8),
      autov2: null,
      autov3: null,
    });
    expect(found.encoders).toEqual([
      expect.objectContaining({ kind: 'clip-l', layers: 12, width: 768, heads: 12 }),
      expect.objectContaining({ kind: 'openclip-bigg', layers: 32, width: 1280, heads: 20 }),
    ]);
  });

  it(
    'reads the largest header that there may be',
    async () => {
      const entry = (i: number) =>
        `"${i.toString(36).padStart(5, '0')}":{"dtype":"U8","shape":[],"data_offsets":[${i},${i + 1}]}`;
      const entries: string[] = [];
      for (let i = 0, bytes = 2; ; ++i) {
        const next = entry(i);
        bytes += next.length + 1;
        if (bytes > 100_000_000) break;
        entries.push(next);
      }
      const text = `{${entries.join(',')}}`.padEnd(100_000_000);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      const path = join(dir, 'largest.safetensors');
      writeFileSync(path, Buffer.concat([length, Buffer.from(text), Buffer.alloc(entries.length)]));
      expect(await inspect(path)).toMatchObject({
        tensors: entries.length,
        data_begin: 100_000_008,
      });
    },
    LARGE_MS,
  );

  it('refuses what cannot be read by ranges, and pickles by name', async () => {
    expect(await complaint(['inspect', '-'])).toMatch(/standard input cannot be read by ranges/);
    expect(await complaint(['inspect', join(dir, 'absent')])).toMatch(/absent: does not exist$/);
    mkdirSync(join(dir, 'sub'));
    expect(await complaint(['inspect', join(dir, 'sub')])).toMatch(/: is a directory$/);
    const pickle = join(dir, 'model.ckpt');
    writeFileSync(pickle, 'PK\u0003\u0004 and the rest of a zip');
    expect(await complaint(['inspect', pickle])).toMatch(/pickle.*any code/);
  });

  it('shows what an encoder lacks beside one that is whole; neither is opened', async () => {
    const tensors = sdxlTensors();
    const name = 'conditioner.embedders.1.model.transformer.resblocks.31.ln_2.bias';
    tensors.delete(name);
    const path = join(dir, 'lacking.safetensors');
    writeSparse(path, tensors);
    const error = {
      code: 'encoder-incomplete',
      where: 'conditioner.embedders.1.model.*',
      what: `lacks 1 tensor: ${name}`,
    };
    const found = await inspect(path);
    expect(found).toMatchObject({
      layout: 'sdxl',
      encoders: [{ kind: 'clip-l' }],
      unfit: [{ layout: 'sdxl', prefix: 'conditioner.embedders.1.model.', error }],
    });
    for (const command of [
      ['encode', 'aua'],
      ['similar', 'aua', 'aua'],
    ]) {
      expect(await complaint([...command, '--model', path])).toBe(
        `${path}, ${error.where}: ${error.what}`,
      );
    }
  });

  it('lists the tensors of a part of an encoder', async () => {
    const name = 'text_model.embeddings.token_embedding.weight';
    const path = join(dir, 'embedding.safetensors');
    writeSparse(path, new Map([[name, { dtype: 'F16', shape: [2048, 64] }]]), { format: 'pt' });
    const text = await output(['inspect', path, '--tensors']);
    expect(text).toMatch(
      /part of a text encoder\n {2}layout +transformers\n {2}prefix +text_model\.\n/,
    );
    expect(text).toMatch(/cannot be run: text_model\.\*: lacks 19 tensors: /);
    expect(text).toMatch(/format +pt/);
    expect(text).toMatch(new RegExp(`${name} +F16 +\\[2048, 64\\]`));
    expect(await inspect(path)).toMatchObject({ layout: 'transformers', encoders: [], tensors: 1 });
  });

  it('tells people what it found', async () => {
    const text = await output(['inspect', join(GOLDEN, 'sdxl_fp16.safetensors'), '--tensors']);
    expect(text).toMatch(/965,558 bytes, 104 tensors/);
    expect(text).toMatch(/openclip-bigg\n {2}layout +sdxl/);
    expect(text).toMatch(/heads not in the file; --heads tells/);
    const { header } = headerOf(new Map());
    const path = join(dir, 'none.safetensors');
    writeFileSync(path, header);
    expect(await output(['inspect', path])).toMatch(/No text encoder of CLIP is in it\./);
  });
});
