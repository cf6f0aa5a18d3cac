// The sync windows that concern an Application, as people ask for them (Argo CD: server/application, GetApplicationSyncWindows).

import { activeWindows, type SyncWindow, windowVerdict } from '../application/sync-window.ts';
import type { Application } from '../application/types.ts';
import type { Road } from './road.ts';
import { windowsOf } from './window-rules.ts';
import { readProject } from './world.ts';

export interface ShownWindow {
  readonly kind: string;
  readonly schedule: string;
  readonly duration: string;
  readonly manualSync: boolean;
}

/** Lists that are empty are left out, as in Argo CD. */
export interface ApplicationWindows {
  readonly activeWindows?: readonly ShownWindow[];
  readonly assignedWindows?: readonly ShownWindow[];
  /** Whether a person may sync now. */
  readonly canSync: boolean;
}

/** Throws `InvalidInput` for windows that cannot be read. */
export async function showWindows(road: Road, app: Application): Promise<ApplicationWindows> {
  const windows = windowsOf(await readProject(road, app.spec.project), app);
  const now = road.platform.clock.now();
  const active = activeWindows(windows, now);
  return {
    ...(active.length > 0 && { activeWindows: active.map(shown) }),
    ...(windows.length > 0 && { assignedWindows: windows.map(shown) }),
    canSync: windowVerdict({ windows, now, isManual: true }).allowed,
  };
}

function shown({ kind = '', schedule = '', duration = '', manualSync = false }: SyncWindow): ShownWindow {
  return { kind, schedule, duration, manualSync };
}
