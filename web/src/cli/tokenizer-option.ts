/** --tokenizer: a name, or the path of a tokenizer.json. */
import type { Engine } from '../engine/client.js';
import { EngineError } from '../engine/error.js';
import { readBytes } from './input.js';

/** The largest tokenizer.json. */
const MAX_TOKENIZER_BYTES = 64 * 1024 * 1024;

export const TOKENIZER_HELP = 'clip, gpt2, cl100k, o200k, or a tokenizer.json';

/** The name for the engine's calls; a file is loaded first. */
export async function tokenizerOption(
  engine: Engine,
  tokenizer: string | undefined,
): Promise<{ tokenizer?: string }> {
  if (tokenizer === undefined) return {};
  // No tokenizer's name has one of these.
  if (!/[./\\]/.test(tokenizer)) return { tokenizer };
  const file = await readBytes(tokenizer, MAX_TOKENIZER_BYTES);
  try {
    await engine.loadTokenizer(file);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { where } = error.failure;
    throw new EngineError({
      ...error.failure,
      where: where === '' ? tokenizer : `${tokenizer}, ${where}`,
    });
  }
  return { tokenizer: 'json' };
}
