import { describe, expect, it } from 'vitest';
import { requireNode } from '../../scripts/setup.mjs';
import {
  closingLine,
  countGoogletest,
  countVitest,
  joinedReports,
  runStages,
  stagesOf,
} from '../../scripts/test.mjs';

const quiet = { log: () => undefined, error: () => undefined } as unknown as Console;

describe('counting', () => {
  it('reads GoogleTest’s report', () => {
    const report = {
      testsuites: [
        {
          name: 'Suite',
          testsuite: [
            { name: 'Passes', status: 'RUN', result: 'COMPLETED' },
            { name: 'Fails', status: 'RUN', result: 'COMPLETED', failures: [{ failure: '' }] },
            { name: 'Skips', status: 'RUN', result: 'SKIPPED' },
          ],
        },
        {
          name: 'Later',
          testsuite: [{ name: 'DISABLED_Waits', status: 'NOTRUN', result: 'SUPPRESSED' }],
        },
      ],
    };
    const counts = {
      passed: 1,
      failed: 1,
      skipped: 2,
      names: ['Suite.Fails'],
      left: ['Suite.Skips', 'Later.DISABLED_Waits'],
    };
    expect(countGoogletest(report)).toEqual(counts);
    const [first, second] = report.testsuites;
    const joined = joinedReports([{ testsuites: [first] }, { testsuites: [second] }]);
    expect(countGoogletest(joined)).toEqual(counts);
  });

  it('counts a Vitest file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        {
          status: 'passed',
          assertionResults: [
            { status: 'passed', fullName: 'a page opens', failureMessages: [] },
            { status: 'passed', fullName: 'a page closes', failureMessages: ['too slow'] },
            { status: 'skipped', fullName: 'a page is dragged (it cannot be)' },
            { status: 'skipped', fullName: 'a page waits', meta: { left: 'no time left' } },
          ],
        },
        { status: 'failed', assertionResults: [{ status: 'failed', fullName: 'a digest is so' }] },
        { status: 'failed', name: 'broken.test.ts', assertionResults: [] },
      ],
    };
    expect(countVitest(report)).toEqual({
      passed: 3,
      failed: 2,
      skipped: 2,
      names: ['broken.test.ts', 'a digest is so'],
      retried: ['a page closes'],
      left: ['a page is dragged (it cannot be)', 'a page waits (no time left)'],
    });
  });

  it('closes with one line', () => {
    expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(closingLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });
});

describe('stages', () => {
  const stage = (name: string, passed: number, failed: number, needs?: string[]) => ({
    name,
    title: name,
    run: async () => ({ passed, failed, skipped: 0 }),
    ...(needs === undefined ? {} : { needs }),
  });

  it('do not hide one another', async () => {
    const crash = { ...stage('crash', 0, 0), run: () => Promise.reject(new Error('no compiler')) };
    const sum = await runStages([stage('a', 2, 1), crash, stage('b', 5, 0)], quiet);
    expect(sum).toEqual({ passed: 7, failed: 2, skipped: 0 });
  });

  it('say at the end what was skipped and what failed', async () => {
    const said: string[] = [];
    const log = {
      log: (line: string) => said.push(line),
      error: (line: string) => said.push(line),
    };
    const sum = {
      passed: 1,
      failed: 1,
      skipped: 1,
      names: ['Suite.Test'],
      retried: ['opens'],
      left: ['drags (it cannot)'],
    };
    const named = { ...stage('a', 1, 1), run: async () => sum };
    await runStages([named, stage('b', 1, 0)], log as unknown as Console);
    expect(said.at(-3)).toBe('skipped: a: drags (it cannot)');
    expect(said.at(-2)).toContain('passed only when tried again: a: opens');
    expect(said.at(-1)).toContain('failed: a: Suite.Test');
  });

  it('count as failed where what they need failed', async () => {
    const sum = await runStages([stage('build', 0, 1), stage('cli', 9, 0, ['build'])], quiet);
    expect(sum).toEqual({ passed: 0, failed: 2, skipped: 0 });
  });

  it('are chosen by name, with what they need', () => {
    const stages = [stage('build', 0, 0), stage('native', 1, 0), stage('cli', 1, 0, ['build'])];
    const names = (wanted: string[]) => stagesOf(wanted, stages).map(({ name }) => name);
    expect(names([])).toEqual(['build', 'native', 'cli']);
    expect(names(['native'])).toEqual(['native']);
    expect(names(['cli'])).toEqual(['build', 'cli']);
    expect(() => names(['clli'])).toThrow(/no stage "clli"/);
  });
});

describe('Node’s version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s will do', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.18.3', '20.9.0'])('%s is too old, and is told so', (version) => {
    expect(() => requireNode(version)).toThrow(`This is Node ${version}; Tagscope needs 20.19`);
  });
});
