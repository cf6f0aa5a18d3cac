// An Application in an answer: as the cluster has it, less what only the API server's own bookkeeping needs, and less what nobody may read.

import type { Application, Operation } from '../application/types.ts';
import { formatGoJson } from '../base/go-json.ts';
import { isSecret, maskSecrets } from '../compare/mask-secret.ts';
import { isKubeObject } from '../kube/parse.ts';

export function presentApplication(app: Application): unknown {
  const { managedFields: _, ...metadata } = app.metadata;
  const { operation, status } = app;
  const state = status.operationState;
  return {
    ...app,
    metadata,
    ...(operation && { operation: withoutSecrets(operation) }),
    ...(state && { status: { ...status, operationState: { ...state, operation: withoutSecrets(state.operation) } } }),
  };
}

/** The manifests of a local sync stand in the operation, Secrets among them. */
function withoutSecrets(operation: Operation): Operation {
  const { manifests } = operation.sync ?? {};
  if (!manifests) return operation;
  return { ...operation, sync: { ...operation.sync, manifests: manifests.map(maskManifest) } };
}

function maskManifest(text: string): string {
  try {
    const object: unknown = JSON.parse(text);
    if (!isKubeObject(object) || !isSecret(object)) return text;
    return formatGoJson(maskSecrets([object])[0]);
  } catch {
    return '{}'; // Written by another hand, in a form that hawser does not write: nobody can tell what is in it.
  }
}
