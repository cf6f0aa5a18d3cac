// Manifests that a client brings with it, to be synced in place of what Git holds (`--local`) or to be compared.

import { isAutomated } from '../application/parse.ts';
import type { Application, SyncRequest } from '../application/types.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { formatGoJson } from '../base/go-json.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseObjects } from '../source/objects.ts';

/** JSON or YAML. Throws `RenderFailed` for what is no object. */
export function parseManifests(manifests: readonly string[]): readonly KubeObject[] {
  return manifests.flatMap((text, index) => parseObjects(text, `manifests[${index}]`));
}

/**
 * As an operation holds them: JSON, an object each. Throws `FailedPrecondition` where automated sync would bring back at once what Git holds
 * (Argo CD: server/application, Sync).
 */
export function localManifests(app: Application, { dryRun }: SyncRequest, manifests: readonly string[]): string[] {
  if (isAutomated(app) && !dryRun) {
    throw new HawserError(
      'FailedPrecondition',
      'cannot use local sync when Automatic Sync Policy is enabled unless for dry run',
    );
  }
  try {
    return parseManifests(manifests).map(formatGoJson);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    throw new HawserError('InvalidInput', formatError(error), { cause: error });
  }
}
