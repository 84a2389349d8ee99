import { describe, expect, it } from 'vitest';
import { measure, median, standing } from '../bench/measure.mjs';
import { figure, inserted, sectionOf } from '../bench/report.mjs';

const row = {
  room: 'hash',
  what: 'crc32',
  where: 'chromium' as const,
  ours: 300,
  peer: 200 as number | null,
  peer_name: 'peer 1.0.0',
  unit: 'MB/s',
  ratio: 1.5 as number | null,
  floor: 1.5 as number | null,
  goal: 1.7 as number | null,
};

describe('a median', () => {
  it('is the middle, or between the two in the middle', () => {
    expect(median([3, 100, 1])).toBe(3);
    expect(median([4, 100, 1, 2])).toBe(3);
  });
});

describe('a measurement', () => {
  const same = { what: 'same', ours: () => 1, peer: async () => 1, peer_name: 'peer' };

  it('is a row whose ratio is how many times as fast ours is', async () => {
    const rate = await measure({ ...same, unit: 'k/s', amount: 3, floor: 0 }, 'chromium', 0);
    expect(rate.ratio).toBeCloseTo(rate.ours / (rate.peer ?? 0));
    expect(rate).toMatchObject({ what: 'same', where: 'chromium', floor: 0, goal: null });
    const time = await measure({ ...same, unit: 'ms' }, 'chromium', 0);
    expect(time.ratio).toBeCloseTo((time.peer ?? 0) / time.ours);
  });

  it('has no floor in Node', async () => {
    const measured = await measure({ ...same, unit: 'ms', floor: 1, goal: 2 }, 'node', 0);
    expect(measured).toMatchObject({ where: 'node', floor: null, goal: null });
  });

  it('is refused where the sides do different work', async () => {
    const other = measure({ ...same, peer: () => 2, unit: 'ms' }, 'node', 0);
    await expect(other).rejects.toThrow('same: ours and peer do not give the same');
  });
});

describe('a row’s standing', () => {
  it('compares the ratio where there is a peer', () => {
    expect(standing(row)).toBe('floor');
    expect(standing({ ...row, ratio: 1.7 })).toBe('goal');
    expect(standing({ ...row, ratio: 1.49 })).toBe('missed');
    expect(standing({ ...row, floor: null })).toBe('none');
  });

  it('compares the figure where there is none: rates at least, times at most', () => {
    const alone = { ...row, peer: null, ratio: null, floor: 300, goal: null };
    expect(standing(alone)).toBe('floor');
    expect(standing({ ...alone, ours: 299 })).toBe('missed');
    expect(standing({ ...alone, unit: 'ms' })).toBe('floor');
    expect(standing({ ...alone, unit: 'ms', ours: 301 })).toBe('missed');
  });
});

describe('the document', () => {
  const machine = { cpu: '2 × CPU', chromium: '1', node: '2', date: '2000-01-01' };

  it('says where a floor is missed', () => {
    const section = sectionOf([{ ...row, ratio: 1.2 }], machine);
    expect(section).toContain('on 2 × CPU, Chromium 1, Node 2.');
    expect(section).toContain('| 1.20 × | 1.5 × | 1.7 × | **below its floor** |');
  });

  it('keeps what stands around a room’s table', () => {
    const first = inserted('# B\n', 'hash', 'one');
    expect(first).toBe('# B\n\n## hash\n\n<!-- bench hash -->\none\n<!-- end hash -->\n');
    const told = `${first}\nWhy.\n`;
    expect(inserted(told, 'hash', 'two')).toBe(told.replace('one', 'two'));
  });

  it('writes three digits', () => {
    expect([3412.3, 45.12, 0.8731, 0.05].map(figure)).toEqual(['3,412', '45.1', '0.873', '0.0500']);
  });
});
