/** What a static host such as GitHub Pages does not say about the page's files. */

/** Isolation from other sites, which threads need. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Files that carry the policy: documents, and scripts, since a document's policy does not bind its Workers. */
const POLICED = /^(?:text\/html|(?:text|application)\/javascript)\b/i;

/** The same answer with isolation and, where it can run, the page's policy. Its body is moved. */
export function dressed(response: Response, policy: string): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  if (POLICED.test(headers.get('Content-Type') ?? '')) {
    headers.set('Content-Security-Policy', policy);
  }
  // The body has been decoded.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
