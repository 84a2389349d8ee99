/**
 * What the system shares with the installed page: a form, which a static host cannot take. The
 * service worker keeps its files in a store of their own until the page takes them from there;
 * its text goes on in the address. https://w3c.github.io/web-share-target/
 */

/** The manifest's names of the form's fields. */
const TEXTS = ['title', 'text', 'url'] as const;
const FILES = 'files';
/** How many files were shared, in the address that the page is then opened under. */
const COUNT = 'shared';
const NAME = 'X-File-Name';

const storeOf = (scope: string) => `tagscope shared ${scope}`;

/**
 * Keeps what a form holds, and leads to the page.
 *
 * @param scope the page's folder, with a slash at its end
 */
export async function keepShared(request: Request, scope: string): Promise<Response> {
  const form = await request.formData();
  const to = new URL(scope);
  for (const name of TEXTS) {
    const text = form.get(name);
    if (typeof text === 'string' && text !== '') to.searchParams.set(name, text);
  }
  const files = form
    .getAll(FILES)
    .filter((one) => one instanceof File && one.name !== '') as File[];
  if (files.length > 0) {
    to.searchParams.set(COUNT, String(files.length));
    const store = await caches.open(storeOf(scope));
    for (const [i, file] of files.entries()) {
      const kept = new Response(file, { headers: { [NAME]: encodeURIComponent(file.name) } });
      // Where there is no room, the page sees by the number that one is missing.
      await store.put(new URL(`?file=${i}`, scope), kept).catch(() => undefined);
    }
  }
  return Response.redirect(to.href, 303);
}

/**
 * The files that were shared, which are then kept no longer.
 *
 * @param search the address's query, with its ?
 * @returns `missing`: how many there was no room for
 */
export async function takeShared(
  search: string,
  scope: string,
): Promise<{ files: File[]; missing: number }> {
  const count = Number(new URLSearchParams(search).get(COUNT));
  if (!Number.isInteger(count) || count < 1) return { files: [], missing: 0 };
  const store = await caches.open(storeOf(scope));
  const files: File[] = [];
  for (const request of await store.keys()) {
    const response = await store.match(request);
    if (response === undefined) continue;
    files.push(
      new File([await response.blob()], decodeURIComponent(response.headers.get(NAME) ?? '')),
    );
  }
  await caches.delete(storeOf(scope));
  return { files, missing: Math.max(0, count - files.length) };
}
