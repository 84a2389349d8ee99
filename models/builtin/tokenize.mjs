// Tokens of many texts, by the project's own CLIP tokenizer.
//
//   node models/builtin/tokenize.mjs TEXTS FOLDER
//
// TEXTS is a JSON array of strings. FOLDER receives ids.i32 (all tokens, without start and
// end), offsets.i32 (where each text's begin, and the end), and pieces.json (the vocabulary).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../lib/engine/node.js';

const VOCABULARY = 49_408;

const [texts, folder] = process.argv.slice(2);
const engine = await createEngine();
const { ids, offsets } = await engine.tokenizeMany(JSON.parse(readFileSync(texts, 'utf8')));
const pieces = await engine.pieces(Array.from({ length: VOCABULARY }, (_, id) => id));
engine.close();
writeFileSync(join(folder, 'ids.i32'), Int32Array.from(ids));
writeFileSync(join(folder, 'offsets.i32'), Int32Array.from(offsets));
writeFileSync(join(folder, 'pieces.json'), JSON.stringify(pieces));
