// npm run simulate: claims of known truth, judged; writes docs/CALIBRATION.md.
//
//   npm run simulate                       all, about ten minutes on two cores
//   npm run simulate -- --quick            a few hundred claims, printed only
//   npm run simulate -- --seed 7           other claims, printed only
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, say, top } from './command.mjs';
import { setUp } from './setup.mjs';

const SEED = 1;

/** What is simulated: the number of claims, false and true, in each space at each level. */
const RUNS = [{ space: 'quick@1', level: 0.001, falseClaims: 12_000, trueClaims: 1_400 }];
const QUICK_RUNS = [{ space: 'quick@1', level: 0.001, falseClaims: 300, trueClaims: 140 }];

/** From so many pairs on, recipes of the space and over-determined keys have to be found … */
const ENOUGH_PAIRS = 3;
/** … in this share of claims. */
const POWER = 0.98;

/** Rows {kind, truth, pairs, claims, reproduced} of several parts, added up. */
export function addUp(rows) {
  const sums = new Map();
  for (const row of rows) {
    const key = `${row.kind}\n${row.pairs}`;
    const sum = sums.get(key) ?? { ...row, claims: 0, reproduced: 0 };
    sum.claims += row.claims;
    sum.reproduced += row.reproduced;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

/**
 * Wilson's interval of 95 % for a share (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209).
 *
 * @returns {[number, number]}
 */
export function wilson(successes, trials) {
  if (trials === 0) return [0, 1];
  const z = 1.959963984540054;
  const share = successes / trials;
  const scale = 1 + (z * z) / trials;
  const middle = (share + (z * z) / (2 * trials)) / scale;
  const half =
    (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials ** 2));
  return [successes === 0 ? 0 : middle - half, successes === trials ? 1 : middle + half];
}

function simulatePart(program, run, seed, part, parts) {
  return new Promise((resolve, reject) => {
    const args = ['--seed', seed, '--space', run.space, '--level', run.level];
    args.push('--false', run.falseClaims, '--true', run.trueClaims, '--part', `${part}/${parts}`);
    const child = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (data) => {
      text += data;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`simulate ended with ${code}`));
      resolve(
        text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      );
    });
  });
}

const percent = (share) => `${Number((100 * share).toPrecision(3))} %`;
const interval = ({ reproduced, claims }) => wilson(reproduced, claims).map(percent).join(' – ');
const total = (rows) => ({
  claims: rows.reduce((sum, row) => sum + row.claims, 0),
  reproduced: rows.reduce((sum, row) => sum + row.reproduced, 0),
});
const kindsOf = (rows) => [...new Set(rows.map((row) => row.kind))];

/** False alarms by kind, as a Markdown table. */
export function falseAlarms(rows) {
  const line = (kind, { claims, reproduced }) =>
    `| ${kind} | ${claims} | ${reproduced} | ${percent(reproduced / claims)} | ${interval({ claims, reproduced })} |`;
  return [
    '| false claims | judged | called reproduced | rate | 95 % interval |',
    '| --- | --- | --- | --- | --- |',
    ...kindsOf(rows).map((kind) => line(kind, total(rows.filter((row) => row.kind === kind)))),
    line('**all**', total(rows)),
  ].join('\n');
}

/** Power by kind and number of pairs, as a Markdown table. */
export function power(rows) {
  const pairs = [...new Set(rows.map((row) => row.pairs))].sort((a, b) => a - b);
  const cells = (kind) =>
    pairs.map((count) => {
      const found = total(rows.filter((row) => row.kind === kind && row.pairs === count));
      return found.claims === 0 ? '' : `${found.reproduced}/${found.claims}`;
    });
  const enough = (kind) =>
    total(rows.filter((row) => row.kind === kind && row.pairs >= ENOUGH_PAIRS));
  return [
    `| true claims | ${pairs.map((n) => `${n} pair${n === 1 ? '' : 's'}`).join(' | ')} | from ${ENOUGH_PAIRS} on | 95 % interval |`,
    `| --- |${' --- |'.repeat(pairs.length + 2)}`,
    ...kindsOf(rows).map((kind) => {
      const found = enough(kind);
      return `| ${kind} | ${cells(kind).join(' | ')} | ${percent(found.reproduced / found.claims)} | ${interval(found)} |`;
    }),
  ].join('\n');
}

/** What the rules promise and the rows of a run break; empty where all is well. */
export function broken(run, rows) {
  const problems = [];
  for (const kind of kindsOf(rows)) {
    const ofKind = rows.filter((row) => row.kind === kind);
    if (!ofKind[0].truth) {
      const { claims, reproduced } = total(ofKind);
      if (reproduced / claims > run.level) {
        problems.push(`${run.space}, ${kind}: ${reproduced} of ${claims} called reproduced`);
      }
    } else {
      const { claims, reproduced } = total(ofKind.filter((row) => row.pairs >= ENOUGH_PAIRS));
      if (reproduced < POWER * claims) {
        problems.push(`${run.space}, ${kind}: only ${reproduced} of ${claims} found`);
      }
    }
  }
  return problems;
}

/** One run: its false alarms and its power. */
export function section(run, rows) {
  const falseRows = rows.filter((row) => !row.truth);
  const trueRows = rows.filter((row) => row.truth);
  const parts = [`## ${run.space}, level ${run.level}`, falseAlarms(falseRows)];
  if (trueRows.length > 0) parts.push(power(trueRows));
  return parts.join('\n\n');
}

const INTRODUCTION = `# Calibration

Claims whose truth is known, drawn with seed ${SEED} and judged as any claim is. \`npm run simulate\` draws them again and writes this page; \`tests/simulate/simulate.cpp\` says how each kind is drawn. Claims have 1 to 7 pairs, as many of each number, and tags of 2 to 8 characters. A false claim that is called *reproduced* is a false alarm; the level is the share of them that the rules allow. Power is the share of true claims that are called *reproduced*: with one or two short pairs no rule can tell them from chance, and the verdict says so. Intervals are Wilson's.`;

const KEYED = `The keys of the last rows are in no space; they are solved for from the pairs (known plaintext). Under XOR two names and their tags exchanged often have a key each that is as good; then which name has which tag tells nothing, and the verdict does not call it reproduced.`;

/** docs/CALIBRATION.md. */
export const page = (sections) => `${[INTRODUCTION, ...sections, KEYED].join('\n\n')}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const args = process.argv.slice(2);
    const quick = args.includes('--quick');
    const seed = args.includes('--seed') ? Number(args[args.indexOf('--seed') + 1]) : SEED;
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed is not a whole number');
    await setUp('test');
    const { buildNative } = await import('./build.mjs');
    await buildNative('native', ['tagscope_simulate']);
    const program = join(top, 'build/native/tests/tagscope_simulate');
    const sections = [];
    const problems = [];
    for (const run of quick ? QUICK_RUNS : RUNS) {
      say(
        `${run.falseClaims} false and ${run.trueClaims} true claims in ${run.space} at level ${run.level}`,
      );
      const parts = availableParallelism();
      const rows = addUp(
        (
          await Promise.all(
            Array.from({ length: parts }, (_, part) =>
              simulatePart(program, run, seed, part, parts),
            ),
          )
        ).flat(),
      ).sort((a, b) => a.pairs - b.pairs);
      sections.push(section(run, rows));
      problems.push(...broken(run, rows));
      console.log(`\n${sections.at(-1)}\n`);
    }
    if (!quick && seed === SEED) {
      writeFileSync(join(top, 'docs/CALIBRATION.md'), page(sections));
      say('Wrote docs/CALIBRATION.md');
    }
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  });
}
