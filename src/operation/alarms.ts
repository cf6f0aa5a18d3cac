// The names of the one-shot alarms that the road sets: what for, and for which Application. Whatever they say, the Application's state
// decides what is done when one fires, so that a lost alarm is found again from the state (Hawser.resume).

import type { Application } from '../application/types.ts';
import { isPassing } from './compare-application.ts';
import type { Road } from './road.ts';

/**
 * `retry`: the next attempt of a failed operation. `window`: a sync window opens or closes. `continue`: an operation outlasted one call,
 * or a cluster or Git server was away. `heal`: the end of selfHeal's pause.
 */
export type AlarmKind = 'retry' | 'window' | 'continue' | 'heal';

export function alarmName(kind: AlarmKind, { metadata }: Pick<Application, 'metadata'>): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`;
}

/** undefined for a name that is none of these. */
export function parseAlarmName(
  text: string,
): { readonly kind: string; readonly namespace: string; readonly name: string } | undefined {
  const [kind, namespace, name, ...rest] = text.split('/');
  return kind && namespace && name && rest.length === 0 ? { kind, namespace, name } : undefined;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** How long it is waited before work is tried again, and until when it is. */
export interface Pause {
  readonly lengthMs: number;
  readonly dueMs: number;
}

/**
 * What was away may be back: tried again after a pause that grows from time to time. Other wakes that try meanwhile, in vain, do not
 * put it off.
 */
export async function tryAgainLater({ platform, pauses }: Road, app: Pick<Application, 'metadata'>): Promise<void> {
  const name = alarmName('continue', app);
  const last = pauses.get(name);
  const now = platform.clock.now();
  if (last && last.dueMs > now) return;
  const lengthMs = last ? Math.min(last.lengthMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
  pauses.set(name, { lengthMs, dueMs: now + lengthMs });
  await platform.alarms.set(name, now + lengthMs);
}

/** The Application could be worked on: no alarm is needed, and the next failure begins with the shortest pause. */
export function endPauses({ platform, pauses }: Road, app: Pick<Application, 'metadata'>): void {
  const name = alarmName('continue', app);
  if (pauses.delete(name)) platform.background(platform.alarms.cancel(name));
}

/** Runs what an alarm is for; when the home cluster is away, the alarm is set anew. Never rejects for that. */
export async function onAlarm(
  road: Road,
  text: string,
  deliver: (application: string) => Promise<unknown>,
): Promise<void> {
  const alarm = parseAlarmName(text);
  if (!alarm) return;
  const { namespace, name } = alarm;
  const running = road.running.get(`${namespace}/${name}`);
  if (running) {
    running.wake();
    return;
  }
  try {
    await deliver(name);
  } catch (error) {
    if (!isPassing(error)) throw error;
    await tryAgainLater(road, { metadata: { namespace, name } });
  }
}
