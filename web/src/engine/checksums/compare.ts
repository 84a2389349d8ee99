import type { FileDigests } from '../../protocol/results.js';
import type { ExpectedDigest } from './expected.js';

export type Check =
  | { state: 'match'; id: string }
  /** `compared`: what the file really has under each candidate that was computed. */
  | { state: 'mismatch'; compared: { id: string; hex: string }[] }
  /** No candidate was computed. */
  | { state: 'not-compared'; missing: string[] };

/** Whether a file has the digest that was stated for it. */
export function check(expected: ExpectedDigest, digests: FileDigests): Check {
  const compared: { id: string; hex: string }[] = [];
  for (const id of expected.ids) {
    const hex = computed(id, digests);
    if (hex === expected.hex) return { state: 'match', id };
    if (hex !== null) compared.push({ id, hex });
  }
  return compared.length > 0
    ? { state: 'mismatch', compared }
    : { state: 'not-compared', missing: [...expected.ids] };
}

/**
 * What has to be computed to check these: method ids, and `autov1`, `autov3` where the
 * engine's option `checkpoint` is needed. An engine may lack some of them.
 */
export function neededFor(expected: readonly ExpectedDigest[]): string[] {
  // AutoV2 is the beginning of SHA256.
  const ids = expected.flatMap((item) => item.ids.map((id) => (id === 'autov2' ? 'sha256' : id)));
  return [...new Set(ids)];
}

function computed(id: string, { digests, checkpoint }: FileDigests): string | null {
  switch (id) {
    case 'autov1':
    case 'autov3':
      return checkpoint?.[id] ?? null;
    case 'autov2':
      return checkpoint?.autov2 ?? digests['sha256']?.hex.slice(0, 10) ?? null;
    default:
      return digests[id]?.hex ?? null;
  }
}
