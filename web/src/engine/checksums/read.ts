/** Checksum files, whichever program wrote them. */
import { count, escapeControls, shortened } from '../show.js';
import { unescapeName } from './escape.js';
import { type ExpectedDigest, foreignDigest, readExpected, statedDigest } from './expected.js';
import { type Kind, kindOf } from './kinds.js';

/**
 * `sums`: a line of coreutils, `HEX  NAME`; `sfv`: `NAME CRC32`; `bsd`:
 * `SHA256 (NAME) = HEX`; `hashes`: `[NAME]`, below it `SHA-256: HEX`.
 */
export type ChecksumForm = 'sums' | 'sfv' | 'bsd' | 'hashes';

export interface ChecksumEntry {
  /** From 1. */
  line: number;
  /** As stated; empty where only a digest stands there and the file's own name tells no other. */
  name: string;
  expected: ExpectedDigest;
}

export interface ChecksumFile {
  /** The form of most entries. */
  form: ChecksumForm;
  entries: ChecksumEntry[];
  /** Lines that state nothing that could be read; blank lines and comments are none. */
  problems: { line: number; what: string }[];
}

/** A path has at most 4,096 bytes (Linux, PATH_MAX); escaped it has twice as many. */
const MAX_LINE_CHARACTERS = 16_384;

/** What one line says. @internal */
export type Line =
  | { is: 'nothing' }
  /** The next line's digest, from a comment as corz and OpenHashTab write it into .hash files. */
  | { is: 'label'; label: string }
  /** The name that the labelled lines below belong to. */
  | { is: 'section'; name: string }
  | { is: 'entry'; form: ChecksumForm; name: string; expected: ExpectedDigest }
  /** A digest without a name; `known`: its label, if it has one, is a digest's. */
  | { is: 'digest'; form: 'sums' | 'hashes'; expected: ExpectedDigest; known: boolean }
  | { is: 'problem'; what: string };

type Reader = (line: string) => Line | null;

const NOTHING: Line = { is: 'nothing' };

/**
 * The digests that a text states for files; null where no line is in any form.
 * `fileName`, the text's own (`model.safetensors.sha256`, `x.sfv`), settles what its
 * lines leave open: the kind of digest, and the name where only a digest stands there.
 *
 * Forms may be mixed. LF and CRLF end lines; `#` and `;` begin comments.
 */
export function readChecksums(text: string, fileName = ''): ChecksumFile | null {
  const hint = hintOf(fileName);
  const entries: ChecksumEntry[] = [];
  const problems: ChecksumFile['problems'] = [];
  const tally: Record<ChecksumForm, number> = { sums: 0, sfv: 0, bsd: 0, hashes: 0 };
  const bare: { line: number; expected: ExpectedDigest }[] = [];
  let section: string | null = null;
  let label: string | null = null;

  const add = (line: number, form: ChecksumForm, name: string, expected: ExpectedDigest) => {
    tally[form] += 1;
    const ids = hint.kind && expected.ids.includes(hint.kind.id) ? [hint.kind.id] : expected.ids;
    entries.push({ line, name, expected: { ...expected, ids } });
  };

  text.split('\n').forEach((ended, index) => {
    const number = index + 1;
    const line = readLine(ended.endsWith('\r') ? ended.slice(0, -1) : ended, hint.sfv);
    const before = label;
    label = line.is === 'label' ? line.label : null;
    if (line.is === 'section') section = line.name;
    else if (line.is === 'problem') problems.push({ line: number, what: line.what });
    else if (line.is === 'entry') {
      const expected = before === null ? line.expected : relabelled(line.expected, before);
      add(number, line.form, line.name, expected);
    } else if (line.is === 'digest') {
      if (line.form === 'sums') bare.push({ line: number, expected: line.expected });
      else if (section !== null || line.known) {
        add(number, line.form, section ?? hint.name, line.expected);
      } else problems.push({ line: number, what: 'is in no known form' });
    }
  });

  const [only] = bare;
  if (only !== undefined && bare.length === 1 && entries.length === 0) {
    add(only.line, 'sums', hint.name, only.expected);
  } else {
    for (const { line } of bare) problems.push({ line, what: 'has a digest, but no name' });
    problems.sort((a, b) => a.line - b.line);
  }
  if (entries.length === 0) return null;
  const forms = Object.keys(tally) as ChecksumForm[];
  const form = forms.reduce((most, item) => (tally[item] > tally[most] ? item : most));
  return { form, entries, problems };
}

