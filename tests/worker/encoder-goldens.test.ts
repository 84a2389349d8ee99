import { describe, expect, it } from 'vitest';
import { EncoderHouse } from '../../web/src/engine/encoder.js';
import type { TextTokens } from '../../web/src/engine/tokens-holder.js';
import type { ModelStoreApi } from '../../web/src/protocol/model-api.js';
import type { SweepStoreApi } from '../../web/src/protocol/sweep.js';
import { nodeRuntime } from '../../web/src/worker/encoder-node.js';
import { Encoders } from '../../web/src/worker/encoders.js';
import { openReader } from '../../web/src/worker/file-reader.js';
import { goldenCases, TOLERANCE } from '../support/encoder-goldens.js';
import { encodersIn } from '../support/encoders-in.js';

const TIMEOUT_MS = 60_000;

const house = new EncoderHouse(
  {
    open: async () => ({
      models: {} as ModelStoreApi,
      sweeps: {} as SweepStoreApi,
      encoders: new Encoders({
        builtin: () => Promise.reject(new Error('not in these tests')),
        stored: () => Promise.reject(new Error('not in these tests')),
        runtime: nodeRuntime,
        openGpu: null,
        openReader,
        encodersIn: async (source) => ({ ok: await encodersIn(source) }),
      }),
      broken: new Promise(() => undefined),
      close: () => undefined,
    }),
    transferred: (batch) => batch,
  },
  {} as TextTokens,
);

describe('an encoder in a checkpoint', { timeout: TIMEOUT_MS }, () => {
  it.each(
    goldenCases().map(
      (golden) => [`${golden.file} ${golden.encoder} ${golden.output}`, golden] as const,
    ),
  )('gives what its reference gives: %s', async (_, golden) => {
    const { encoder, heads, activation, output, ids } = golden;
    const opened = await house.open({ path: golden.path }, { encoder, heads, activation, output });
    try {
      // Texts of like length together, cut after their end token where the output is pooled.
      const { data, shape } = await opened.encode(ids);
      expect(shape.reduce((product, size) => product * size)).toBe(data.length);
      expect(golden.difference(data)).toBeLessThan(TOLERANCE);
    } finally {
      await opened.close();
    }
  });

  it('does so at full length too', async () => {
    const golden = goldenCases().find(({ output }) => output === 'projected');
    if (golden === undefined) throw new Error('there is no such case');
    const { encoder, heads, activation, ids } = golden;
    const opened = await house.open({ path: golden.path }, { encoder, heads, activation });
    expect(opened.info).toMatchObject({ output: 'projected', pooled: true, causal: true });
    // An id after the end token that nothing may look at: the whole context runs.
    const full = { ...opened.info, causal: false };
    Object.assign(opened, { info: full });
    expect(golden.difference((await opened.encode(ids)).data)).toBeLessThan(TOLERANCE);
    await opened.close();
  });
});
