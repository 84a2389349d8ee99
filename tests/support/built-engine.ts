/** The built library, for tests that compare the page with it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { top } from '../../scripts/command.mjs';
import type { Engine } from '../../web/src/engine/client.js';
import type { Encoder } from '../../web/src/engine/encoder.js';

/** What `use` makes of the encoder in a file; engine and encoder are closed after it. */
export async function inBuiltEngine<T>(
  path: string,
  use: (engine: Engine, encoder: Encoder) => Promise<T>,
): Promise<T> {
  const { createEngine } = (await import(pathToFileURL(join(top, 'lib/engine/node.js')).href)) as {
    createEngine: () => Promise<Engine>;
  };
  const engine = await createEngine();
  try {
    const encoder = await engine.openEncoder({ path });
    try {
      return await use(engine, encoder);
    } finally {
      await encoder.close();
    }
  } finally {
    engine.close();
  }
}
