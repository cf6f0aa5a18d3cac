// One-shot alarms in a Node process: one timer for the next known instant. They are set anew from the state at every start.

import type { Alarms, Clock } from '../platform.ts';

/** setTimeout's longest delay; a later instant is reached in several hops. */
const LONGEST_MS = 2 ** 31 - 1;

export interface NodeAlarms extends Alarms {
  /** The clock was moved: what is due by it fires. */
  rearm(): void;
  /** The names of those that are set, sorted. */
  names(): readonly string[];
  /** The earliest instant of those whose names are wanted. */
  earliest(isWanted: (name: string) => boolean): number | undefined;
  close(): void;
}

/** `onChange` is told when one was set, moved, cancelled or has fired. */
export function createAlarms(
  clock: Clock,
  onAlarm: (name: string) => void,
  onChange: () => void = () => undefined,
): NodeAlarms {
  const instants = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function arm(): void {
    clearTimeout(timer);
    timer = undefined;
    if (instants.size === 0) return;
    const next = Math.min(...instants.values());
    timer = setTimeout(fire, Math.min(Math.max(next - clock.now(), 0), LONGEST_MS));
  }

  function fire(): void {
    const now = clock.now();
    const due = [...instants].filter(([, at]) => at <= now).map(([name]) => name);
    for (const name of due) instants.delete(name);
    arm();
    for (const name of due) onAlarm(name);
    if (due.length > 0) onChange();
  }

  return {
    set: async (name, atMs) => {
      // A timer would keep a process that ends; the next one finds the alarm again in the state.
      if (isClosed) return;
      instants.set(name, atMs);
      arm();
      onChange();
    },
    cancel: async (name) => {
      if (!instants.delete(name)) return;
      arm();
      onChange();
    },
    rearm: arm,
    names: () => [...instants.keys()].sort(),
    earliest: (isWanted) => {
      const wanted = [...instants].flatMap(([name, at]) => (isWanted(name) ? [at] : []));
      return wanted.length === 0 ? undefined : Math.min(...wanted);
    },
    close: () => {
      isClosed = true;
      instants.clear();
      arm();
    },
  };
}
