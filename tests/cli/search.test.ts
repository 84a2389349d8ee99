import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Membership, SearchEvidence, Verified } from '../../web/src/protocol/results.js';
import { complaint, folder, json, MAIN, output, TOP, tagscope } from './tagscope.js';

const WORKED = 'examples/houshou_marine.json';
const NAMES = ['houshou_marine', 'sakimichan', 'wlop', 'kantoku', 'greg_rutkowski', 'mika_pikazo'];

const search = async (...args: string[]) => (await json(['search', ...args])) as Verified;

function searched(verified: Verified): SearchEvidence {
  const found = verified.evidence.find((item) => item.kind === 'search');
  if (found === undefined) throw new Error('no search');
  return found as SearchEvidence;
}

async function made(recipe: string, name: string): Promise<string> {
  const { output: made } = (await json(['run', recipe, name])) as { output: { text?: string } };
  return made.text ?? '';
}

describe('the worked case', () => {
  it('is searched in standard@1, and every hit gives the tag', async () => {
    const verified = await search(WORKED);
    expect(verified.claim.space).toBe('standard@1');
    // Its recipe is stated, and that is judged first.
    expect(verified.verdict).toMatchObject({ state: 'refuted', row: 2 });
    const found = searched(verified);
    expect(found.exhausted).toBe(true);
    expect(found.tried).toBe(found.recipes);
    expect(found.tried).toBeGreaterThan(1_000_000);
    expect(found.names[0]?.coverage).toBeGreaterThan(0.5);
    expect(found.decoys.best).toHaveLength(200);
    for (const hit of found.hits) {
      expect(hit.pairs).toBe(1);
      expect(await made(hit.recipe, 'houshou_marine')).toBe('aua');
    }
  });

  it('is a coincidence or refuted where no recipe is stated', async () => {
    const verified = await search('--pair', 'houshou_marine=aua');
    expect(['coincidence', 'refuted']).toContain(verified.verdict.state);
    if (verified.verdict.state === 'coincidence') {
      expect(searched(verified).full?.p).toBeGreaterThan(0.001);
    }
  });
});

