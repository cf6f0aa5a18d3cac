// Alarms that must fire while nothing runs: one CronJob in the cluster, of the minute of the earliest, whose Pod asks hawser to wake up.
// With it, hawser may be scaled to zero. What is due then is found in the state (Hawser.resume), so that an instant is all that is kept.

import { messageOf } from '../base/errors.ts';
import { at, isObject } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../kube/refusal.ts';
import type { Clock, Log } from '../platform.ts';
import { type AlarmKind, parseAlarmName, RESUME } from './alarms.ts';
import { DELIVERIES } from './deliver.ts';
import { SECRET_NAME, TOKEN_KEY } from './settings.ts';

export interface AlarmJobOptions {
  readonly home: KubeClient;
  readonly namespace: string;
  /** hawser's own, which has the command `wake`. */
  readonly image: string;
  /** Where a request starts hawser. */
  readonly url: string;
  /** Of this process: each has its own instant in the CronJob. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AlarmJob {
  /**
   * The earliest instant at which this process has something to do, undefined for none. Resolves when it is written; costs no request where
   * nothing changes. Never rejects: what cannot be written is logged, and written with the next change.
   */
  keep(atMs: number | undefined): Promise<void>;
  /** hawser has looked at everything: instants that have passed, whosever they were, are dropped. Never rejects. */
  forgetDue(): Promise<void>;
}

export const ALARM_JOB = 'hawser-alarm';

/** Instants in ms since the epoch, by the identities of the processes that wait for them. */
const ALARMS = 'hawser.dev/alarms';
const ABOUT = 'hawser.dev/about';
const ABOUT_TEXT =
  'Wakes hawser at the next instant at which there is something to do, should no process run then. hawser makes, moves and deletes it.';

/** A process that runs at the instant does what is due, and moves the CronJob, before its minute comes. */
const LEAD_MS = 15_000;
const MINUTE_MS = 60_000;
const MOST_ATTEMPTS = 5;

/**
 * Those that a state which asks for them outlives. Not among them: another look at health, which the next wake makes; and the hour after
 * which refs may be listed again, since to be woken for it would be polling.
 */
const KEPT: ReadonlySet<string> = new Set<AlarmKind>(['retry', 'window', 'continue', 'heal']);

/** Whether an alarm has to fire even where no process runs. */
export function outlivesProcess(name: string): boolean {
  return name === RESUME || name === DELIVERIES || KEPT.has(parseAlarmName(name)?.kind ?? '');
}

export function createAlarmJob(options: AlarmJobOptions): AlarmJob {
  const { identity, clock, log } = options;
  let wanted: number | undefined;
  let written: number | undefined;
  let last: Promise<void> = Promise.resolve();

  async function writeAll(): Promise<void> {
    while (wanted !== written) {
      const instant = wanted;
      await change(options, (alarms) => put(alarms, identity, instant));
      written = instant;
    }
  }

  /** One write after the other; never rejects. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work).catch((error: unknown) => {
      log.warn(`the CronJob ${ALARM_JOB} could not be written; an alarm may be missed while no process runs`, {
        reason: messageOf(error),
      });
    });
    return last;
  }

  return {
    keep: (atMs) => {
      wanted = atMs === undefined ? undefined : minuteAfter(atMs);
      return inTurn(writeAll);
    },
    forgetDue: () =>
      inTurn(async () => {
        const instant = wanted;
        await change(options, (alarms) => {
          for (const [owner, due] of alarms) if (due <= clock.now()) alarms.delete(owner);
          put(alarms, identity, instant);
        });
        written = instant;
      }),
  };
}

/** The schedule of an instant that is a whole minute, in UTC. */
export function scheduleOf(instantMs: number): string {
  const date = new Date(instantMs);
  return `${date.getUTCMinutes()} ${date.getUTCHours()} ${date.getUTCDate()} ${date.getUTCMonth() + 1} *`;
}

/** The first whole minute that leaves a running process the time to move it. */
export function minuteAfter(instantMs: number): number {
  return Math.ceil((instantMs + LEAD_MS) / MINUTE_MS) * MINUTE_MS;
}

function put(alarms: Map<string, number>, owner: string, instant: number | undefined): void {
  if (instant === undefined) alarms.delete(owner);
  else alarms.set(owner, instant);
}

/** Reads, edits and writes; another process may do the same at once. */
async function change(options: AlarmJobOptions, edit: (alarms: Map<string, number>) => void): Promise<void> {
  const { home, namespace, clock } = options;
  const ref = { apiVersion: 'batch/v1', kind: 'CronJob', namespace, name: ALARM_JOB };
  for (let attempt = 1; ; attempt++) {
    const found = await home.get(ref);
    const before = parseAlarms(found);
    const alarms = new Map(before);
    edit(alarms);
    if (alarms.size === 0 ? !found : found && isSame(before, alarms)) return;
    try {
      if (alarms.size > 0) await writeJob(options, found, alarms, clock.now());
      else if (found) await home.remove(ref, { preconditions: versionOf(found), propagationPolicy: 'Background' });
      return;
    } catch (error) {
      const isRace = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      if (!isRace || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function writeJob(
  options: AlarmJobOptions,
  found: KubeObject | undefined,
  alarms: ReadonlyMap<string, number>,
  nowMs: number,
): Promise<void> {
  // One that has passed and was not seen to is due at once.
  const next = Math.max(Math.min(...alarms.values()), minuteAfter(nowMs));
  const job = alarmJob(options, alarms, next);
  const { resourceVersion } = found?.metadata ?? {};
  if (resourceVersion === undefined) await options.home.create(job);
  else await options.home.replace({ ...job, metadata: { ...job.metadata, resourceVersion } });
}

function alarmJob(
  { namespace, image, url }: AlarmJobOptions,
  alarms: ReadonlyMap<string, number>,
  instantMs: number,
): KubeObject {
  const labels = { 'app.kubernetes.io/name': ALARM_JOB, 'app.kubernetes.io/part-of': 'hawser' };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: ALARM_JOB,
      namespace,
      labels,
      annotations: { [ABOUT]: ABOUT_TEXT, [ALARMS]: JSON.stringify(Object.fromEntries([...alarms].sort())) },
    },
    spec: {
      schedule: scheduleOf(instantMs),
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit: 6,
          activeDeadlineSeconds: 3600,
          ttlSecondsAfterFinished: 600,
          template: { metadata: { labels }, spec: wakePod(image, url) },
        },
      },
    },
  };
}

/** It needs no rights in the cluster: a token of hawser is all that it has. */
function wakePod(image: string, url: string) {
  return {
    restartPolicy: 'OnFailure',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'wake',
        image,
        imagePullPolicy: 'IfNotPresent',
        args: ['wake', url],
        env: [{ name: 'HAWSER_TOKEN', valueFrom: { secretKeyRef: { name: SECRET_NAME, key: TOKEN_KEY } } }],
        resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

function parseAlarms(job: KubeObject | undefined): Map<string, number> {
  const text = at(job, 'metadata', 'annotations', ALARMS);
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    // Somebody else wrote it: what this process wants is written anew.
  }
  const alarms = new Map<string, number>();
  for (const [owner, instant] of Object.entries(isObject(value) ? value : {})) {
    if (typeof instant === 'number' && Number.isFinite(instant)) alarms.set(owner, instant);
  }
  return alarms;
}

function isSame(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  return before.size === after.size && [...before].every(([owner, instant]) => after.get(owner) === instant);
}

function versionOf({ metadata: { uid, resourceVersion } }: KubeObject) {
  return { ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
}
