/** What the box that opens everywhere finds; loaded with it. */
import type { MethodInfo } from '../engine/browser.js';
import { type Entry, methodEntry } from '../panels/common/find.js';
import { PAGES } from './route.js';

export { default as CommandBox } from '../panels/common/CommandBox.svelte';

const SUMMARIES: Record<(typeof PAGES)[number]['id'], string> = {
  claim: 'Is a tag a cipher or a hash of a name, or a coincidence?',
  recipe: 'Ciphers, digests and encodings, one after another',
  tokens: 'How a text is cut, and which strings are one token',
  digests: 'Digests of files, and whether they are what they should be',
  similarity: 'How near texts lie to each other in an encoder',
  privacy: 'What is asked for, from where, and what stays',
  tags: 'A table of tags: its rows, its order, what is wrong with it',
};

/** Panels first, then methods in the catalog's order. */
export function commandEntries(methods: readonly MethodInfo[]): Entry[] {
  const panels = PAGES.map(({ id, name }) => ({
    key: `panel ${id}`,
    name,
    detail: id === 'privacy' ? 'read' : 'open the panel',
    summary: SUMMARIES[id],
    also: ['panel'],
  }));
  const steps = methods.map((method) => {
    const entry = methodEntry(method);
    return { ...entry, detail: `add as a step · ${entry.detail}` };
  });
  return [...panels, ...steps];
}
