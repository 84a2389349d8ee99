/** The arrows of DESIGN section 1, drawn as data, and how sources are read for them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Who may include whom, in C++: a room and the rooms whose headers it may name. */
export const CPP_ARROWS: Record<string, readonly string[]> = {
  core: [],
  json: ['core', 'text'],
  text: ['core'],
  tokenizer: ['core', 'text'],
  tokenizer_json: ['core', 'json', 'text', 'tokenizer'],
  cipher: ['core', 'text'],
  encoding: ['core', 'text'],
  hash: ['core', 'text'],
  select: ['core', 'text'],
  prompt: ['core', 'json', 'text'],
  table: ['core', 'text'],
  catalog: ['core', 'json', 'text'],
  recipe: ['core', 'json', 'text', 'catalog'],
  // Evidence tokenizes and digests, which no chain of methods expresses.
  claim: ['core', 'json', 'text', 'tokenizer', 'hash', 'catalog', 'recipe'],
  search: ['core', 'json', 'text', 'tokenizer', 'catalog', 'recipe', 'claim'],
  query: ['core', 'json', 'text', 'tokenizer', 'hash', 'catalog', 'recipe', 'claim'],
  tokens: ['core', 'json', 'text', 'tokenizer', 'tokenizer_json', 'prompt', 'table'],
  tensors: ['core', 'json', 'text'],
  similarity: ['core'],
  bindings: [
    'core',
    'json',
    'text',
    'tokenizer',
    'hash',
    'catalog',
    'recipe',
    'claim',
    'search',
    'query',
    'tokens',
    'tensors',
    'similarity',
  ],
};

/** The same for TypeScript. */
export const WEB_ARROWS: Record<string, readonly string[]> = {
  // The top-level folder: the graphs of encoders, and which public ones there are.
  models: [],
  protocol: [],
  worker: ['protocol', 'models'],
  engine: ['protocol'],
  panels: ['protocol', 'engine'],
  cli: ['protocol', 'engine'],
  // A program of its own, the service worker.
  offline: [],
  app: ['protocol', 'engine', 'panels', 'offline'],
};

export interface Source {
  /** Relative to the checkout, with forward slashes. */
  path: string;
  text: string;
}

/** All files below a folder of the checkout whose name matches. */
export function sourcesBelow(folder: string, name: RegExp, skipped = /^node_modules$/): Source[] {
  const found: Source[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.test(entry.name)) walk(child);
      } else if (entry.isFile() && name.test(entry.name)) {
        found.push({ path: relative(top, child), text: readFileSync(child, 'utf8') });
      }
    }
  };
  walk(join(top, folder));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The same without what the build makes and git ignores. */
export function committedBelow(folder: string, name: RegExp): Source[] {
  return sourcesBelow(folder, name, /^(node_modules|build|dist|lib|test-results|\.git)$/);
}

/** What the project's own `#include "room/file.h"` name. */
export function includesOf(text: string): string[] {
  return Array.from(text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm), (match) => match[1] ?? '');
}

/** `#include` lines that the arrows do not draw. */
export function wrongIncludes(source: Source, arrows = CPP_ARROWS): string[] {
  const room = source.path.startsWith('wasm/bindings/') ? 'bindings' : source.path.split('/')[2];
  const allowed = arrows[room ?? ''];
  if (room === undefined || allowed === undefined)
    return [`${source.path}: no room has this place`];
  return includesOf(source.text)
    .filter((include) => {
      const target = include.includes('/') ? include.split('/')[0] : room;
      return target !== room && !allowed.includes(target ?? '');
    })
    .map((include) => `${source.path}: ${room} must not include ${include}`);
}

/**
 * The relative addresses that a TypeScript or Svelte file imports, re-exports, loads
 * or starts a Worker from. `typeOnly`: what vanishes when it is compiled.
 */
export function importsOf(text: string): { address: string; typeOnly: boolean }[] {
  const forms = [
    /\b(?:import|export)\s+(type\b)?(?:[^'";]*?\bfrom\s*)?['"]([.#][^'"]*)['"]/g,
    /\bimport\s*\(\s*(?:\/\*.*?\*\/\s*)?()['"](\.[^'"]*)['"]/g,
    /\bnew URL\(\s*()['"](\.[^'"]*)['"]\s*,\s*import\.meta\.url/g,
  ];
  return forms.flatMap((form) =>
    Array.from(text.matchAll(form), (match) => ({
      address: match[2] ?? '',
      typeOnly: match[1] === 'type',
    })),
  );
}

/** Imports between rooms of web/src that the arrows do not draw. */
export function wrongImports(source: Source, arrows = WEB_ARROWS): string[] {
  const room = roomOf(source.path) ?? '';
  const allowed = arrows[room];
  if (allowed === undefined) return [`${source.path}: no room has this place`];
  return importsOf(source.text).flatMap(({ address }) => {
    const path = address.startsWith('#')
      ? address.slice(1)
      : normalize(join(dirname(source.path), address));
    const target = roomOf(path);
    if (target === undefined) return [];
    // The core's files lie beside the rooms once they are built.
    if (target === room || target === 'core' || allowed.includes(target)) return [];
    // The engine starts the worker by its address and knows it by the protocol alone.
    if (
      room === 'engine' &&
      /^\.\.\/worker\/(core|main|digests-(browser|node|thread)|search-(browser|thread)|(similarity|tokens|encoder)-(browser|node))\.js$/.test(
        address,
      ) &&
      startsByAddress(source.text, address)
    ) {
      return [];
    }
    return [`${source.path}: ${room} must not import ${address}`];
  });
}

// `web/src/ROOM/…`, or the top-level folder models/.
function roomOf(path: string): string | undefined {
  const [first, second, third] = path.split('/');
  if (first === 'models') return first;
  return first === 'web' && second === 'src' ? third : undefined;
}

function startsByAddress(text: string, address: string): boolean {
  const quoted = address.replaceAll('.', '\\.');
  const uses = text.match(new RegExp(quoted, 'g'))?.length ?? 0;
  const urls = text.match(new RegExp(`new URL\\(\\s*'${quoted}'`, 'g'))?.length ?? 0;
  return uses === urls;
}
