/**
 * The address: everything the page shows stands in the fragment, after the #,
 * so that nothing of it reaches a server.
 */

export type Route =
  /** No fragment: the worked case. */
  | { kind: 'worked-case' }
  /** `#/claim?v=1&c=…`, read by the engine; may be malformed. */
  | { kind: 'link'; fragment: string }
  /** `#/digests?…`: the query is the panel's own. */
  | { kind: 'panel'; panel: OtherPanel; query: string }
  /** Some other fragment, such as `#how`: an anchor, none of ours. */
  | { kind: 'anchor' };

/** The panels, as the header names them; `fragment` opens each as it is at first, `leads` is what its top is. */
export const PANELS = [
  { id: 'claim', name: 'Claim', fragment: '#/claim', leads: 'the verdict' },
  { id: 'recipe', name: 'Recipe', fragment: '#/recipe', leads: 'the result' },
  { id: 'tokens', name: 'Tokens', fragment: '#/tokens', leads: 'the tokens' },
  { id: 'digests', name: 'Digests', fragment: '#/digests', leads: 'the files' },
  { id: 'similarity', name: 'Similarity', fragment: '#/similarity', leads: 'the comparison' },
  { id: 'tags', name: 'Tags', fragment: '#/tags', leads: 'the table' },
] as const;

/** All that the page can show: the panels, and what is told of them. */
export const PAGES = [
  ...PANELS,
  {
    id: 'privacy',
    name: 'What leaves your browser?',
    fragment: '#/privacy',
    leads: 'the answer',
  },
] as const;

export type PanelId = (typeof PAGES)[number]['id'];
/** All but the first view. */
export type OtherPanel = Exclude<PanelId, 'claim'>;

/** What a fragment (with its #, or empty) leads to. */
export function routeOf(hash: string): Route {
  if (hash === '' || hash === '#' || hash === '#/' || hash === '#/claim') {
    return { kind: 'worked-case' };
  }
  const [, name, query = ''] = /^#\/([a-z]+)(?:\?(.*))?$/s.exec(hash) ?? [];
  const own = PAGES.find(({ id }) => id === name);
  if (own !== undefined && own.id !== 'claim') return { kind: 'panel', panel: own.id, query };
  return hash.startsWith('#/') ? { kind: 'link', fragment: hash } : { kind: 'anchor' };
}

/** The fragment of a link, with its #. */
export function fragmentOf(link: string): string {
  const at = link.indexOf('#');
  return at < 0 ? '' : link.slice(at);
}
