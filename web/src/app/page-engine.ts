/** The page's engine: it starts with the scripts, and loads while the page is drawn. */
import { createEngine } from '../engine/browser.js';

export const engine = createEngine({
  assets: new URL(`core/?v=${__CORE_VERSION__}`, document.baseURI),
  ...(__MIRROR__ === null ? {} : { mirror: __MIRROR__ }),
  // Without a query: the page may have been opened with what was shared.
  base: location.href.replace(/[?#].*$/s, ''),
});

// The page, which comes a task later, shows why it did not start.
engine.catch(() => undefined);
