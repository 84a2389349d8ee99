/** What the panel says of its numbers. */
import type {
  CheckpointEncoder,
  Comparison,
  EncoderInfo,
  OpeningProgress,
  Similar,
  SimilarityNull,
} from '../../engine/browser.js';
import { count, counted, decimal, probability, shown } from '../../engine/show.js';

const KINDS: Record<CheckpointEncoder['kind'], string> = {
  'clip-l': 'CLIP-L',
  'openclip-h': 'OpenCLIP H',
  'openclip-bigg': 'OpenCLIP bigG',
  clip: 'CLIP',
};

export function kindName(kind: CheckpointEncoder['kind']): string {
  return KINDS[kind];
}

/** What the built-in encoder knows, where there is room for a few words. */
export const BUILTIN_WORDS = 'knows English words; it is not the image model’s encoder';

export function stageWords(progress: OpeningProgress): string {
  switch (progress.stage) {
    case 'runtime':
      return 'Loading ONNX Runtime';
    case 'weights':
      return 'Reading weights';
    case 'session':
      return 'Preparing the encoder';
    case 'self-test':
      return 'Comparing WebGPU with the processor';
  }
}

/** "WebGPU on NVIDIA …", or the processor. */
export function backend({ runtime }: EncoderInfo): string {
  const { provider, adapter, threads } = runtime;
  if (provider === 'webgpu') return `WebGPU on ${adapter ?? 'an adapter without a name'}`;
  return `Processor (WebAssembly), ${counted(threads, 'thread')}`;
}

/** How the self-test went, and why WebGPU is not used. */
export function backendNote({ runtime }: EncoderInfo): string {
  const { self_test: test, note, provider } = runtime;
  const apart = test === null ? '' : `${test.difference.toExponential(1)} (limit ${test.limit})`;
  const agrees =
    test !== null && provider === 'webgpu'
      ? `Its numbers differ from the processor’s by ${apart} of the largest.`
      : '';
  return [agrees, note === null ? '' : `${note.charAt(0).toUpperCase()}${note.slice(1)}.`]
    .filter((part) => part !== '')
    .join(' ');
}

/** "12 blocks of 768 numbers, 12 heads, quick_gelu, F16" */
export function encoderShape({ checkpoint, heads, activation, width }: EncoderInfo): string {
  if (checkpoint === null) return `an .onnx graph, ${width} numbers a text`;
  const { layers, width: inner, dtype } = checkpoint;
  return [
    `${counted(layers, 'block')} of ${inner} numbers`,
    ...(heads === null ? [] : [counted(heads, 'head')]),
    ...(activation === null ? [] : [activation]),
    dtype,
  ].join(', ');
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${decimal(bytes / 1e9, 2)} GB` : `${decimal(bytes / 1e6, 1)} MB`;
}

export const EMPTY = 'the empty prompt';

/** A comparison's two texts, as the panel calls them. */
export function textName({ texts }: Similar, i: number | null): string {
  return i === null ? EMPTY : shown(texts[i]?.text ?? '');
}

/** "3,530 other codes of 3 letters and 1 token" */
export function nullWords({
  kind,
  m,
  length,
  tokens,
  population,
}: Pick<SimilarityNull, 'kind' | 'm' | 'length' | 'tokens' | 'population'>): string {
  const all = population === m ? 'all ' : '';
  const of = counted(tokens, 'token');
  return kind === 'codes'
    ? `${all}${counted(m, 'other code')} of ${counted(length ?? 0, 'letter')} and ${of}`
    : `${all}${counted(m, 'other name')} of ${of}`;
}

/** The null whose p carries the comparison: the larger. */
export function carrying({ nulls }: Comparison): SimilarityNull | null {
  return nulls.reduce<SimilarityNull | null>(
    (largest, one) => (largest === null || one.p > largest.p ? one : largest),
    null,
  );
}

/** The pair's headline, and the sentence below it. */
export function pairWords(similar: Similar): { word: string; sentence: string } {
  const pair = similar.comparisons.find(({ a, b }) => a === 0 && b === 1);
  const [tag, name] = [textName(similar, 0), textName(similar, 1)];
  if (pair === undefined) return { word: '–', sentence: '' };
  const carrier = carrying(pair);
  if (carrier === null || pair.p === null) {
    return {
      word: `cosine ${pair.centred.toFixed(3)}`,
      sentence: 'There is nothing to compare it with: a text without tokens is the empty prompt.',
    };
  }
  const other = carrier.replaced === 0 ? name : tag;
  const nearer = `${count(carrier.b)} ${carrier.b === 1 ? 'lies' : 'lie'} at least as near to ${other}`;
  if (similar.note !== undefined) {
    // A small p in it would be read as one of the image model's encoder.
    return {
      word: `cosine ${pair.centred.toFixed(3)}`,
      sentence: `The built-in encoder ${BUILTIN_WORDS}. It never met a character or an artist: that, of ${nullWords(carrier)}, ${nearer} (p ${probability(pair.p)}) says nothing of any image model.`,
    };
  }
  const said =
    pair.p <= similar.level
      ? 'Nearer than a random code of its class in this encoder; not cipher, training or cause.'
      : `At level ${similar.level} that is no nearer than chance.`;
  return {
    word: `p ${probability(pair.p)}`,
    sentence: `Of ${nullWords(carrier)}, ${nearer}. ${said}`,
  };
}
