// npm run dev: the page from its sources, reloaded at each change, over the built core.

import { build } from './build.mjs';
import { main, runNode } from './command.mjs';
import { setUp } from './setup.mjs';

await main(async () => {
  await setUp('build');
  await build();
  await runNode('node_modules/vite/bin/vite.js', process.argv.slice(2));
});
