/** What the npm package exports beside createEngine, wherever it runs. */
export type * from '../protocol/results.js';
export type { CallOptions, Engine, EngineOptions, VerifyOptions } from './client.js';
export { EngineError } from './error.js';
export type { HashOptions, HashProgress, HashSource } from './hash.js';
export { DEFAULT_DIGESTS } from './hash.js';
export { LINK_VERSION, MAX_ENCODED_BYTES, MAX_INFLATED_BYTES } from './link.js';
export type { Headline, Judged, Reason } from './words.js';
export { headline, reasons, scope, toMarkdown } from './words.js';
