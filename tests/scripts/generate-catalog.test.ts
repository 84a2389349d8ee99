import { describe, expect, it } from 'vitest';
import { catalogModule, methodsDocument } from '../../scripts/generate-catalog.mjs';

const method = {
  id: 'rot',
  kind: 'cipher',
  summary: 'Moves | each "letter", it’s said',
  source: "Suetonius' book",
  params: [
    {
      name: 'n',
      type: 'integer',
      summary: 'letters to move',
      required: false,
      default: '13',
      min: '-9223372036854775808',
      max: 5,
    },
  ],
  in: 'text',
  out: 'text',
  reversible: true,
  digest: false,
  vectors: [
    {
      arguments: 'n=1',
      input: { kind: 'text', written: 'a`|b' },
      output: { kind: 'bytes', written: '00ff' },
      source: 'here',
    },
  ],
};

describe('catalog.gen.ts', () => {
  it('is the catalog as a module, without what only tests need', async () => {
    const text = catalogModule([method]);
    expect(text).not.toContain('vectors');
    const code = text
      .replace(/^import type.*$/gm, '')
      .replace(/^(export )?type [\s\S]*?;$/gm, '')
      .replace(/ as const satisfies .*;/, ';');
    const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    const { vectors: _, digest: __, ...described } = method;
    expect(module.CATALOG).toEqual([described]);
  });
});

describe('docs/METHODS.md', () => {
  it('has a row for each method that no text breaks', () => {
    const row = methodsDocument([method])
      .split('\n')
      .find((line) => line.startsWith('| `rot` ~'));
    expect(row).toBe(
      '| `rot` ~ | Moves \\| each "letter", it’s said | text → text ' +
        '| **n** (-9223372036854775808 … 5; default `13`): letters to move ' +
        '| `rot n=1`: `` "a`\\|b" `` → `0x00ff` ' +
        "| Suetonius' book |",
    );
  });
});