/**
 * One line without its end. `sfv`: the text is known to be an .sfv file, so a line that
 * could also be another form is read as one of its own.
 * @internal
 */
export function readLine(line: string, sfv = false): Line {
  // Also where files were joined.
  const text = line.startsWith('\ufeff') ? line.slice(1) : line;
  if (text.length > MAX_LINE_CHARACTERS) {
    const what = `has ${count(text.length)} characters; the limit is ${count(MAX_LINE_CHARACTERS)}`;
    return { is: 'problem', what };
  }
  const readers: Reader[] = sfv
    ? [semicolonComment, sfvLine, hashComment, ...NAMED, bareDigest]
    : [semicolonComment, hashComment, ...NAMED, sfvLine, looseSumsLine, bareDigest];
  if (text.trim() === '') return NOTHING;
  for (const read of readers) {
    const found = read(text);
    if (found !== null) return found;
  }
  return { is: 'problem', what: `is in no known form: "${escapeControls(shortened(text, 32))}"` };
}

const NAMED: readonly Reader[] = [sectionLine, bsdLine, sumsLine, labelledLine];

function semicolonComment(line: string): Line | null {
  return line.startsWith(';') ? NOTHING : null;
}

// `#sha256#NAME#1970.01.01@00.00:00` before `HEX *NAME`: OpenHashTab's Exporter.cpp and
// https://github.com/namazso/OpenHashTab/issues/32, after corz.org's checksum program.
function hashComment(line: string): Line | null {
  if (!line.startsWith('#')) return null;
  const label = /^#([a-z0-9/_-]+)#.*#[0-9.]+@[0-9.:]+$/i.exec(line)?.[1];
  return label === undefined ? NOTHING : { is: 'label', label };
}

// The labelled form, `[NAME]` with `SHA-256:  HEX` below it, is 7-Zip's plug-in
// TC4Shell's: https://github.com/namazso/OpenHashTab/issues/144.
function sectionLine(line: string): Line | null {
  const marked = marking(line);
  const body = marked.body.trimEnd();
  if (!body.startsWith('[') || !body.endsWith(']')) return null;
  const name = marked.name(body.slice(1, -1));
  return name === null || name === '' ? null : { is: 'section', name };
}

function labelledLine(line: string): Line | null {
  const [, label = '', digest] =
    /^[ \t]*([a-z][a-z0-9/_-]*)[ \t]*[:=][ \t]*([^ \t]+)[ \t]*$/i.exec(line) ?? [];
  if (digest === undefined) return null;
  const known = kindOf(label) !== undefined;
  return withKind(label, digest, (expected) => ({ is: 'digest', form: 'hashes', expected, known }));
}

// BSD's and coreutils' `SHA256 (NAME) = HEX`, OpenSSL's `SHA2-256(NAME)= HEX`. A digest
// holds no parenthesis, so the last one closes the name.
function bsdLine(line: string): Line | null {
  const marked = marking(line);
  const { body } = marked;
  const [open, close] = [body.indexOf('('), body.lastIndexOf(')')];
  const [, tag] = /^([a-z][a-z0-9/_-]*) ?$/i.exec(body.slice(0, Math.max(0, open))) ?? [];
  const [, digest] = /^ ?= ?(\S+)[ \t]*$/.exec(body.slice(close + 1)) ?? [];
  if (tag === undefined || digest === undefined || close < open) return null;
  const name = marked.name(body.slice(open + 1, close));
  if (name === null || name === '') return null;
  return withKind(tag, digest, (expected) => ({ is: 'entry', form: 'bsd', name, expected }));
}

