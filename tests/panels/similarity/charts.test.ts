import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jitter, scaleOf, tickText } from '../../../web/src/panels/similarity/chart-scale.js';
import {
  type Dots,
  dotAt,
  type Frame,
  placeOf,
} from '../../../web/src/panels/similarity/scatter.js';

describe('a scale', () => {
  test('holds every value and a few round numbers', () => {
    const scale = scaleOf([0.113, 0.487]);
    expect(scale.ticks.map((tick) => tickText(tick, scale.digits))).toEqual([
      '0.1',
      '0.2',
      '0.3',
      '0.4',
      '0.5',
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }),
        (values) => {
          const { at, ticks, low, high } = scaleOf(values);
          for (const value of values) {
            expect(at(value)).toBeGreaterThan(0);
            expect(at(value)).toBeLessThan(1);
          }
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.length).toBeLessThanOrEqual(11);
          for (const tick of ticks) expect(tick >= low && tick <= high).toBe(true);
        },
      ),
    );
  });

  test('gives values that are next to one another the room of one', () => {
    expect(scaleOf([0, 5e-324]).at(0)).toBeCloseTo(0.5);
    expect(scaleOf([-1, -1 + 2 ** -40]).at(-1)).toBeCloseTo(0.5);
  });

  test('is there without values, and passes over what is none', () => {
    expect(scaleOf([]).at(0)).toBe(0.5);
    expect(scaleOf([Number.NaN, 1]).at(1)).toBeCloseTo(0.5);
  });

  test('writes ticks with a true minus', () => {
    expect(tickText(-0.25, 2)).toBe('−0.25');
    expect(tickText(-0.0001, 2)).toBe('0.00');
  });

  test('spreads dots over their strip', () => {
    const thirds = [0, 0, 0];
    for (let i = 1; i <= 300; ++i) {
      const third = Math.floor(3 * jitter(i));
      thirds[third] = (thirds[third] ?? 0) + 1;
    }
    for (const third of thirds) expect(Math.abs(third - 100)).toBeLessThan(5);
  });
});

describe('a dot', () => {
  const dots: Dots = {
    x: Float32Array.of(0, 0.5, 1),
    y: Float32Array.of(0, 0.5, 1),
    tokens: Uint8Array.of(1, 2, 3),
    done: 2,
  };
  const scale = scaleOf([0, 1]);
  const frame: Frame = { width: 446, height: 324, left: 46, bottom: 24, x: scale, y: scale };

  test('is found where it is drawn, within reach', () => {
    const { left, top } = placeOf(dots, frame, 1);
    expect(left).toBeCloseTo(246);
    expect(top).toBeCloseTo(150);
    expect(dotAt(dots, frame, left + 3, top - 3)).toBe(1);
    expect(dotAt(dots, frame, left + 30, top)).toBeNull();
    // What has not come yet is not there.
    const last = placeOf(dots, frame, 2);
    expect(dotAt(dots, frame, last.left, last.top)).toBeNull();
  });
});
