/** The reader of WordNet's files, on lines written after wndb(5WN). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { top } from '../../scripts/command.mjs';

interface Synset {
  key: string;
  lemmas: string[];
  definition: string;
  examples: string[];
  hypernyms: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'tagscope-wordnet-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Two lines of the licence, as indented as there; then the synsets. Numbers of words are
// hexadecimal, those of pointers decimal.
const FILES = {
  'data.noun': `  1 This software and database is being provided to you
  2 by Princeton University
00001740 03 n 02 wheel 0 round_thing 1 002 @ 00001930 n 0000 + 00000001 v 0101 | turns; has spokes; "the wheel came off"; "a wheel within a wheel"
00001930 03 n 01 thing 0 001 @i 00001740 n 0000 | what there is
`,
  'data.verb': `00000001 29 v 01 wheel 0 000 01 + 02 00 | move along on wheels; "wheel it here
`,
  'data.adj': `00000002 00 s 01 round(p) 0 001 & 00000002 a 0000 | (of shapes) without corners
`,
  'data.adv': '',
};

const PROGRAM = `
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import wordnet
print(json.dumps([dict(vars(s), hypernyms=s.hypernyms) for s in wordnet.read(pathlib.Path(sys.argv[2]))]))
`;

test('synsets have their lemmas, definition, examples and hypernyms', () => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const printed = execFileSync(
    'python3',
    ['-B', '-c', PROGRAM, join(top, 'models/builtin'), folder],
    { encoding: 'utf8' },
  );
  const [noun, thing, verb, adjective] = JSON.parse(printed) as Synset[];
  expect(noun).toMatchObject({
    key: 'n00001740',
    lemmas: ['wheel', 'round thing'],
    definition: 'turns; has spokes',
    examples: ['the wheel came off', 'a wheel within a wheel'],
    hypernyms: ['n00001930'],
  });
  expect(thing?.hypernyms).toEqual(['n00001740']);
  // A quotation without its end still is one.
  expect(verb).toMatchObject({ definition: 'move along on wheels', examples: ['wheel it here'] });
  expect(adjective).toMatchObject({
    key: 'a00000002',
    lemmas: ['round'],
    definition: '(of shapes) without corners',
  });
});
