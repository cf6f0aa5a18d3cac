// Kubernetes Events about Applications and AppProjects, with Argo CD's reasons and texts (Argo CD: util/argo/audit_logger.go). They are written beside the
// work, which waits for none of them; what cannot be written is told once.

import { messageOf } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import { createLimiter } from '../base/limiter.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Clock, Log } from '../platform.ts';

export const EVENT_REASONS = [
  'StatusRefreshed',
  'ResourceCreated',
  'ResourceUpdated',
  'ResourceDeleted',
  'ResourceActionRan',
  'OperationStarted',
  'OperationCompleted',
] as const;

export type EventReason = (typeof EVENT_REASONS)[number];

export interface ApplicationEvent {
  readonly reason: EventReason;
  readonly message: string;
  readonly type?: 'Normal' | 'Warning';
  /** Who did it; '' or left out for hawser itself. */
  readonly user?: string;
}

/** An Application, or an AppProject. */
export type EventSubject = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'> & { readonly spec?: unknown };

export interface ApplicationEvents {
  /** Waits for nothing, and never fails. */
  write(subject: EventSubject, event: ApplicationEvent): void;
}

export interface ApplicationEventsParts {
  readonly home: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  background(work: Promise<unknown>): void;
  /** Reasons, `all` or `none`; the first of the two words that comes counts. */
  readonly reasons: readonly string[];
}

const AT_ONCE = 4;
/** More than this many wait for nothing but trouble. */
const MOST_WAITING = 512;
/** Kubernetes takes 1,024 bytes. */
const MAX_MESSAGE = 1_000;

export function createApplicationEvents(parts: ApplicationEventsParts): ApplicationEvents {
  const { home, clock, log, background, reasons } = parts;
  const isWanted = wantedReasons(reasons);
  const limiter = createLimiter(AT_ONCE);
  let waiting = 0;
  let written = 0;
  let isTold = false;
  const tell = (reason: string) => {
    if (isTold) return;
    isTold = true;
    log.warn('Events about Applications cannot be written', { reason });
  };
  return {
    write: (subject, event) => {
      if (!isWanted(event.reason)) return;
      if (waiting >= MOST_WAITING) {
        tell(`${MOST_WAITING} of them wait already`);
        return;
      }
      waiting++;
      written++;
      const object = eventObject(subject, event, clock.now(), written);
      const writing = limiter(() => home.create(object))
        .then(
          () => {
            isTold = false;
          },
          (error: unknown) => tell(messageOf(error)),
        )
        .finally(() => {
          waiting--;
        });
      background(writing);
    },
  };
}

/** Argo CD: setK8sEventList. */
function wantedReasons(reasons: readonly string[]): (reason: EventReason) => boolean {
  const own: string[] = [];
  for (const reason of reasons) {
    if (reason === 'all') return () => true;
    if (reason === 'none') return () => false;
    own.push(reason);
  }
  return (reason) => own.includes(reason);
}

function eventObject(subject: EventSubject, event: ApplicationEvent, nowMs: number, count: number): KubeObject {
  const { apiVersion, kind, metadata } = subject;
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
  const { reason, message, type = 'Normal', user = '' } = event;
  const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const nanoseconds = BigInt(nowMs) * 1_000_000n + BigInt(count % 1_000_000);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      // A name has 253 characters at most.
      name: `${name.slice(0, 230)}.${nanoseconds.toString(16)}`,
      namespace,
      annotations: { ...destinationOf(subject), ...(user !== '' && { user }) },
    },
    source: { component: 'hawser' },
    involvedObject: {
      apiVersion,
      kind,
      name,
      namespace,
      uid,
      resourceVersion,
    },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type,
    reason,
    message: message.slice(0, MAX_MESSAGE),
  };
}

function destinationOf({ kind, spec }: EventSubject): Record<string, string> {
  if (kind !== 'Application') return {};
  return {
    'dest-server': stringAt(spec, 'destination', 'server') ?? '',
    'dest-namespace': stringAt(spec, 'destination', 'namespace') ?? '',
  };
}
