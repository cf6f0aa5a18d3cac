import { describe, expect, it } from 'vitest';
import { createAsleepTooMs } from '../../src/base/elapsed-time.ts';

/** Steps of both clocks in milliseconds; what is to have passed after the last. */
const CASES = [
  { title: 'both clocks go on', steps: [{ awake: 1_000, wall: 1_000 }], passed: 1_000 },
  { title: 'the machine has slept', steps: [{ awake: 10, wall: 60_010 }], passed: 60_010 },
  { title: 'the wall clock was set back', steps: [{ awake: 1_000, wall: -3_600_000 }], passed: 1_000 },
  {
    title: 'the wall clock was set back, and the machine slept later',
    steps: [
      { awake: 1_000, wall: -3_600_000 },
      { awake: 1_000, wall: 31_000 },
    ],
    passed: 32_000,
  },
  {
    title: 'the clocks differ by little, again and again',
    steps: Array.from({ length: 100 }, (_, index) => ({ awake: 10, wall: index % 2 ? 0 : 20 })),
    passed: 1_000,
  },
];

describe('time that goes on while the machine sleeps', () => {
  it.each(CASES)('is right when $title', ({ steps, passed }) => {
    let awake = 500;
    let wall = 1_700_000_000_000;
    const elapsed = createAsleepTooMs(
      () => awake,
      () => wall,
    );
    const begun = elapsed();
    for (const step of steps) {
      awake += step.awake;
      wall += step.wall;
      elapsed();
    }
    expect(elapsed() - begun).toBe(passed);
  });
});
