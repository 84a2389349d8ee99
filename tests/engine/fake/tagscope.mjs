// A stand-in for the core module: answers that show what was asked. For tests of
// the worker and the engine alone; the real module is tested by tests/cli and tests/links.
export const calls = [];

const ok = (value) => JSON.stringify({ ok: value });
const refused = (code, where, what) => JSON.stringify({ error: { code, where, what } });
const text = (bytes) => new TextDecoder().decode(bytes);

export default async function createFake({ wasmBinary }) {
  if (text(wasmBinary) !== 'fake wasm') throw new Error('wrong binary');
  calls.push(['start']);
  let vocabulary;
  let tables = false;
  const withVocabulary = (answer) =>
    vocabulary === 'fake vocabulary'
      ? answer()
      : refused('vocabulary-missing', 'clip', 'is not loaded');
  return {
    version: () => 'fake-1',
    catalog: () =>
      JSON.stringify([
        { id: 'rot', kind: 'cipher' },
        { id: 'crc32', kind: 'hash' },
      ]),
    readRecipe: (source) =>
      source === 'nothing'
        ? refused('unknown-method', 'recipe, step 1', 'there is no method "nothing"')
        : ok({ recipe: source, steps: [] }),
    runRecipe: (source, kind, input) => {
      if (source === 'abort') throw new Error('Aborted()');
      if (source === 'tables' && !tables) throw new Error('unreachable');
      return ok({ recipe: source, output: { kind, text: text(input) } });
    },
    loadVocabulary: (name, bytes) => {
      calls.push(['loadVocabulary', name]);
      vocabulary = text(bytes);
      return ok(null);
    },
    loadTextTables: () => {
      calls.push(['loadTextTables']);
      tables = true;
      return ok(null);
    },
    verify: (claim) =>
      withVocabulary(() =>
        ok({ claim: JSON.parse(claim), verdict: { state: 'undecided' }, document: claim }),
      ),
    replay: (document, strict) =>
      withVocabulary(() =>
        document.includes('broken')
          ? refused('bad-link', 'digest', 'is broken')
          : ok({ agrees: true, differences: [], verified: { strict, document } }),
      ),
  };
}
