import { describe, expect, it } from 'vitest';
import type { Encoder } from '../../web/src/engine/encoder.js';
import {
  ranked,
  type SweepServices,
  sweep,
  sweepCsv,
  usualRank,
} from '../../web/src/engine/sweep.js';
import type { SweepColumns } from '../../web/src/protocol/sweep.js';

const COLUMNS: SweepColumns = {
  texts: ['aaa', 'b,b', 'c"c', 'ddd'],
  done: 3,
  tokens: Uint8Array.of(1, 3, 3, 1),
  empty: {
    raw: Float32Array.of(0.5, 0.25, 0.75, 0),
    centred: Float32Array.of(-0.5, 0.5, -0.5, 0),
  },
  name: { raw: Float32Array.of(0.125, 1, 0, 0), centred: Float32Array.of(0, 0.5, -1, 0) },
};

describe('the ranking of a sweep', () => {
  it('puts the farthest from the empty prompt first, or the nearest to a name', () => {
    // Of equal ones the earlier, and only what is there.
    expect(Array.from(ranked(COLUMNS, usualRank(null)))).toEqual([0, 2, 1]);
    expect(Array.from(ranked(COLUMNS, usualRank('a name')))).toEqual([1, 0, 2]);
    expect(Array.from(ranked(COLUMNS, { by: 'empty', measure: 'raw', nearest: true }))).toEqual([
      2, 0, 1,
    ]);
  });

  it('is written as comma-separated values', () => {
    const written = [...sweepCsv(COLUMNS, ranked(COLUMNS, usualRank('a name')))].join('');
    expect(written).toBe(`rank,text,tokens,cosine_empty,centred_empty,cosine_name,centred_name
1,"b,b",3,0.250000,0.500000,1.000000,0.500000
2,aaa,1,0.500000,-0.500000,0.125000,0.000000
3,"c""c",3,0.750000,-0.500000,0.000000,-1.000000
`);
    const { name: _, ...rest } = COLUMNS;
    expect([...sweepCsv({ ...rest, name: null }, [0])].join('')).toBe(
      'rank,text,tokens,cosine_empty,centred_empty\n1,aaa,1,0.500000,-0.500000\n',
    );
  });
});

describe('a sweep that is given up while its kept rows are checked', () => {
  it('leaves their file', async () => {
    const closed: number[] = [];
    const store = {
      open: async () => ({ ok: { handle: 7, rows: 1 } }),
      read: async () => ({ ok: new Float32Array(2) }),
      close: async (handle: number) => {
        closed.push(handle);
        return { ok: null };
      },
    };
    const similarity = {
      randomCodes: async (letters: number, first: number, count: number) => ({
        ok: Array.from({ length: count }, (_, i) => String(first + i).padStart(letters, 'a')),
      }),
    };
    const answer = async (call: (of: never) => Promise<{ ok: unknown }>, of: unknown) =>
      (await call(of as never)).ok;
    const services = {
      textTokens: { decode: async () => ({ ok: { text: 'cat ! dog ! ' } }) },
      similarity: { ask: (call: never) => answer(call, similarity) },
      store: (call: never) => answer(call, store),
      tokenizeMany: async () => ({ offsets: Uint32Array.of(0, 1) }),
      encoderDigest: async () => 'a digest',
      digest: async () => 'a key',
    } as unknown as SweepServices;
    const encoder = {
      info: { pooled: true, width: 2, output: 'pooled', tokens: { start: 2 }, checkpoint: null },
      encode: () => Promise.reject(new DOMException('given up', 'AbortError')),
    } as unknown as Encoder;
    await expect(sweep(encoder, services, { texts: ['aua'] })).rejects.toThrow('given up');
    expect(closed).toEqual([7]);
  });
});
