// CreateNamespace=true: the destination namespace, made when missing, with the labels and annotations that the Application asks for.

import type { NamespaceTarget } from '../application/difference.ts';
import type { SyncPolicy } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import type { KubeObject } from '../kube/object.ts';
import { type DryRunContext, sightObject } from './dry-run.ts';
import type { Refuse } from './forbidden.ts';
import { comparable } from './normalize.ts';
import type { PreparedTarget } from './target.ts';

/**
 * undefined when Git itself has the namespace, and when it is there and nothing is asked of it. It gets no tracking id: it is
 * never pruned (Argo CD: controller/sync_namespace.go).
 */
export async function compareNamespace(
  targets: readonly PreparedTarget[],
  name: string,
  metadata: SyncPolicy['managedNamespaceMetadata'],
  context: DryRunContext,
  refuse: Refuse = () => undefined,
): Promise<NamespaceTarget | undefined> {
  const isInGit = targets.some(({ target }) => target.kind === 'Namespace' && target.metadata.name === name);
  if (name === '' || isInGit) return undefined;
  const target: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...(metadata?.labels ? { labels: { ...metadata.labels } } : {}),
      ...(metadata?.annotations ? { annotations: { ...metadata.annotations } } : {}),
    },
  };
  // One that the AppProject forbids is read, to know whether it is needed, and not tried.
  if (!metadata || refuse(target) !== undefined) {
    const live = await context.limiter(() => context.client.get({ ...target, name }, { signal: context.signal }));
    return live && !metadata ? undefined : { target, ...(live && { live }), modified: true };
  }
  const { live, predicted, unreadable } = await sightObject(target, context);
  if (unreadable !== undefined) return { target, modified: true, failure: `namespaceModifier error: ${unreadable}` };
  if (!live) return { target, modified: true };
  const modified = !predicted || !isEqualJson(comparable(live), comparable(predicted));
  return { target, live, modified };
}
