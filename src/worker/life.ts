// One life of the Durable Object, from its first event to its end, of which nobody tells it: the platform, and what lives on it.

import { messageOf } from '../base/errors.ts';
import type { Clock, Platform } from '../platform.ts';
import { createObjectAlarms } from './alarms.ts';
import { createAsyncStorage } from './async-storage.ts';
import type { DurableState, WorkerEnvironment } from './bindings.ts';
import { readConfiguration } from './configuration.ts';
import { createEvents, type Events, type EventsParts, TAKE_UP_MS } from './events.ts';
import { findFarCache } from './far-cache.ts';
import { readIdentity } from './identity.ts';
import { type Answer, createInvocations } from './invocations.ts';
import { type Limits, readLimits } from './limits.ts';
import { createWorkerPlatform, randomBytes } from './platform.ts';
import { tellStart } from './start-log.ts';
import { createUnfinishedWork } from './unfinished-work.ts';

const CLOCK: Clock = { now: () => Date.now() };

/** What lives in the object. */
export type Inhabitant = Pick<EventsParts, 'answer' | 'wake'>;

/** Throws what is wrong with the configuration. */
export async function beginLife(
  state: DurableState,
  environment: WorkerEnvironment,
  inhabit: (platform: Platform, limits: Limits) => Inhabitant,
): Promise<Events> {
  const clock = CLOCK;
  const configuration = await readConfiguration(environment, clock);
  const limits = readLimits(environment);
  const identity = await readIdentity(state, randomBytes);
  const far = findFarCache(environment);
  const alarms = createObjectAlarms(state.storage, clock);
  const waking = (set: Promise<void>) => {
    set.catch((error: unknown) => {
      platform.log.error('the alarm for unfinished work could not be set', { error: messageOf(error) });
    });
  };
  const work = createUnfinishedWork(() => waking(alarms.stayAwake(clock.now() + TAKE_UP_MS)));
  const invocations = createInvocations({
    limits,
    wakeSoon: () => waking(alarms.wakeBy(clock.now())),
    ended: ({ event, requests }) => platform.log.debug?.('an event has had its share', { event, requests }),
    answers: createAsyncStorage<Answer>(),
  });
  const platform = createWorkerPlatform({
    state,
    environment,
    configuration,
    identity,
    clock,
    far,
    alarms,
    invocations,
    work,
  });
  tellStart(platform, far?.kind, configuration.unknown);
  const { answer, wake } = inhabit(platform, limits);
  return createEvents({ alarms, invocations, work, limits, clock, log: platform.log, answer, wake });
}
