/** The evidence `embedding`: there when asked for, beside the digest, and without a say. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Replayed, Verified } from '../../web/src/protocol/results.js';
import type { Similar } from '../../web/src/protocol/similar.js';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { complaint, json, output } from './tagscope.js';

const folder = mkdtempSync(join(tmpdir(), 'tagscope-embedding-'));
const model = join(folder, 'seeded.safetensors');
const pair = ['--pair', 'houshou_marine=aua'];

beforeAll(() => {
  const prefix = 'cond_stage_model.transformer.text_model.';
  writeSeededEncoder(model, { layers: 1, width: 64, vocab: 49_408, prefix });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a claim looked at in an encoder', () => {
  it('names the encoder, and has the numbers of similar beside the digest', async () => {
    const found = (await json(['verify', ...pair, '--model', model])) as Verified;
    const sha256 = createHash('sha256').update(readFileSync(model)).digest('hex');
    expect(found.claim.encoder).toBe(sha256);
    expect(found.assets['encoder']).toBe(sha256);
    const evidence = found.evidence.find(({ kind }) => kind === 'embedding');
    if (evidence?.kind !== 'embedding') throw new Error('there is none');
    expect(evidence).toMatchObject({ pairs_in_all: 1, encoder: { sha256, output: 'pooled' } });
    const [one] = evidence.pairs;
    expect(one).toMatchObject({ name: 'houshou_marine', tag: 'aua' });
    const similar = (await json(['similar', '--model', model, 'aua', 'houshou_marine'])) as Similar;
    const [withName, withEmpty] = similar.comparisons;
    expect(one?.with_name.cosine).toBeCloseTo(withName?.cosine ?? 0, 5);
    expect(one?.with_empty.centred).toBeCloseTo(withEmpty?.centred ?? 0, 5);
    expect(
      one?.with_name.nulls.map(({ kind, replaced, tokens }) => [kind, replaced, tokens]),
    ).toEqual([
      ['codes', 'tag', 1],
      ['names', 'name', 5],
    ]);
    expect(one?.with_name.p).toBe(Math.max(...(one?.with_name.nulls.map(({ p }) => p) ?? [])));

    // The same claim without the encoder at hand: the same digest, and the same verdict.
    const claim = join(folder, 'claim.json');
    writeFileSync(claim, JSON.stringify(found.claim));
    const without = (await json(['verify', claim])) as Verified;
    expect(without.digest).toBe(found.digest);
    expect(without.verdict).toEqual(found.verdict);
    expect(without.evidence).toEqual(found.evidence.filter(({ kind }) => kind !== 'embedding'));
    const replayed = (await json(['replay', found.link ?? ''])) as Replayed;
    expect(replayed.agrees).toBe(true);
    const bare = (await json(['verify', ...pair])) as Verified;
    expect(bare.verdict).toEqual(found.verdict);
    expect(bare.claim.encoder).toBeNull();
    expect(bare.digest).not.toBe(found.digest);
  });

  it('is said in words that claim no more than it shows', async () => {
    const words = (await output(['verify', ...pair, '--model', model])).replace(/\s+/g, ' ');
    expect(words).toMatch(/In an encoder aua and houshou_marine have the cosine −?0\.\d{3}/);
    expect(words).toContain('decides nothing');
    expect(words).toContain('not cipher, training or cause');
  });

  it('is there after a search too, whatever form the search has', async () => {
    const given = [...pair, '--space', 'quick', '--model', model];
    const found = (await json(['search', ...given])) as Verified;
    const kinds = found.evidence.map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['search', 'embedding']);
    const claim = join(folder, 'claims.jsonl');
    writeFileSync(claim, `${JSON.stringify({ pairs: found.claim.pairs })}\n`);
    const line = await output(['search', '--jsonl', claim, ...given.slice(2)]);
    expect(JSON.parse(line)).toEqual(found);
    const plain = (await json(['search', ...given.slice(0, -2)])) as Verified;
    expect(plain.verdict).toEqual(found.verdict);
    expect(plain.claim.encoder).toBeNull();
    const refused = ['search', '--names', 'a', '--tags', 'b', '--model', model];
    expect(await complaint(refused)).toMatch(/lists take no --model/);
    expect(await complaint(['search', '--contains', 'rot', '--model', model])).toMatch(/--model/);
    expect(await complaint(['search', ...pair, '--heads', '2'])).toMatch(
      /--heads: is of --model M/,
    );
  });

  it('is said to be missing by a replay without the encoder, and is added with it', async () => {
    const found = (await json(['verify', ...pair, '--model', model])) as Verified;
    const link = found.link ?? '';
    const replayed = async (...more: string[]) =>
      (await output(['replay', link, ...more])).replace(/\s+/g, ' ');
    const without = await replayed();
    expect(without).toContain('agrees');
    expect(without).toContain(`names the encoder with the SHA-256 ${found.claim.encoder}`);
    expect(without).toContain('missing here');
    const words = await replayed('--model', model);
    expect(words).not.toContain('missing here');
    expect(words).toMatch(/aua and houshou_marine have the cosine/);
    const document = (await json(['replay', link, '--model', model])) as Replayed;
    expect(document.agrees).toBe(true);
    expect(document.verified.evidence).toEqual(found.evidence);
    const bare = (await json(['verify', ...pair])) as Verified;
    expect(await complaint(['replay', bare.link ?? '', '--model', model])).toMatch(
      /encoder: is none in the claim; the one that is open is [0-9a-f]{64}/,
    );
    const plain = join(folder, 'named.json');
    writeFileSync(plain, JSON.stringify(found.claim));
    expect((await output(['verify', plain])).replace(/\s+/g, ' ')).toContain('missing here');
  });

  it('is refused where the claim names another encoder', async () => {
    const claim = join(folder, 'other.json');
    const encoder = 'a'.repeat(64);
    writeFileSync(claim, JSON.stringify({ pairs: [{ name: 'a', tag: 'b' }], encoder }));
    expect(await complaint(['verify', claim, '--model', model])).toMatch(/encoder: is a{64} in/);
    writeFileSync(claim, JSON.stringify({ pairs: [{ name: 'a', tag: 'b' }], encoder: 'builtin' }));
    expect(await complaint(['verify', claim])).toMatch(/encoder: is "builtin"; it is the SHA-256/);
  });
});
