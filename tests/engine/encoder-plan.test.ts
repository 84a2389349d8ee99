import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedBatches } from '../../web/src/engine/encoder-plan.js';

describe('batches', () => {
  it('hold every text once, at a length that fits it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 77 }), { maxLength: 200 }),
        fc.constantFrom(1, 4),
        (lengths, step) => {
          const batches = plannedBatches(lengths, { step, most: 77 });
          const texts = batches.flatMap((batch) => batch.texts);
          expect(texts.toSorted((a, b) => a - b)).toEqual([...lengths.keys()]);
          for (const batch of batches) {
            expect(batch.length % step === 0 || batch.length === 77).toBe(true);
            for (const text of batch.texts) {
              expect(lengths[text]).toBeLessThanOrEqual(batch.length);
            }
          }
        },
      ),
    );
  });

  it('pad little where lengths are mixed', () => {
    const lengths = Array.from({ length: 256 }, (_, i) => 4 + ((i * 7) % 19));
    const batches = plannedBatches(lengths, { step: 1, most: 77 });
    const rows = batches.reduce((sum, { texts, length }) => sum + texts.length * length, 0);
    const needed = lengths.reduce((sum, length) => sum + length, 0);
    expect(rows).toBeLessThan(1.1 * needed);
    expect(batches.length).toBeLessThan(32);
  });

  it('are divided where few texts would all be padded to the longest', () => {
    const lengths = Array.from({ length: 24 }, (_, i) => 4 + (i % 19));
    const batches = plannedBatches(lengths, { step: 1, most: 77 });
    const rows = batches.reduce((sum, { texts, length }) => sum + texts.length * length, 0);
    // Padded to the longest they are 528 rows in one batch.
    expect(batches.length).toBeGreaterThan(1);
    expect(rows + 24 * batches.length).toBeLessThanOrEqual(456);
    expect(plannedBatches([5, 6], { step: 1, most: 77 })).toEqual([{ texts: [0, 1], length: 6 }]);
    expect(plannedBatches([], { step: 4, most: 77 })).toEqual([]);
  });

  it('cost no more than any other division of neighbouring lengths', () => {
    const costOf = (batches: { texts: unknown[]; length: number }[]) =>
      batches.reduce((sum, { texts, length }) => sum + texts.length * length + 24, 0);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 0, max: 255 }),
        (lengths, cuts) => {
          const sorted = lengths.toSorted((a, b) => a - b);
          const other: { texts: number[]; length: number }[] = [];
          for (const [i, length] of sorted.entries()) {
            const last = other.at(-1);
            if (last === undefined || (cuts >> i) & 1) other.push({ texts: [i], length });
            else Object.assign(last, { texts: [...last.texts, i], length });
          }
          const planned = plannedBatches(lengths, { step: 1, most: 77 });
          expect(costOf(planned)).toBeLessThanOrEqual(costOf(other));
        },
      ),
    );
  });
});
