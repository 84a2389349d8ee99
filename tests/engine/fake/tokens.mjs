// A stand-in for the tokens module: answers that show what was asked.
export const calls = [];

const ok = (value) => JSON.stringify({ ok: value });
const refused = (code, where, what) => JSON.stringify({ error: { code, where, what } });
const text = (bytes) => new TextDecoder().decode(bytes);

export default async function createFake({ wasmBinary }) {
  if (text(wasmBinary) !== 'fake wasm') throw new Error('wrong binary');
  calls.push(['start']);
  let vocabulary;
  let staged = new Uint8Array();
  let ids = new Uint32Array();
  let offsets = new Uint32Array();
  const withVocabulary = (options, answer) =>
    (JSON.parse(options).tokenizer ?? 'clip') !== 'clip'
      ? refused('unknown-tokenizer', 'tokenizer', 'is none')
      : vocabulary === 'fake vocabulary'
        ? answer()
        : refused('asset-missing', 'clip', 'is not loaded');
  return {
    version: () => 'fake-1',
    loadVocabulary: (name, bytes) => {
      calls.push(['loadVocabulary', name]);
      vocabulary = text(bytes);
      return ok(null);
    },
    tokenize: (input, options) => {
      if (input === 'abort') throw new Error('Aborted()');
      return withVocabulary(options, () => ok({ input, options: JSON.parse(options) }));
    },
    decode: (list, options) => withVocabulary(options, () => ok({ text: `${list} ${options}` })),
    staging: (size) => {
      staged = new Uint8Array(size);
      return staged;
    },
    // An id for each byte of a text.
    tokenizeMany: (ends, options) =>
      withVocabulary(options, () => {
        ids = Uint32Array.from(staged);
        offsets = Uint32Array.of(0, ...ends);
        return ok(null);
      }),
    manyIds: () => ids.slice(),
    manyOffsets: () => offsets.slice(),
    manySpans: () => Uint32Array.of(7),
    forgetMany: () => calls.push(['forgetMany']),
  };
}
