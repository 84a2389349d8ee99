// A small static file server for dist/: on this machine only, no listings.
//
//   node scripts/serve.mjs [--port N]
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { main, say, top } from './command.mjs';

const FIRST_PORT = 4173;
const PORTS_TRIED = 20;

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

// The file that an address means, or undefined: nothing outside `folder`, by dots or by links.
async function fileOf(folder, prefix, address) {
  let path;
  try {
    path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(prefix) || path.includes('\0')) return undefined;
  const inside = path.slice(prefix.length);
  const wanted = join(
    folder,
    inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside,
  );
  try {
    const file = await realpath(wanted);
    if (!file.startsWith(folder + sep)) return undefined;
    const found = await stat(file);
    return found.isFile() ? { file, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(server.address().port);
    });
  });
}

/**
 * Serves a folder on 127.0.0.1.
 *
 * @param {{folder?: string, prefix?: string, port?: number, headers?: Record<string, string>}}
 *     [options] prefix: the path under which the folder stands, "/" or "/name/"; port: that one
 *     and no other (0: any free one); left out, 4173 or the next free one; headers: sent with
 *     every file.
 * @returns {Promise<{address: string, close: () => Promise<void>}>}
 */
export async function serve({ folder = join(top, 'dist'), prefix = '/', port, headers = {} } = {}) {
  const root = await realpath(folder);
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const found = await fileOf(root, prefix, request.url ?? '/');
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      ...headers,
      'Content-Type': TYPES[extname(found.file)] ?? 'application/octet-stream',
      'Content-Length': found.size,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(found.file)
        .on('error', () => response.destroy())
        .pipe(response);
  });
  const candidates =
    port === undefined ? Array.from({ length: PORTS_TRIED }, (_, i) => FIRST_PORT + i) : [port];
  for (const candidate of candidates) {
    try {
      const taken = await listen(server, candidate);
      return {
        address: `http://127.0.0.1:${taken}${prefix}`,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(
    `ports ${candidates[0]} to ${candidates.at(-1)} are taken; choose one with --port N`,
  );
}

/** The port that --port asks for. */
export function portOf(args) {
  const { values } = parseArgs({ args, options: { port: { type: 'string' } } });
  if (values.port === undefined) return undefined;
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port is "${values.port}"; it must be a number from 0 to 65535`);
  }
  return port;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { address } = await serve({ port: portOf(process.argv.slice(2)) });
    say(`Tagscope is at ${address}  (Ctrl+C ends it)`);
  });
}
