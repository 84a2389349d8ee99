/** What the npm package exports beside createEngine, wherever it runs. */
export type * from '../protocol/checkpoint.js';
export type {
  EncoderInfo,
  EncoderOptions,
  EncoderOutput,
  EncoderRuntime,
  EncoderTokens,
} from '../protocol/encoder-api.js';
export type { FetchState, PublicModel } from '../protocol/model-api.js';
export type * from '../protocol/results.js';
export type * from '../protocol/similar.js';
export type { Sweep, SweepColumns, SweepCosines } from '../protocol/sweep.js';
export type {
  TableArrangement,
  TableForm,
  TableInfo,
  TableProblem,
  TableReading,
  TableRow,
  TableTokens,
  TableTokensOptions,
} from '../protocol/table-api.js';
export type { TokenizeManyOptions } from '../protocol/tokens-api.js';
export { BUILTIN_ID } from './builtin.js';
export type {
  CallOptions,
  EmbeddingOptions,
  EncoderDigestOptions,
  Engine,
  EngineOptions,
  VerifyOptions,
} from './client.js';
export type {
  Encoded,
  EncodeOptions,
  Encoder,
  EncoderSource,
  FetchModelOptions,
  OpenEncoderOptions,
  OpeningProgress,
} from './encoder.js';
export { EngineError } from './error.js';
export type { HashOptions, HashProgress, HashSource } from './hash.js';
export { DEFAULT_DIGESTS } from './hash.js';
export type { InspectOptions, InspectSource } from './inspect.js';
export { LINK_VERSION, MAX_ENCODED_BYTES, MAX_INFLATED_BYTES } from './link.js';
export type { ListRecord, ListsOptions, ListsPlan, ListsProgress } from './lists.js';
export type { NeighbourOptions, Taught } from './neighbours.js';
export type { ClaimPart, SearchOptions, SearchProgress } from './search.js';
export type { Shard } from './shard.js';
export { type SharedTokens, sharedTokens } from './shared-tokens.js';
export type { SimilarOptions } from './similar.js';
export { soundEncoders } from './sound-encoders.js';
export {
  ranked,
  type SweepOptions,
  type SweepProgress,
  type SweepRank,
  sweepCsv,
  usualRank,
} from './sweep.js';
export { OpenTable, type TableOptions } from './table.js';
export type { Headline, Judged, Reason } from './words.js';
export { headline, keyedMaps, reasons, scope, tokenClassesOf, toMarkdown } from './words.js';
