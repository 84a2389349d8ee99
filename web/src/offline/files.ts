/** Which files the build has, and which of them an address means. */

/** A file of the build, as the list that the build puts into the service worker names it. */
export interface ListedFile {
  /** Relative to the page, with the query under which the page asks for it. */
  url: string;
  /** "sha256-" and the digest in Base64, as `fetch` checks it. */
  integrity: string;
}

/** Large, and needed only by those who ask for them: kept when they are first used. */
const WHEN_USED = /^(?:ort\/|core\/(?:(?:gpt2|cl100k|o200k)\.vocab|builtin\.onnx)\b)/;

/** The files that are kept after the first visit, so that every panel works without a network. */
export function keptEarly(files: readonly ListedFile[]): ListedFile[] {
  return files.filter(({ url }) => !WHEN_USED.test(url));
}

/**
 * The name by which a list may know what is asked for; undefined outside the page's folder.
 *
 * @param scope the page's folder, with a slash at its end
 * @param navigation whether a document is asked for: its query is then no part of the name
 */
export function nameOf(address: string, scope: string, navigation: boolean): string | undefined {
  const url = new URL(address);
  url.hash = '';
  if (!url.href.startsWith(scope)) return undefined;
  if (navigation) url.search = '';
  const name = url.href.slice(scope.length);
  return name === '' && navigation ? 'index.html' : name;
}

/** Under which address a file is kept: two versions of it lie side by side. */
export function placeOf({ url, integrity }: ListedFile, scope: string): string {
  const place = new URL(url, scope);
  place.searchParams.set('kept', integrity);
  return place.href;
}
