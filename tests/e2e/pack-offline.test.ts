/** The zip of `npm run pack:offline`, unpacked and served by a plain static server. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { top } from '../architecture/rooms.js';
import { launchBrowser, troublesOf } from './browser.js';

/** The files of a zip, read from its directory (PKWARE's APPNOTE.TXT, section 4.3.12). */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; --n) {
    const packed = zip.readUInt32LE(at + 20);
    const length = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + length);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(zip.subarray(data, data + packed)));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

test('the zip holds the whole page, which works from any static server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagscope-pack-'));
  const browser = await launchBrowser();
  try {
    const pack = (name: string) => {
      const path = join(folder, name);
      execFileSync(process.execPath, ['scripts/pack-offline.mjs', path], { cwd: top });
      return readFileSync(path);
    };
    const zip = pack('a.zip');
    expect(pack('b.zip').equals(zip)).toBe(true);

    const files = unzipped(zip);
    expect(files.get('index.html')?.equals(readFileSync(join(top, 'dist/index.html')))).toBe(true);
    expect([...files.keys()]).toContain('THIRD_PARTY_NOTICES.md');
    for (const [name, bytes] of files) {
      const path = join(folder, 'page', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    const server = await serve({ folder: join(folder, 'page'), prefix: '/anywhere/', port: 0 });
    try {
      const page = await browser.newPage();
      const troubles = troublesOf(page, server.address);
      await page.goto(server.address);
      await page.locator('[data-state="refuted"]:not(.stale)').waitFor();
      expect(troubles).toEqual([]);
    } finally {
      await server.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
