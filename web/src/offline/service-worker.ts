/**
 * The page's service worker: keeps the files of one build, so that the page works without a
 * network, and says with each answer what a static host does not (`headers.ts`).
 *
 * A version installs wholly or not at all: every file is checked against the digest that the
 * build wrote down, and one that is missing or differs leaves the version before in its place. A
 * version that is installed waits until the page's user asks for it, or the page is closed. The
 * files of the version before stay, for pages that are still open on it.
 */
import { keptEarly, type ListedFile, nameOf, placeOf } from './files.js';
import { dressed } from './headers.js';
import { keepShared } from './shared.js';
import { TAKE_OVER } from './take-over.js';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: ListedFile[] };
/** The page's Content-Security-Policy, put in by the build: see vite.config.ts. */
declare const __POLICY__: string;

const files = self.__WB_MANIFEST;
const byName = new Map(files.map((file) => [file.url, file]));
const { scope } = self.registration;
// Other pages may stand on the same origin.
const STORE = `tagscope ${scope}`;
/** Where the lists of this version and of the one before it are kept. */
const LISTS = new URL('?kept=lists', scope).href;

interface Lists {
  now: ListedFile[];
  before: ListedFile[];
}

async function storedLists(): Promise<Lists> {
  const stored = await (await caches.open(STORE)).match(LISTS);
  return stored === undefined ? { now: [], before: [] } : ((await stored.json()) as Lists);
}

/** A file as the network has it now; rejects where that is none or another one. */
async function fetched({ url, integrity }: ListedFile): Promise<Response> {
  // The HTTP cache may hold another version of what has no hash in its name.
  const response = await fetch(new URL(url, scope), { integrity, cache: 'no-cache' });
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response;
}

/** Sees to it that the store has a file; rejects where it cannot be had or there is no room. */
async function keep(file: ListedFile): Promise<void> {
  const store = await caches.open(STORE);
  const place = placeOf(file, scope);
  if ((await store.match(place)) === undefined) await store.put(place, await fetched(file));
}

async function answer({ request }: FetchEvent, name: string): Promise<Response> {
  const file =
    byName.get(name) ?? (await storedLists()).before.find((former) => former.url === name);
  if (file !== undefined) {
    const store = await caches.open(STORE);
    const place = placeOf(file, scope);
    const stored = await store.match(place);
    if (stored !== undefined) return dressed(stored, __POLICY__);
    const response = await fetched(file);
    // Where there is no room for it, it is fetched again the next time.
    await store.put(place, response.clone()).catch(() => undefined);
    return dressed(response, __POLICY__);
  }
  const response = await fetch(request);
  return response.type === 'basic' && !response.redirected
    ? dressed(response, __POLICY__)
    : response;
}

/** Takes the place of the version before, and drops what neither of the two needs. */
async function takePlace(): Promise<void> {
  const store = await caches.open(STORE);
  const { now: before } = await storedLists();
  await store.put(LISTS, Response.json({ now: files, before } satisfies Lists));
  // What a third version is just storing is not to be dropped.
  if (self.registration.installing === null) {
    const needed = new Set([LISTS, ...[...files, ...before].map((file) => placeOf(file, scope))]);
    for (const { url } of await store.keys()) {
      if (!needed.has(url)) await store.delete(url);
    }
  }
  await self.clients.claim();
}

self.addEventListener('install', (event) => {
  event.waitUntil(Promise.all(keptEarly(files).map(keep)));
});

self.addEventListener('activate', (event) => event.waitUntil(takePlace()));

self.addEventListener('message', (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const name = nameOf(request.url, scope, request.mode === 'navigate');
  if (request.method === 'POST' && request.mode === 'navigate' && name === 'index.html') {
    event.respondWith(keepShared(request, scope));
  } else if (request.method === 'GET' && name !== undefined) {
    event.respondWith(answer(event, name));
  }
});
