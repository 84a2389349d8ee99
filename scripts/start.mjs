// npm start: installs what is missing, builds, prints the worked case's verdict in the
// terminal and serves the page.    npm start -- --port N
import { main, runNode, say } from './command.mjs';
import { requireNode, setUp } from './setup.mjs';

await main(async () => {
  requireNode(process.versions.node);
  const { portOf, serve } = await import('./serve.mjs');
  const port = portOf(process.argv.slice(2));
  await setUp('build');
  const { build } = await import('./build.mjs');
  await build();
  const example = 'examples/houshou_marine.json';
  say(`npx tagscope verify ${example}`);
  console.log();
  await runNode('lib/cli/main.js', ['verify', example]);
  console.log();
  const { address } = await serve({ port });
  say(`The same in the browser: ${address}  (Ctrl+C ends it)`);
});
