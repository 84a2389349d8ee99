/** Leaves out the tests that would begin after TAGSCOPE_DEADLINE (milliseconds since 1970). */
import { beforeEach } from 'vitest';

const deadline = Number(process.env.TAGSCOPE_DEADLINE ?? Number.POSITIVE_INFINITY);

declare module 'vitest' {
  export interface TaskMeta {
    /** Why a test was left out; `npm test` prints it. */
    left?: string;
  }
}

beforeEach(({ skip, task }) => {
  if (Date.now() < deadline) return;
  task.meta.left = 'no time left';
  skip(task.meta.left);
});
