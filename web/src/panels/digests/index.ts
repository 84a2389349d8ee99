/** What the page loads when the panel is opened. */
export { default as DigestsPanel } from './DigestsPanel.svelte';
export { DigestsSession } from './session.svelte.js';
