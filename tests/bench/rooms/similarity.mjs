// One query against the rows of a vocabulary, as the neighbours of a token are found.
import { openModule } from '../room.mjs';

const ROWS = 49_408;
const WIDTH = 768;
const BYTES = ROWS * WIDTH * Float32Array.BYTES_PER_ELEMENT;
const BEST = 100;

/** Seeded, normal enough: the sum of four uniform numbers. */
function draw(values) {
  let state = 1;
  for (let i = 0; i < values.length; ++i) {
    let sum = -2;
    for (let j = 0; j < 4; ++j) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32;
    }
    values[i] = sum;
  }
}

/** @param {import('../room.mjs').Place} place */
export async function* measurements(place) {
  const module = await openModule(place, 'similarity');
  const handle = module.openRows(ROWS, WIDTH);
  const rows = new Float32Array(ROWS * WIDTH);
  draw(rows);
  module.rows(handle, 0, ROWS).set(rows);
  const query = rows.slice(0, WIDTH);
  const scored = () => {
    module.score(handle, query, true);
    return module.scores();
  };
  const near = (a, b) => Math.abs(a - b) < 1e-5;

  const lengths = Float32Array.from({ length: ROWS }, (_, i) =>
    Math.hypot(...rows.subarray(i * WIDTH, (i + 1) * WIDTH)),
  );
  yield {
    what: `cosine of one query and ${ROWS} × ${WIDTH}`,
    ours: scored,
    peer: () => {
      const scores = new Float32Array(ROWS);
      for (let i = 0; i < ROWS; ++i) {
        const at = i * WIDTH;
        let sum = 0;
        for (let j = 0; j < WIDTH; ++j) sum += rows[at + j] * query[j];
        scores[i] = sum / (lengths[i] * lengths[0]);
      }
      return scores;
    },
    peer_name: 'a plain JavaScript loop',
    agree: (ours, theirs) => theirs.every((score, i) => near(score, ours[i])),
    unit: 'ms',
    floor: 6,
    goal: 8,
  };

  yield {
    what: `the same against reading the rows`,
    ours: scored,
    peer: () => module.readThrough(handle),
    peer_name: 'a sum of all values in the module, read at four places at once',
    agree: () => true,
    unit: 'GB/s',
    amount: BYTES / 1e9,
    floor: 0.8,
    goal: 0.9,
  };

  scored();
  yield {
    what: `the ${BEST} best of ${ROWS} scores`,
    ours: () => module.best(BEST),
    unit: 'ms',
    floor: 1,
    goal: 0.3,
  };
  module.closeRows(handle);
  yield* conversions(module);
}

function* conversions(module) {
  const handle = module.openRows(1024, 1024);
  const half = new Uint16Array(1024 * 1024).map((_, i) => (i * 2654435761) >>> 16);
  const bytes = new Uint8Array(half.buffer);
  for (const dtype of ['F16', 'BF16']) {
    yield {
      what: `${dtype} to float32`,
      ours: () => {
        module.staging(bytes.length).set(bytes);
        module.convert(handle, 0, half.length, dtype);
      },
      unit: 'GB/s',
      amount: bytes.length / 1e9,
    };
  }
  module.closeRows(handle);
}
