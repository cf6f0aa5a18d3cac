// The names of the one-shot alarms that the road sets: what for, and for which Application. Whatever they say, the Application's state
// decides what is done when one fires, so that a lost alarm is found again from the state (Hawser.resume).

import type { Application } from '../application/types.ts';
import { isPassing } from './compare-application.ts';
import { keyOfApplication, type Road } from './road.ts';

/**
 * `retry`: the next attempt of a failed operation. `window`: a sync window opens or closes. `continue`: an operation outlasted one call,
 * or a cluster or Git server was away. `heal`: the end of selfHeal's pause. `health`: what was Progressing is looked at again.
 */
export type AlarmKind = 'retry' | 'window' | 'continue' | 'heal' | 'health';

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

/** The name of the alarm for a start at which the home cluster was away. */
export const RESUME = 'resume';

/** What was away may be back. */
export async function tryAgainLater(road: Road, app: Pick<Application, 'metadata'>): Promise<void> {
  await setAfterPause(road, alarmName('continue', app));
}

/** After a pause that grows from time to time. Other wakes that try meanwhile, in vain, do not put it off. */
export async function setAfterPause({ platform, pauses }: Road, name: string): Promise<void> {
  const last = pauses.get(name);
  const now = platform.clock.now();
  if (last && last.dueMs > now) return;
  const lengthMs = last ? Math.min(last.lengthMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
  pauses.set(name, { lengthMs, dueMs: now + lengthMs });
  await platform.alarms.set(name, now + lengthMs);
}

/**
 * The Application could be worked on: the next failure begins with the shortest pause, and no alarm is needed, unless a push is left that
 * waits for more than this work has seen.
 */
export function endPauses({ platform, pauses, unfinished }: Road, app: Pick<Application, 'metadata'>): void {
  const name = alarmName('continue', app);
  if (!pauses.delete(name)) return;
  const key = keyOfApplication(app);
  const isLeft = [...unfinished.values()].some(({ left }) => left?.includes(key) ?? false);
  if (!isLeft) platform.background(platform.alarms.cancel(name));
}

export interface AlarmWork {
  /** Brings the Application to what is wanted of it now. */
  deliver(application: string, namespace: string): Promise<unknown>;
  lookAtHealth(app: Pick<Application, 'metadata'>): Promise<void>;
}

/** Runs what an alarm is for; when the home cluster is away, the alarm is set anew. Never rejects for that. */
export async function onAlarm(road: Road, text: string, work: AlarmWork): Promise<void> {
  const alarm = parseAlarmName(text);
  if (!alarm) return;
  const { kind, namespace, name } = alarm;
  const app = { metadata: { namespace, name } };
  const running = road.running.get(`${namespace}/${name}`);
  // An operation that waits hears of a window's edge; one that has just returned is gone on with.
  if (running && kind !== 'continue') {
    running.wake();
    return;
  }
  try {
    await (kind === 'health' ? work.lookAtHealth(app) : work.deliver(name, namespace));
  } catch (error) {
    if (!isPassing(error)) throw error;
    await tryAgainLater(road, app);
  }
}
