/** The entry of Node's worker threads: the digests behind Comlink, on the port handed over. */
import { type MessagePort, workerData } from 'node:worker_threads';
import * as Comlink from 'comlink';
import type { DigestWorkerEntry } from '../protocol/digest-api.js';
import { openDigestsHere } from './digests-node.js';

const entry: DigestWorkerEntry = {
  async open(assets) {
    const opened = await openDigestsHere(assets);
    if ('error' in opened) return opened;
    entry.digests = opened.ok;
    return { ok: null };
  },
};

const { port } = workerData as { port: MessagePort };
// Node's ports are event targets too; only their types differ.
Comlink.expose(entry, port as unknown as Comlink.Endpoint);
