// How much time has passed, apart from what the clock on the wall says: that one is set back and forth, and other machines have another.

/** Milliseconds that have passed since some instant. */
export type Elapsed = () => number;

/** Never goes back and never leaps. It may stand still while the machine sleeps, so that it never tells of more time than has passed. */
export const awakeMs: Elapsed = () => performance.now();

/** What the wall clock and the other one may differ by without a reason. */
const SLACK_MS = 500;

/**
 * Goes on while the machine sleeps: a leap of the wall clock forward is taken for sleep, so that it never tells of less time than has
 * passed.
 */
export function createAsleepTooMs(awake: Elapsed = awakeMs, wall: Elapsed = Date.now): Elapsed {
  let aheadMs = wall() - awake();
  let sleptMs = 0;
  return () => {
    const nowMs = awake();
    const leapMs = wall() - nowMs - aheadMs;
    if (Math.abs(leapMs) > SLACK_MS) {
      aheadMs += leapMs;
      sleptMs += Math.max(leapMs, 0);
    }
    return nowMs + sleptMs;
  };
}
