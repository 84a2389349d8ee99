import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { MAX_ENCODED_BYTES } from '../../engine/link.js';
import { createEngine } from '../../engine/node.js';
import { count } from '../../engine/show.js';
import type { LinkDocument, Verified } from '../../protocol/results.js';
import { badInput } from '../bad-input.js';
import { claimEncoder, claimEncoderOptions, type EncoderFlags } from '../encoders.js';
import { formatVerified } from '../format/verified.js';
import { inputName } from '../input.js';
import { write, writeJson } from '../output.js';
import { type ClaimOptions, claimOptions, ofFile, readClaim } from './claim-options.js';

interface Options extends ClaimOptions, EncoderFlags {
  json?: true;
  link?: true;
  save?: string;
  base?: string;
}

export function verifyCommand(program: Command): void {
  claimEncoderOptions(
    claimOptions(
      program.command('verify').description('check a claim: these names became these tags'),
    ),
  )
    .option('--json', 'one JSON document')
    .option('--link', 'only the link')
    .option('--save <FILE>', 'also write {claim, assets, digest}, which replays')
    .option('--base <URL>', 'the page that the link leads to')
    .action(verify);
}

async function verify(path: string | undefined, options: Options): Promise<void> {
  const claim = await readClaim('verify', path, options);
  const engine = await createEngine();
  const encoder = await claimEncoder(engine, options);
  let verified: Verified;
  try {
    verified = await engine.verify(claim, {
      ...(options.base === undefined ? {} : { base: options.base }),
      ...encoder.options,
    });
  } catch (error) {
    throw path === undefined ? error : ofFile(inputName(path), error);
  } finally {
    await encoder.close();
  }
  if (options.save !== undefined) await save(options.save, verified);
  // Beside --json the document holds the link already.
  if (options.link && !options.json) return writeLink(verified);
  if (options.json) await writeJson(verified);
  else await write(formatVerified(verified));
}

async function save(path: string, { claim, assets, digest }: Verified): Promise<void> {
  const document: LinkDocument = { claim, assets, digest };
  try {
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badInput(path, `cannot be written (${code ?? String(error)})`, 'not-writable');
  }
}

async function writeLink({ link }: Verified): Promise<void> {
  if (link === null) {
    throw badInput(
      'link',
      `the claim does not fit into ${count(MAX_ENCODED_BYTES)} bytes; --save FILE writes a file that replays`,
      'too-large',
    );
  }
  await write(`${link}\n`);
}
