/** What the page loads when the Recipe panel is opened. */
export { default as RecipePanel } from './RecipePanel.svelte';
export { RecipeSession } from './session.svelte.js';
