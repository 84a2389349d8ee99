/** Builds and serves a page that holds nothing but the engine, as `engine` of its window. */
import { join } from 'node:path';
import { build } from 'vite';
import { top } from '../../scripts/command.mjs';
import { serve } from '../../scripts/serve.mjs';

/** The caller closes it. `address` ends with a slash. */
export async function serveEnginePage(): Promise<{ address: string; close(): Promise<void> }> {
  const folder = join(top, 'build/engine-page');
  await build({
    configFile: join(top, 'vite.config.ts'),
    root: join(top, 'tests/e2e/engine'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true, target: 'esnext' },
  });
  return serve({ folder, port: 0 });
}
