// Programs about the clock and the alarms.

import { type PortContext, sleep } from './program.ts';

/** Set so long after the program's begin, or at an instant; or cancelled. */
export type AlarmStep = { readonly name: string } & (
  | { readonly inMs: number }
  | { readonly atMs: number }
  | { readonly isCancelled: true }
);

export const TIME_PROGRAMS = {
  readClock: async ({ platform }: PortContext) => {
    const first = platform.clock.now();
    await sleep(5);
    return [first, platform.clock.now()] as const;
  },
  /** The instants of those that were set. */
  setAlarms: async ({ platform: { alarms, clock } }: PortContext, steps: readonly AlarmStep[]) => {
    const instants: Record<string, number> = {};
    const beginMs = clock.now();
    for (const step of steps) {
      const { name } = step;
      if ('isCancelled' in step) {
        await alarms.cancel(name);
        continue;
      }
      const atMs = 'atMs' in step ? step.atMs : beginMs + step.inMs;
      await alarms.set(name, atMs);
      instants[name] = atMs;
    }
    return instants;
  },
  /** Without waiting for one before the next. */
  setAlarmsAtOnce: async ({ platform }: PortContext, { names, inMs }: { names: readonly string[]; inMs: number }) => {
    const atMs = platform.clock.now() + inMs;
    await Promise.all(names.map((name) => platform.alarms.set(name, atMs)));
  },
  listFired: async ({ fired }: PortContext) => fired,
};
