/**
 * The address: everything the page shows stands in the fragment, after the #,
 * so that nothing of it reaches a server.
 */

export type Route =
  /** No fragment: the worked case. */
  | { kind: 'worked-case' }
  /** `#/claim?v=1&c=…`, read by the engine; may be malformed. */
  | { kind: 'link'; fragment: string }
  /** Some other fragment, such as `#how`: an anchor, none of ours. */
  | { kind: 'anchor' };

/** What a fragment (with its #, or empty) leads to. */
export function routeOf(hash: string): Route {
  if (hash === '' || hash === '#' || hash === '#/' || hash === '#/claim') {
    return { kind: 'worked-case' };
  }
  return hash.startsWith('#/') ? { kind: 'link', fragment: hash } : { kind: 'anchor' };
}

/** The fragment of a link, with its #. */
export function fragmentOf(link: string): string {
  const at = link.indexOf('#');
  return at < 0 ? '' : link.slice(at);
}
