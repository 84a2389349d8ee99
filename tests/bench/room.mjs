// What a room's file is given, and what is done with it.
import { measure } from './measure.mjs';

/**
 * Where a room runs.
 *
 * @typedef {object} Place
 * @property {'chromium' | 'node'} where
 * @property {(path: string) => Promise<Uint8Array>} load a file of the checkout
 * @property {(path: string) => string} url its address, for import()
 * @property {(options?: object) => Promise<import('../../lib/engine/public.js').Engine>}
 *     createEngine the public interface; the room closes what it opens
 */

/**
 * @param {{measurements: (place: Place) => AsyncIterable<import('./measure.mjs').Measurement>}} room
 * @param {Place & {what?: string, report: (row: object) => unknown}} place what: measures only
 *     the rows whose name has it
 */
export async function measureRoom({ measurements }, place) {
  for await (const measurement of measurements(place)) {
    if (!measurement.what.includes(place.what ?? '')) continue;
    await place.report(await measure(measurement, place.where));
  }
}

/** One of our modules as Embind exposes it: `openModule(place, 'digests')`. */
export async function openModule(place, name) {
  const [{ default: create }, wasmBinary] = await Promise.all([
    import(/* @vite-ignore */ place.url(`lib/core/${name}.mjs`)),
    place.load(`lib/core/${name}.wasm`),
  ]);
  return create({ wasmBinary });
}

/** A peer's name and its pinned version, as rows state them. */
export async function peerName(place, name) {
  const text = new TextDecoder().decode(await place.load('tests/bench/package.json'));
  return `${name} ${JSON.parse(text).dependencies[name]}`;
}

/** The version of one of the checkout's own packages. */
export async function packageVersion(place, name) {
  const text = new TextDecoder().decode(await place.load('package.json'));
  return JSON.parse(text).dependencies[name];
}

/** What a package exports, where Node sees CommonJS and a bundler a module. */
export function packageOf(imported) {
  return imported.default ?? imported;
}
