import { describe, expect, test } from 'vitest';
import { filesOfList, filesOfTransfer } from '../../web/src/panels/common/found-files.js';

// Entries as the File and Directory Entries API has them; a reader gives two at a time.
function fileEntry(fullPath: string, error?: DOMException): FileSystemEntry {
  const file = (done: (file: File) => void, fail: (error: DOMException) => void) =>
    error === undefined
      ? done(new File([fullPath], fullPath.split('/').at(-1) ?? ''))
      : fail(error);
  return { isFile: true, isDirectory: false, fullPath, file } as unknown as FileSystemEntry;
}

function folderEntry(fullPath: string, children: FileSystemEntry[]): FileSystemEntry {
  const createReader = () => {
    const left = [...children];
    return { readEntries: (done: (part: FileSystemEntry[]) => void) => done(left.splice(0, 2)) };
  };
  return { isFile: false, isDirectory: true, fullPath, createReader } as unknown as FileSystemEntry;
}

function items(...entries: (FileSystemEntry | File | string)[]): DataTransferItemList {
  return entries.map((entry) => ({
    kind: typeof entry === 'string' ? 'string' : 'file',
    webkitGetAsEntry: () => (entry instanceof File ? null : entry),
    getAsFile: () => (entry instanceof File ? entry : null),
  })) as unknown as DataTransferItemList;
}

describe('a drop', () => {
  test('is walked to the bottom, past what a reader gives at once, and sorted', async () => {
    const inner = folderEntry('/a/sub', [fileEntry('/a/sub/x10'), fileEntry('/a/sub/x9')]);
    const outer = folderEntry('/a', [
      fileEntry('/a/3'),
      inner,
      fileEntry('/a/1'),
      fileEntry('/a/2'),
      fileEntry('/a/0'),
    ]);
    const found = await filesOfTransfer(items(outer, 'a text', fileEntry('/Z')));
    const paths = found.map(({ path }) => path);
    expect(paths).toEqual(['a/0', 'a/1', 'a/2', 'a/3', 'a/sub/x9', 'a/sub/x10', 'Z']);
    expect(found.every((one) => 'file' in one)).toBe(true);
  });

  test('tells what cannot be read by its name, and goes on', async () => {
    const gone = new DOMException('gone', 'NotFoundError');
    const folder = folderEntry('/a', [fileEntry('/a/1', gone), fileEntry('/a/2')]);
    const [first, second] = await filesOfTransfer(items(folder));
    expect(first).toMatchObject({ path: 'a/1', failure: { code: 'not-found', where: 'a/1' } });
    expect(second).toMatchObject({ path: 'a/2', file: expect.any(File) });
  });

  test('takes a file that has no entry', async () => {
    const found = await filesOfTransfer(items(new File(['x'], 'image.png')));
    expect(found.map(({ path }) => path)).toEqual(['image.png']);
  });
});

test('a chosen folder comes with its paths', () => {
  const file = Object.assign(new File(['x'], 'b'), {});
  Object.defineProperty(file, 'webkitRelativePath', { value: 'folder/b' });
  expect(filesOfList([file, new File([''], 'a')]).map(({ path }) => path)).toEqual([
    'a',
    'folder/b',
  ]);
});
