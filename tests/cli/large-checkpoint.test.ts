import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSeededEncoder } from '../support/seeded-encoder.js';
import { MAIN } from './tagscope.js';

const folder = mkdtempSync(join(tmpdir(), 'tagscope-large-'));
const path = join(folder, 'sdxl.safetensors');
const GB = 1e9;
// Two of CLIP-L's twelve blocks: what is read and held is counted below, not what a block costs.
const encoder = {
  layers: 2,
  width: 768,
  vocab: 49_408,
  prefix: 'conditioner.embedders.0.transformer.text_model.',
};

beforeAll(() => {
  const size = writeSeededEncoder(path, encoder, { before: 5 * GB, after: 2 * GB });
  expect(size).toBeGreaterThan(7 * GB);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A command, and the most memory that it had, in bytes. */
function measured(args: readonly string[]): Promise<{ stdout: string; most: number }> {
  const say =
    'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)))';
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${say}`, MAIN, ...args]);
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr?.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () =>
      resolve({
        stdout: Buffer.concat(stdout ?? []).toString(),
        most: Number(Buffer.concat(stderr ?? []).toString()) * 1024,
      }),
    );
  });
}

it('costs the memory of its text encoder only', { timeout: 300_000 }, async () => {
  // Nothing but the encoder is on the disk.
  expect(statSync(path).blocks * 512).toBeLessThan(0.2 * GB);
  const { stdout, most } = await measured(['encode', '--model', path, '--json', 'aua']);
  expect(JSON.parse(stdout)).toMatchObject({ output: 'pooled', shape: [768] });
  // As stored and as float32, beside Node and the runtime.
  console.log(`7 GB checkpoint: the most memory was ${Math.round(most / 1e6)} MB`);
  expect(most).toBeLessThan(1.2 * GB);
});
