/** What the page loads when the panel is opened. */
export { TagsSession } from './session.svelte.js';
export { default as TagsPanel } from './TagsPanel.svelte';
