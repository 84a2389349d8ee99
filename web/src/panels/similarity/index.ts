/** What the page loads when the panel is opened, or a claim is looked at in an encoder. */
export { default as ClaimInEncoder } from './ClaimInEncoder.svelte';
export { default as SimilarityPanel } from './SimilarityPanel.svelte';
export { SimilaritySession } from './session.svelte.js';
