/** Tables behind {@link TablesApi}, over the tokens module's calls. */
import type { Reply } from '../protocol/core-api.js';
import type { TablesApi } from '../protocol/table-api.js';
import type { TokensBinding } from './tokens-binding.js';

/** Asks the module, once the vocabulary of a tokenizer is loaded; null: none is needed. */
export type AskModule = <T>(
  tokenizer: string | null,
  call: (module: TokensBinding) => Reply<T>,
) => Promise<Reply<T>>;

export function tableCalls(ask: AskModule): TablesApi {
  const json = <T>(call: (module: TokensBinding) => string, tokenizer: string | null = null) =>
    ask(tokenizer, (module) => JSON.parse(call(module)) as Reply<T>);
  return {
    open: (bytes, delimiter) => json((module) => module.tableOpen(bytes, delimiter)),
    close: (handle) =>
      ask(null, (module) => {
        module.tableClose(handle);
        return { ok: null };
      }),
    read: (handle, budget) => json((module) => module.tableRead(handle, budget)),
    describe: (handle, reading) =>
      json((module) => module.tableDescribe(handle, JSON.stringify(reading))),
    arrange: (handle, arrangement) =>
      json((module) => module.tableArrange(handle, JSON.stringify(arrangement))),
    rows: (handle, begin, end, cellBytes) =>
      json((module) => module.tableRows(handle, begin, end, cellBytes)),
    recordsJson: (handle, begin, end) =>
      ask(null, (module) => {
        const reply = module.tableRecords(handle, begin, end);
        return reply.startsWith(OK) ? { ok: reply.slice(OK.length, -1) } : JSON.parse(reply);
      }),
    placeOf: (handle, row) => json((module) => module.tablePlace(handle, row)),
    problems: (handle, begin, end) => json((module) => module.tableProblems(handle, begin, end)),
    pairs: (handle, begin, end, viewed) =>
      json((module) => module.tablePairs(handle, begin, end, viewed)),
    export: (handle, form, begin, end) =>
      ask(null, (module) => {
        const reply = JSON.parse(module.tableExport(handle, form, begin, end)) as Reply<null>;
        return 'error' in reply ? reply : { ok: module.tableExported() };
      }),
    tokenize: (handle, options, budget) =>
      json(
        (module) => module.tableTokenize(handle, JSON.stringify(options), budget),
        options.tokenizer ?? 'clip',
      ),
  };
}

/** How a reply that is no error begins; the rest but one brace is the answer. */
const OK = '{"ok":';
