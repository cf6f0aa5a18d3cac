// Several Applications compared at once, a few at a time: how far that is, and of whom it failed.

import { signal } from '@preact/signals';
import type { Application } from '../../../application/types.ts';
import { ApiError } from '../api/error.ts';
import { type RefreshKind, refresh } from './refresh.ts';
import { runLimited } from './run-limited.ts';

export interface RefreshRun {
  readonly kind: RefreshKind;
  readonly of: number;
  readonly done: number;
  readonly failed: readonly { readonly app: Application; readonly message: string }[];
  readonly isRunning: boolean;
}

/** A page has six connections to a server, and streams hold some of them. */
const AT_ONCE = 3;

export const refreshRun = signal<RefreshRun | undefined>(undefined);
let running: AbortController | undefined;

export async function startRefresh(apps: readonly Application[], kind: RefreshKind): Promise<void> {
  running?.abort();
  const ended = new AbortController();
  running = ended;
  refreshRun.value = { kind, of: apps.length, done: 0, failed: [], isRunning: true };
  const update = (change: (run: RefreshRun) => RefreshRun) => {
    if (running === ended && refreshRun.value) refreshRun.value = change(refreshRun.value);
  };
  await runLimited(apps, AT_ONCE, ended.signal, async (app) => {
    try {
      await refresh(app, kind, ended.signal);
    } catch (error) {
      if (ended.signal.aborted) return;
      const message =
        error instanceof ApiError ? [error.message, error.hint].filter(Boolean).join('. ') : String(error);
      update((run) => ({ ...run, failed: [...run.failed, { app, message }] }));
    }
    update((run) => ({ ...run, done: run.done + 1 }));
  });
  update((run) => ({ ...run, isRunning: false }));
}

export function stopRefresh(): void {
  running?.abort();
  if (refreshRun.value) refreshRun.value = { ...refreshRun.value, isRunning: false };
}

export function forgetRefresh(): void {
  running?.abort();
  running = undefined;
  refreshRun.value = undefined;
}
