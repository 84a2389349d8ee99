import { defineConfig } from 'vitest/config';

// Far above what a test takes: only what hangs is to be ended, however busy the machine.
const PATIENT_MS = 300_000;

/** The tests of the page, one file at a time. */
function inBrowser(name: string, browser: 'chromium' | 'firefox') {
  return {
    test: {
      name,
      include: ['tests/e2e/**/*.test.ts'],
      provide: { browser },
      setupFiles: browser === 'firefox' ? ['tests/support/deadline.ts'] : [],
      testTimeout: PATIENT_MS,
      hookTimeout: PATIENT_MS,
      fileParallelism: false,
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
