import { describe, expect, it } from 'vitest';
import { dressed } from '../../web/src/offline/headers.js';

const POLICY = "default-src 'none'";

const answer = (type: string, more: Record<string, string> = {}) =>
  dressed(
    new Response('body', { status: 203, headers: { 'Content-Type': type, ...more } }),
    POLICY,
  );

describe('dressed', () => {
  it('isolates every file', () => {
    for (const type of ['text/html', 'application/wasm', 'font/woff2']) {
      const { headers } = answer(type);
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
      expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    }
  });

  it('sends the policy with all that can run', () => {
    for (const type of [
      'text/html; charset=utf-8',
      'text/javascript',
      'application/javascript; charset=utf-8',
    ]) {
      expect(answer(type).headers.get('Content-Security-Policy'), type).toBe(POLICY);
    }
    expect(answer('application/wasm').headers.has('Content-Security-Policy')).toBe(false);
  });

  it('keeps body, status and type, and says nothing of how the body was packed', async () => {
    const dressedOne = answer('text/css', { 'Content-Encoding': 'gzip', 'Content-Length': '9' });
    expect(dressedOne.status).toBe(203);
    expect(dressedOne.headers.get('Content-Type')).toBe('text/css');
    expect(dressedOne.headers.has('Content-Encoding')).toBe(false);
    expect(dressedOne.headers.has('Content-Length')).toBe(false);
    expect(await dressedOne.text()).toBe('body');
  });
});
