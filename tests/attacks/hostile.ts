/** Links and tables made to break whoever reads them. Checkpoints and tokenizers lie beside this file. */
import { deflateRawSync } from 'node:zlib';

const MARKUP = '<img src=x onerror="attacked=1"><script>attacked=1</script>';

const packed = (document: string | Uint8Array) =>
  deflateRawSync(document, { level: 9 }).toString('base64url');

/** Fragments, by what is wrong with them. */
export const LINKS: Readonly<Record<string, string>> = {
  'nothing in it': '#/claim?v=1&c=',
  'no Base64': '#/claim?v=1&c=%%%&c=%00',
  'no deflate': '#/claim?v=1&c=AAAA',
  'a version of the future': `#/claim?v=99&c=${packed('{}')}`,
  'deflated zeros, 64 MB': `#/claim?v=1&c=${packed(new Uint8Array(64 * 1024 ** 2))}`,
  'as long an address as Firefox takes': `#/claim?v=1&c=${'A'.repeat(2 ** 20 - 256)}`,
  'nested deep': `#/claim?v=1&c=${packed('['.repeat(200_000))}`,
  'a prototype': `#/claim?v=1&c=${packed('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')}`,
  'numbers beyond all bounds': `#/claim?v=1&c=${packed('{"v":1e999,"claim":{"level":-1e308,"population":1e400}}')}`,
  'half of a surrogate pair': `#/claim?v=1&c=${packed('{"claim":{"title":"\\ud800"}}')}`,
  'markup in a recipe': `#/recipe?recipe=${encodeURIComponent(MARKUP)}&text=${encodeURIComponent(MARKUP)}`,
  'ten thousand steps': `#/recipe?recipe=${'rot+n%3D1+%7C+'.repeat(10_000)}reverse`,
  'markup in a text': `#/tokens?text=${encodeURIComponent(MARKUP)}&tokenizer=../../x&syntax=__proto__`,
  'a model that is a path': '#/similarity?model=../../../etc/passwd&heads=99999999999&encoder=-1',
  'a table’s order that is none': '#/tags?sort=1e9&desc=NaN&find=%ff%fe',
  'no panel': `#/${'x/'.repeat(1000)}?constructor=1&__proto__=1`,
};

/** Tables, by what is wrong with them. */
export const TABLES: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  'a byte order mark alone': '\uFEFF',
  zeros: new Uint8Array(4096),
  'every byte': Uint8Array.from({ length: 65_536 }, (_, i) => (i * 197) & 255),
  'a quote without an end': `name,tag\n"${'x'.repeat(100_000)}`,
  'quotes and nothing else': '"'.repeat(99_999),
  'a hundred thousand columns': `${'a,'.repeat(100_000)}\n1,2`,
  'a hundred thousand lines of commas': ',\n'.repeat(100_000),
  'carriage returns alone': 'name,tag\ra,b\rc,d',
  'a line of a megabyte': `name,tag\n${'y'.repeat(2 ** 20)},z`,
  'markup and formulas': `name,tag\n${MARKUP.replaceAll('"', '""')},=cmd|' /C calc'!A0\n"${MARKUP.replaceAll('"', '""')}",@SUM(1)`,
  'names of an object': '__proto__,constructor,toString\n1,2,3\n__proto__,__proto__,__proto__',
};
