// The page around the worker in which a room is measured, as run.mjs opens it:
// page.html?measure=ROOM&measure=WHAT. It hands rows to `benchReport` and settles `benchDone`.
const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });

window.benchDone = new Promise((resolve, reject) => {
  worker.addEventListener('message', ({ data }) => {
    if (data.row) window.benchReport(data.row);
    else if (data.error) reject(new Error(data.error));
    else resolve();
  });
  worker.addEventListener('error', ({ message }) => {
    reject(new Error(message || 'the worker could not be loaded'));
  });
});

const [room, what] = new URLSearchParams(location.search).getAll('measure');
worker.postMessage({ room, what, checkout: new URL('../../', location.href).href });
