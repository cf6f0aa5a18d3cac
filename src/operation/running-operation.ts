// An operation that this process carries out: how others reach it, and what it learns when they do.

import { parseApplication } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { SyncWindow } from '../application/sync-window.ts';
import type { Application } from '../application/types.ts';
import { isPassing } from './compare-application.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { windowsOf } from './window-rules.ts';
import { readProject } from './world.ts';

/** What the road keeps of it (`Road.running`). */
export interface RunningOperation {
  /** Something may concern it (a push, an edit, a window's edge): it ends the wait it is in, and looks. */
  wake(): void;
  /** It is no operation but the deletion of the Application: nothing else becomes of it. */
  readonly isDeletion?: true;
}

export interface OpenOperation {
  /** The signal for the next wait. */
  wake(): AbortSignal;
  /** A state of the Application that was just stored or read. */
  see(app: Application): void;
  /** Whether it is to be ended. Reads the Application and its project when it was woken. */
  isTerminating(): Promise<boolean>;
  /** What `isTerminating` answered last, or a record has shown since. */
  isEnding(): boolean;
  windows(): readonly SyncWindow[];
  close(): void;
}

export function openOperation(road: Road, app: Application, project: Project | undefined): OpenOperation {
  const key = keyOfApplication(app);
  let waking = new AbortController();
  let hasNews = false;
  let isEnding = false;
  let windows = windowsOf(project, app);
  const running: RunningOperation = {
    wake: () => {
      hasNews = true;
      waking.abort();
    },
  };
  road.running.set(key, running);

  function see({ metadata, status }: Application): void {
    if (status.operationState?.phase === 'Terminating' || metadata.deletionTimestamp) isEnding = true;
  }

  async function look(): Promise<void> {
    const { namespace, name } = app.metadata;
    const found = await road.home.get(applicationRef(namespace, name));
    if (!found) {
      isEnding = true;
      return;
    }
    const now = parseApplication(found);
    see(now);
    windows = windowsOf(await readProject(road, now.spec.project), now);
  }

  return {
    see,
    windows: () => windows,
    isEnding: () => isEnding,
    wake: () => {
      if (waking.signal.aborted && !hasNews) waking = new AbortController();
      return waking.signal;
    },
    isTerminating: async () => {
      if (hasNews) {
        hasNews = false;
        try {
          await look();
        } catch (error) {
          if (!isPassing(error)) throw error;
          road.platform.log.warn('a running operation could not be looked at', { application: key });
        }
      }
      return isEnding;
    },
    close: () => {
      if (road.running.get(key) === running) road.running.delete(key);
    },
  };
}
