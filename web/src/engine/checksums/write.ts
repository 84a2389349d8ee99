/** Checksum files for other programs, and for ourselves. */
import type { FileDigests } from '../../protocol/results.js';
import { EngineError } from '../error.js';
import { escapeName } from './escape.js';
import { digestName } from './kinds.js';
import { type ChecksumForm, readLine } from './read.js';

/**
 * The text of a checksum file. `id` is the digest for the forms that hold one of each
 * file (`sums`, `bsd`; `sfv` is CRC32 whatever it says); `hashes` holds all that were
 * computed. A name that would be read as something else is escaped as coreutils do it,
 * which other readers of `sfv` and `hashes` do not know; so such names are written
 * where there is no other way, and nowhere else.
 *
 * Error: `missing-digest` where a file has not got that digest.
 */
export function writeChecksums(
  form: ChecksumForm,
  files: readonly FileDigests[],
  id: string,
): string {
  switch (form) {
    case 'sums':
      return lines(files, (file, name, mark) => `${mark}${hexOf(file, id)}  ${name}`, form);
    case 'bsd':
      return lines(
        files,
        (file, name, mark) => `${mark}${digestName(id)} (${name}) = ${hexOf(file, id)}`,
        form,
      );
    case 'sfv':
      return lines(
        files,
        (file, name, mark) => `${mark}${name} ${hexOf(file, 'crc32').toUpperCase()}`,
        form,
      );
    case 'hashes':
      return files.map(section).join('\n');
  }
}

type Writer = (file: FileDigests, name: string, mark: '' | '\\') => string;

function lines(files: readonly FileDigests[], write: Writer, form: ChecksumForm): string {
  const written = files.map((file) => {
    const plain = write(file, file.name, '');
    const read = escaped(form, file.name) ? null : readLine(plain, form === 'sfv');
    return read?.is === 'entry' && read.form === form && read.name === file.name
      ? plain
      : write(file, escapeName(file.name), '\\');
  });
  return written.map((line) => `${line}\n`).join('');
}

// What coreutils escape even where a lenient reader would understand it.
function escaped(form: ChecksumForm, name: string): boolean {
  return form === 'sfv' || form === 'hashes' ? /[\n\r]/.test(name) : /[\\\n\r]/.test(name);
}

function section(file: FileDigests): string {
  const { name, digests, checkpoint } = file;
  const stated: [id: string, hex: string | null][] = [
    ...Object.entries(digests).map(([id, { hex }]): [string, string] => [id, hex]),
    ...(['autov1', 'autov2', 'autov3'] as const).map((id): [string, string | null] => [
      id,
      checkpoint?.[id] ?? null,
    ]),
  ];
  const rows = stated.flatMap(([id, hex]) =>
    hex === null ? [] : [`${`${labelOf(id)}:`.padEnd(LABEL_WIDTH)} ${hex.toUpperCase()}\n`],
  );
  const plain = `[${name}]`;
  const read = escaped('hashes', name) ? null : readLine(plain);
  const header = read?.is === 'section' && read.name === name ? plain : `\\[${escapeName(name)}]`;
  return `${header}\n${rows.join('')}`;
}

const LABEL_WIDTH = 'SHA512/256:'.length;

// SHA-1 and SHA-256, as this form's own programs write them.
function labelOf(id: string): string {
  return digestName(id).replace(/^SHA(?=(?:1|224|256|384|512)$)/, 'SHA-');
}

function hexOf({ name, digests }: FileDigests, id: string): string {
  const digest = digests[id];
  if (digest !== undefined) return digest.hex;
  throw new EngineError({
    code: 'missing-digest',
    where: name,
    what: `has no ${digestName(id)} among its digests`,
  });
}
