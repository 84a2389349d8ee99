/** The results to take away: as a checksum file of a common form, or as JSON. */
import type { FileDigests } from '../../engine/browser.js';
import { type ChecksumForm, writeChecksums } from '../../engine/checksums.js';

export type ExportForm = ChecksumForm | 'json';

export const EXPORT_FORMS: readonly { form: ExportForm; name: string }[] = [
  { form: 'sums', name: 'sha256sum lines' },
  { form: 'sfv', name: '.sfv' },
  { form: 'bsd', name: 'BSD tags' },
  { form: 'hashes', name: '.hashes' },
  { form: 'json', name: 'JSON' },
];

/** Whether the form holds one digest a file, and so has to be told which. */
export function takesDigest(form: ExportForm): boolean {
  return form === 'sums' || form === 'bsd';
}

/** The digests, among those computed, by which this form can be written. */
export function exportable(form: ExportForm, computed: readonly string[]): readonly string[] {
  return form === 'sfv' ? computed.filter((id) => id === 'crc32') : computed;
}

export function exportText(form: ExportForm, files: readonly FileDigests[], id: string): string {
  if (form === 'json') return `${JSON.stringify(files, null, 2)}\n`;
  return writeChecksums(form, files, id);
}

/** A name that says what is in the file: SHA256SUMS, checksums.sfv. */
export function exportName(form: ExportForm, id: string): string {
  switch (form) {
    case 'sums':
      return `${id.replace(/[^a-z0-9]/g, '').toUpperCase()}SUMS`;
    case 'bsd':
      return 'CHECKSUMS';
    case 'sfv':
    case 'hashes':
      return `checksums.${form}`;
    case 'json':
      return 'digests.json';
  }
}
