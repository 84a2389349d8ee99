/** Files as people hand them over: chosen, pasted or dropped, folders walked, in the order of their paths. */
import type { Failure } from '../../engine/browser.js';

/** `path`: with the folders below the one that was given; `/` between them. */
export type Found = { path: string; file: File } | { path: string; failure: Failure };

const collator = new Intl.Collator('en', { numeric: true });

/** Files of an `<input>`; those of a chosen folder come with their paths. */
export function filesOfList(list: Iterable<File>): Found[] {
  return sorted(Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/**
 * Files and folders of a drop or a paste. Reads the transfer before it first waits:
 * the browser empties it as soon as the event is over.
 */
export async function filesOfTransfer(items: DataTransferItemList): Promise<Found[]> {
  const roots = Array.from(items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found: Found[] = [];
  for (const root of roots) {
    if (root instanceof File) found.push({ path: root.name, file: root });
    else if (root !== null) await walk(root, found);
  }
  return sorted(found);
}

async function walk(entry: FileSystemEntry, found: Found[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      found.push({ path, file });
    } else {
      const children = await childrenOf(entry as FileSystemDirectoryEntry);
      for (const child of children) await walk(child, found);
    }
  } catch (error) {
    found.push({ path, failure: unreadable(path, error) });
  }
}

// A reader hands its entries over in parts, an empty one at the end.
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) return children;
    children.push(...part);
  }
}

function sorted(found: Found[]): Found[] {
  return found.sort((a, b) => collator.compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
}

/** Why a file cannot be read, from what the browser threw. */
export function unreadable(path: string, error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : '';
  const reasons: Record<string, string> = {
    NotFoundError: 'is not there any more: it was moved, renamed or removed',
    NotReadableError: 'cannot be read: it was changed since it was chosen, or may not be read',
    SecurityError: 'may not be read by a web page',
  };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: name === 'NotFoundError' ? 'not-found' : 'not-readable',
    where: path,
    what: reasons[name] ?? `cannot be read: ${message}`,
  };
}
