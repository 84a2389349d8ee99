import { describe, expect, test } from 'vitest';
import { bytesOfPiece } from '../../../web/src/panels/common/pieces.js';
import { idsOf, MAX_IDS } from '../../../web/src/panels/tokens/id-list.js';
import { csvOf, tagsOf } from '../../../web/src/panels/tokens/tag-list.js';
import { visible } from '../../../web/src/panels/tokens/visible.js';

describe('ids', () => {
  test('are read with anything sensible between them', () => {
    expect(idsOf('[320, 2368]\n45906;0')).toEqual({ ids: [320, 2368, 45906, 0] });
    expect(idsOf(' ')).toEqual({ ids: [] });
  });

  test('what is none is named with its place', () => {
    expect(idsOf('320 -1')).toEqual({
      error: '“-1” at character 5 is no id: ids are whole numbers',
    });
    expect(idsOf('1.5')).toHaveProperty('error');
    expect(idsOf('9'.repeat(4000))).toHaveProperty('error');
    expect(idsOf('1 '.repeat(MAX_IDS + 1))).toHaveProperty('error');
  });
});

describe('tags', () => {
  test('stand one a line, or between commas on a single line', () => {
    expect(tagsOf('1girl, solo,long hair')).toEqual(['1girl', 'solo', 'long hair']);
    expect(tagsOf('\ufeffaua\r\n\r\nmiku,0,123,"a,b"\r"x, ""y""",1\n')).toEqual([
      'aua',
      'miku',
      'x, "y"',
    ]);
    expect(tagsOf(' \n')).toEqual([]);
  });

  test('stand between commas on lines of a prompt too', () => {
    const prompt = '1girl, solo, blue hair,\nsmile, hat\n\naua';
    expect(tagsOf(prompt)).toEqual(['1girl', 'solo', 'blue hair', 'smile', 'hat', 'aua']);
    // A table: of each line the first cell.
    expect(tagsOf('aua,houshou\nmiko,sora')).toEqual(['aua', 'miko']);
    expect(tagsOf('aua, x\nmiko,sora')).toEqual(['aua', 'miko']);
  });

  test('count once', () => {
    expect(tagsOf('a\nb\na')).toEqual(['a', 'b']);
  });
});

test('a CSV cell is quoted where it must be', () => {
  expect(
    csvOf([
      ['a', 1],
      ['x,"y"', 2],
    ]),
  ).toBe('a,1\r\n"x,""y""",2\r\n');
});

test('a piece’s bytes are those of its text', () => {
  expect(bytesOfPiece('aua</w>')).toEqual([0x61, 0x75, 0x61]);
  // GPT-2 writes a space as U+0120.
  expect(bytesOfPiece('\u0120a')).toEqual([0x20, 0x61]);
  expect(bytesOfPiece('▁a')).toBeNull();
});

test('what would be invisible on a chip is drawn', () => {
  expect(visible(' a\u202e\n')).toBe('␣a\\u{202e}\\n');
  expect(visible('')).toBe('∅');
});
