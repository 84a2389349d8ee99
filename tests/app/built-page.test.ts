/** The built page obeys its own policy: no script and no style stands in the document. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CORE_FILES } from '../../scripts/build.mjs';
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
    // No text becomes markup or a script, but by a policy that is named here.
    expect(rules['require-trusted-types-for']).toBe("'script'");
    expect(rules['trusted-types']).toBe('default svelte-trusted-html');
    // Public encoders come from elsewhere, when they are asked for.
    const { origins } = JSON.parse(readFileSync(join(top, 'models/manifest.json'), 'utf8'));
    expect(rules['connect-src']).toBe(["'self'", ...origins].join(' '));
    const { 'connect-src': _, ...others } = rules;
    expect(Object.values(others).join(' ')).not.toMatch(/'unsafe-(eval|inline)'|https?:|\*/);
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

/** The document, and the scripts and styles that the worked case needs. */
function firstView(): { html: string; assets: string[] } {
  const named = Array.from(html.matchAll(/\.\/(assets\/[^"]+\.(?:js|css))"/g), (match) =>
    join(dist, match[1] ?? ''),
  );
  const worker = readdirSync(join(dist, 'assets')).filter((name) => /^main-.*\.js$/.test(name));
  expect(worker.length).toBe(1);
  return {
    html: join(dist, 'index.html'),
    assets: [...named, ...worker.map((name) => join(dist, 'assets', name))],
  };
}

describe('dist/', () => {
  it('holds the core that was built, and its hash in the scripts', () => {
    const hash = createHash('sha256');
    for (const [name, from] of Object.entries(CORE_FILES)) {
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

  it('waits for a module of less than 120 kB on the wire', () => {
    const module = readFileSync(join(dist, 'core/tagscope.wasm'));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    expect(brotliCompressSync(module, { params }).length).toBeLessThan(120_000);
  });

  it('sends less than 200 kB, but for vocabulary and typefaces, before its verdict', () => {
    const { html: own, assets } = firstView();
    const core = ['tagscope.mjs', 'tagscope.wasm'].map((name) => join(dist, 'core', name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const sent = [own, ...assets, ...core].map(
      (path) => brotliCompressSync(readFileSync(path), { params }).length,
    );
    expect(sent.reduce((sum, bytes) => sum + bytes)).toBeLessThan(200_000);
  });

  it('is listed in its service worker, each file under its digest', () => {
    const worker = readFileSync(join(dist, 'service-worker.js'), 'utf8');
    const delivered = readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'service-worker.js')
      .map((entry) => join(entry.parentPath, entry.name));
    expect(delivered.length).toBeGreaterThan(40);
    for (const path of delivered) {
      const digest = createHash('sha256').update(readFileSync(path)).digest('base64');
      expect(worker.includes(`sha256-${digest}`), path).toBe(true);
    }
  });

  it('says its policy in the service worker too', () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(policy).not.toBe('');
    expect(readFileSync(join(dist, 'service-worker.js'), 'utf8')).toContain(policy);
  });

  it('can be installed: every icon that its manifest names is there, in its size', () => {
    const manifest = JSON.parse(readFileSync(join(dist, 'manifest.webmanifest'), 'utf8')) as {
      icons: { src: string; sizes: string; type: string }[];
    };
    const pictures = manifest.icons.filter(({ type }) => type === 'image/png');
    expect(pictures.length).toBe(3);
    for (const { src, sizes } of pictures) {
      // Width and height stand after the signature and the head of the first chunk.
      const png = readFileSync(join(dist, src));
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes);
    }
    for (const { src } of manifest.icons) expect(existsSync(join(dist, src)), src).toBe(true);
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
