import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import { decimal, percent } from '../../engine/show.js';
import type { PublicModel } from '../../protocol/model-api.js';
import { badInput } from '../bad-input.js';
import { table } from '../format/layout.js';
import { write, writeJson } from '../output.js';
import { Progress } from '../progress.js';

interface Options {
  fetch?: string;
  remove?: string;
  mirror?: string;
  json?: true;
}

/** The shell's code for a program that SIGINT ended: 128 + 2. */
const EXIT_INTERRUPTED = 130;

export function modelsCommand(program: Command): void {
  program
    .command('models')
    .description('text encoders: list them, fetch and remove public ones')
    .option('--fetch <ID>', 'fetch one, or go on with it; the digest is checked')
    .option('--remove <ID>', 'remove what is stored of one')
    .option('--mirror <URL>', 'fetch from this address instead of the one listed')
    .option('--json', 'one JSON document')
    .action(models);
}

async function models(options: Options): Promise<void> {
  if (options.fetch !== undefined && options.remove !== undefined) {
    throw badInput('models', 'takes --fetch or --remove, not both', 'bad-usage');
  }
  const mirror = options.mirror ?? process.env['TAGSCOPE_MIRROR'];
  const engine = await createEngine(mirror ? { mirror } : {});
  const known = await engine.models();
  if (options.remove !== undefined) await engine.removeModel(options.remove);
  if (options.fetch !== undefined) await fetchOne(engine, options.fetch, known);
  const now = await engine.models();
  if (options.json) await writeJson(now);
  else await write(formatModels(now));
}

async function fetchOne(
  engine: Awaited<ReturnType<typeof createEngine>>,
  id: string,
  known: readonly PublicModel[],
): Promise<void> {
  const model = known.find((one) => one.id === id);
  if (model !== undefined && model.state !== 'present') {
    process.stderr.write(
      `${id}: ${decimal(model.bytes / 1e6)} MB from ${new URL(model.source).host}, under ${model.licence.name} (${model.licence.url})\n`,
    );
  }
  const progress = new Progress(1, model?.bytes ?? null);
  progress.begin(id);
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  process.once('SIGINT', interrupted);
  try {
    await engine.fetchModel(id, {
      signal: stop.signal,
      onProgress: ({ bytes }) => progress.show(bytes),
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    progress.end();
    process.off('SIGINT', interrupted);
  }
}

function formatModels(models: readonly PublicModel[]): string {
  const rows = models.map((model) => [
    model.id,
    `${decimal(model.bytes / 1e6, 0)} MB`,
    model.licence.name,
    stateOf(model),
    model.title,
  ]);
  return `${table([['id', 'size', 'licence', 'stored', ''], ...rows], [1]).join('\n')}\n`;
}

function stateOf({ state, stored, bytes, builtin }: PublicModel): string {
  if (builtin) return 'built in';
  if (state === 'present') return 'yes';
  return state === 'partial' ? percent(stored / bytes) : 'no';
}
