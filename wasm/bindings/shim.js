// Emscripten's loader asks for require and __dirname, which an ES module in Node does not
// have. Elsewhere both stay undefined and the loader does not look at them.
let require, __dirname;
if (typeof process === 'object' && typeof process.versions?.node === 'string') {
  const { createRequire } = await import('module');
  require = createRequire(import.meta.url);
  __dirname = require('path').dirname(require('url').fileURLToPath(import.meta.url));
}
