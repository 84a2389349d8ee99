/** What shows a search; the page loads it with the first one. */
export { default as SearchCard } from './SearchCard.svelte';
export { default as SearchRun } from './SearchRun.svelte';
