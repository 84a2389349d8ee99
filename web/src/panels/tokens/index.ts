/** What the page loads when the panel is opened. */
export { TokensSession } from './session.svelte.js';
export { default as TokensPanel } from './TokensPanel.svelte';
