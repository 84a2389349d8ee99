import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portOf, serve } from '../../scripts/serve.mjs';

interface Answer {
  status: number;
  type: string | undefined;
  body: string;
}

// Node's own fetch would tidy the dots away before they reach the server.
function ask(address: string, path: string, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('serve', () => {
  const above = mkdtempSync(join(tmpdir(), 'tagscope-serve-'));
  const folder = join(above, 'dist');
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    mkdirSync(join(folder, 'core'), { recursive: true });
    mkdirSync(join(above, 'dist-other'));
    writeFileSync(join(above, 'secret.txt'), 'secret');
    writeFileSync(join(above, 'dist-other/secret.txt'), 'secret');
    writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
    writeFileSync(join(folder, 'core/tagscope.mjs'), 'export default 1;');
    writeFileSync(join(folder, 'core/tagscope.wasm'), 'wasm');
    writeFileSync(join(folder, 'a b.txt'), 'blank');
    symlinkSync(join(above, 'secret.txt'), join(folder, 'link.txt'));
    server = await serve({ folder, prefix: '/name/', port: 0 });
  });

  afterAll(async () => {
    await server.close();
    rmSync(above, { recursive: true });
  });

  it.each([
    ['/name/', 'text/html; charset=utf-8', '<!doctype html>page'],
    ['/name/index.html', 'text/html; charset=utf-8', '<!doctype html>page'],
    ['/name/core/tagscope.mjs?v=1', 'text/javascript; charset=utf-8', 'export default 1;'],
    ['/name/core/tagscope.wasm', 'application/wasm', 'wasm'],
    ['/name/a%20b.txt', 'text/plain; charset=utf-8', 'blank'],
  ])('gives %s', async (path, type, body) => {
    expect(await ask(server.address, path)).toEqual({ status: 200, type, body });
  });

  it.each([
    '/',
    '/name',
    '/name/core/',
    '/name/core',
    '/name/absent.js',
    '/name/../secret.txt',
    '/name/%2e%2e/secret.txt',
    '/name/..%2fsecret.txt',
    '/name/../dist-other/secret.txt',
    '/name//../../secret.txt',
    '/name/link.txt',
    '/name/%00',
    '/name/%zz',
  ])('refuses %s', async (path) => {
    const { status, body } = await ask(server.address, path);
    expect(status).toBe(404);
    expect(body).toBe('Not found\n');
  });

  it('answers HEAD without a body, and no other method', async () => {
    expect(await ask(server.address, '/name/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect(await ask(server.address, '/name/', 'POST')).toMatchObject({ status: 405 });
  });

  it('takes the next port where the first is taken, but no other than one that was asked for', async () => {
    const first = await serve({ folder });
    const second = await serve({ folder });
    const [a, b] = [first, second].map(({ address }) => Number(new URL(address).port));
    expect(b).toBeGreaterThan(a ?? Number.NaN);
    await expect(serve({ folder, port: a ?? 0 })).rejects.toThrow(/taken/);
    await Promise.all([first.close(), second.close()]);
  });
});

describe('--port', () => {
  it('is a number', () => {
    expect(portOf([])).toBeUndefined();
    expect(portOf(['--port', '0'])).toBe(0);
    expect(portOf(['--port=8080'])).toBe(8080);
    expect(() => portOf(['--port', '80a'])).toThrow(/"80a"/);
    expect(() => portOf(['--port', '65536'])).toThrow(/65535/);
  });
});
