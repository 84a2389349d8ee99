// Starting the machine's browsers: Chromium for the tests, the bench and the pictures, Firefox
// for the tests.
import { chromium, firefox } from 'playwright-core';
import { findBrowser, findFirefox } from './toolchain.mjs';

// As the distribution's Chromium starts reliably without a desktop, and asks the
// network for nothing of its own.
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts it; the caller closes it.
 *
 * @param {readonly string[]} [flags] beside those that it always gets
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser(flags = []) {
  const executablePath = await findBrowser();
  if (executablePath === undefined) {
    throw new Error('no Chromium found; node scripts/setup.mjs installs one, or set CHROME');
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/**
 * Starts the distribution's Firefox, driven by WebDriver BiDi; the caller closes it.
 *
 * @param {string} [downloadsPath] where it saves what it downloads
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchFirefox(downloadsPath) {
  const executablePath = findFirefox();
  if (executablePath === undefined) {
    throw new Error('no Firefox found; node scripts/setup.mjs installs one, or set FIREFOX');
  }
  return firefox.launch({ channel: 'moz-firefox', executablePath, downloadsPath });
}
