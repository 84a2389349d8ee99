/**
 * Property tests draw the same cases each time, so that a change alone can make one fail.
 * TAGSCOPE_SEED=N draws others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['TAGSCOPE_SEED'] ?? 1) });
