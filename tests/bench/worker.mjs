// A room's measurements in a browser's module Worker, where the product computes too.
import { createEngine } from '../../lib/engine/browser.js';
import { measureRoom } from './room.mjs';

const rooms = import.meta.glob('./rooms/*.mjs');

async function measureHere({ room, what, checkout }) {
  const url = (path) => new URL(path, checkout).href;
  await measureRoom(await rooms[`./rooms/${room}.mjs`](), {
    where: 'chromium',
    what,
    url,
    load: async (path) => {
      const response = await fetch(url(path));
      if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    createEngine: (options) =>
      createEngine({ assets: url('lib/core/'), base: checkout, ...options }),
    report: (row) => postMessage({ row: { room, ...row } }),
  });
}

addEventListener('message', async ({ data }) => {
  try {
    await measureHere(data);
    postMessage({});
  } catch (error) {
    postMessage({
      error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
    });
  }
});
