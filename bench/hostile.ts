// How soon hostile charts end with their error.

import { isHawserError } from '../src/base/errors.ts';
import { HOSTILE_INPUTS } from '../test/fuzz/hostile.ts';
import type { Row } from './measure.ts';

const GOAL_MS = 2_000;

export async function benchHostile(): Promise<readonly Row[]> {
  return HOSTILE_INPUTS.map(({ name, make, run, code }) => {
    const made = make?.() ?? new Uint8Array();
    const begin = performance.now();
    let ended = 'no error';
    try {
      run(made);
    } catch (error) {
      if (!isHawserError(error)) throw error;
      ended = error.code;
    }
    const ms = performance.now() - begin;
    return {
      what: `hostile: ${name}`,
      figure: `${ended} after ${ms.toFixed(0)} ms`,
      goal: `≤ ${GOAL_MS} ms`,
      holds: ended === code && ms <= GOAL_MS,
    };
  });
}
