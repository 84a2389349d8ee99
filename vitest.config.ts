import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Far above what a test takes: only what hangs is to be ended, however busy the machine.
const PATIENT_MS = 300_000;

/** A browser and a page take a core each, and a second to think. */
const BROWSERS = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));

/** The tests of the page, a file a browser. */
function inBrowser(name: string, browser: 'chromium' | 'firefox') {
  return {
    test: {
      name,
      include: ['tests/e2e/**/*.test.ts'],
      provide: { browser },
      setupFiles: browser === 'firefox' ? ['tests/support/deadline.ts'] : [],
      testTimeout: PATIENT_MS,
      hookTimeout: PATIENT_MS,
      fileParallelism: BROWSERS > 1,
      maxWorkers: BROWSERS,
      // A busy machine may miss a moment of a page; what passes only then is named at the end.
      retry: 1,
    },
  };
}

/** One project a stage of `npm test`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['tests/support/properties.ts'],
          include: [
            'tests/{models,protocol,worker,engine,panels,offline,app,scripts}/**/*.test.ts',
          ],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      { test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'] } },
      {
        test: {
          name: 'cli',
          include: ['tests/{cli,links}/**/*.test.ts'],
          testTimeout: PATIENT_MS,
          hookTimeout: PATIENT_MS,
        },
      },
      inBrowser('e2e', 'chromium'),
      inBrowser('firefox', 'firefox'),
    ],
  },
});
