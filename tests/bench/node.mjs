// A room's measurements in this Node: `node tests/bench/node.mjs ROOM [WHAT]`, forked by run.mjs.
// A process of its own for each room, so that none warms up or fills another's.
import { readFile } from 'node:fs/promises';
import { createEngine } from '../../lib/engine/node.js';
import { measureRoom } from './room.mjs';

const top = new URL('../../', import.meta.url);
const [room, what] = process.argv.slice(2);

await measureRoom(await import(`./rooms/${room}.mjs`), {
  where: 'node',
  what,
  load: async (path) => new Uint8Array(await readFile(new URL(path, top))),
  url: (path) => new URL(path, top).href,
  createEngine,
  report: (row) => process.send({ room, ...row }),
});
process.disconnect();
