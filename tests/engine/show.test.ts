import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  counted,
  decimal,
  escapeControls,
  listed,
  percent,
  probability,
  probabilityOfLog2,
  shortened,
  shown,
  shownHex,
  shownOutput,
} from '../../web/src/engine/show.js';

describe('texts', () => {
  it.each([
    ['houshou_marine', 'houshou_marine'],
    ['名前', '名前'],
    ['', '""'],
    ['two words', '"two words"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\x1b[31mred', '"\\x1b[31mred"'],
    ['a\nb\tc\r', '"a\\nb\\tc\\r"'],
    ['\u202egnp.exe', '"\\u{202e}gnp.exe"'],
    ['\u0085\u009b', '"\\x85\\x9b"'],
    ['zero\u200bwidth', '"zero\\u{200b}width"'],
    ['\ud800', '"\\u{d800}"'],
    ['1E♠♫K/♀▼☺∟↨Y', '"1E♠♫K/♀▼☺∟↨Y"'],
  ])('%j is shown as %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('never let a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeControls(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect(shown(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('are cut by code points', () => {
    expect(shortened('\u{1f600}'.repeat(5), 3)).toBe('\u{1f600}\u{1f600}…');
    expect(shortened('abc', 3)).toBe('abc');
  });

  it('bytes and ids have their own form', () => {
    expect(shownHex('314507')).toBe('31 45 07');
    expect(shownHex('')).toBe('no bytes');
    expect(shownHex('00'.repeat(30))).toBe(`${'00 '.repeat(24)}… (30 bytes)`);
    expect(shownOutput({ kind: 'ids', ids: [1, 2] })).toBe('the ids 1 2');
    expect(shownOutput({ kind: 'bytes', hex: '00' })).toBe('the bytes 00');
  });
});

describe('numbers', () => {
  it('are those of Intl', () => {
    const whole = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, min: -1e30, max: 1e30 }),
    );
    fc.assert(
      fc.property(whole, (value) => {
        expect(count(value)).toBe(Math.round(value).toLocaleString('en-US'));
      }),
    );
    const measured = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc
        .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 6 }))
        .map(([n, places]) => n / 10 ** places),
    );
    fc.assert(
      fc.property(measured, fc.nat(4), fc.nat(4), (value, most, least) => {
        fc.pre(least <= most);
        const options = { maximumFractionDigits: most, minimumFractionDigits: least };
        expect(decimal(value, most, least)).toBe(value.toLocaleString('en-US', options));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [count(17576), '17,576'],
    [counted(1, 'name'), '1 name'],
    [counted(110000, 'name'), '110,000 names'],
    [decimal(14.1013), '14.1'],
    [decimal(6.2585, 2), '6.26'],
    [percent(0.998), '99.8 %'],
    [percent(0.99999999), 'over 99.99 %'],
    [percent(1), '100 %'],
    [percent(0), '0 %'],
    [percent(0.0569), '5.7 %'],
    [probability(1), '1'],
    [probability(0.000342), '3.42 × 10⁻⁴'],
    [probability(0.0123456), '0.0123'],
    [probability(1e-30), '1 × 10⁻³⁰'],
    [probabilityOfLog2(-14.1013), '5.69 × 10⁻⁵'],
    [probabilityOfLog2(-5000.4), '2⁻⁵⁰⁰⁰'],
    [listed(['a', 'b', 'c']), 'a, b and c'],
    [listed(['a', 'b'], 'or'), 'a or b'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
