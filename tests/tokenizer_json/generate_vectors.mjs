// Writes tests/vectors/tokenizer_json.jsonl: small tokenizer.json files made here, texts, and the
// ids and decoded texts that Hugging Face's own library gives (npm tokenizers 0.23.2, the Node
// binding of the Rust library).
//
//   npm install tokenizers@0.23.2   in a folder of its own
//   node tests/tokenizer_json/generate_vectors.mjs FOLDER/node_modules
//
// A line: {"name", "tokenizer": the file's text, "cases": [{"text", "ids", "decoded"}]}.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const modules = process.argv[2] ?? 'node_modules';
const { Tokenizer } = createRequire(join(modules, 'x.js'))('tokenizers');

let seed = 7;
function random(below) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * below);
}

// bytes_to_unicode
const characterOf = [];
{
  const printable = (b) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  let next = 256;
  for (let b = 0; b < 256; ++b) characterOf[b] = String.fromCharCode(printable(b) ? b : next++);
}
const inBytes = (text) => [...new TextEncoder().encode(text)].map((b) => characterOf[b]).join('');

const SAMPLE =
  'the quick brown fox jumps over the lazy dog and the dogs jump over foxes while houshou marine ' +
  "sings it's her song they're singing I'll sing we've sung 1girl 2boys 1girl solo long hair blue " +
  'eyes looking at viewer masterpiece best quality naïve café déjà vu 初音ミク 初音ミク はい はい Ünï ' +
  'unhappiness unaffordable unwanted wanted running runner runs hello hello world world the the';

// Byte-pair merges of a few words, most frequent first; ties by order of appearance.
function train(words, merges, join = (a, b) => a + b) {
  let split = words.map((word) => [...word]);
  const list = [];
  while (list.length < merges) {
    const counts = new Map();
    for (const symbols of split) {
      for (let i = 0; i + 1 < symbols.length; ++i) {
        const pair = `${symbols[i]} ${symbols[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const best = [...counts].sort((a, b) => b[1] - a[1])[0];
    if (best === undefined || best[1] < 2) break;
    const [left, right] = best[0].split(' ');
    list.push([left, right]);
    split = split.map((symbols) => {
      const out = [];
      for (let i = 0; i < symbols.length; ++i) {
        if (symbols[i] === left && symbols[i + 1] === right) {
          out.push(join(left, right));
          ++i;
        } else {
          out.push(symbols[i]);
        }
      }
      return out;
    });
  }
  return list;
}

const numbered = (tokens) =>
  Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));

function byteLevelBpe(options = {}, merges = 160) {
  const words = SAMPLE.split(/(?= )/).map(inBytes);
  const list = train(words, merges);
  return {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: numbered([...characterOf, ...list.map(([a, b]) => a + b), ...(options.extra ?? [])]),
    merges: options.pairs ? list : list.map((pair) => pair.join(' ')),
    ...options.model,
  };
}

function clipBpe() {
  const words = SAMPLE.split(' ').map((word) => {
    const symbols = [...inBytes(word)];
    symbols[symbols.length - 1] += '</w>';
    return symbols;
  });
  const list = train(words, 200);
  return {
    ...byteLevelBpe(),
    unk_token: '<|endoftext|>',
    end_of_word_suffix: '</w>',
    vocab: numbered([
      ...characterOf,
      ...characterOf.map((c) => `${c}</w>`),
      ...list.map(([a, b]) => a + b),
      '<|startoftext|>',
      '<|endoftext|>',
    ]),
    merges: list.map((pair) => pair.join(' ')),
  };
}

// SentencePiece's BPE: ▁ for spaces, bytes where a character is missing.
function metaspaceBpe(model = {}) {
  const words = SAMPLE.split(' ').map((word) => `▁${word}`);
  const list = train(words, 120);
  const characters = [...new Set(words.join(''))].filter((c) => c !== 'z' && c !== 'ク');
  const known = (pair) => !/[zク]/u.test(pair.join(''));
  return {
    ...byteLevelBpe(),
    unk_token: '<unk>',
    fuse_unk: true,
    byte_fallback: true,
    vocab: numbered([
      '<unk>',
      '<s>',
      '</s>',
      ...Array.from(
        { length: 256 },
        (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`,
      ),
      ...characters,
      ...list.filter(known).map((pair) => pair.join('')),
    ]),
    merges: list.filter(known).map((pair) => pair.join(' ')),
    ...model,
  };
}