describe('search', () => {
  const claimOf = async (recipe: string, shift: number) => {
    const tags = await Promise.all(NAMES.map((name) => made(recipe, name)));
    return NAMES.flatMap((name, i) => ['--pair', `${name}=${tags[(i + shift) % tags.length]}`]);
  };

  it('finds a planted recipe over six pairs, and not when the tags are shuffled', async () => {
    const recipe = 'reverse | sha256 | letters | window at=4 n=3';
    const verified = await search(...(await claimOf(recipe, 0)));
    expect(verified.verdict).toMatchObject({ state: 'reproduced', row: 7, because: ['search'] });
    const [hit] = searched(verified).hits;
    expect(hit).toMatchObject({ recipe, pairs: 6 });
    const shuffled = await search(...(await claimOf(recipe, 1)));
    expect(shuffled.verdict.state).not.toBe('reproduced');
  });

  it('makes a link that replays, and verify searches a claim that sets a space', async () => {
    const args = ['--pair', 'hello=uryyb', '--pair', 'world=jbeyq'];
    const verified = await search(...args, '--space', 'quick');
    expect(verified.claim.space).toBe('quick@1');
    expect(verified.verdict).toMatchObject({ state: 'reproduced', row: 7 });
    const replayed = await tagscope(['replay', verified.link ?? '']);
    expect(replayed.stdout).toMatch(/^agrees/);
    expect(replayed.code).toBe(0);
    const path = join(folder(), 'claim.json');
    writeFileSync(path, JSON.stringify(verified.claim));
    expect(await json(['verify', path])).toEqual(verified);
    const stated = { claim: verified.claim, assets: verified.assets, digest: '0'.repeat(32) };
    writeFileSync(path, JSON.stringify(stated));
    expect((await tagscope(['replay', path])).code).toBe(1);
  });

  it('gives the same every time, byte for byte', async () => {
    const args = ['search', '--pair', 'wlop=aua', '--pair', 'mid=zix', '--json'];
    const runs = await Promise.all([1, 2].map(() => output(args)));
    expect(runs[0]).toBe(runs[1]);
  });

  it('says what a proof covers without trying', async () => {
    const verified = await search('--pair', 'houshou_marine=aua', '--space', 'substitution@1');
    expect(verified.verdict).toMatchObject({ state: 'refuted', row: 5 });
    expect(searched(verified)).toMatchObject({ covered: 'isomorph', tried: 0 });
  });

  it('reads as an argument', async () => {
    const text = await output(['search', '--pair', 'houshou_marine=aua', '--space', 'quick']);
    expect(text).toMatch(/^(refuted|coincidence) {2}/);
    expect(text).toContain('The search (decides)');
    expect(text).toMatch(/All [\d,]+ recipes of quick@1 were tried\./);
    expect(text).toContain('Not searched: ');
  });

  it('solves for keys that no space lists', async () => {
    const recipe = 'xor key=0x9f2c41 | take n=4 | hex';
    const verified = await search(...(await claimOf(recipe, 0)), '--space', 'quick');
    expect(verified.verdict).toMatchObject({ state: 'reproduced', row: 7, scope: 'key' });
    const found = searched(verified);
    const [hit] = found.known_plaintext?.hits ?? [];
    expect(hit).toMatchObject({ family: 'xor', encoding: 'hex', period: 3, residues: 3 });
    expect(hit?.key).toEqual(['9f', '2c', '41']);
    for (const name of NAMES) {
      expect(await made(hit?.recipe ?? '', name)).toBe(await made(recipe, name));
    }
    expect(found.permutations).toMatchObject({ counted: 'keys', arrangements: 720, explained: 1 });
    const text = await output(['search', ...(await claimOf(recipe, 0)), '--space', 'quick']);
    expect(text).toMatch(/^reproduced {2}XOR with a key of 3 bytes gives all 6 tags/);
    expect((await tagscope(['replay', verified.link ?? ''])).stdout).toMatch(/^agrees/);
    const shuffled = await search(...(await claimOf(recipe, 1)), '--space', 'quick');
    expect(shuffled.verdict.state).not.toBe('reproduced');
  });

  it('says which keys fit always, and which fit the tags exchanged as well', async () => {
    const worked = await output(['search', '--pair', 'houshou_marine=aua', '--space', 'quick']);
    expect(worked).toContain('XOR with a key of 3 bytes or more');
    expect(worked).toContain('fit always, whatever the tags are: that says nothing.');
    const exchanged = ['--pair', 'houshoumarine=sakimichan', '--pair', 'sakimichanxyz=houshoumar'];
    const text = await output(['search', ...exchanged, '--space', 'quick']);
    expect(text).not.toMatch(/^reproduced/);
    expect(text).toContain('Of the 2 ways to give the same tags to the names, 2 are explained');
  });

  it('answers a claim a line', async () => {
    const lines = [
      JSON.stringify({ pairs: [{ name: 'hello', tag: 'uryyb' }], space: 'quick@1' }),
      '{"pairs":[]}',
      JSON.stringify({ pairs: [{ name: 'a', tag: 'b' }], space: 'nowhere@1' }),
    ];
    const { code, stdout } = await tagscope(['search', '--jsonl', '-'], {
      input: lines.join('\n'),
    });
    expect(code).toBe(2);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Verified & { error?: { code: string } });
    expect(answers[0]?.evidence.at(-1)?.kind).toBe('search');
    expect(answers[1]?.error?.code).toBe('bad-claim');
    expect(answers[2]?.error?.code).toBe('unknown-space');
  });

  it('refuses what it cannot search', async () => {
    expect(await complaint(['search'])).toContain('claim is missing');
    expect(await complaint(['search', '--pair', 'a=b', '--space', 'nowhere'])).toContain('space');
    expect(await complaint(['search', '--pair', 'a=b', '--space', 'quick@9'])).toContain(
      'there is no space "quick@9"',
    );
  });

  it('stops when it is interrupted', async () => {
    const child = spawn(process.execPath, [MAIN, 'search', '--jsonl', '-'], { cwd: TOP });
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const ask = (space: string) =>
      child.stdin.write(`{"pairs":[{"name":"houshou_marine","tag":"aua"}],"space":"${space}"}\n`);
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (!stdout.endsWith('\n')) return;
      // The first answer is there, so the program is at work; the second takes long.
      ask('deep@1');
      child.kill('SIGINT');
    });
    ask('quick@1');
    expect(await closed).toBe(130);
    expect(stderr).toMatch(/^tagscope: search: interrupted/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('a stated recipe over a vocabulary', () => {
  it('is run with it, in a search as without one', async () => {
    const recipe = ['--pair', 'hello=hello', '--recipe', 'gpt2 | ~gpt2'];
    for (const args of [
      ['verify', ...recipe],
      ['search', ...recipe, '--space', 'quick@1'],
    ]) {
      expect(((await json(args)) as { verdict: { state: string } }).verdict.state).not.toBe(
        'refuted',
      );
    }
  });
});

describe('search --jsonl', () => {
  it('takes claims that say all themselves', async () => {
    expect(await complaint(['search', '--jsonl', '-', '--match', 'prefix'])).toMatch(
      /^search: --jsonl takes claims that say all themselves, and no --match$/,
    );
    expect(await complaint(['search', 'claim.json', '--jsonl', '-'])).toMatch(/no CLAIM beside/);
  });
});

describe('search --contains', () => {
  it('says whether the space holds a recipe, or an equal one', async () => {
    const ask = async (...args: string[]) =>
      (await json(['search', '--contains', ...args])) as Membership;
    expect(await ask('rot n=39 | sha256 | hex | window at=0 n=3')).toMatchObject({
      space: 'standard@1',
      contains: true,
      as: 'rot n=13 | sha256 | hex | take n=3',
      length: 3,
    });
    expect(await ask('xor key="pony"')).toMatchObject({ contains: false, as: null });
    expect(await ask('xor key="pony"', '--space', 'deep', '--pair', 'a_pony=x')).toMatchObject({
      contains: true,
    });
    expect(await output(['search', '--contains', 'rot'])).toBe('yes  standard@1 holds rot n=13\n');
    expect(await complaint(['search', '--contains', 'rot |'])).toContain('step 2');
  });
});
