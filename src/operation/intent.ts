// One intent for one Application: what it works with, whether a newer one is there, and its end.

import type { Project } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import type { SourceReader } from '../source/source.ts';
import { alarmName } from './alarms.ts';
import type { Judgement } from './judge.ts';
import { pendingOperation } from './pending-operation.ts';
import { keyOfApplication, type Road } from './road.ts';
import type { Compared } from './status.ts';
import { watchHealth } from './watch-health.ts';
import { rememberApplication } from './world.ts';

export interface Intent {
  readonly app: Application;
  readonly project: Project | undefined;
  readonly reader: SourceReader;
  readonly judgement: Judgement;
  /** The number of this intent: a newer one of the same Application supersedes it between two steps. */
  readonly intent: number;
  /**
   * Before the Git server was asked what the refs name: an operation that follows from it starts then, so that each synced revision is one
   * that its ref named while the operation ran.
   */
  readonly askedAtMs: number;
  /** Ask the cluster for everything: a hard refresh. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
  /** No other process works on the Application, or may from now on: awaited before the first write. Rejects where what was read is old. */
  ready(): Promise<void>;
}

/** What a newer push wants of an Application. */
export interface NewestPush {
  readonly intent: number;
  /** What the push says, or what its refs are found to name: it may be an old one that came late. */
  readonly commits: readonly string[];
}

/** A newer push of another commit came. A refresh, or a push of the same commit, waits for its turn instead. */
export function supersededBy(road: Road, { app, intent }: Intent, { resolved }: Compared): () => boolean {
  return () => {
    const newest = road.newestPush.get(keyOfApplication(app));
    if (newest === undefined || newest.intent <= intent) return false;
    return !newest.commits.every((commit) => resolved.some(({ revision }) => revision === commit));
  };
}

/** Remembers and logs it, and sees to what comes later: the next attempt, the health. */
export async function finishIntent(road: Road, app: Application): Promise<void> {
  rememberApplication(road, app);
  const { sync, health, operationState } = app.status;
  road.platform.log.info('application compared', {
    application: keyOfApplication(app),
    sync: sync?.status,
    revision: sync?.revision,
    health: health?.status,
    phase: operationState?.phase,
  });
  const waiting = pendingOperation(app);
  if (waiting?.kind === 'retry') {
    await road.platform.alarms.set(alarmName('retry', app), waiting.dueMs);
  }
  if (health?.status === 'Progressing') road.platform.background(watchHealth(road, app));
}
