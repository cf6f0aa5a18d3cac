// Writing what became of an Application: one merge patch of exactly what changed.

import { parseApplication } from '../application/parse.ts';
import type { Application, ApplicationStatus } from '../application/types.ts';
import type { JsonObject } from '../base/json.ts';
import { mergePatchOf } from '../base/merge-patch.ts';
import { applicationRef, type Road } from './road.ts';

/** Annotations by which people and tools ask for a refresh; they are removed once it was done. */
const REFRESH_ANNOTATIONS = ['argocd.argoproj.io/refresh', 'argocd.argoproj.io/refresh-timestamp'];

export interface RecordOptions {
  /** Takes the requested operation up: it is removed from the object, guarded by its resourceVersion. */
  readonly takeOperation?: boolean;
}

/** Stores `status` and gives the Application as it then is. Nothing is sent where nothing changed. */
export async function recordStatus(
  { home }: Road,
  app: Application,
  status: ApplicationStatus,
  { takeOperation = false }: RecordOptions = {},
): Promise<Application> {
  const patch: JsonObject = {};
  const statusPatch = mergePatchOf(app.status, status);
  if (statusPatch) patch.status = statusPatch;
  const asked = REFRESH_ANNOTATIONS.filter((name) => app.metadata.annotations?.[name] !== undefined);
  const metadata: JsonObject = {};
  if (asked.length > 0) metadata.annotations = Object.fromEntries(asked.map((name) => [name, null]));
  if (takeOperation) {
    patch.operation = null;
    metadata.resourceVersion = app.metadata.resourceVersion ?? '';
  }
  if (Object.keys(metadata).length > 0) patch.metadata = metadata;
  if (Object.keys(patch).length === 0) return { ...app, status };
  const { namespace, name } = app.metadata;
  return parseApplication(await home.patch(applicationRef(namespace, name), patch, { type: 'merge' }));
}
