// What templates know of the world, the same each time and everywhere: so that what is random in Helm can be compared between runtimes.

import type { SprigEnvironment } from '../../../src/library/helm.ts';

/** The bytes of `random` are a fixed row (xorshift32), which begins anew with each environment. */
export function createFixedEnvironment(nowMs: number): SprigEnvironment {
  let state = 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return { now: () => nowMs, random: (length) => Uint8Array.from({ length }, next) };
}
