import './trusted-scripts.js';
import './fonts.css';
import './tokens.css';
import './base.css';
import './before.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
// A task of its own: the engine is under way by then.
setTimeout(() => {
  target.replaceChildren();
  mount(App, { target });
});
