/**
 * The picture of the isomorph proof: why no placement of the tag along the name
 * is a letter-for-letter map. It only draws; what is excluded, the engine says.
 */

/** Two positions that stop a placement: equal on one side, different on the other. */
export interface Obstacle {
  /** Positions in the name, code points, i < j. */
  i: number;
  j: number;
  /** true: the tag wants them equal and they differ; false: the other way round. */
  wanted: boolean;
  /** First positions of the placements that fail at it. */
  placements: number[];
}

/** "121" for "aua": characters numbered in the order in which they first come. */
export function patternOf(text: string): string {
  const names = new Map<string, string>();
  return Array.from(text, (character) => {
    const known = names.get(character);
    if (known !== undefined) return known;
    // After 9 come letters; 35 different characters are more than a picture can show.
    const name = names.size < 35 ? (names.size + 1).toString(36) : '·';
    names.set(character, name);
    return name;
  }).join('');
}

/** The stretches of `name` as long as the tag, with their patterns. */
export function windowsOf(
  name: string,
  length: number,
): { at: number; text: string; pattern: string }[] {
  const points = Array.from(name);
  const windows = [];
  for (let at = 0; at + length <= points.length; ++at) {
    const text = points.slice(at, at + length).join('');
    windows.push({ at, text, pattern: patternOf(text) });
  }
  return windows;
}

/**
 * For each placement of the tag along the name its nearest obstacle under a
 * substitution of period 1, equal obstacles joined. A placement without one is not
 * in the list: there the map exists.
 */
export function obstacles(name: string, tag: string): Obstacle[] {
  const from = Array.from(name);
  const to = Array.from(tag);
  const found = new Map<string, Obstacle>();
  for (let at = 0; at + to.length <= from.length; ++at) {
    const first = firstObstacle(from, to, at);
    if (first === undefined) continue;
    const key = `${first.i} ${first.j}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...first, placements: [at] });
    else known.placements.push(at);
  }
  return [...found.values()];
}

function firstObstacle(name: string[], tag: string[], at: number) {
  for (let gap = 1; gap < tag.length; ++gap) {
    for (let i = 0; i + gap < tag.length; ++i) {
      const wanted = tag[i] === tag[i + gap];
      const given = name[at + i] === name[at + i + gap];
      if (wanted !== given) return { i: at + i, j: at + i + gap, wanted };
    }
  }
  return undefined;
}
