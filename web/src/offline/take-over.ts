/** What the page says to a version that waits, once its user has asked for it. */
export const TAKE_OVER = 'take-over';
