// What was told of an Application is in an annotation of it. Whoever is about to tell something writes that first, and confirms it afterwards:
// of several replicas only one can write it, and what was never confirmed is told by somebody else later.

import type { Application } from '../application/types.ts';
import { isConflict, isNotFound, refusalStatus } from '../kube/refusal.ts';
import { formatState, isTold, NOTIFIED, type NotifiedState, parseState } from '../notify/state.ts';
import type { Destination } from '../notify/subscriptions.ts';
import type { ConditionResult } from '../notify/trigger.ts';
import { applicationRef, type Road } from './road.ts';

/** One condition of a trigger, and one who wants to hear of it. */
export interface Wish {
  /** In the annotation. */
  readonly key: string;
  readonly trigger: string;
  readonly to: Destination;
  readonly result: ConditionResult;
}

export interface Claimed {
  /** To be told now, by this process. */
  readonly wishes: readonly Wish[];
  /** Somebody was about to tell something, and may have died: it is to be looked at again. */
  readonly isOthersOpen: boolean;
}

const NOTHING: Claimed = { wishes: [], isOthersOpen: false };
const TRIES = 10;

/** `wishes`: all conditions that were asked, met or not. */
export async function claimWishes(road: Road, app: Application, wishes: readonly Wish[]): Promise<Claimed> {
  const nowSeconds = secondsOf(road);
  let claimed = NOTHING;
  const change = (state: NotifiedState): NotifiedState | undefined => {
    const met = wishes.filter(({ result }) => result.isMet);
    const mine = met.filter(({ key }) => !isTold(state, key, nowSeconds));
    claimed = {
      wishes: mine,
      isOthersOpen: met.some(({ key }) => (state[key] ?? 0) < 0 && isTold(state, key, nowSeconds)),
    };
    // What is not so any more may be told again, unless it is told once for each commit.
    const over = wishes.filter(({ key, result }) => !result.isMet && Object.hasOwn(state, key));
    if (mine.length === 0 && over.length === 0) return undefined;
    const kept = without(
      state,
      over.map(({ key }) => key),
    );
    return { ...kept, ...Object.fromEntries(mine.map(({ key }) => [key, -nowSeconds])) };
  };
  // Most states change nothing: then nothing is asked.
  if (change(parseState(app.metadata.annotations?.[NOTIFIED])) === undefined) return claimed;
  claimed = NOTHING;
  await changeState(road, app, change);
  return claimed;
}

/** What was not told may be told again. */
export function confirmWishes(
  road: Road,
  app: Application,
  outcomes: readonly { readonly key: string; readonly isDone: boolean }[],
): Promise<void> {
  const nowSeconds = secondsOf(road);
  const done = outcomes.filter(({ isDone }) => isDone).map(({ key }) => [key, nowSeconds] as const);
  const failed = outcomes.filter(({ isDone }) => !isDone).map(({ key }) => key);
  return changeState(road, app, (state) => ({ ...without(state, failed), ...Object.fromEntries(done) }));
}

/** Guarded by what the annotation said, or by the object's version where there was none. An Application that is gone needs none. */
async function changeState(
  { home }: Road,
  { metadata }: Application,
  change: (state: NotifiedState) => NotifiedState | undefined,
): Promise<void> {
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
      // Another replica, or a person, has written meanwhile.
      const isOthers = isConflict(error) || refusalStatus(error) === 422;
      if (!isOthers || tries === TRIES) throw error;
    }
  }
}

function without(state: NotifiedState, keys: readonly string[]): NotifiedState {
  return Object.fromEntries(Object.entries(state).filter(([key]) => !keys.includes(key)));
}

function secondsOf({ platform }: Road): number {
  return Math.floor(platform.clock.now() / 1_000);
}
