import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  committedBelow,
  importsOf,
  sourcesBelow,
  top,
  wrongImports,
  wrongIncludes,
} from './rooms.js';

const cpp = sourcesBelow('wasm', /\.(h|cpp|def|inc)$/);
const web = [...sourcesBelow('web/src', /\.(ts|svelte)$/), ...sourcesBelow('models', /\.ts$/)];

describe('arrows between the rooms of the core', () => {
  it('are those of the design', () => {
    expect(cpp.length).toBeGreaterThan(50);
    expect(cpp.flatMap((source) => wrongIncludes(source))).toEqual([]);
  });

  it('are seen where they are wrong', () => {
    const path = 'wasm/src/cipher/rot.cpp';
    expect(
      wrongIncludes({ path, text: '#include "core/method.h"\n#include "text/utf8.h"\n' }),
    ).toEqual([]);
    expect(wrongIncludes({ path, text: '#include "hash/words.h"\n' })).toEqual([
      `${path}: cipher must not include hash/words.h`,
    ]);
    expect(
      wrongIncludes({ path: 'wasm/src/core/error.h', text: '  # include "text/utf8.h"' }),
    ).toHaveLength(1);
    expect(wrongIncludes({ path: 'wasm/src/elsewhere/a.cpp', text: '' })).toHaveLength(1);
  });

  it('let only the bindings include Emscripten', () => {
    const including = cpp.filter(({ text }) => /#\s*include\s*<emscripten\//.test(text));
    expect(including.map(({ path }) => path)).toEqual([
      'wasm/bindings/digests.cpp',
      'wasm/bindings/embind.cpp',
      'wasm/bindings/search.cpp',
      'wasm/bindings/similarity.cpp',
      'wasm/bindings/tokens.cpp',
    ]);
  });
});

describe('arrows between the rooms of the faces', () => {
  it('are those of the design', () => {
    expect(web.length).toBeGreaterThan(20);
    expect(web.flatMap((source) => wrongImports(source))).toEqual([]);
  });

  it('are seen where they are wrong', () => {
    const path = 'web/src/panels/claim/Claim.svelte';
    const wrong = (text: string) => wrongImports({ path, text });
    expect(wrong("import { verify } from '../../engine/index.js';")).toEqual([]);
    expect(wrong("import type { CoreApi } from '../../worker/core.js';")).toHaveLength(1);
    expect(wrong("export * from '../../worker/core.js';")).toHaveLength(1);
    expect(wrong("import '../../app/main.js';")).toHaveLength(1);
    expect(wrong("const x = await import('../../worker/core.js');")).toHaveLength(1);
    expect(wrong("import {\n  a,\n  b,\n} from '../../cli/input.js';")).toHaveLength(1);
    expect(wrong("import { writeModel } from '#models/onnx.js';")).toHaveLength(1);
    expect(
      wrongImports({ path: 'web/src/worker/a.ts', text: "import { a } from '#models/onnx.js';" }),
    ).toEqual([]);
    expect(
      wrongImports({ path: 'models/a.ts', text: "import { a } from '../web/src/worker/a.js';" }),
    ).toHaveLength(1);
    expect(
      wrongImports({ path: 'web/src/engine/a.ts', text: "import { a } from '../worker/core.js';" }),
    ).toHaveLength(1);
    expect(
      wrongImports({
        path: 'web/src/engine/a.ts',
        text: "new URL('../worker/core.js', import.meta.url)",
      }),
    ).toEqual([]);
  });

  it('make the protocol types only', () => {
    const withCode = web
      .filter(({ path }) => path.startsWith('web/src/protocol/') && !path.endsWith('.gen.ts'))
      .filter(({ text }) => /^(export\s+)?(const|let|var|function|class|enum)\b/m.test(text));
    expect(withCode.map(({ path }) => path)).toEqual([]);
    for (const { path, text } of web.filter((source) =>
      source.path.startsWith('web/src/protocol/'),
    )) {
      for (const { address, typeOnly } of importsOf(text)) {
        expect(typeOnly, `${path} imports ${address} for more than its types`).toBe(true);
      }
    }
  });
});

describe('what is committed', () => {
  // Assembled here, so that this file does not name what it forbids.
  const forbidden = [
    ['/wo', 'rk/'],
    ['/ho', 'me/'],
    ['/ro', 'ot/'],
    ['/Us', 'ers/'],
    ['../sh', 'ared'],
    ['/tm', 'p/br'],
  ].map((parts) => parts.join(''));

  it('names no place of one machine', () => {
    const name = /\.(ts|svelte|mjs|js|json|jsonl|h|cpp|def|inc|py|md|txt|yml|css|html|svg)$|^run$/;
    const files = committedBelow('.', name);
    expect(files.length).toBeGreaterThan(100);
    const naming = files.flatMap(({ path, text }) =>
      forbidden.filter((place) => text.includes(place)).map((place) => `${path}: ${place}`),
    );
    expect(naming).toEqual([]);
  });

  it('takes every npm package without an address of its own', () => {
    const lock = readFileSync(join(top, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
