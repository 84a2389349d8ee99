/** `--jsonl FILE|-`: one JSON object a line in, one a line out, in the same order. */
import { EngineError } from '../engine/error.js';
import { badInput, within } from './bad-input.js';
import { linesOf } from './input.js';
import { write } from './output.js';

export type Fields = Record<string, unknown>;

/**
 * Answers every line; one that fails gets `{"error": …}` in its place and makes the
 * exit code 2. `known` are the fields that a line may have.
 */
export async function answerLines(
  path: string,
  known: readonly string[],
  answer: (fields: Fields) => Promise<unknown>,
): Promise<void> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    let reply: unknown;
    try {
      if ('error' in line) throw line.error;
      reply = await answer(fieldsOf(line.text, known));
    } catch (error) {
      const outer = within(`line ${number}`, error);
      if (!(outer instanceof EngineError) || outer.code === 'internal') throw outer;
      const { code, where, what } = outer.failure;
      reply = { error: { code, where, what } };
      process.exitCode = 2;
    }
    await write(`${JSON.stringify(reply)}\n`);
  }
}

function fieldsOf(text: string, known: readonly string[]): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badInput(
      '',
      text.trim() === '' ? 'is empty; it must be a JSON object' : 'is not JSON',
      'bad-json',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput('', 'is not a JSON object', 'bad-json');
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    throw badInput(
      name.slice(0, 64),
      `is not a field; known are ${known.join(', ')}`,
      'unknown-field',
    );
  }
  return value as Fields;
}

/** A field that must be a string, if it is there. */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw badInput(name, 'is not a string', 'bad-argument');
}
