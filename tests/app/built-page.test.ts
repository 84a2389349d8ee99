/** The built page obeys its own policy: no script and no style stands in the document. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { top } from '../architecture/rooms.js';

const dist = join(top, 'dist');
const html = readFileSync(join(dist, 'index.html'), 'utf8');

describe('dist/index.html', () => {
  it('has a strict policy', () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
    const rules = Object.fromEntries(
      policy.split(';').map((rule) => {
        const [name = '', ...sources] = rule.trim().split(/\s+/);
        return [name, sources.join(' ')];
      }),
    );
    expect(rules['script-src']).toBe("'self' 'wasm-unsafe-eval'");
    expect(rules['default-src']).toBe("'none'");
    expect(policy).not.toMatch(/'unsafe-(eval|inline)'|https?:|\*/);
  });

  it('stands before the policy with nothing that could run', () => {
    const before = html.slice(0, html.indexOf('Content-Security-Policy'));
    expect(before).not.toMatch(/<(script|link|style)\b/i);
  });

  it('has no script, style or handler inline', () => {
    for (const [, attributes = '', body = ''] of html.matchAll(
      /<script\b([^>]*)>([\s\S]*?)<\/script>/gi,
    )) {
      expect(attributes).toMatch(/\bsrc="/);
      expect(body.trim()).toBe('');
    }
    expect(html).not.toMatch(/<style\b/i);
    expect(html).not.toMatch(/\sstyle\s*=/i);
    expect(html).not.toMatch(/\son[a-z]+\s*=/i);
    expect(html).not.toMatch(/javascript:/i);
  });

  it('addresses everything relative to itself, and all of it is there', () => {
    const addresses = Array.from(
      html.matchAll(/\b(?:src|href)="([^"]+)"/g),
      (match) => match[1] ?? '',
    );
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      expect(address).toMatch(/^\.\//);
      expect(existsSync(join(dist, address)), address).toBe(true);
    }
  });
});

describe('dist/', () => {
  it('holds the core that was built, and its hash in the scripts', () => {
    const hash = createHash('sha256');
    for (const [name, from] of [
      ['tagscope.mjs', 'build/wasm/tagscope.mjs'],
      ['tagscope.wasm', 'build/wasm/tagscope.wasm'],
      ['clip.vocab', 'build/assets/clip.vocab'],
    ] as const) {
      const delivered = readFileSync(join(dist, 'core', name));
      expect(delivered.equals(readFileSync(join(top, from))), name).toBe(true);
      hash.update(delivered);
    }
    const version = hash.digest('hex').slice(0, 16);
    const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
    const naming = scripts.filter((name) =>
      readFileSync(join(dist, 'assets', name), 'utf8').includes(version),
    );
    expect(naming).not.toEqual([]);
  });

  it('asks no other host for anything', () => {
    for (const name of readdirSync(join(dist, 'assets')).filter((entry) =>
      entry.endsWith('.css'),
    )) {
      expect(readFileSync(join(dist, 'assets', name), 'utf8'), name).not.toMatch(
        /url\(\s*['"]?(https?:)?\/\//,
      );
    }
  });
});
