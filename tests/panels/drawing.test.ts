import { expect, test } from 'vitest';
import { logScale } from '../../web/src/panels/claim/log-scale.js';
import { powerOfTen } from '../../web/src/panels/claim/powers.js';
import { byteCells, hexPairs, utf8Hex } from '../../web/src/panels/common/bytes.js';
import { viewOfPiece } from '../../web/src/panels/common/pieces.js';

test('a piece ends a word or does not', () => {
  expect(viewOfPiece('marine</w>')).toEqual({ text: 'marine', endsWord: true });
  expect(viewOfPiece('hou')).toEqual({ text: 'hou', endsWord: false });
});

test('a piece is byte-mapped', () => {
  // bytes_to_unicode: C3 A9 is é, and F0 9F alone is no character.
  expect(viewOfPiece('Ã©</w>').text).toBe('é');
  expect(viewOfPiece('ðŁ').text).toBe('⟨f0 9f⟩');
});

test('bytes are drawn with the glyphs that are given, else as ASCII', () => {
  const glyphs = Array.from({ length: 256 }, (_, byte) => (byte === 6 ? '♠' : ''));
  expect(byteCells('0641', glyphs)).toEqual([
    { hex: '06', glyph: '♠' },
    { hex: '41', glyph: '' },
  ]);
  expect(byteCells('0641', null).map((cell) => cell.glyph)).toEqual(['', 'A']);
  expect(hexPairs('')).toEqual([]);
  expect(utf8Hex('aé')).toBe('61c3a9');
});

test('numbers are written with powers of ten where they are small', () => {
  expect(powerOfTen(0.0012345).plain).toBe('0.00123');
  expect(powerOfTen(0.00034).plain).toBe('3.4 × 10^-4');
  expect(powerOfTen(1e-6)).toEqual({ mantissa: '', exponent: '−6', plain: '10^-6' });
  expect(powerOfTen(1).plain).toBe('1');
});

test('an axis clamps, and thins its ticks', () => {
  const scale = logScale(1, 1e6, 4);
  expect(scale.at(1)).toBe(0);
  expect(scale.at(1e3)).toBeCloseTo(0.5);
  expect(scale.at(1e9)).toBe(1);
  expect(scale.ticks.map((tick) => tick.exponent)).toEqual([0, 2, 4, 6]);
});
