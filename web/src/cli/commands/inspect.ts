import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import type { CheckpointEncoder, Inspected } from '../../protocol/checkpoint.js';
import { badInput } from '../bad-input.js';
import { formatInspected } from '../format/inspected.js';
import { STDIN } from '../input.js';
import { write, writeJson } from '../output.js';
import { Progress } from '../progress.js';

interface Options {
  hashes?: true;
  tensors?: true;
  json?: true;
}

export function inspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('show what is in a .safetensors file: text encoders, tensors, metadata, hashes')
    .argument('<FILE>', 'the file; only its header is read')
    .option('--hashes', 'also AutoV2 and AutoV3, which read the whole file')
    .option('--tensors', 'also every tensor, and those of each encoder by the part they play')
    .option('--json', 'one JSON document')
    .action(inspect);
}

async function inspect(path: string, options: Options): Promise<void> {
  if (path === STDIN) {
    throw badInput('inspect', 'standard input cannot be read by ranges; name a file', 'bad-usage');
  }
  const engine = await createEngine();
  const list = options.tensors === true;
  const hashes = options.hashes === true;
  const size = hashes
    ? await stat(path).then(
        ({ size }) => size,
        () => null,
      )
    : null;
  const progress = new Progress(1, size);
  progress.begin(path);
  let inspected: Inspected;
  try {
    inspected = await engine.inspect(
      { path },
      { list, hashes, onProgress: ({ bytes }) => progress.show(bytes) },
    );
  } finally {
    progress.end();
  }
  if (options.json) await writeJson(list ? inspected : brief(inspected));
  else await write(formatInspected(inspected));
}

/** Without the tensors of each encoder, which are hundreds. */
function brief(inspected: Inspected): object {
  const encoders = inspected.encoders.map(
    ({ weights: _, ...encoder }): Omit<CheckpointEncoder, 'weights'> => encoder,
  );
  return { ...inspected, encoders };
}
