import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hexPairs } from '../../web/src/panels/common/bytes.js';

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = hexPairs(hex.slice(1)).map((pair) => {
    const value = Number.parseInt(pair, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('every text colour has AA contrast on every ground that it stands on', () => {
  const css = readFileSync(new URL('../../web/src/app/tokens.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const chips = [1, 2, 3, 4, 5, 6].map((n) => `chip-${n}`);
  const washes = ['refuted', 'reproduced', 'coincidence', 'undecided'];
  const stands: [string, string[]][] = [
    [
      'ink',
      [
        'paper',
        'surface',
        'well',
        'accent-wash',
        ...chips,
        ...washes.map((name) => `${name}-wash`),
      ],
    ],
    ['ink-2', ['paper', 'surface', 'well', 'refuted-wash', 'reproduced-wash', ...chips]],
    ['ink-3', ['paper', 'surface', 'well', 'refuted-wash', 'reproduced-wash']],
    ['accent', ['paper', 'surface', 'well', 'accent-wash']],
    ['paper', ['ink']],
    ['accent-ink', ['accent']],
    ...washes.map((name): [string, string[]] => [
      name,
      ['paper', 'surface', 'well', `${name}-wash`],
    ]),
  ];
  for (const scheme of [light, dark]) {
    const colour = (name: string) =>
      new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(scheme)?.[1] ?? '';
    for (const [ink, grounds] of stands) {
      for (const ground of grounds) {
        const [a = 0, b = 0] = [luminance(colour(ink)), luminance(colour(ground))].sort(
          (x, y) => y - x,
        );
        expect((a + 0.05) / (b + 0.05), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});
