/** What the system hands to the installed page: files that it was opened with, and shared text. */
import type { OtherPanel } from './route.js';

export { takeShared } from '../offline/shared.js';

const PANEL_OF: readonly (readonly [name: RegExp, panel: OtherPanel])[] = [
  [/\.(safetensors|onnx|pt)$/i, 'similarity'],
  [/\.(csv|tsv)$/i, 'tags'],
];

/** Which panel a file is for; any file can be digested. */
export function panelFor(name: string): OtherPanel {
  return PANEL_OF.find(([pattern]) => pattern.test(name))?.[1] ?? 'digests';
}

/** The parameters by which the manifest's share target hands something over. */
const SHARED = ['url', 'text', 'title'] as const;

/**
 * The fragment that shows what was shared: a link of the page itself, or the tokens of a text.
 *
 * @param search the address's query, with its ?
 * @returns null where nothing was shared
 */
export function sharedFragment(search: string): string | null {
  const query = new URLSearchParams(search);
  const shared = SHARED.map((name) => query.get(name)).find((value) => value);
  if (!shared) return null;
  const [link] = /#\/claim\?v=\S+/.exec(shared) ?? [];
  return link ?? `#/tokens?${new URLSearchParams({ text: shared })}`;
}

/** What is said of shared files that could not be kept until the page took them. */
export function notTaken(files: number): string {
  return files === 1
    ? 'A shared file could not be kept, for want of room perhaps. Choose it in its panel.'
    : `${files} shared files could not be kept, for want of room perhaps. Choose them in their panels.`;
}

/** https://wicg.github.io/manifest-incubations/#launch-handler-member; not in every browser. */
interface LaunchQueue {
  setConsumer(consume: (launch: { files?: readonly { getFile(): Promise<File> }[] }) => void): void;
}

/** Calls back with each file that the page is opened with, now or later. */
export function onLaunchedFiles(take: (file: File) => void): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files = [] }) => {
    for (const handle of files) take(await handle.getFile());
  });
}
