// Writes the links of this folder that are not there yet; those that are stay as they
// are for ever. After a build: node tests/links/mint.mjs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createEngine } from '../../lib/engine/node.js';

const worked = JSON.parse(
  readFileSync(new URL('../../examples/houshou_marine.json', import.meta.url), 'utf8'),
);
const KEY = '0x493f1a';

const claims = {
  'refuted-worked-case': worked,
  'refuted-two-tags': {
    pairs: [
      { name: 'same', tag: 'aua' },
      { name: 'same', tag: 'zix' },
    ],
    match: 'exact',
  },
  'refuted-no-output': { pairs: [{ name: 'not hex', tag: 'x' }], recipe: '~hex | hex' },
  'refuted-window': {
    pairs: [{ name: 'sakimichan', tag: 'zix' }],
    recipe: 'sha256 | base64',
    match: 'window',
    ignore_case: true,
  },
  'refuted-many': {
    title: 'Observed tags — “aua”, “zix”, “px”',
    pairs: [
      { name: 'houshou_marine', tag: 'aua' },
      { name: 'sakimichan', tag: 'zix' },
      { name: 'px', tag: 'px' },
    ],
    recipe: 'lower | spaces | md5 | hex | take n=3',
    match: 'prefix',
    population: 110000,
  },
  'reproduced-rot13': { pairs: [{ name: 'hello', tag: 'uryyb' }], recipe: 'rot n=13' },
  'reproduced-crc': {
    pairs: ['123456789', 'houshou_marine', 'sakimichan'].map((name) => ({ name, tag: '' })),
    recipe: 'crc32 | hex',
  },
  'coincidence-key': { pairs: [{ name: 'abc', tag: '' }], recipe: `xor key=${KEY}` },
  'undecided-no-recipe': { pairs: [{ name: 'houshou_marine', tag: 'aua' }], population: 110000 },
  'undecided-unicode': {
    title: null,
    pairs: [
      { name: '宝鐘マリン', tag: 'ｱｳｱ' },
      { name: 'İstanbul', tag: '😀' },
    ],
    match: 'subsequence',
    level: 0.05,
  },
  // With a space: what was searched, and which keys were solved for.
  'coincidence-search-worked-case': {
    pairs: [{ name: 'houshou_marine', tag: 'aua' }],
    space: 'standard@1',
  },
  'reproduced-search-lengths': {
    pairs: tagless('relor_laichoundon', 'gessesdufi_birhemu', 'yacho'),
    made: 'window at=2 n=4',
    space: 'quick@1',
  },
  'reproduced-search-key': {
    pairs: tagless('houshou_marine', 'sakimichan', 'usada_pekora', 'kantoku', 'mika_pikazo'),
    made: 'xor key=0x9f2c41 | take n=4 | hex',
    space: 'quick@1',
  },
  'refuted-search-exchanged': {
    pairs: tagless('houshou_marine', 'sakimichan'),
    made: 'take n=8 | xor key=0x0102030405060708',
    space: 'quick@1',
  },
};

/** Pairs whose tags a recipe will give. */
function tagless(...names) {
  return names.map((name) => ({ name, tag: '' }));
}

const engine = await createEngine();
for (const [name, { made, ...claim }] of Object.entries(claims)) {
  const file = new URL(`v1-${name}.txt`, import.meta.url);
  if (existsSync(file)) continue;
  for (const pair of claim.pairs) {
    if (pair.tag !== '') continue;
    // The tag that the recipe gives.
    const { output } = await engine.run(made ?? claim.recipe, pair.name);
    pair.tag = output.text ?? Buffer.from(output.hex, 'hex').toString();
  }
  const { link, verdict } = await engine.verify(claim);
  if (!name.startsWith(`${verdict.state}-`)) throw new Error(`${name} is ${verdict.state}`);
  writeFileSync(file, `${link}\n`);
}
