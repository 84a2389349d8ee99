/**
 * Tagscope's engine.
 *
 * The package's `exports` lead Node to node.js and everything else to browser.js;
 * both export exactly this.
 *
 * @packageDocumentation
 */
export { createEngine } from './browser.js';
export * from './public.js';
