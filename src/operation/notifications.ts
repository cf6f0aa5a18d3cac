// Notifications: what becomes of an Application is told to those who subscribed, beside the work and by whoever has recorded it.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { formatError, isHawserError, messageOf } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import type { NotificationConfig } from '../notify/config.ts';
import { STALE_SECONDS, stateKey } from '../notify/state.ts';
import { type Destination, destinationsOf, MOST_SUBSCRIPTIONS } from '../notify/subscriptions.ts';
import { runTrigger } from '../notify/trigger.ts';
import { claimWishes, confirmWishes, type Wish } from './notification-claims.ts';
import { type Asked, sendNotification, withVariables } from './notification-sender.ts';
import { createNotificationSettings } from './notification-settings.ts';
import { applicationRef, keyOfApplication, metadataOfKey, type Road } from './road.ts';

export interface Notifications {
  /** A state of an Application: waits for nothing, and never fails. */
  see(app: Application): void;
  /** After a start: what an earlier process was about to tell. */
  resume(apps: readonly Application[]): void;
  isAlarm(name: string): boolean;
  alarm(name: string): Promise<void>;
}

/** A state that waits, and the work to which it belongs. */
interface Seen {
  readonly app: Application;
  within<T>(work: () => T): T;
}

interface Outcome {
  readonly key: string;
  readonly isDone: boolean;
  /** It may be told later. */
  readonly isPassing: boolean;
}

const ALARM = 'notify/';
/** States of one Application that wait; those between the first and the last may be passed over. */
const MOST_WAITING = 8;
const AT_ONCE = 8;
/** After what could not be told: so long, twice as long … */
const FIRST_PAUSE_MS = 60_000;
const MOST_RETRIES = 5;
/** What would fail again is left alone for so long, unless the settings change. */
const REFUSED_MS = 10 * 60_000;
const MOST_REMEMBERED = 5_000;

