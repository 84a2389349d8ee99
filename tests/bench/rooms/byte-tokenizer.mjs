// GPT's tokenizers through the public interface, against those of npm.
import { dictionary, drawPrompts, english } from '../inputs.mjs';
import { openModule, peerName } from '../room.mjs';

const PROMPTS = 20_000;
const ENGLISH_BYTES = 5_000_000;
const ENCODINGS = { cl100k: 'cl100k_base', o200k: 'o200k_base' };

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const engine = await place.createEngine();
  const { Tiktoken, init } = await tiktokenModule(place);
  await init?.();
  const inputs = [
    [`${PROMPTS} prompts`, drawPrompts(await dictionary(place), PROMPTS)],
    ['5 MB of English', [(await english(place, ENGLISH_BYTES)).join('\n')]],
  ];
  for (const [tokenizer, encoding] of Object.entries(ENCODINGS)) {
    const gptTokenizer = await gptTokenizerOf(encoding);
    const { bpe_ranks, special_tokens, pat_str } = JSON.parse(
      new TextDecoder().decode(
        await place.load(`tests/bench/node_modules/tiktoken/encoders/${encoding}.json`),
      ),
    );
    const tiktoken = new Tiktoken(bpe_ranks, special_tokens, pat_str);
    for (const [what, texts] of inputs) {
      const ours = async () => (await engine.tokenizeMany(texts, { tokenizer })).ids;
      const row = {
        what: `${tokenizer}, ${what}`,
        ours,
        unit: 'Mtokens/s',
        amount: (await ours()).length / 1e6,
      };
      yield {
        ...row,
        peer: () => texts.map((text) => gptTokenizer.encode(text)),
        peer_name: await peerName(place, 'gpt-tokenizer'),
        agree: same,
        floor: 2,
        goal: 4,
      };
      yield {
        ...row,
        peer: () => texts.map((text) => tiktoken.encode_ordinary(text)),
        peer_name: await peerName(place, 'tiktoken'),
        agree: same,
        floor: 4,
        goal: 8,
      };
    }
    tiktoken.free();
  }
  yield* worstCases(engine);
  yield* readyTimes(place);
  engine.close();
}

function same(ours, theirs) {
  let at = 0;
  for (const ids of theirs) {
    for (const id of ids) {
      if (ours[at++] !== id) return false;
    }
  }
  return at === ours.length;
}

async function gptTokenizerOf(encoding) {
  return encoding === 'cl100k_base'
    ? import('gpt-tokenizer/encoding/cl100k_base')
    : import('gpt-tokenizer/encoding/o200k_base');
}

async function tiktokenModule(place) {
  if (place.where === 'node') return import('tiktoken/lite');
  const module = await import('tiktoken/lite/init');
  const wasm = await place.load('tests/bench/node_modules/tiktoken/lite/tiktoken_bg.wasm');
  return {
    Tiktoken: module.Tiktoken,
    init: () => module.init((imports) => WebAssembly.instantiate(wasm, imports)),
  };
}

// A text ten times as long must take ten times as long.
async function* worstCases(engine) {
  const hostile = {
    'letters without a space': (n) =>
      Array.from({ length: n }, (_, i) => String.fromCharCode(97 + ((i * i * 7) % 26))).join(''),
    'a repeated': (n) => 'a'.repeat(n),
  };
  for (const tokenizer of Object.keys(ENCODINGS)) {
    for (const [name, make] of Object.entries(hostile)) {
      for (const letters of [10_000, 100_000]) {
        const text = make(letters);
        yield {
          what: `${tokenizer}, ${letters} ${name}`,
          ours: () => engine.tokenizeMany([text], { tokenizer }),
          unit: 'ms',
        };
      }
    }
  }
}

// A vocabulary, from its bytes to a tokenizer.
async function* readyTimes(place) {
  const module = await openModule(place, 'tokens');
  for (const tokenizer of Object.keys(ENCODINGS)) {
    const bytes = await place.load(`lib/core/${tokenizer}.vocab`);
    yield {
      what: `${tokenizer}, ready from its bytes`,
      ours: () => {
        const { error } = JSON.parse(module.loadVocabulary(tokenizer, bytes));
        if (error) throw new Error(`${error.where}: ${error.what}`);
      },
      unit: 'ms',
    };
  }
}
