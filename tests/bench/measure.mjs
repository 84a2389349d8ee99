// How one measurement is taken, in Node and in Chromium alike.

/**
 * What a room yields. Both sides do the whole of the same work, once a call.
 *
 * @typedef {object} Measurement
 * @property {string} what names the row
 * @property {() => unknown} ours
 * @property {(() => unknown) | null} [peer] none where nothing does the same
 * @property {string | null} [peer_name] package and version
 * @property {(ours: unknown, peer: unknown) => boolean} [agree] are both sides' answers the
 *     same? String equality where left out
 * @property {string} unit of `ours` and `peer`: a rate ("MB/s"), or a time: "s", "ms", "µs"
 * @property {number} [amount] of the unit's numerator in one call, for a rate (64 MiB are
 *     67.1 for "MB/s"); calls, for a time: 1 where left out
 * @property {number} [peer_amount] where the peer does only so much of it in one call
 * @property {number | null} [floor] least ratio, in Chromium; where there is no peer, the
 *     least rate or the longest time
 * @property {number | null} [goal] where we want to be, of the same kind
 */

/**
 * One row of the bench. `ratio` is how many times as fast ours is, whatever the unit.
 *
 * @typedef {{room: string, what: string, where: 'chromium' | 'node', ours: number,
 *     peer: number | null, peer_name: string | null, unit: string, ratio: number | null,
 *     floor: number | null, goal: number | null}} Row
 */

/** Nine rounds, more where they are quick, and three of what is slow: 20 minutes for all rooms. */
const ROUNDS = { least: 3, usual: 9, most: 41 };
const USUAL_MS = 3000;
const MOST_MS = 12_000;
/** A call shorter than this is repeated, so that the clock's grain does not show. */
const LEAST_CALL_MS = 20;

const PER_SECOND = { s: 1, ms: 1e3, µs: 1e6 };

const isTime = (unit) => Object.hasOwn(PER_SECOND, unit);

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function timed(call, repeats) {
  const begun = performance.now();
  for (let i = 0; i < repeats; ++i) {
    const answer = call();
    // Awaiting costs a turn of the event loop, which a synchronous call need not pay.
    if (answer instanceof Promise) await answer;
  }
  return (performance.now() - begun) / repeats;
}

async function repeatsOf(call) {
  await timed(call, 1);
  return Math.max(1, Math.ceil(LEAST_CALL_MS / Math.max(await timed(call, 1), 0.01)));
}

/**
 * Takes one measurement: ours and the peer's turns alternate, and who begins a round changes,
 * so that both see the same machine; each figure is the median of its turns.
 *
 * @param {Measurement} measurement
 * @param {'chromium' | 'node'} where floors are asked of Chromium alone
 * @param {number} [usualMs] how long it goes on
 * @returns {Promise<Omit<Row, 'room'>>}
 */
export async function measure(measurement, where, usualMs = USUAL_MS) {
  const { what, ours, peer = null, peer_name = null, unit, amount = 1 } = measurement;
  const { agree = (a, b) => String(a) === String(b), floor = null, goal = null } = measurement;
  if (peer !== null && !agree(await ours(), await peer())) {
    throw new Error(`${what}: ours and ${peer_name} do not give the same`);
  }
  const sides = [{ call: ours }, ...(peer === null ? [] : [{ call: peer }])];
  for (const side of sides) {
    side.repeats = await repeatsOf(side.call);
    side.ms = [];
  }
  const begun = performance.now();
  for (let round = 0; round < ROUNDS.most; ++round) {
    const taken = performance.now() - begun;
    if (round >= ROUNDS.usual && taken >= usualMs) break;
    if (round >= ROUNDS.least && taken >= MOST_MS) break;
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      side.ms.push(await timed(side.call, side.repeats));
    }
  }
  const amounts = [amount, measurement.peer_amount ?? amount];
  const [ourFigure, peerFigure = null] = sides.map((side, i) => {
    const seconds = median(side.ms) / 1000;
    return isTime(unit) ? (seconds / amounts[i]) * PER_SECOND[unit] : amounts[i] / seconds;
  });
  const quotient = peerFigure === null ? null : ourFigure / peerFigure;
  return {
    what,
    where,
    ours: ourFigure,
    peer: peerFigure,
    peer_name,
    unit,
    ratio: quotient !== null && isTime(unit) ? 1 / quotient : quotient,
    floor: where === 'chromium' ? floor : null,
    goal: where === 'chromium' ? goal : null,
  };
}

/**
 * Where a row stands: 'none' where no floor is asked of it.
 *
 * @param {Row} row
 * @returns {'none' | 'missed' | 'floor' | 'goal'}
 */
export function standing({ ours, ratio, unit, floor, goal }) {
  if (floor === null) return 'none';
  const reaches = (asked) => {
    if (ratio !== null) return ratio >= asked;
    return isTime(unit) ? ours <= asked : ours >= asked;
  };
  if (!reaches(floor)) return 'missed';
  return goal !== null && reaches(goal) ? 'goal' : 'floor';
}
