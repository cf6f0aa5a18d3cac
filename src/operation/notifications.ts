// Notifications: what becomes of an Application is told to those who subscribed, beside the work and by whoever has recorded it. What was told
// is in an annotation of the Application: taken before it is told and confirmed afterwards, so that no two replicas tell the same, and a
// process that dies between the two leaves it to the next one.

import { parseApplication } from '../application/parse.ts';
import type { Application, Operation } from '../application/types.ts';
import { bringMissing } from '../base/bring-missing.ts';
import { formatError, HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import { isConflict, isNotFound, refusalStatus } from '../kube/refusal.ts';
import type { NotificationConfig } from '../notify/config.ts';
import { fillIn, type Message } from '../notify/message.ts';
import { SENT_TO, senderOf } from '../notify/services.ts';
import { formatState, isTold, NOTIFIED, type NotifiedState, parseState, stateKey } from '../notify/state.ts';
import { type Destination, destinationsOf } from '../notify/subscriptions.ts';
import { type ConditionResult, runTrigger } from '../notify/trigger.ts';
import { type Commits, variablesOf } from '../notify/variables.ts';
import { GIT_SERVICES, reportCommit } from './commit-reports.ts';
import { createNotificationSettings } from './notification-settings.ts';
import { applicationRef, keyOfApplication, metadataOfKey, type Road } from './road.ts';
import { readRepositorySecrets } from './world.ts';

export interface Notifications {
  /** A state of an Application: waits for nothing, and never fails. */
  see(app: Application): void;
  /** After a start: what an earlier process was about to tell. */
  resume(apps: readonly Application[]): void;
  isAlarm(name: string): boolean;
  alarm(name: string): Promise<void>;
}

const ALARM = 'notify/';
/** States of one Application that wait; those between the first and the last may be passed over. */
const MOST_WAITING = 8;
const AT_ONCE = 8;
const TRIES = 10;
/** After what could not be told: so long, twice as long … */
const FIRST_PAUSE_MS = 60_000;
const MOST_RETRIES = 5;

interface Seen {
  readonly app: Application;
  within<T>(work: () => T): T;
}

export function createNotifications(road: () => Road): Notifications {
  const waiting = new Map<string, Seen[]>();
  const retries = new Map<string, number>();
  const told = new Set<string>();
  let isAway = false;
  const limiter = createLimiter(AT_ONCE);
  const settings = createNotificationSettings(road);

  function see(app: Application): void {
    const key = keyOfApplication(app);
    const queue = waiting.get(key);
    const { scope } = road().platform;
    // What is told of it belongs to the trace of whoever has brought it there.
    const context = scope?.current();
    const seen: Seen = { app, within: (work) => (scope && context ? scope.run(context, work) : work()) };
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
    const { config, project, argocdUrl } = await settings.of(app);
    const { annotations, labels } = app.metadata;
    const own = { ...(annotations && { annotations }), ...(labels && { labels }) };
    const destinations = destinationsOf(config, own, project?.metadata.annotations);
    if (destinations.size === 0) return;
    tellOnce(config.problems);
    const asked: Asked = { app, config, project, argocdUrl, destinations };
    const wishes = await wishesOf(asked);
    const claimed = await claim(app, wishes);
    if (claimed.length === 0) return;
    const outcomes = await Promise.all(claimed.map((wish) => limiter(() => send(asked, wish))));
    await confirm(app, outcomes);
    if (outcomes.some(({ isPassing }) => isPassing)) await retryLater(keyOfApplication(app));
    else retries.delete(keyOfApplication(app));
  }

  interface Asked {
    readonly app: Application;
    readonly config: NotificationConfig;
    readonly project: Awaited<ReturnType<typeof settings.of>>['project'];
    readonly argocdUrl: string;
    readonly destinations: ReadonlyMap<string, readonly Destination[]>;
  }

  interface Wish {
    readonly key: string;
    readonly trigger: string;
    readonly to: Destination;
    readonly result: ConditionResult;
  }

  /** With the commits that templates ask about, which are brought. */
  function withVariables<T>(
    { app, config, project, argocdUrl }: Asked,
    to: Destination | undefined,
    work: (variables: ReturnType<typeof variablesOf>) => T,
  ): Promise<T> {
    const { clock, settings: own } = road().platform;
    const commits: Commits = { known: new Map(), missing: new Set() };
    const url = (config.context.argocdUrl ?? own.externalURL ?? argocdUrl).replace(/\/+$/, '');
    const input = {
      app: withoutManifests(app),
      appProject: project,
      config,
      url,
      commits,
      now: () => clock.now(),
      ...(to && { to }),
    };
    const wait = { isIncomplete: () => commits.missing.size > 0, load: () => bringCommits(road(), app, commits) };
    return bringMissing([wait], road().stopping, () => work(variablesOf(input)));
  }

  async function wishesOf(asked: Asked): Promise<readonly Wish[]> {
    const { config, destinations } = asked;
    const { clock, metrics } = road().platform;
    const wishes: Wish[] = [];
    for (const [trigger, all] of destinations) {
      const conditions = config.triggers.get(trigger);
      if (!conditions) {
        tellOnce([`trigger '${trigger}' is not configured`]);
        continue;
      }
      const results = await withVariables(asked, undefined, (variables) =>
        runTrigger(conditions, variables, () => clock.now()),
      );
      for (const result of results) {
        metrics?.count('argocd_notifications_trigger_eval_total', { name: trigger, triggered: String(result.isMet) });
        for (const to of all) wishes.push({ key: stateKey(trigger, result, to), trigger, to, result });
      }
    }
    return wishes;
  }

  /** Takes what is to be told: whoever writes it into the annotation first tells it. */
  async function claim(app: Application, wishes: readonly Wish[]): Promise<readonly Wish[]> {
    let claimed: readonly Wish[] = [];
    const nowSeconds = Math.floor(road().platform.clock.now() / 1_000);
    const change = (state: NotifiedState): NotifiedState | undefined => {
      claimed = wishes.filter(({ key, result }) => result.isMet && !isTold(state, key, nowSeconds));
      const over = wishes.filter(({ key, result }) => !result.isMet && Object.hasOwn(state, key));
      const { kept, isChanged } = without(state, new Set(over.map(({ key }) => key)));
      if (claimed.length === 0 && !isChanged) return undefined;
      return { ...kept, ...Object.fromEntries(claimed.map(({ key }) => [key, -nowSeconds])) };
    };
    // Most states change nothing: then nothing is asked.
    if (change(parseState(app.metadata.annotations?.[NOTIFIED])) === undefined) return [];
    claimed = [];
    await changeState(app, change);
    return claimed;
  }

  function confirm(app: Application, outcomes: readonly Outcome[]): Promise<void> {
    const nowSeconds = Math.floor(road().platform.clock.now() / 1_000);
    return changeState(app, (state) => {
      const { kept } = without(state, new Set(outcomes.filter(({ isDone }) => !isDone).map(({ key }) => key)));
      const done = outcomes.filter(({ isDone }) => isDone).map(({ key }) => [key, nowSeconds] as const);
      return { ...kept, ...Object.fromEntries(done) };
    });
  }

  /** Guarded by what the annotation said, or by the object's version where there was none. An Application that is gone needs none. */
  async function changeState(
    { metadata }: Application,
    change: (state: NotifiedState) => NotifiedState | undefined,
  ): Promise<void> {
    const { home } = road();
    const ref = applicationRef(metadata.namespace, metadata.name);
    for (let tries = 1; ; tries++) {
      const found = await home.get(ref);
      if (!found || found.metadata.uid !== metadata.uid) return;
      const before = found.metadata.annotations?.[NOTIFIED];
      const wanted = change(parseState(before));
      if (!wanted) return;
      const text = formatState(wanted);
      const path = `/metadata/annotations/${NOTIFIED}`;
      try {
        if (before === undefined) {
          const { resourceVersion = '' } = found.metadata;
          const annotations = text === undefined ? {} : { [NOTIFIED]: text };
          await home.patch(ref, { metadata: { annotations, resourceVersion } }, { type: 'merge' });
        } else {
          const step = text === undefined ? { op: 'remove', path } : { op: 'replace', path, value: text };
          await home.patch(ref, [{ op: 'test', path, value: before }, step], { type: 'json' });
        }
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        const isOthers = isConflict(error) || refusalStatus(error) === 422;
        if (!isOthers || tries === TRIES) throw error;
      }
    }
  }

  interface Outcome {
    readonly key: string;
    readonly isDone: boolean;
    /** It may be told later. */
    readonly isPassing: boolean;
  }

  async function send(asked: Asked, { key, trigger, to, result }: Wish): Promise<Outcome> {
    const { log, metrics } = road().platform;
    const { service, recipient } = to;
    const application = keyOfApplication(asked.app);
    const count = (succeeded: boolean) =>
      metrics?.count('argocd_notifications_deliveries_total', { trigger, service, succeeded: String(succeeded) });
    try {
      await sendTo(asked, to, result.templates);
      log.info('a notification was sent', { application, trigger, service });
      count(true);
      return { key, isDone: true, isPassing: false };
    } catch (error) {
      count(false);
      const reason = isHawserError(error) ? formatError(error) : messageOf(error);
      const isPassing = isHawserError(error, 'Unavailable') || isHawserError(error, 'Timeout');
      if (isPassing)
        log.warn('a notification could not be sent; it is tried again', { application, trigger, service, reason });
      else tellOnce([`${service}${recipient && ` (${recipient})`}, trigger ${trigger}: ${reason}`], application);
      return { key, isDone: false, isPassing };
    }
  }

  async function sendTo(asked: Asked, to: Destination, templates: readonly string[]): Promise<void> {
    const { app, config } = asked;
    const { service, recipient } = to;
    const configured = config.services.get(service);
    const isGit = GIT_SERVICES.includes(service);
    const sender = configured && senderOf(configured.type);
    if (!isGit && !sender) throw unknownService(service, configured?.type);
    const kind = isGit ? service : (configured?.type ?? service);
    const { fetch, clock, random } = road().platform;
    const signal = road().stopping;
    const message: Message = await withVariables(asked, to, (variables) => {
      const chosen = templates.map((name) => {
        const template = config.templates.get(name);
        if (!template) throw new HawserError('InvalidInput', `template '${name}' is not configured`);
        return template;
      });
      return fillIn(chosen, kind, variables, { now: () => clock.now(), random });
    });
    if (isGit) {
      const base = config.context.argocdUrl ?? road().platform.settings.externalURL ?? asked.argocdUrl;
      const url = base && `${base.replace(/\/+$/, '')}/applications/${app.metadata.name}?operation=true`;
      await reportCommit(road(), { app, service, recipient, message, url, signal });
    } else await sender?.({ fetch, message, service, recipient, options: configured?.options ?? {}, signal });
  }

  /** What is wrong with the settings is not said for each Application and state again. */
  function tellOnce(problems: readonly string[], application?: string): void {
    for (const problem of problems) {
      if (told.has(problem)) continue;
      if (told.size > 1_000) told.clear();
      told.add(problem);
      const fields = { reason: problem, ...(application !== undefined && { application }) };
      road().platform.log.warn('a notification cannot be sent as it is configured', fields);
    }
  }

  async function retryLater(key: string): Promise<void> {
    const count = retries.get(key) ?? 0;
    const { alarms, clock, log } = road().platform;
    if (count >= MOST_RETRIES) {
      log.warn('a notification is given up; the next change of the Application tries again', { application: key });
      retries.delete(key);
      return;
    }
    retries.set(key, count + 1);
    await alarms.set(`${ALARM}${key}`, clock.now() + FIRST_PAUSE_MS * 2 ** count);
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

/** The manifests of a local sync may hold Secrets. */
function withoutManifests(app: Application): Application {
  const { operation, status } = app;
  const strip = ({ sync, ...rest }: Operation): Operation => {
    const { manifests: _, ...kept } = sync ?? {};
    return { ...rest, ...(sync && { sync: kept }) };
  };
  const state = status.operationState;
  return {
    ...app,
    ...(operation && { operation: strip(operation) }),
    status: { ...status, ...(state && { operationState: { ...state, operation: strip(state.operation) } }) },
  };
}

/** What an operation has left is compared before it is told of (Argo CD: isAppSyncStatusRefreshed). */
function isSettled({ status }: Application): boolean {
  const { phase, finishedAt } = status.operationState ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed' && phase !== 'Error') return true;
  if (!finishedAt) return false;
  return !(Date.parse(finishedAt) > Date.parse(status.reconciledAt ?? ''));
}

function without(
  state: NotifiedState,
  keys: ReadonlySet<string>,
): { readonly kept: NotifiedState; readonly isChanged: boolean } {
  const entries = Object.entries(state);
  const kept = entries.filter(([key]) => !keys.has(key));
  return { kept: Object.fromEntries(kept), isChanged: kept.length < entries.length };
}

function unknownService(service: string, type: string | undefined): HawserError {
  const known = [...SENT_TO, ...GIT_SERVICES].join(', ');
  return type === undefined
    ? new HawserError('InvalidInput', `notification service '${service}' is not configured`)
    : new HawserError('Unsupported', `hawser sends nothing to services of the type ${type}`, {
        hint: `it knows ${known}`,
      });
}

async function bringCommits(road: Road, app: Application, { known, missing }: Commits): Promise<void> {
  const reader = road.readSources(await readRepositorySecrets(road, 'cached'));
  const { source, sources = source ? [source] : [], project } = app.spec;
  for (const commit of [...missing]) {
    missing.delete(commit);
    const repoURL = sources[0]?.repoURL ?? '';
    const found = await reader.readCommit(repoURL, project, commit, road.stopping);
    const { author, message } = found.commit;
    known.set(commit, {
      message: message.replace(/\n+$/, ''),
      author: author.email === '' ? author.name : `${author.name} <${author.email}>`,
      atSeconds: author.atSeconds,
      tags: found.tags,
    });
  }
}
