// The events of the Durable Object. While there is work, an alarm is set: it goes on in another life should the object end, and each alarm
// that fires is an event with a share of its own (invocations.ts) of that work.

import { messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../platform.ts';
import type { ObjectAlarms } from './alarms.ts';
import type { Invocations } from './invocations.ts';
import type { Limits } from './limits.ts';
import type { UnfinishedWork } from './unfinished-work.ts';

export interface EventsParts {
  readonly alarms: ObjectAlarms;
  readonly invocations: Invocations;
  readonly work: UnfinishedWork;
  readonly limits: Pick<Limits, 'eventMs'>;
  readonly clock: Clock;
  readonly log: Log;
  answer(request: Request): Promise<Response>;
  /** What a named alarm is for. */
  wake(name: string): Promise<void>;
}

export interface Events {
  fetch(request: Request): Promise<Response>;
  /** Lasts until there is no work, or until the next alarm is due. Never rejects but for the storage: workerd then calls it again. */
  alarm(): Promise<void>;
}

/** Work that a request has begun goes on under an alarm after this: most of it is done by then. */
export const TAKE_UP_MS = 1_000;

export function createEvents(parts: EventsParts): Events {
  const { alarms, invocations, work, limits, clock, log, answer, wake } = parts;
  return {
    fetch: async (request) => {
      invocations.begin('fetch');
      const answering = invocations.answer(() => answer(request));
      if (request.method === 'GET' || request.method === 'HEAD') return answering;
      // The answer may promise work that outlasts this life: it is not given before the alarm is set.
      const waking = alarms.stayAwake(clock.now() + TAKE_UP_MS);
      work.add(answering);
      const response = await answering;
      await readRest(request);
      await waking;
      return response;
    },
    alarm: async () => {
      const wakeByMs = clock.now() + limits.eventMs;
      const due = await alarms.take(!work.isDone(), wakeByMs);
      // Not before: what waits for its share may ask for the next alarm at once.
      invocations.begin('alarm');
      for (const name of due) {
        // What one is for must not be lost because another one failed.
        work.add(
          wake(name).catch((error: unknown) => log.error('an alarm failed', { alarm: name, error: messageOf(error) })),
        );
      }
      const next = alarms.nextDue();
      try {
        await Promise.race([work.done(), next.passed]);
      } finally {
        next.end();
      }
      if (work.isDone()) await alarms.rest(wakeByMs);
    },
  };
}

/** What of a body is read to its end though nobody wanted it. */
const MOST_UNREAD_BYTES = 64 << 10;

/** workerd closes a connection on which a body was not read, and the sender's next request on it fails. */
async function readRest(request: Request): Promise<void> {
  const bytes = Number(request.headers.get('content-length') ?? Number.NaN);
  if (request.bodyUsed || !(bytes <= MOST_UNREAD_BYTES)) return;
  await request.arrayBuffer().catch(() => undefined); // The sender has gone.
}
