// Comparing with Git and the cluster now: the answer comes when it is done. `hard` leaves out what was kept of Git and of charts.

import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { tell } from '../parts/toast.tsx';

export type RefreshKind = 'normal' | 'hard';
type Named = Pick<Application, 'metadata'>;

/** Throws `ApiError`. What was found comes by the stream. */
export async function refresh({ metadata }: Named, kind: RefreshKind, signal?: AbortSignal): Promise<void> {
  await call('GET /api/v1/applications/{name}', {
    params: { name: metadata.name },
    query: { refresh: kind, appNamespace: metadata.namespace, fields: 'metadata.name' },
    ...(signal && { signal }),
  });
}

interface ToldWords {
  readonly refreshed: (name: string) => string;
  readonly refreshFailed: (name: string, why: string) => string;
}

/** The same, and says at the edge of the page what came of it. */
export async function refreshAndTell(app: Named, kind: RefreshKind, t: ToldWords): Promise<void> {
  const { name } = app.metadata;
  try {
    await refresh(app, kind);
    tell(t.refreshed(name));
  } catch (error) {
    tell(t.refreshFailed(name, error instanceof ApiError ? error.message : String(error)), true);
  }
}
