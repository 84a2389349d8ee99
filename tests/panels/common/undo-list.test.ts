import { describe, expect, it } from 'vitest';
import { UndoList } from '../../../web/src/panels/common/undo-list.js';

describe('taking back', () => {
  it('goes from the last action to the first', () => {
    const list = new UndoList();
    const restored: number[] = [];
    for (const n of [1, 2]) list.add(`Step ${n} removed`, () => restored.push(n));
    expect([list.back(), list.back(), list.back()]).toEqual([
      'Step 2 removed',
      'Step 1 removed',
      null,
    ]);
    expect(restored).toEqual([2, 1]);
  });

  it('leaves Ctrl+Z to a field that was typed into since', () => {
    const list = new UndoList();
    expect(list.comesFirst).toBe(false);
    list.add('Pair 1 removed', () => undefined);
    expect(list.comesFirst).toBe(true);
    list.typed();
    expect(list.comesFirst).toBe(false);
    // It is not lost by that.
    expect(list.back()).toBe('Pair 1 removed');
  });
});