function wordPiece(model = {}) {
  const words = SAMPLE.toLowerCase().split(' ');
  const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  for (const word of words) {
    for (const c of word) if (c !== 'z') pieces.push(c, `##${c}`);
    for (let at = 0; at < word.length; at += 3) {
      pieces.push((at === 0 ? '' : '##') + word.slice(at, at + 3));
    }
    if (word.length < 6) pieces.push(word);
  }
  pieces.push(
    'un',
    '##aff',
    '##able',
    'run',
    '##ning',
    '.',
    ',',
    '!',
    "'",
    '-',
    '初',
    '音',
    'e',
    '##s',
  );
  return {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: numbered(pieces),
    ...model,
  };
}

function unigram(model = {}, bytes = false) {
  const counts = new Map();
  for (const word of SAMPLE.split(' ').map((w) => `▁${w}`)) {
    const letters = [...word];
    for (let i = 0; i < letters.length; ++i) {
      for (let n = 1; n <= 5 && i + n <= letters.length; ++n) {
        const piece = letters.slice(i, i + n).join('');
        counts.set(piece, (counts.get(piece) ?? 0) + 1);
      }
    }
  }
  const kept = [...counts].filter(([p, n]) => (n > 1 || [...p].length === 1) && !/[zク]/u.test(p));
  const total = kept.reduce((sum, [, n]) => sum + n, 0);
  return {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['<s>', 0],
      ['</s>', 0],
      ...(bytes
        ? Array.from({ length: 256 }, (_, b) => [
            `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`,
            0,
          ])
        : []),
      ...kept.map(([piece, n]) => [piece, Math.log(n / total)]),
    ],
    byte_fallback: bytes,
    ...model,
  };
}

const token = (id, content, more = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...more,
});
const split = (regex, behavior = 'Isolated', invert = false) => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const byteLevel = (more = {}) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
  ...more,
});
const metaspace = (more = {}) => ({
  type: 'Metaspace',
  replacement: '▁',
  prepend_scheme: 'always',
  split: true,
  ...more,
});
const sequence = (key, ...steps) => ({ type: 'Sequence', [key]: steps });
const normalizers = (...steps) => sequence('normalizers', ...steps);
const preTokenizers = (...steps) => sequence('pretokenizers', ...steps);
const decoders = (...steps) => sequence('decoders', ...steps);

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const CL100K =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const O200K =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN = CL100K.replace('\\p{N}{1,3}', '\\p{N}');
const CLIP = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
const DEEPSEEK =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

const endOfText = (model) => [token(Object.keys(model.vocab).length, '<|endoftext|>')];
const bert = (more = {}) => ({
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
  ...more,
});
const bertTokens = (more = {}) =>
  ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((content, id) => token(id, content, more));
const wordPieceDecoder = { type: 'WordPiece', prefix: '##', cleanup: true };

