import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildTextEncoder, type EncoderOutput, outputsOf } from '../../models/text-encoder.js';
import { findPythonOnnx } from '../../scripts/toolchain.mjs';
import { openReader } from '../../web/src/worker/file-reader.js';
import { goldenCases } from '../support/encoder-goldens.js';
import { encodersIn } from '../support/encoders-in.js';

const python = findPythonOnnx();
const folder = mkdtempSync(join(tmpdir(), 'tagscope-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

// The checker reads external data only beside the model, so the weights are cut out.
const CHECK = `
import onnx, sys
path = sys.argv[1]
onnx.checker.check_model(path, full_check=True)
model = onnx.load(path, load_external_data=False)
print(model.ir_version, model.opset_import[0].version)
print(' '.join(output.name for output in model.graph.output))
`;

const files = [
  ...new Map(goldenCases().map((golden) => [`${golden.path} ${golden.encoder}`, golden])),
];

describe.skipIf(python === undefined)(
  // npm test installs python3-onnx where it may; elsewhere this is skipped for want of it.
  'ONNX’s own checker (python3-onnx)',
  { timeout: 60_000 },
  () => {
    it.each(files)('passes the graph of %s', async (_, { path, encoder, heads, activation }) => {
      const reader = await openReader({ path });
      const found = (await encodersIn({ path }))[encoder];
      if (found === undefined) throw new Error('there is no such encoder');
      const outputs: EncoderOutput[] = outputsOf(found.weights);
      const { model, parts } = buildTextEncoder(
        found.weights,
        { heads, activation },
        { outputs, placement: 'parts', converted: new Set(), gathersStored: false },
      );
      for (const { location, begin, end } of parts) {
        const bytes = new Uint8Array(end - begin);
        expect(await reader.read(bytes, begin)).toBe(bytes.length);
        writeFileSync(join(folder, location), bytes);
      }
      await reader.close();
      const file = join(folder, 'model.onnx');
      writeFileSync(file, model);
      const said = execFileSync(python ?? '', ['-c', CHECK, file], { encoding: 'utf8' });
      expect(said).toBe(`8 17\n${outputs.join(' ')}\n`);
    });
  },
);
