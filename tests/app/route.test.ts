import { expect, test } from 'vitest';
import { routeOf } from '../../web/src/app/route.js';

test('a fragment leads to its panel, and the claim is where there is none', () => {
  expect(routeOf('')).toEqual({ kind: 'worked-case' });
  expect(routeOf('#/claim')).toEqual({ kind: 'worked-case' });
  expect(routeOf('#/digests')).toEqual({ kind: 'panel', panel: 'digests', query: '' });
  expect(routeOf('#/digests?only=crc32&case=lower')).toEqual({
    kind: 'panel',
    panel: 'digests',
    query: 'only=crc32&case=lower',
  });
  expect(routeOf('#/similarity?tag=px')).toEqual({
    kind: 'panel',
    panel: 'similarity',
    query: 'tag=px',
  });
  expect(routeOf('#/recipe?recipe=hex')).toEqual({
    kind: 'panel',
    panel: 'recipe',
    query: 'recipe=hex',
  });
  expect(routeOf('#/tokens?text=a')).toEqual({ kind: 'panel', panel: 'tokens', query: 'text=a' });
  expect(routeOf('#/claim?v=1&c=x')).toEqual({ kind: 'link', fragment: '#/claim?v=1&c=x' });
  // Not ours, and so told as a link that cannot be read.
  expect(routeOf('#/digestsx').kind).toBe('link');
  expect(routeOf('#how')).toEqual({ kind: 'anchor' });
});
