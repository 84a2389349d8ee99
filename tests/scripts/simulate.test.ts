import { describe, expect, it } from 'vitest';
import { addUp, broken, falseAlarms, power, wilson } from '../../scripts/simulate.mjs';

const row = (kind: string, truth: boolean, pairs: number, claims: number, reproduced: number) => ({
  kind,
  truth,
  pairs,
  claims,
  reproduced,
});
const RUN = { space: 'quick@1', level: 0.001, falseClaims: 0, trueClaims: 0 };

describe('Wilson’s interval', () => {
  // statsmodels 0.14, proportion_confint(k, n, method='wilson').
  it.each([
    [0, 10, 0, 0.27753],
    [5, 10, 0.23659, 0.76341],
    [10, 10, 0.72247, 1],
  ])('of %i in %i', (successes, trials, low, high) => {
    const [from, to] = wilson(successes, trials);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  it('of nothing is everything', () => expect(wilson(0, 0)).toEqual([0, 1]));
});

describe('the tables', () => {
  it('add up parts by kind and number of pairs', () => {
    const rows = addUp([
      row('a', false, 1, 10, 1),
      row('a', false, 1, 5, 0),
      row('a', false, 2, 1, 1),
    ]);
    expect(rows).toEqual([row('a', false, 1, 15, 1), row('a', false, 2, 1, 1)]);
  });

  it('count false alarms by kind, and of all', () => {
    const table = falseAlarms([row('a', false, 1, 100, 1), row('b', false, 1, 300, 0)]);
    expect(table).toContain('| a | 100 | 1 | 1 % |');
    expect(table).toContain('| **all** | 400 | 1 | 0.25 % |');
  });

  it('give power by the number of pairs, and from three on', () => {
    const table = power([
      row('p', true, 1, 4, 0),
      row('p', true, 3, 4, 4),
      row('p', true, 4, 4, 3),
    ]);
    expect(table).toContain('| p | 0/4 | 4/4 | 3/4 | 87.5 % |');
  });
});

describe('the promises', () => {
  it('are broken by false alarms past the level, and by recipes not found', () => {
    const fine = [row('a', false, 1, 1000, 1), row('planted', true, 3, 100, 98)];
    expect(broken(RUN, fine)).toEqual([]);
    expect(broken(RUN, [row('a', false, 1, 1000, 2)])).toHaveLength(1);
    expect(broken(RUN, [row('planted', true, 3, 100, 97)])).toHaveLength(1);
    expect(broken(RUN, [row('planted, a key of its own', true, 7, 100, 97)])).toHaveLength(1);
    // One or two pairs are too few.
    expect(broken(RUN, [row('planted', true, 2, 100, 0)])).toEqual([]);
  });
});
