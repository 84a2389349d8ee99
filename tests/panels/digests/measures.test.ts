import { describe, expect, test } from 'vitest';
import {
  percentOf,
  progressLine,
  RateMeter,
  sizeOf,
  timeOf,
} from '../../../web/src/panels/digests/measures.js';

test('sizes have three digits and the right unit', () => {
  const said = [0, 1, 1023, 1024, 1536, 1024 ** 2 - 1, 10 * 1024 ** 2, 4 * 1024 ** 3].map(sizeOf);
  expect(said).toEqual([
    '0 bytes',
    '1 byte',
    '1,023 bytes',
    '1.00 KiB',
    '1.50 KiB',
    '1.00 MiB',
    '10.0 MiB',
    '4.00 GiB',
  ]);
});

test('times left are coarse and never nothing', () => {
  const said = [0.2, 1, 7.1, 31, 59, 60, 61, 100, 3599, 3600, 7500].map(timeOf);
  expect(said).toEqual([
    'under 1 s',
    '1 s',
    '8 s',
    '35 s',
    '1 min',
    '1 min',
    '1 min 5 s',
    '1 min 40 s',
    '1 h',
    '1 h',
    '2 h 5 min',
  ]);
});

describe('the rate', () => {
  test('is that of the last seconds, once it can be told', () => {
    const meter = new RateMeter();
    meter.add(0, 0);
    meter.add(400, 400);
    expect(meter.rate).toBeNull();
    meter.add(1000, 1000);
    expect(meter.rate).toBe(1000);
    for (let at = 2000; at <= 12_000; at += 1000) meter.add(at, 1000 + (at - 1000) * 3);
    expect(meter.rate).toBe(3000);
  });

  test('begins anew where files were given up', () => {
    const meter = new RateMeter();
    meter.add(0, 0);
    meter.add(1000, 5000);
    meter.add(2000, 100);
    expect(meter.rate).toBeNull();
    meter.add(3000, 300);
    expect(meter.rate).toBe(200);
  });
});

test('the line tells files, bytes, rate and time left', () => {
  const progress = { files: 12, filesDone: 2, bytes: 1024 ** 2, total: 3 * 1024 ** 2 };
  expect(progressLine(progress, 1024 ** 2)).toBe(
    'file 3 of 12 · 1.00 MiB of 3.00 MiB · 1.00 MiB/s · 2 s left',
  );
  expect(progressLine({ ...progress, files: 1, filesDone: 0 }, null)).toBe('1.00 MiB of 3.00 MiB');
});

test('per cent reach 100 only at the end', () => {
  expect([percentOf(999, 1000), percentOf(1000, 1000), percentOf(0, 0)]).toEqual([99, 100, 100]);
});
