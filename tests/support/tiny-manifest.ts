/** A manifest with one public encoder, and the built-in one as it is. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ManifestEntry, ModelManifest } from '../../web/src/protocol/model-api.js';

const own = new URL('../../models/manifest.json', import.meta.url);

/** `content`: the encoder's file. */
export function tinyManifest(
  content: Uint8Array,
  changes: { base?: string } & Partial<ManifestEntry> = {},
): ModelManifest {
  const { base = 'https://example.invalid/', ...entry } = changes;
  const { builtin } = JSON.parse(readFileSync(own, 'utf8')) as ModelManifest;
  const tiny: ManifestEntry = {
    id: 'tiny',
    title: 'A tiny one',
    path: 'tiny.safetensors',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    licence: { name: 'CC0-1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
    ...entry,
  };
  return { version: 1, base, origins: [], builtin, encoders: [tiny] };
}