export function createNotifications(road: () => Road): Notifications {
  const waiting = new Map<string, Seen[]>();
  const retries = new Map<string, number>();
  const told = new Set<string>();
  const refused = new Map<string, { readonly by: NotificationConfig; readonly untilMs: number }>();
  const limiter = createLimiter(AT_ONCE);
  const settings = createNotificationSettings(road);
  let isAway = false;

  function see(app: Application): void {
    const key = keyOfApplication(app);
    const { scope } = road().platform;
    // What is told of it belongs to the trace of whoever has brought it there.
    const context = scope?.current();
    const seen: Seen = { app, within: (work) => (scope && context ? scope.run(context, work) : work()) };
    const queue = waiting.get(key);
    if (!queue) {
      waiting.set(key, [seen]);
      road().background(drain(key));
      return;
    }
    if (queue.length >= MOST_WAITING) queue.splice(-1, 1);
    queue.push(seen);
  }

  async function drain(key: string): Promise<void> {
    try {
      for (let seen = waiting.get(key)?.[0]; seen; seen = waiting.get(key)?.[0]) {
        const { app, within } = seen;
        await within(() => tell(app));
        isAway = false;
        waiting.get(key)?.shift();
      }
    } catch (error) {
      if (road().stopping.aborted) return;
      const { log } = road().platform;
      // A cluster that is away is not told of a thousand times.
      if (!isAway) log.warn('notifications could not be looked at', { application: key, reason: messageOf(error) });
      isAway = true;
      await retryLater(key);
    } finally {
      waiting.delete(key);
    }
  }

  async function tell(app: Application): Promise<void> {
    if (!isSettled(app)) return;
    const asked: Asked = { app, ...(await settings.of(app)) };
    const { annotations, labels } = app.metadata;
    const own = { ...(annotations && { annotations }), ...(labels && { labels }) };
    const destinations = destinationsOf(asked.config, own, asked.project?.metadata.annotations, () =>
      tellOnce([`of more than ${MOST_SUBSCRIPTIONS} subscriptions of one object, the others count for nothing`]),
    );
    if (destinations.size === 0) return;
    tellOnce(asked.config.problems);
    const wishes = await wishesOf(asked, destinations);
    const claimed = await claimWishes(road(), app, wishes);
    if (claimed.isOthersOpen) await lookAgain(keyOfApplication(app), STALE_SECONDS * 1_000 + FIRST_PAUSE_MS);
    if (claimed.wishes.length === 0) return;
    const outcomes = await Promise.all(claimed.wishes.map((wish) => limiter(() => send(asked, wish))));
    await confirmWishes(road(), app, outcomes);
    if (outcomes.some(({ isPassing }) => isPassing)) await retryLater(keyOfApplication(app));
    else retries.delete(keyOfApplication(app));
  }

  async function wishesOf(
    asked: Asked,
    destinations: ReadonlyMap<string, readonly Destination[]>,
  ): Promise<readonly Wish[]> {
    const { clock, metrics } = road().platform;
    const wishes: Wish[] = [];
    for (const [trigger, all] of destinations) {
      const conditions = asked.config.triggers.get(trigger);
      if (!conditions) {
        tellOnce([`trigger '${trigger}' is not configured`]);
        continue;
      }
      const results = await withVariables(road(), asked, undefined, (variables) =>
        runTrigger(conditions, variables, () => clock.now()),
      );
      for (const result of results) {
        metrics?.count('argocd_notifications_trigger_eval_total', { name: trigger, triggered: String(result.isMet) });
        for (const to of all) wishes.push({ key: stateKey(trigger, result, to), trigger, to, result });
      }
    }
    return wishes.filter(({ key }) => !isRefused(asked, key));
  }

  function isRefused({ app, config }: Asked, key: string): boolean {
    const found = refused.get(`${keyOfApplication(app)} ${key}`);
    return found !== undefined && found.by === config && road().platform.clock.now() < found.untilMs;
  }

  async function send(asked: Asked, { key, trigger, to, result }: Wish): Promise<Outcome> {
    const { clock, log, metrics } = road().platform;
    const { service, recipient } = to;
    const application = keyOfApplication(asked.app);
    const count = (succeeded: boolean) =>
      metrics?.count('argocd_notifications_deliveries_total', { trigger, service, succeeded: String(succeeded) });
    try {
      await sendNotification(road(), asked, to, result.templates);
      log.info('a notification was sent', { application, trigger, service });
      count(true);
      return { key, isDone: true, isPassing: false };
    } catch (error) {
      // The process is told to end: the next one tells it.
      if (road().stopping.aborted) return { key, isDone: false, isPassing: false };
      count(false);
      const reason = isHawserError(error) ? formatError(error) : messageOf(error);
      const isPassing = isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout');
      if (isPassing) {
        log.warn('a notification could not be sent; it is tried again', { application, trigger, service, reason });
      } else {
        tellOnce([`${service}${recipient && ` (${recipient})`}, trigger ${trigger}: ${reason}`], application);
        if (refused.size >= MOST_REMEMBERED) refused.clear();
        refused.set(`${application} ${key}`, { by: asked.config, untilMs: clock.now() + REFUSED_MS });
      }
      return { key, isDone: false, isPassing };
    }
  }

  /** What is wrong with the settings is not said for each Application and state again. */
  function tellOnce(problems: readonly string[], application?: string): void {
    for (const problem of problems) {
      if (told.has(problem)) continue;
      if (told.size >= MOST_REMEMBERED) told.clear();
      told.add(problem);
      const fields = { reason: problem, ...(application !== undefined && { application }) };
      road().platform.log.warn('a notification cannot be sent as it is configured', fields);
    }
  }

  async function retryLater(key: string): Promise<void> {
    const count = retries.get(key) ?? 0;
    if (count >= MOST_RETRIES) {
      const { log } = road().platform;
      log.warn('a notification is given up; the next change of the Application tries again', { application: key });
      retries.delete(key);
      return;
    }
    retries.set(key, count + 1);
    await lookAgain(key, FIRST_PAUSE_MS * 2 ** count);
  }

  async function lookAgain(key: string, afterMs: number): Promise<void> {
    const { alarms, clock } = road().platform;
    await alarms.set(`${ALARM}${key}`, clock.now() + afterMs);
  }

  return {
    see,
    resume: (apps) => {
      for (const app of apps) see(app);
    },
    isAlarm: (name) => name.startsWith(ALARM),
    alarm: async (name) => {
      const { metadata } = metadataOfKey(name.slice(ALARM.length));
      const found = await road().home.get(applicationRef(metadata.namespace, metadata.name));
      if (found) see(parseApplication(found));
    },
  };
}

/** What an operation has left is compared before it is told of (Argo CD: isAppSyncStatusRefreshed). */
function isSettled({ status }: Application): boolean {
  const { phase, finishedAt } = status.operationState ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed' && phase !== 'Error') return true;
  if (!finishedAt) return false;
  return !(Date.parse(finishedAt) > Date.parse(status.reconciledAt ?? ''));
}
