/**
 * What the page's policy (`require-trusted-types-for 'script'`) asks for: an address becomes the
 * script of a Worker here, and only one of this page's own origin. Nothing makes markup or code
 * of text; Svelte's own policy makes its templates.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };

trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    if (new URL(address, document.baseURI).origin === location.origin) return address;
    throw new TypeError(`a script of another origin is refused: ${address}`);
  },
});
