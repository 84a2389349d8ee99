/** Lists of names and of tags: plain lists, or the columns of tables as `table` reads them. */
import { type Engine, EngineError } from '../engine/node.js';
import { count } from '../engine/show.js';
import { badInput } from './bad-input.js';
import { inputName, readBytes } from './input.js';

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const SLICE_ROWS = 20_000;
/** Longer than any name or tag may be, so that one too long is seen to be. */
const CELL_BYTES = 4096;

/**
 * The cells of the column of names, or of tags, that are not empty; where none is known to be
 * that, of the first column. Errors: those of a file and of a table.
 */
export async function readList(
  engine: Engine,
  path: string,
  column: 'name' | 'tag',
): Promise<string[]> {
  const where = inputName(path);
  const bytes = await readBytes(path, MAX_FILE_BYTES);
  try {
    const table = await engine.table(bytes, { fileName: path });
    const index = table.info.pairing[column] ?? 0;
    const texts: string[] = [];
    for (let begin = 0; begin < table.shownRows; begin += SLICE_ROWS) {
      for (const { cells } of await table.rows(begin, begin + SLICE_ROWS, CELL_BYTES)) {
        const text = cells[index] ?? '';
        if (text !== '') texts.push(text);
      }
    }
    await table.close();
    if (texts.length === 0) throw badInput('', `has no ${column}s`, 'bad-lists');
    return texts;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError({ ...error.failure, where });
  }
}

/** "names[3]" of lists as people count: the file, and the fourth name. */
export function ofLists(error: unknown, names: string, tags: string): unknown {
  if (!(error instanceof EngineError)) return error;
  const found = /^(names|tags)(?:\[(\d+)\])?$/.exec(error.failure.where);
  if (found === null) return error;
  const file = inputName(found[1] === 'names' ? names : tags);
  const which = found[1] === 'names' ? 'name' : 'tag';
  const where = found[2] === undefined ? file : `${file}, ${which} ${count(Number(found[2]) + 1)}`;
  return new EngineError({ ...error.failure, where });
}
