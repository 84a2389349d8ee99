/**
 * What the system shares with the installed page: a form, which a static host cannot take. The
 * service worker keeps its files in a store of their own until the page has taken them from there;
 * its text goes on in the address. https://w3c.github.io/web-share-target/
 */

/** The manifest's names of the form's fields. */
const TEXTS = ['title', 'text', 'url'] as const;
const FILES = 'files';
/** In the address that the page is then opened under: which store, and how many files were shared. */
const STORE = 'store';
const COUNT = 'shared';
const NAME = 'X-File-Name';

const storesOf = (scope: string) => `tagscope shared ${scope} `;

/**
 * Keeps what a form holds, in place of what was shared before, and leads to the page.
 *
 * @param scope the page's folder, with a slash at its end
 */
export async function keepShared(request: Request, scope: string): Promise<Response> {
  const to = new URL(scope);
  try {
    const form = await request.formData();
    for (const name of TEXTS) {
      const text = form.get(name);
      if (typeof text === 'string' && text !== '') to.searchParams.set(name, text);
    }
    const files = form
      .getAll(FILES)
      .filter((one): one is File => one instanceof File && one.name !== '');
    if (files.length > 0) {
      to.searchParams.set(COUNT, String(files.length));
      for (const name of await caches.keys()) {
        if (name.startsWith(storesOf(scope))) await caches.delete(name);
      }
      const id = crypto.randomUUID();
      to.searchParams.set(STORE, id);
      const store = await caches.open(storesOf(scope) + id);
      for (const [i, file] of files.entries()) {
        const headers = { [NAME]: encodeURIComponent(file.name) };
        await store.put(new URL(`?file=${i}`, scope), new Response(file, { headers }));
      }
    }
  } catch {
    // No form, or no room: the page sees by the number that files are missing.
    if (!to.searchParams.has(COUNT)) to.searchParams.set(COUNT, '1');
  }
  return Response.redirect(to.href, 303);
}

export interface SharedFiles {
  files: File[];
  /** How many could not be kept. */
  missing: number;
  /** Keeps them no longer; to be called when they are taken. */
  forget(): Promise<void>;
}

/**
 * The files that were shared. Rejects where the browser does not open its store.
 *
 * @param search the address's query, with its ?
 */
export async function takeShared(search: string, scope: string): Promise<SharedFiles> {
  const query = new URLSearchParams(search);
  const count = Number(query.get(COUNT));
  const id = query.get(STORE);
  const files: File[] = [];
  const name = storesOf(scope) + id;
  if (id !== null && (await caches.has(name))) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      const response = await store.match(request);
      if (response === undefined) continue;
      const fileName = decodeURIComponent(response.headers.get(NAME) ?? '');
      files.push(new File([await response.blob()], fileName));
    }
  }
  return {
    files,
    missing: Number.isInteger(count) ? Math.max(0, count - files.length) : 0,
    forget: async () => {
      if (id !== null) await caches.delete(name);
    },
  };
}