// A digest under its label. One of a kind that this program lacks stays an entry: it is
// told that it was not compared.
function withKind(
  label: string,
  digest: string,
  made: (expected: ExpectedDigest) => Line,
): Line | null {
  const kind = kindOf(label);
  if (kind === undefined) {
    const foreign = foreignDigest(digest, label);
    return foreign && made(foreign);
  }
  const expected = statedDigest(digest, digest, kind);
  if (expected !== null) return made(expected);
  if (!/^[0-9a-f]+$/i.test(digest)) return null;
  return {
    is: 'problem',
    what: `states ${digest.length} digits; ${kind.name} has ${kind.digits}`,
  };
}

// `HEX  NAME` or `HEX *NAME`: everything after two characters is the name.
function sumsLine(line: string): Line | null {
  const { body, name } = marking(line.trimStart());
  const end = body.indexOf(' ');
  if (end < 0 || (body[end + 1] !== ' ' && body[end + 1] !== '*')) return null;
  return sums(body.slice(0, end), name(body.slice(end + 2)));
}

// One space or tab, as some programs write it.
function looseSumsLine(line: string): Line | null {
  const { body, name } = marking(line.trimStart());
  const end = body.search(/[ \t]/);
  return end < 0 ? null : sums(body.slice(0, end), name(body.slice(end).trimStart()));
}

function sums(digest: string, name: string | null): Line | null {
  if (name === null || name === '') return null;
  const expected = readExpected(digest);
  if (expected !== null) return { is: 'entry', form: 'sums', name, expected };
  if (!/^[0-9a-f]{8,}$/i.test(digest)) return null;
  return { is: 'problem', what: `states ${digest.length} digits, as no known digest has` };
}

// `NAME CRC32`. An escaped line is written by one who means every space; a name with
// backslashes that are no escapes is a Windows path.
function sfvLine(line: string): Line | null {
  const text = line.trimEnd();
  const at = text.length - 8;
  if (at < 2 || !/[ \t]/.test(text[at - 1] ?? '')) return null;
  const expected = /^[0-9a-f]+$/i.test(text.slice(at)) ? readExpected(text.slice(at)) : null;
  if (expected === null) return null;
  const before = text.slice(0, at - 1);
  const name = (before.startsWith('\\') ? unescapeName(before.slice(1)) : null) ?? before.trim();
  // Eight digits are many things, but not in this form.
  return name === ''
    ? null
    : { is: 'entry', form: 'sfv', name, expected: { ...expected, ids: ['crc32'] } };
}

function bareDigest(line: string): Line | null {
  const expected = readExpected(line);
  return expected === null ? null : { is: 'digest', form: 'sums', expected, known: true };
}

// What a comment says of the digest below it, unless their lengths contradict it.
function relabelled(expected: ExpectedDigest, label: string): ExpectedDigest {
  const id = kindOf(label)?.id;
  if (id === undefined) return { ...expected, ids: [label.toLowerCase()] };
  return expected.ids.includes(id) ? { ...expected, ids: [id] } : expected;
}

/** The line without the backslash that says that its name is escaped, and how to read the name. */
function marking(line: string): { body: string; name: (written: string) => string | null } {
  return line.startsWith('\\')
    ? { body: line.slice(1), name: unescapeName }
    : { body: line, name: (written) => written };
}

interface Hint {
  kind: Kind | undefined;
  /** What the digest is of, if only that stands in the file. */
  name: string;
  sfv: boolean;
}

/** Short names that are clear only as a file's extension (or as B2SUMS, B3SUMS). */
const EXTENSIONS = new Map([
  ['sfv', 'crc32'],
  ['crc', 'crc32'],
  ['b2', 'blake2b'],
  ['b3', 'blake3'],
]);

// model.safetensors.sha256, SHA256SUMS, checksums.md5.txt
function hintOf(path: string): Hint {
  const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const base = file.replace(/\.(?:txt|asc)$/i, '');
  const dot = base.lastIndexOf('.');
  const word = base
    .slice(dot + 1)
    .toLowerCase()
    .replace(/[-_]?(?:check)?sums?$/, '');
  const kind = kindOf(EXTENSIONS.get(word) ?? word);
  const labelled = kind !== undefined || /^(?:hash|hashes)$/.test(word);
  return { kind, name: labelled && dot > 0 ? base.slice(0, dot) : '', sfv: word === 'sfv' };
}