const FILES = {
  gpt2: {
    model: byteLevelBpe(),
    pre_tokenizer: byteLevel(),
    decoder: byteLevel(),
    post_processor: byteLevel(),
  },
  'gpt2-prefix-space': {
    model: byteLevelBpe(),
    pre_tokenizer: byteLevel({ add_prefix_space: true }),
    decoder: byteLevel(),
    added: endOfText(byteLevelBpe()),
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', 2],
      cls: ['<s>', 0],
      trim_offsets: true,
      add_prefix_space: true,
    },
  },
  'llama3-like': {
    model: byteLevelBpe({
      pairs: true,
      model: { ignore_merges: true },
      extra: ['houshou', 'Ġunaffordable'],
    }),
    pre_tokenizer: preTokenizers(split(CL100K), byteLevel({ use_regex: false })),
    decoder: byteLevel(),
    added: endOfText(byteLevelBpe({ extra: ['houshou', 'Ġunaffordable'] })),
  },
  'gpt4o-like': {
    model: byteLevelBpe({ pairs: true }),
    pre_tokenizer: preTokenizers(split(O200K, 'Removed', true), byteLevel({ use_regex: false })),
    decoder: byteLevel(),
  },
  'qwen-like': {
    model: byteLevelBpe(),
    normalizer: { type: 'NFC' },
    pre_tokenizer: preTokenizers(split(QWEN), byteLevel({ use_regex: false })),
    decoder: byteLevel(),
  },
  'deepseek-like': {
    model: byteLevelBpe(),
    normalizer: normalizers(),
    pre_tokenizer: preTokenizers(
      split('\\p{N}{1,3}'),
      split('[一-龥\u3040-ゟ゠-ヿ]+'),
      split(DEEPSEEK),
      byteLevel({ use_regex: false }),
    ),
    decoder: byteLevel(),
  },
  'starcoder-like': {
    model: byteLevelBpe(),
    pre_tokenizer: preTokenizers({ type: 'Digits', individual_digits: true }, byteLevel()),
    decoder: byteLevel(),
  },
  'split-gpt2': {
    model: byteLevelBpe(),
    pre_tokenizer: preTokenizers(split(GPT2), byteLevel({ use_regex: false })),
    decoder: byteLevel(),
  },
  'byte-level-normalizer': {
    model: byteLevelBpe(),
    normalizer: { type: 'ByteLevel' },
    decoder: byteLevel(),
  },
  clip: {
    model: clipBpe(),
    normalizer: normalizers(
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
      { type: 'Lowercase' },
    ),
    pre_tokenizer: preTokenizers(split(CLIP, 'Removed', true), byteLevel()),
    decoder: byteLevel(),
    added: ['<|startoftext|>', '<|endoftext|>'].map((t) => token(clipBpe().vocab[t], t)),
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['<|endoftext|>', clipBpe().vocab['<|endoftext|>']],
      cls: ['<|startoftext|>', clipBpe().vocab['<|startoftext|>']],
      trim_offsets: false,
      add_prefix_space: false,
    },
  },
  'llama2-like': {
    model: metaspaceBpe(),
    normalizer: normalizers(
      { type: 'Prepend', prepend: '▁' },
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    ),
    decoder: decoders(
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      { type: 'Strip', content: ' ', start: 1, stop: 0 },
    ),
    added: [token(0, '<unk>'), token(1, '<s>'), token(2, '</s>')],
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
    },
  },
  'metaspace-bpe-unknown': {
    model: metaspaceBpe({ byte_fallback: false }),
    pre_tokenizer: metaspace(),
    decoder: metaspace(),
  },
  'metaspace-bpe-unfused': {
    model: metaspaceBpe({ byte_fallback: false, fuse_unk: false }),
    pre_tokenizer: metaspace({ prepend_scheme: 'first' }),
    decoder: metaspace({ prepend_scheme: 'first' }),
    added: [token(1, '<s>')],
  },
  'metaspace-never': {
    model: metaspaceBpe(),
    pre_tokenizer: metaspace({ prepend_scheme: 'never', split: false }),
    decoder: decoders({ type: 'ByteFallback' }, metaspace({ prepend_scheme: 'never' })),
  },
  bert: {
    model: wordPiece(),
    normalizer: bert(),
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: wordPieceDecoder,
    added: bertTokens(),
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
  },
  'bert-cased': {
    model: wordPiece({ max_input_chars_per_word: 8 }),
    normalizer: bert({ lowercase: false, handle_chinese_chars: false, strip_accents: false }),
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { ...wordPieceDecoder, cleanup: false },
    added: bertTokens({ normalized: true }),
  },
  'word-piece-whitespace': {
    model: wordPiece(),
    normalizer: normalizers({ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }),
    pre_tokenizer: { type: 'Whitespace' },
    decoder: wordPieceDecoder,
  },
  'word-level': {
    model: {
      type: 'WordLevel',
      vocab: numbered(['[UNK]', ...SAMPLE.split(' '), '.', ',', '!', '1', '2']),
      unk_token: '[UNK]',
    },
    normalizer: normalizers(
      { type: 'NFKC' },
      { type: 'Strip', strip_left: true, strip_right: true },
    ),
    pre_tokenizer: preTokenizers(
      { type: 'WhitespaceSplit' },
      { type: 'Punctuation', behavior: 'Isolated' },
      { type: 'Digits', individual_digits: false },
    ),
  },
  unigram: {
    model: unigram(),
    normalizer: normalizers(
      { type: 'NFKC' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ),
    pre_tokenizer: metaspace(),
    decoder: metaspace(),
    added: [token(0, '<unk>'), token(1, '<s>'), token(2, '</s>')],
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '<s>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '</s>', type_id: 0 } },
      ],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: {
        '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] },
        '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
      },
    },
  },
  'unigram-bytes': {
    model: unigram({}, true),
    normalizer: { type: 'NFKD' },
    pre_tokenizer: preTokenizers({ type: 'WhitespaceSplit' }, metaspace()),
    decoder: decoders({ type: 'ByteFallback' }, metaspace()),
  },
  'bpe-suffix': {
    model: {
      ...byteLevelBpe(),
      unk_token: '<unk>',
      end_of_word_suffix: '</w>',
      vocab: numbered([
        '<unk>',
        ...'abdeghilmnoprstu',
        ...[...'abdeghilmnoprstu'].map((c) => `${c}</w>`),
        'he',
        'll',
        'hell',
        'o</w>',
        'hello</w>',
        'th',
        'the</w>',
        'e</w>',
      ]),
      merges: ['h e', 'l l', 'he ll', 'hell o</w>', 't h', 'th e</w>'],
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'BPEDecoder', suffix: '</w>' },
  },
  'bpe-prefix': {
    model: {
      ...byteLevelBpe(),
      unk_token: '<unk>',
      continuing_subword_prefix: '##',
      vocab: numbered([
        '<unk>',
        ...'abdeghilmnoprstu',
        ...[...'abdeghilmnoprstu'].map((c) => `##${c}`),
        'he',
        '##ll',
        'hell',
        'hello',
        'th',
        'the',
      ]),
      merges: ['h ##e', '##l ##l', 'he ##ll', 'hell ##o', 't ##h', 'th ##e'],
    },
    pre_tokenizer: { type: 'Whitespace' },
    decoder: wordPieceDecoder,
  },
  'added-tokens': {
    model: byteLevelBpe(),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: byteLevel(),
    decoder: byteLevel(),
    added: [
      token(1000, '<mask>', { lstrip: true }),
      token(1001, '<r>', { rstrip: true }),
      token(1002, '<both>', { lstrip: true, rstrip: true }),
      token(1003, 'Word', { single_word: true, normalized: true, special: false }),
      token(1004, 'Long', { normalized: true, special: false }),
      token(1005, 'Longer', { normalized: true, special: false }),
      token(1006, '<|im|>', { special: false }),
      token(1007, 'é', { single_word: true, special: false }),
    ],
  },
  ...Object.fromEntries(
    ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'].flatMap((b) => [
      [
        `split-${b}`,
        {
          model: byteLevelBpe({}, 40),
          pre_tokenizer: preTokenizers(
            { type: 'Split', pattern: { String: 'o' }, behavior: b, invert: false },
            byteLevel({ use_regex: false }),
          ),
          decoder: byteLevel(),
        },
      ],
      [
        `split-inverted-${b}`,
        {
          model: byteLevelBpe({}, 40),
          pre_tokenizer: preTokenizers(
            split('[a-m ]{2,3}?|\\d', b, true),
            byteLevel({ use_regex: false }),
          ),
          decoder: byteLevel(),
        },
      ],
      [
        `punctuation-${b}`,
        {
          model: byteLevelBpe({}, 40),
          pre_tokenizer: preTokenizers(
            { type: 'Punctuation', behavior: b },
            byteLevel({ use_regex: false }),
          ),
          decoder: byteLevel(),
        },
      ],
    ]),
  ),
  'char-delimiter': {
    model: byteLevelBpe({}, 40),
    pre_tokenizer: preTokenizers(
      { type: 'CharDelimiterSplit', delimiter: ' ' },
      byteLevel({ use_regex: false }),
    ),
    decoder: byteLevel(),
  },
};

