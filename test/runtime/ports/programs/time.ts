// Programs about the clock and the alarms.

import { type PortContext, sleep } from './program.ts';

export interface AlarmSetting {
  readonly name: string;
  /** From now on; or at an instant. */
  readonly inMs?: number;
  readonly atMs?: number;
}

export const TIME_PROGRAMS = {
  readClock: async ({ platform }: PortContext) => {
    const first = platform.clock.now();
    await sleep(5);
    return [first, platform.clock.now()] as const;
  },
  /** Their instants. */
  setAlarms: async ({ platform }: PortContext, settings: readonly AlarmSetting[]) => {
    const instants: Record<string, number> = {};
    for (const { name, inMs = 0, atMs = platform.clock.now() + inMs } of settings) {
      await platform.alarms.set(name, atMs);
      instants[name] = atMs;
    }
    return instants;
  },
  /** Without waiting for one before the next. */
  setAlarmsAtOnce: async ({ platform }: PortContext, { names, inMs }: { names: readonly string[]; inMs: number }) => {
    const atMs = platform.clock.now() + inMs;
    await Promise.all(names.map((name) => platform.alarms.set(name, atMs)));
  },
  cancelAlarms: async ({ platform }: PortContext, names: readonly string[]) => {
    for (const name of names) await platform.alarms.cancel(name);
  },
  listFired: async ({ fired }: PortContext) => fired,
};
