// A stand-in for the digests module: a digest is how many bytes came, and the first four.
// For tests of the worker and the engine alone.
export const calls = [];

export default async function createFake({ wasmBinary }) {
  if (new TextDecoder().decode(wasmBinary) !== 'fake wasm') throw new Error('wrong binary');
  calls.push(['open']);
  const open = new Map();
  const staging = new Uint8Array(8192);
  let handles = 0;
  const digestOf = (length, first) => {
    const size = new DataView(new ArrayBuffer(4));
    size.setUint32(0, length);
    return Uint8Array.from([...new Uint8Array(size.buffer), ...first]);
  };
  return {
    version: () => 'fake-1',
    digests: () => ['crc32', 'crc64', 'sha1', 'sha256', 'blake2sp', 'blake3'].join('\n'),
    staging: () => staging,
    start: (id) => {
      calls.push(['start', id]);
      open.set(++handles, { length: 0, first: [] });
      return handles;
    },
    update: (handle, begin, end) => {
      calls.push(['update', handle, end - begin]);
      const seen = open.get(handle);
      if (seen.first.length < 4) {
        seen.first.push(...staging.subarray(begin, Math.min(end, begin + 4 - seen.first.length)));
      }
      seen.length += end - begin;
      return true;
    },
    finish: (handle) => {
      const { length, first } = open.get(handle);
      open.delete(handle);
      return digestOf(length, first);
    },
    cancel: (handle) => {
      calls.push(['cancel', handle]);
      open.delete(handle);
    },
    digestMany: (_, ends) => {
      calls.push(['digestMany', ends.length]);
      const parts = Array.from(ends, (end, i) => {
        const begin = ends[i - 1] ?? 0;
        return digestOf(end - begin, staging.subarray(begin, Math.min(end, begin + 4)));
      });
      return Uint8Array.from(parts.flatMap((part) => [...part]));
    },
  };
}
