/** `search --shard I/N --part FILE` of a claim, and `search --merge FILE…` of anything. */
import type { Engine } from '../../engine/client.js';
import type { SearchOptions } from '../../engine/search.js';
import type { Shard } from '../../engine/shard.js';
import { count } from '../../engine/show.js';
import type { ClaimInput, Verified } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import { inputName } from '../input.js';
import { write } from '../output.js';
import { isThere, MAX_SHARDS, PartFile, type PartHead, PartWriter } from '../part-file.js';

/** "3/8" */
export function shardOf(text: string): Shard {
  const found = /^(\d{1,7})\/(\d{1,7})$/.exec(text);
  const [index, of] = [Number(found?.[1]), Number(found?.[2])];
  if (found === null || index < 1 || index > of || of > MAX_SHARDS) {
    throw badInput(
      '--shard',
      `is "${text.slice(0, 64)}"; it must be I/N, I from 1 to N, N up to ${count(MAX_SHARDS)}`,
      'bad-argument',
    );
  }
  return { index, of };
}

/** Searches one shard of a claim's space; a part that is whole already is left as it is. */
export async function searchShard(
  engine: Engine,
  claim: ClaimInput | string,
  shard: Shard,
  path: string,
  json: boolean,
  options: SearchOptions,
): Promise<void> {
  const plan = await engine.searchPlan(claim);
  const { space, units, claim: question } = plan;
  const head: PartHead = { kind: 'claim', space, units, shard, question };
  if (await isThere(path)) {
    const there = (await PartFile.open(path)).head;
    const { index, of } = there.shard;
    const same = there.kind === head.kind && there.space === space && there.units === units;
    if (!same || there.question !== question || index !== shard.index || of !== shard.of) {
      throw badInput(inputName(path), 'is a part of another search or shard', 'bad-part');
    }
  } else {
    const counts = await engine.searchPart(question, shard, options);
    const writer = new PartWriter(path);
    try {
      let there = false;
      for await (const _ of writer.resume(head)) there = true;
      if (!there) await writer.write(counts);
      await writer.finish();
    } finally {
      await writer.close();
    }
  }
  const { index, of } = shard;
  if (json) await write(`${JSON.stringify({ part: path, shard: index, of })}\n`);
  else {
    await write(`${inputName(path)}: shard ${count(index)} of ${count(of)} of ${space}\n`);
  }
}

/** What the parts of a claim come to: the same as without shards. */
export async function mergeClaim(
  engine: Engine,
  parts: readonly PartFile[],
  options: { base?: string; signal: AbortSignal },
): Promise<Verified> {
  const [first] = parts;
  if (first === undefined) throw badInput('--merge', 'names no file', 'bad-usage');
  const { question, space, units } = first.head;
  const plan = await engine.searchPlan(question);
  if (plan.claim !== question || plan.space !== space || plan.units !== units) {
    throw badInput(inputName(first.path), 'holds a claim that its head does not fit', 'bad-part');
  }
  const counts = [];
  for (const part of parts) {
    counts.push({ shard: part.head.shard, counts: await part.record(0) });
  }
  return engine.mergeParts(question, counts, options);
}
