/** Work that has lasted long enough to be shown. */
export interface Work {
  what: string;
  done: number;
  /** 0: not known. */
  total: number;
}

/** Work that is over sooner shows no progress. */
export const UNSEEN_MS = 700;
