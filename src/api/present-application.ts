// An Application in an answer: as the cluster has it, less what only the API server's own bookkeeping needs, and less what nobody may read.

import type { Application } from '../application/types.ts';
import { maskLocalManifests } from '../compare/mask-manifests.ts';

export function presentApplication(app: Application): unknown {
  const { managedFields: _, ...metadata } = app.metadata;
  return { ...maskLocalManifests(app), metadata };
}
