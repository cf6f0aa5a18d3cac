// A newer push for an Application that is being worked on: the work gives way between two steps, where the push changes anything for it.

import { parseApplication } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import type { Concern } from './delivery.ts';
import type { NewestPush } from './intent.ts';
import { judgeWith } from './judge-now.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

/** What runs is ended by a newer push only when that changes something for it: hooks are not run again for a commit next door. */
export function announcePush(road: Road, input: PushForRunning, newest: NewestPush): void {
  const key = keyOfApplication(input.app);
  if (!road.inWork.has(key)) {
    road.newestPush.set(key, newest);
    return;
  }
  // Many deliveries tell of one commit: whether it changes anything is looked at once.
  const { after } = input.concern;
  if (after === undefined || road.examined.get(key) === after) return;
  road.examined.set(key, after);
  road.background(supersedeIfAffected(road, input, newest.intent));
}

/** Another process has a push for an Application that this one works on; without a commit, what runs is to look around. */
export function announced(road: Road, key: string, after: string | undefined): void {
  if (!road.inWork.has(key)) return;
  const [namespace = '', name = ''] = key.split('/');
  if (after === undefined) {
    road.running.get(key)?.wake();
    return;
  }
  road.intents.newest++;
  const concern: Concern = { always: false, isPush: true, after };
  const app = { metadata: { namespace, name } };
  road.background(
    supersedeIfAffected(road, { app, concern, surroundings: createSurroundings(road) }, road.intents.newest),
  );
}

interface PushForRunning {
  readonly app: Pick<Application, 'metadata'>;
  readonly concern: Concern;
  readonly surroundings: Surroundings;
}

async function supersedeIfAffected(
  road: Road,
  { app, concern, surroundings }: PushForRunning,
  intent: number,
): Promise<void> {
  const { namespace, name } = app.metadata;
  const key = keyOfApplication(app);
  let commits: readonly string[];
  try {
    const found = await road.home.get(applicationRef(namespace, name));
    if (!found) return;
    const { judgement } = await judgeWith(road, surroundings, parseApplication(found), concern, false);
    if (!judgement.resolved || (road.newestPush.get(key)?.intent ?? 0) > intent) return;
    // Not what the push says: one that came late would end the sync of what the ref names, and several processes one another's for ever.
    commits = judgement.resolved.map(({ revision }) => revision);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return; // Its own turn will tell what is wrong.
  }
  if (!road.inWork.has(key)) return;
  road.newestPush.set(key, { intent, commits });
  road.running.get(key)?.wake();
}
