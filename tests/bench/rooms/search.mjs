// Searches, each as a worker runs it. CyberChef's node API does the same chains in Node alone.
import { openModule, peerName } from '../room.mjs';

// Node alone loads it, and a bundler that read the name would take all of it in.
const CYBERCHEF = 'cyberchef';

const WORKED = [{ name: 'houshou_marine', tag: 'aua' }];
const SIX = ['houshou_marine', 'sakimichan', 'wlop', 'kantoku', 'greg_rutkowski', 'mika_pikazo'];

const LIST_NAMES = 110_000;
const LIST_TAGS = 500;
const WORDS = ['houshou', 'marine', 'sakimichan', 'wlop', 'greg', 'Rutkowski', 'pony'];

/** The code-th of the codes of three letters. */
function lettersOf(code) {
  return [676, 26, 1]
    .map((place) => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(code / place) % 26])
    .join('');
}

/** Bytes of standard@1's digests. */
const DIGESTS = [4, 4, 8, 8, 4, 8, 16, 20, 28, 32, 48, 64, 32, 28, 32, 48, 64, 64, 32, 64, 32, 32];
/** Normalisations × ciphers of standard@1. */
const INPUTS = 4 * 53;

// Outputs of standard@1 that are there whatever the name, and are made: what reaches beyond a
// value is no output, and decimal numbers are counted as if each had two digits.
function outputsMade(n) {
  const per = (length) => (length <= n ? 1 : length - n + 2);
  const lengths = (bytes) => [
    bytes,
    2 * bytes,
    4 * Math.ceil(bytes / 3),
    4 * Math.ceil(bytes / 3),
    8 * Math.ceil(bytes / 5),
    bytes,
    3 * bytes - 1,
  ];
  return INPUTS * DIGESTS.flatMap(lengths).reduce((sum, length) => sum + per(length), 0);
}

function answered(reply) {
  const { ok, error } = JSON.parse(reply);
  if (error) throw new Error(`${error.where}: ${error.what}`);
  return ok;
}

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const module = await openModule(place, 'search');
  answered(module.loadVocabulary(await place.load('lib/core/clip.vocab')));
  const searched = (claim) => () => {
    const opened = answered(module.open(JSON.stringify(claim)));
    answered(module.run(opened.handle, 0, opened.units));
    const { verdict } = answered(module.finish(opened.handle));
    module.close(opened.handle);
    return verdict.row;
  };
  yield {
    what: 'standard@1, one name and a tag of three letters, one worker',
    ours: searched({ pairs: WORKED, space: 'standard@1' }),
    unit: 'million outputs/s',
    amount: outputsMade(3) / 1e6,
    floor: 20,
    goal: 40,
  };
  yield {
    what: 'standard@1, six names and tags, one worker',
    ours: searched({
      pairs: SIX.map((name, i) => ({ name, tag: `q${'abcdef'[i]}z` })),
      space: 'standard@1',
    }),
    unit: 'million outputs/s',
    amount: (SIX.length * outputsMade(3)) / 1e6,
    floor: 20,
    goal: 40,
  };
  const engine = await place.createEngine();
  yield {
    what: 'the worked case in standard@1, from the call to the verdict',
    ours: async () => (await engine.search({ pairs: WORKED })).verdict.row,
    unit: 's',
    floor: 1,
    goal: 0.5,
  };
  const lists = {
    names: Array.from(
      { length: LIST_NAMES },
      (_, i) => `${WORDS[i % 7]}_${WORDS[(i >> 3) % 7]}_${i}`,
    ),
    tags: Array.from({ length: LIST_TAGS }, (_, i) => lettersOf(i * 35)),
  };
  yield {
    what: '110,000 names and 500 tags of three letters in quick@1, all workers',
    // Hits are told, as whoever writes them down would be told.
    ours: async () => (await engine.searchLists(lists, { onHits: () => undefined })).total.hits,
    unit: 's',
    floor: 60,
    goal: 30,
  };
  engine.close();
  if (place.where === 'node') yield* againstCyberChef(place, module);
}

// CyberChef's install script adds the endings that some of its dependencies' imports lack; scripts
// of packages are not run here, so the resolver adds them.
async function addEndings() {
  const { register } = await import(/* @vite-ignore */ 'node:module');
  const hooks = `export async function resolve(specifier, context, next) {
    try {
      return await next(specifier, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !specifier.startsWith('.')) throw error;
      return next(specifier + '.mjs', context);
    }
  }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

// Chains of a cipher, a digest and an encoding. The peer bakes each; ours makes these and all the
// other outputs of the space. Both are asked how many outputs they make in a second.
async function* againstCyberChef(place, module) {
  await addEndings();
  const { default: chef } = await import(/* @vite-ignore */ CYBERCHEF);
  const [{ name }] = WORKED;
  const digests = [
    ['md5', 'MD5'],
    ['sha1', { op: 'SHA1', args: { rounds: 80 } }],
    ['sha256', { op: 'SHA2', args: { size: '256', rounds: 64 } }],
  ];
  const chains = digests.flatMap(([ours, theirs]) =>
    Array.from({ length: 25 }, (_, i) => [
      `rot n=${i + 1} | ${ours} | hex`,
      [{ op: 'ROT13', args: { amount: i + 1 } }, theirs],
    ]),
  );
  const engine = await place.createEngine();
  for (const [recipe, chain] of chains) {
    const { output } = await engine.run(recipe, name);
    const baked = String(chef.bake(name, chain));
    if (output.text !== baked) throw new Error(`${recipe}: CyberChef makes ${baked} of it`);
  }
  engine.close();
  const claim = JSON.stringify({ pairs: WORKED, space: 'standard@1' });
  yield {
    what: 'outputs of rot, digest and hex, each chain of its own',
    ours: () => {
      const { handle, units } = answered(module.open(claim));
      answered(module.run(handle, 0, units));
      module.close(handle);
    },
    peer: () => {
      for (const [, chain] of chains) chef.bake(name, chain);
    },
    agree: () => true, // compared above, output by output
    peer_name: await peerName(place, 'cyberchef'),
    unit: 'million outputs/s',
    amount: outputsMade(3) / 1e6,
    peer_amount: chains.length / 1e6,
  };
}
