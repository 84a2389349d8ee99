/** Hits of lists and their counts, for people. */
import { count, counted, decimal, shown, shownBare } from '../../engine/show.js';
import type { ListHit, ListsSummary } from '../../protocol/results.js';
import { table } from './layout.js';
import { styled } from './style.js';

/** One line a hit: name, tag, recipe. */
export function formatHits(lines: string): string {
  let text = '';
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const { name, tag, recipe } = JSON.parse(line) as ListHit;
    text += `${shown(name)}  ${shown(tag)}  ${shownBare(recipe)}\n`;
  }
  return text;
}

export function formatSummary({ tags, recipes, total }: ListsSummary): string {
  const numbers = (hits: number, expected: number) => [count(hits), number(expected)];
  const lines = [
    '',
    styled('Hits of each tag, and how many are expected of a random one', 'bold'),
    ...table(
      [
        ['tag', 'hits', 'expected'],
        ...tags.map(({ tag, hits, expected }) => [shown(tag), ...numbers(hits, expected)]),
      ],
      [1, 2],
    ),
    '',
  ];
  if (recipes.length > 0) {
    lines.push(
      styled('Recipes with most hits beyond what is expected', 'bold'),
      ...table(
        [
          ['hits', 'expected', 'recipe'],
          ...recipes.map(({ recipe, hits, expected }) => [
            ...numbers(hits, expected),
            shownBare(recipe),
          ]),
        ],
        [0, 1],
      ),
      '',
    );
  }
  const { alphabet, lengths } = total.shape;
  lines.push(
    `${styled(counted(total.hits, 'hit'), 'bold')}, ${number(total.expected)} expected of random tags (${total.null === 'tokens' ? 'codes of as many tokens' : `codes of ${total.null}`})`,
    `${counted(total.names, 'name')}, ${counted(total.tags, 'tag')} of ${alphabet} (${lengths.map(count).join(', ')} long), ${counted(total.recipes, 'recipe')} of ${total.space}`,
  );
  lines.push(
    'Counts of short tags scatter widely: names that are alike hit, or miss, the same tag together. What a recipe is worth, pairs decide (search --pair).',
  );
  if (!total.exhausted) lines.push('Not all of the space was searched.');
  lines.push(`Not searched: ${total.not_searched.join(', ')}.`, '');
  return lines.join('\n');
}

/** Whole from a thousand on. */
function number(value: number): string {
  if (value >= 1000) return count(value);
  if (value >= 0.01 || value === 0) return decimal(value, 2);
  return value.toExponential(1);
}
