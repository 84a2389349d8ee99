/** Neighbours in the space of a token embedding. */
import type { Neighbourhood, StoredTensor, TokenNeighbours } from '../protocol/checkpoint.js';
import type { ReadableSource } from '../protocol/digest-api.js';
import { EngineError, inside } from './error.js';
import { nameOf } from './hash.js';
import { type InspectSource, readableSource } from './inspect.js';
import type { SimilarityClient } from './similarity.js';
import { soundEncoders } from './sound-encoders.js';

/** A file of a textual inversion. */
export interface Taught {
  inversion: InspectSource;
  /** For errors; a File's own name, or the path, where left out. */
  name?: string;
}

export interface NeighbourOptions {
  /** Which of the checkpoint's encoders, from 0. */
  encoder?: number;
  /** How many; 10 where left out. */
  count?: number;
  /**
   * Takes the mean of the vocabulary's rows from all vectors first, as the rows of CLIP lie
   * off the origin. True where left out.
   */
  centred?: boolean;
  signal?: AbortSignal;
}

/** The size of CLIP's own vocabulary, whose pieces we know. */
const CLIP_VOCAB = 49408;
const DEFAULT_COUNT = 10;

/** @internal */
export async function neighboursOf(
  similarity: SimilarityClient,
  checkpoint: InspectSource,
  of: { id: number } | Taught,
  options: NeighbourOptions,
  pieceOf: (id: number) => Promise<string>,
): Promise<Neighbourhood> {
  const { encoder: index = 0, count = DEFAULT_COUNT, centred = true, signal } = options;
  signal?.throwIfAborted();
  const source = readableSource(checkpoint);
  const inspected = await named(checkpoint, () =>
    similarity.ask((api) => api.inspect(source, false)),
  );
  const encoders = soundEncoders({ ...inspected, name: nameOf(checkpoint) });
  const encoder = encoders[index];
  if (encoder === undefined) {
    throw bad('encoder', `is ${index}; the checkpoint has ${encoders.length}, from 0`);
  }
  const { kind, layout, prefix, vocab, width } = encoder;
  if ('id' in of && !(Number.isInteger(of.id) && of.id >= 0 && of.id < vocab)) {
    throw bad('id', `is ${of.id}; the vocabulary has ${vocab}, from 0`);
  }
  const taught = 'id' in of ? null : await openTaught(similarity, of, width);
  signal?.throwIfAborted();
  const load = (from: ReadableSource, tensor: StoredTensor) =>
    similarity.ask((api) => api.loadRows(from, tensor));
  const opened: number[] = [];
  try {
    const rows = await named(checkpoint, () => load(source, encoder.weights.token_embedding));
    opened.push(rows);
    signal?.throwIfAborted();
    const queries = taught === null ? rows : await load(taught.source, taught.tensor);
    if (taught !== null) opened.push(queries);
    if (centred) {
      const mean = await similarity.ask((api) => api.centre(rows, null));
      if (taught !== null) await similarity.ask((api) => api.centre(queries, mean));
    }
    const nearest = async (row: number, without: number | null) => {
      const query = await similarity.ask((api) => api.row(queries, row));
      const found = await similarity.ask((api) =>
        api.nearest(rows, query, 'cosine', count + (without === null ? 0 : 1)),
      );
      signal?.throwIfAborted();
      return found.filter((one) => one.row !== without).slice(0, count);
    };
    const vectors: TokenNeighbours[] = [];
    const add = async (to: TokenNeighbours['of'], found: { row: number; score: number }[]) => {
      const neighbours = found.map(async ({ row: id, score: cosine }) => ({
        id,
        cosine,
        ...(vocab === CLIP_VOCAB ? { piece: await pieceOf(id) } : {}),
      }));
      vectors.push({ of: to, neighbours: await Promise.all(neighbours) });
    };
    if ('id' in of) await add({ id: of.id }, await nearest(of.id, of.id));
    else {
      for (let i = 0; i < (taught?.vectors ?? 0); ++i) {
        await add({ vector: i }, await nearest(i, null));
      }
    }
    return { encoder: { kind, layout, prefix, vocab, width }, centred, vectors };
  } finally {
    for (const rows of opened) {
      await similarity.ask((api) => api.closeRows(rows)).catch(() => undefined);
    }
  }
}

async function openTaught(similarity: SimilarityClient, of: Taught, width: number) {
  const source = readableSource(of.inversion);
  const tensor = await named(
    of.inversion,
    () => similarity.ask((api) => api.inversion(source, width)),
    of.name,
  );
  return { source, tensor, vectors: tensor.shape.length === 1 ? 1 : (tensor.shape[0] ?? 0) };
}

async function named<T>(
  source: InspectSource,
  work: () => Promise<T>,
  name = nameOf(source),
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof EngineError ? inside(error, name || 'input') : error;
  }
}

function bad(where: string, what: string): EngineError {
  return new EngineError({ code: 'bad-argument', where, what });
}
