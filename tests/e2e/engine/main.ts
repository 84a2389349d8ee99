/** The engine under the page's own policy, for tests that call it from outside. */
import { createEngine } from '../../../web/src/engine/browser.js';

const here = new URL('.', document.baseURI);
const mirror = new URLSearchParams(location.search).get('mirror');
Object.assign(globalThis, {
  engine: await createEngine({
    assets: new URL('core/', here),
    ...(mirror === null ? {} : { mirror }),
  }),
});
document.title = 'ready';
