import { defineConfig } from 'vitest/config';

/** One project a stage of `npm test`; the browser's runs one file at a time. */
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
        },
      },
      { test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'] } },
      {
        test: {
          name: 'cli',
          include: ['tests/{cli,links}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // A busy machine may miss a moment of a page; what passes only then is named at the end.
          retry: 1,
        },
      },
    ],
  },
});
