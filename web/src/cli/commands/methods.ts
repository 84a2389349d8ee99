import type { Command } from 'commander';
import { createEngine } from '../../engine/node.js';
import type { MethodInfo, ParamInfo } from '../../protocol/results.js';
import { displayWidth, wrapped } from '../format/layout.js';
import { columns, styled } from '../format/style.js';
import { write, writeJson } from '../output.js';

export function methodsCommand(program: Command): void {
  program
    .command('methods')
    .description('list the methods of the recipe language')
    .option('--json', 'one JSON document')
    .action(async (options: { json?: true }) => {
      const methods = await (await createEngine()).methods();
      if (options.json) await writeJson(methods);
      else await write(formatMethods(methods));
    });
}

function formatMethods(methods: readonly MethodInfo[]): string {
  const width = columns();
  const column = Math.max(...methods.map((method) => displayWidth(nameOf(method)))) + 4;
  const indent = ' '.repeat(column);
  const lines: string[] = [];
  let kind = '';
  for (const method of methods) {
    if (method.kind !== kind) {
      kind = method.kind;
      lines.push(...(lines.length > 0 ? [''] : []), styled(kind, 'bold'));
    }
    const what = `${method.summary} (${method.in} to ${method.out})`;
    lines.push(...wrapped(what, width, indent, `  ${nameOf(method)}`.padEnd(column)));
    for (const param of method.params) {
      lines.push(...wrapped(`${paramOf(param)}: ${param.summary}`, width, `${indent}  `));
    }
  }
  lines.push('', 'A method marked ~ runs backwards where ~ stands before its name: ~hex.');
  return `${lines.join('\n')}\n`;
}

function nameOf(method: MethodInfo): string {
  return method.reversible ? `${method.id} ~` : method.id;
}

function paramOf(param: ParamInfo): string {
  const choices = param.choices === undefined ? '' : ` (${param.choices.join(', ')})`;
  return param.required
    ? `${param.name}, required${choices}`
    : `${param.name}=${param.default ?? ''}${choices}`;
}
