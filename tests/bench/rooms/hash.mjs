// Digests against hash-wasm, the fastest of npm's that stream. Ours go the way that files go:
// through the worker's own code, copying into the module included.
import * as imported from 'hash-wasm';
import { openDigests } from '../../../lib/worker/digests.js';
import { drawNames } from '../inputs.mjs';
import { packageOf, peerName } from '../room.mjs';

const hashWasm = packageOf(imported);

const MIB = 1024 * 1024;
const FILE_BYTES = 64 * MIB;
const NAMES = 110_000;
const NAME_BYTES = 14;

/** Ours, the peer's (of a digest that does most nearly the same), floor and goal. */
const STREAMED = [
  ['crc32', () => hashWasm.createCRC32(), 1.5, 1.7],
  ['crc32c', () => hashWasm.createCRC32(0x82f63b78)],
  ['crc64', () => hashWasm.createCRC64(), 1.9, 2.1],
  ['adler32', () => hashWasm.createAdler32()],
  ['xxh64', () => hashWasm.createXXHash64()],
  ['md5', () => hashWasm.createMD5()],
  ['sha1', () => hashWasm.createSHA1(), 0.95, 1.1],
  ['sha256', () => hashWasm.createSHA256(), 0.95, 1.1],
  ['sha512', () => hashWasm.createSHA512()],
  ['sha3-256', () => hashWasm.createSHA3(256)],
  ['blake2b', () => hashWasm.createBLAKE2b(512)],
  ['blake2s', () => hashWasm.createBLAKE2s(256)],
  ['blake3', () => hashWasm.createBLAKE3(), 1.8, 2.5],
];
/** No package has these: the peer does the serial form, whose digest is another. */
const TREES = [
  ['blake2bp', 'BLAKE2b', () => hashWasm.createBLAKE2b(512)],
  ['blake2sp', 'BLAKE2s', () => hashWasm.createBLAKE2s(256), 2.0, 2.3],
];

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function answered(reply) {
  if ('error' in reply) throw new Error(`${reply.error.where}: ${reply.error.what}`);
  return reply.ok;
}

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const peer_name = await peerName(place, 'hash-wasm');
  const digests = answered(
    await openDigests({
      module: place.url('lib/core/digests.mjs'),
      load: () => place.load('lib/core/digests.wasm'),
      openReader: () => Promise.reject(new Error('bytes are pushed')),
    }),
  );
  const bytes = new Uint8Array(FILE_BYTES).map((_, i) => (i * i) >> 3);
  const digest = async (id) => {
    const job = answered(await digests.start([{ key: id, id }], null));
    answered(await digests.push(job, bytes));
    return hex(answered(await digests.finish(job))[id]);
  };
  const streamed = (id, hasher) => ({
    ours: () => digest(id),
    peer: () => hasher.init().update(bytes).digest('hex'),
    unit: 'MB/s',
    amount: FILE_BYTES / 1e6,
  });
  for (const [id, create, floor, goal] of STREAMED) {
    yield { what: `${id}, 64 MiB`, ...streamed(id, await create()), peer_name, floor, goal };
  }
  for (const [id, serial, create, floor, goal] of TREES) {
    yield {
      what: `${id}, 64 MiB`,
      ...streamed(id, await create()),
      peer_name: `${peer_name} ${serial}`,
      agree: () => true,
      floor,
      goal,
    };
  }
  const engine = await place.createEngine();
  yield* wholeFile(engine, bytes, peer_name);
  engine.close();
  yield { ...(await manyNames(digests)), peer_name };
}

/** How the peer gets a file's bytes: by slices, as its documentation does, or by the faster stream. */
const READINGS = {
  'by slices': async function* (file) {
    for (let at = 0; at < file.size; at += 2 * MIB) {
      yield new Uint8Array(await file.slice(at, at + 2 * MIB).arrayBuffer());
    }
  },
  'by a stream': async function* (file) {
    const stream = file.stream().getReader();
    for (;;) {
      const { done, value } = await stream.read();
      if (done) return;
      yield value;
    }
  },
};

// What is asked of a file by default, read from a Blob on both sides.
async function* wholeFile(engine, bytes, peer_name) {
  const file = new Blob([bytes]);
  const peers = {
    crc32: await hashWasm.createCRC32(),
    crc64: await hashWasm.createCRC64(),
    sha1: await hashWasm.createSHA1(),
    sha256: await hashWasm.createSHA256(),
  };
  for (const [how, chunksOf] of Object.entries(READINGS)) {
    yield {
      what: 'five default digests of one file, two workers',
      ours: async () => (await engine.hash(file)).digests,
      peer: async () => {
        for (const hasher of Object.values(peers)) hasher.init();
        for await (const chunk of chunksOf(file)) {
          for (const hasher of Object.values(peers)) hasher.update(chunk);
        }
        return Object.fromEntries(
          Object.entries(peers).map(([id, hasher]) => [id, hasher.digest('hex')]),
        );
      },
      peer_name: `${peer_name}, the four it has, ${how}`,
      agree: (ours, theirs) =>
        Object.entries(theirs).every(([id, digest]) => ours[id].hex === digest),
      unit: 'MB/s',
      amount: FILE_BYTES / 1e6,
      ...(how === 'by slices' && { floor: 1.6, goal: 2 }),
    };
  }
}

async function manyNames(digests) {
  const names = drawNames(NAMES, NAME_BYTES);
  const hasher = await hashWasm.createSHA256();
  return {
    what: `sha256 of ${NAMES} names of ${NAME_BYTES} bytes`,
    ours: async () => answered(await digests.digestTexts('sha256', names)),
    peer: () => names.map((name) => hasher.init().update(name).digest('binary')),
    agree: (ours, theirs) =>
      theirs.every((one, i) => hex(one) === hex(ours.subarray(32 * i, 32 * i + 32))),
    unit: 'k/s',
    amount: NAMES / 1e3,
    floor: 4,
    goal: 5,
  };
}
