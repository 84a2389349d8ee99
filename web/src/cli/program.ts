/** The commands and their options; every usage error is bad input. */
import { Command, CommanderError } from 'commander';
import { badInput } from './bad-input.js';
import { atlasCommand } from './commands/atlas.js';
import { completionsCommand } from './commands/completions.js';
import { decodeCommand } from './commands/decode.js';
import { encodeCommand } from './commands/encode.js';
import { hashCommand } from './commands/hash.js';
import { inspectCommand } from './commands/inspect.js';
import { methodsCommand } from './commands/methods.js';
import { modelsCommand } from './commands/models.js';
import { replayCommand } from './commands/replay.js';
import { runCommand } from './commands/run.js';
import { searchCommand } from './commands/search.js';
import { similarCommand } from './commands/similar.js';
import { tableCommand } from './commands/table.js';
import { tokenizeCommand } from './commands/tokenize.js';
import { verifyCommand } from './commands/verify.js';

const COMMANDS = [
  verifyCommand,
  searchCommand,
  replayCommand,
  runCommand,
  methodsCommand,
  tokenizeCommand,
  decodeCommand,
  atlasCommand,
  hashCommand,
  encodeCommand,
  similarCommand,
  modelsCommand,
  inspectCommand,
  tableCommand,
  completionsCommand,
];

const EXIT_CODES = `
Results go to standard output, errors to standard error. Standard input is read only where - is written.
Exit code: 0 it ran, whatever the verdict; 1 a replay or a check did not agree; 2 bad input.

  tagscope verify examples/houshou_marine.json
  tagscope verify --pair hello=uryyb --recipe 'rot n=13' --link
  tagscope run 'rot n=42 | hex' houshou_marine`;

/** Runs one command line. Rejects with an EngineError where the user is at fault. */
export async function runProgram(args: readonly string[], version: string): Promise<void> {
  const program = new Command('tagscope')
    .description('Is a short tag a cipher or a hash of a name, or a coincidence of tokens?')
    .version(version, '-V, --version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [COMMAND]', 'show a command’s help')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ sortSubcommands: false })
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .exitOverride();
  for (const define of COMMANDS) define(program);
  const known = program.commands.map((command) => command.name());
  const [first] = args;
  if (first === undefined) throw badInput('command', `is missing; there are ${known.join(', ')}`);
  const asked = first === 'help' ? (args[1] ?? 'help') : first;
  if (!asked.startsWith('-') && asked !== 'help' && !known.includes(asked)) {
    throw badInput('command', `there is no "${asked.slice(0, 64)}"; there are ${known.join(', ')}`);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const what = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    throw badInput(known.includes(first) ? first : 'arguments', what, 'bad-usage');
  }
}
