// The one alarm of a Durable Object, and all that it is set for: the named instants of the port, and work that is not done yet.

import type { Alarms, Clock } from '../platform.ts';
import type { DurableStorage } from './bindings.ts';

export interface ObjectAlarms extends Alarms {
  /**
   * Should the object end before its work is done, the next one is woken for it: at this instant, unless there is one already. Resolves when
   * that is in the storage.
   */
  stayAwake(atMs: number): Promise<void>;
  /** It is woken at this instant at the latest. */
  wakeBy(atMs: number): Promise<void>;
  /** The work is done for which `atMs` was asked for. An earlier instant that was asked for since then stays. */
  rest(atMs: number): Promise<void>;
  /**
   * The alarm has fired: the names that are due, each removed. Where there are any, or `isBusy`, the object is woken by `wakeByMs` again:
   * set together with the removals, so that none is lost. What was asked for before is settled with it.
   */
  take(isBusy: boolean, wakeByMs: number): Promise<readonly string[]>;
  /** The next instant, whatever it will be moved to. */
  nextDue(): NextDue;
}

export interface NextDue {
  /** It has come. */
  readonly passed: Promise<void>;
  /** It is of no interest any more. */
  end(): void;
}

const NAME = 'alarm/';

/** Earlier instants workerd refuses. */
const FIRST_MS = 1;

/** Storage is read once: one object is one actor, and nobody else writes. */
export function createObjectAlarms(storage: DurableStorage, clock: Clock): ObjectAlarms {
  let reading: Promise<Map<string, number>> | undefined;
  let wakeMs: number | undefined;
  /** As the storage has it; unknown at first, and after a write that failed. */
  let armed: { readonly atMs: number | undefined } | undefined;
  let waiting: { readonly pass: () => void; timer?: ReturnType<typeof setTimeout> } | undefined;

  function named(): Promise<Map<string, number>> {
    reading ??= storage.list<number>({ prefix: NAME }).then(
      (found) => new Map([...found].map(([key, atMs]) => [key.slice(NAME.length), atMs])),
      (error: unknown) => {
        reading = undefined;
        throw error;
      },
    );
    return reading;
  }

  /** What is written without a pause between is written as one: all of it or nothing. */
  async function write(names: ReadonlyMap<string, number>, edit?: () => readonly Promise<unknown>[]): Promise<void> {
    const earliest = Math.min(...names.values(), wakeMs ?? Number.POSITIVE_INFINITY);
    const atMs = Number.isFinite(earliest) ? earliest : undefined;
    const isArmed = armed !== undefined && armed.atMs === atMs;
    armed = { atMs };
    awaitDue();
    try {
      await Promise.all([
        ...(isArmed ? [] : [atMs === undefined ? storage.deleteAlarm() : storage.setAlarm(Math.max(atMs, FIRST_MS))]),
        ...(edit?.() ?? []),
      ]);
    } catch (error) {
      armed = undefined;
      wakeMs = undefined;
      throw error;
    }
  }

  async function wake(names: ReadonlyMap<string, number>, atMs: number): Promise<void> {
    wakeMs = atMs;
    await write(names);
  }

  function awaitDue(): void {
    if (!waiting) return;
    clearTimeout(waiting.timer);
    if (armed?.atMs !== undefined) waiting.timer = setTimeout(waiting.pass, Math.max(0, armed.atMs - clock.now()));
  }

  return {
    set: async (name, atMs) => {
      const names = await named();
      names.set(name, atMs);
      await write(names, () => [storage.put(`${NAME}${name}`, atMs)]);
    },
    cancel: async (name) => {
      const names = await named();
      if (names.delete(name)) await write(names, () => [storage.delete(`${NAME}${name}`)]);
    },
    stayAwake: async (atMs) => {
      const names = await named();
      if (wakeMs === undefined) await wake(names, atMs);
    },
    wakeBy: async (atMs) => {
      const names = await named();
      if (wakeMs === undefined || wakeMs > atMs) await wake(names, atMs);
    },
    rest: async (atMs) => {
      const names = await named();
      if (wakeMs !== atMs) return;
      wakeMs = undefined;
      await write(names);
    },
    take: async (isBusy, wakeByMs) => {
      const names = await named();
      const nowMs = clock.now();
      const due = [...names].filter(([, atMs]) => atMs <= nowMs).map(([name]) => name);
      for (const name of due) names.delete(name);
      wakeMs = isBusy || due.length > 0 ? wakeByMs : undefined;
      // One that fires is not set any more.
      armed = { atMs: undefined };
      await write(names, () => due.map((name) => storage.delete(`${NAME}${name}`)));
      return due;
    },
    nextDue: () => {
      const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
      const own = { pass };
      waiting = own;
      awaitDue();
      return {
        passed,
        end: () => {
          if (waiting !== own) return;
          clearTimeout(waiting.timer);
          waiting = undefined;
        },
      };
    },
  };
}
