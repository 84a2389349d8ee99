/** Parts of the engine that are loaded by the first call that needs them. */
import { EngineError } from './error.js';

/**
 * What `import()` gives. Error: `asset-unavailable`, which a page without its network may meet;
 * the next call tries again.
 *
 * @internal
 */
export async function partLoaded<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError({
      code: 'asset-unavailable',
      where: 'engine',
      what: `a part of it cannot be loaded: ${why}`,
    });
  }
}
