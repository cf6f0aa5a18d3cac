// How soon hostile charts end with their error.

import { type ErrorCode, isHawserError } from '../src/base/errors.ts';
import { HOSTILE_INPUTS } from '../test/fuzz/hostile.ts';
import type { Row } from './measure.ts';

const GOAL_MS = 2_000;

export async function benchHostile(): Promise<readonly Row[]> {
  return HOSTILE_INPUTS.map(({ name, make, run, codes }) => {
    const made = make?.() ?? new Uint8Array();
    const begin = performance.now();
    let ended: ErrorCode | undefined;
    try {
      run(made);
    } catch (error) {
      if (!isHawserError(error)) throw error;
      ended = error.code;
    }
    const ms = performance.now() - begin;
    return {
      what: `hostile: ${name}`,
      figure: `${ended ?? 'no error'} after ${ms.toFixed(0)} ms`,
      goal: `≤ ${GOAL_MS} ms`,
      holds: ended !== undefined && codes.includes(ended) && ms <= GOAL_MS,
    };
  });
}
