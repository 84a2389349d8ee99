import type { Command, Option } from 'commander';
import { CATALOG } from '../../protocol/catalog.gen.js';
import { badInput } from '../bad-input.js';
import { write } from '../output.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A command with its options, as a shell completes them. */
interface Completed {
  name: string;
  summary: string;
  options: {
    flags: string[];
    summary: string;
    choices: readonly string[];
    value: boolean;
    file: boolean;
  }[];
}

/** Prints a script for a shell, made of the commands that there are and the catalog. */
export function completionsCommand(program: Command): void {
  program
    .command('completions')
    .description('print a script that completes commands, options and methods in a shell')
    .argument('<shell>', SHELLS.join(', '))
    .addHelpText(
      'after',
      `
  source <(tagscope completions bash)
  tagscope completions zsh > "\${fpath[1]}/_tagscope"
  tagscope completions fish > ~/.config/fish/completions/tagscope.fish`,
    )
    .action(async (shell: string) => {
      const commands = program.commands.map(completed);
      if (shell === 'bash') await write(bash(commands));
      else if (shell === 'zsh') await write(zsh(commands));
      else if (shell === 'fish') await write(fish(commands));
      else throw badInput('shell', `there is no "${shell}"; there are ${SHELLS.join(', ')}`);
    });
}

/** The last step's word is completed: methods, each with its ~ where it has one. */
const STEPS = CATALOG.flatMap(({ id, reversible }) => (reversible ? [id, `~${id}`] : [id]));
const DIGESTS = CATALOG.filter(({ kind }) => kind === 'hash').map(({ id }) => id);

function completed(command: Command): Completed {
  return {
    name: command.name(),
    summary: command.description(),
    options: command.options.map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined),
      summary: option.description,
      choices: choicesOf(option),
      value: option.required || option.optional,
      file: /FILE|FOLDER|\bF\b|SUM/.test(option.flags),
    })),
  };
}

function choicesOf(option: Option): readonly string[] {
  if (option.argChoices !== undefined) return option.argChoices;
  if (option.long === '--tokenizer')
    return CATALOG.filter(({ kind }) => kind === 'tokenizer').map(({ id }) => id);
  if (option.long === '--only') return DIGESTS;
  if (option.long === '--recipe') return STEPS;
  return [];
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options }) => {
    const flags = options.flatMap((option) => option.flags).join(' ');
    return `    ${name}) options='${flags}' ;;`;
  });
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ flags, choices }) => {
        const patterns = flags.map((flag) => `"${name} ${flag}"`).join(' | ');
        return `    ${patterns}) words='${choices.join(' ')}' ;;`;
      }),
  );
  return `# tagscope completions bash
_tagscope() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} options='' words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help' -- "$word"))
    return
  fi
  case "$command" in
${cases.join('\n')}
    help) options='${commands.map(({ name }) => name).join(' ')}' ;;
  esac
  case "$command $before" in
    'run run') words='${STEPS.join(' ')}' ;;
    'completions completions') words='${SHELLS.join(' ')}' ;;
${values.join('\n')}
  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  elif [ "$command" = help ] || [ "\${word#-}" != "$word" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _tagscope tagscope
`;
}

function zsh(commands: readonly Completed[]): string {
  const quoted = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&');
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.map(({ flags, summary, choices, value, file }) => {
      const taken =
        choices.length > 0
          ? `:value:(${choices.join(' ')})`
          : file
            ? ':file:_files'
            : value
              ? ':value:'
              : '';
      const spelled =
        flags.length > 1 ? `'(${flags.join(' ')})'{${flags.join(',')}}` : `'${flags[0]}'`;
      return `${spelled}'[${quoted(summary)}]${taken}'`;
    });
    const first =
      name === 'run'
        ? `'1:recipe:(${STEPS.join(' ')})'`
        : name === 'completions'
          ? `'1:shell:(${SHELLS.join(' ')})'`
          : `'*:file:_files'`;
    return `    ${name}) _arguments ${[...specs, first].join(' ')} ;;`;
  });
  return `#compdef tagscope
_tagscope() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _tagscope tagscope
`;
}

function fish(commands: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c tagscope -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...options.map(({ flags, summary: what, choices, value, file }) => {
      const names = flags
        .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
        .join(' ');
      const taken =
        choices.length > 0
          ? ` -x -a ${quoted(choices.join(' '))}`
          : file
            ? ' -r'
            : value
              ? ' -x'
              : '';
      return `complete -c tagscope -n '__fish_seen_subcommand_from ${name}' ${names} -d ${quoted(what)}${taken}`;
    }),
  ]);
  const methods = CATALOG.map(
    ({ id, summary }) =>
      `complete -c tagscope -n '__fish_seen_subcommand_from run' -a ${id} -d ${quoted(summary)}`,
  );
  const shells = `complete -c tagscope -n '__fish_seen_subcommand_from completions' -f -a '${SHELLS.join(' ')}'`;
  return `# tagscope completions fish\n${[...lines, ...methods, shells].join('\n')}\n`;
}