const TEXTS = [
  '',
  ' ',
  'hello',
  'hello world',
  '  hello   world  ',
  'Houshou Marine sings.',
  "It's they're I'LL WE'VE don't",
  '1girl, 2boys; 12345 ½ ² Ⅷ 3.14',
  'unaffordable unwanted zebra fizz',
  'naïve café déjà vu Ünï E\u0301 e\u0301',
  '初音ミク はい ク クク 漢字',
  'line\nbreak\r\n\r\n  and\ttab',
  '😀😀 👩‍👩‍👧 zz ☃️',
  '<|endoftext|>hello <|endoftext|> <s>hi</s> [CLS] a [MASK]. [SEP]',
  'a <mask> b <r>  c  <both>  d <mask><mask> Word words Word. WORD long longer LongerLong é éa <|im|>',
  'ﬁne ①② Ａｂｃ ㎏ ﷺ',
  'a\u00a0b\u2003c\u3000d\u0085e\u200bf\u00adg',
  'ALLCAPS CamelCaseWords lower UPPERlower ǅungla ªº',
  '!!! ... ??? -- __ ~~ «quoted» “q” ¿que?',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa the',
  '\u0000\u0001\ufffd\ufeffx\ue000',
  'the quick brown fox jumps over the lazy dog',
  'ΑΣ ΟΔΟΣ İstanbul ẞ',
];
const letters = [..."abehlnorstuz  .,!'-1273<>[]|éÉüßク初はAHSW\n\t\u0301"];
for (let i = 0; i < 40; ++i) {
  TEXTS.push(
    Array.from({ length: 1 + random(24) }, () => letters[random(letters.length)]).join(''),
  );
}

const lines = [];
for (const [name, { model, added = [], ...parts }] of Object.entries(FILES)) {
  const tokenizer = JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    ...parts,
    model,
  });
  let reference;
  try {
    reference = Tokenizer.fromString(tokenizer);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
  const cases = [];
  for (const text of TEXTS) {
    const ids = (await reference.encode(text, null, { addSpecialTokens: false })).getIds();
    cases.push({ text, ids, decoded: await reference.decode(ids, false) });
  }
  lines.push(JSON.stringify({ name, tokenizer, cases }));
}
const output = new URL('../vectors/tokenizer_json.jsonl', import.meta.url);
writeFileSync(output, `${lines.join('\n')}\n`);
console.error(`${lines.length} tokenizers, ${TEXTS.length} texts each`);
