// What the sync windows of a project mean for an Application's automated syncs and operations.

import type { Project } from '../application/project.ts';
import { matchingWindows, type SyncWindow, type WindowVerdict, windowVerdict } from '../application/sync-window.ts';
import type { Application, Operation, OperationState } from '../application/types.ts';
import { formatTime } from './road.ts';

/** Argo CD's words for an operation that has to wait (controller/sync.go, SyncAppState) … */
export const BLOCKED = 'Sync operation blocked by sync window';
/** … and for a request that is refused (server/application, Sync). */
export const REFUSED = 'cannot sync: blocked by sync window';

/** The entry of `operation.info` that lets an operation pass closed windows; its value says who approved it. */
const APPROVAL = 'Approved in a closed sync window by';

export function windowsOf(project: Project | undefined, app: Application): readonly SyncWindow[] {
  return project ? matchingWindows(project.syncWindows, app) : [];
}

/** Whether automated sync may act now. */
export function automatedVerdict(project: Project | undefined, app: Application, nowMs: number): WindowVerdict {
  return windowVerdict({ windows: windowsOf(project, app), now: nowMs, isManual: false });
}

/** Whether an operation that runs may take its next step. */
export function operationVerdict(
  windows: readonly SyncWindow[],
  { operation, startedAt }: Pick<OperationState, 'operation' | 'startedAt'>,
  nowMs: number,
): WindowVerdict {
  if (operation.sync?.dryRun) return { allowed: true, reason: 'it changes nothing' };
  if (isApproved(operation)) return { allowed: true, reason: 'it was approved' };
  const isManual = operation.initiatedBy?.automated !== true;
  return windowVerdict({ windows, now: nowMs, isManual, operationStartedAt: startedAt });
}

export function approve(operation: Operation, by: string): Operation {
  return { ...operation, info: [...(operation.info ?? []), { name: APPROVAL, value: by }] };
}

/** Notes that whoever asks for a sync gives with it: none of them approves it. */
export function withoutApprovals(info: Operation['info'] = []): NonNullable<Operation['info']> {
  return info.filter(({ name }) => name !== APPROVAL);
}

function isApproved({ info }: Operation): boolean {
  return info?.some(({ name }) => name === APPROVAL) ?? false;
}

/** ` until 2026-11-23T21:00:00Z: …`, to follow other words: when a closed window opens, and why it is closed. */
export function untilOpen({ reason, nextChangeMs }: WindowVerdict): string {
  return `${nextChangeMs === undefined ? '' : ` until ${formatTime(nextChangeMs)}`}: ${reason}`;
}
