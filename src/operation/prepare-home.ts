// What hawser needs in its home cluster before the first Application: CRDs, its namespace, the AppProject default.

import { customResourceDefinitions, defaultProject } from '../application/crds.ts';
import { HawserError } from '../base/errors.ts';
import { at } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';

/** Makes what is missing and changes nothing that is there. For demos and tests; `hawser install` prints the definitions for clusters. */
export async function prepareHome(home: KubeClient, namespace: string): Promise<void> {
  await createIfMissing(home, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const definitions = customResourceDefinitions();
  await Promise.all(definitions.map((definition) => createIfMissing(home, definition)));
  await Promise.all(definitions.map(({ metadata }) => waitUntilEstablished(home, metadata.name ?? '')));
  await home.resources({ fresh: true });
  await ensureDefaultProject(home, namespace);
}

/**
 * Argo CD makes this project when it starts, too. It cannot be in a file with its own definition: kubectl looks up all kinds before
 * it applies the first object.
 */
export async function ensureDefaultProject(home: KubeClient, namespace: string): Promise<void> {
  await createIfMissing(home, defaultProject(namespace));
}

/** Throws `InvalidInput` with what to do where the home cluster does not know Applications. */
export async function requireApplications(home: KubeClient): Promise<void> {
  if (await home.resourceFor('argoproj.io/v1alpha1', 'Application')) return;
  throw new HawserError(
    'InvalidInput',
    `the cluster at ${home.server} has no CustomResourceDefinition of Applications`,
    {
      hint: 'hawser install --crds-only | kubectl apply --server-side -f -',
    },
  );
}

async function createIfMissing(home: KubeClient, object: KubeObject): Promise<void> {
  const { name = '', namespace } = object.metadata;
  const { apiVersion, kind } = object;
  const found = await home.get({ apiVersion, kind, name, ...(namespace && { namespace }) });
  if (found) return;
  try {
    await home.create(object);
  } catch (error) {
    // Another replica starts at the same time.
    if (!isAlreadyExists(error)) throw error;
  }
}

async function waitUntilEstablished(home: KubeClient, name: string): Promise<void> {
  const type = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
  for await (const event of home.watch(type, { name, timeoutMs: 15_000 })) {
    const objects = event.type === 'RELISTED' ? event.objects : [event.object];
    if (objects.some(isEstablished)) return;
  }
  throw new HawserError('Timeout', `the CustomResourceDefinition ${name} was not established within 15 s`);
}

function isEstablished(definition: KubeObject): boolean {
  const conditions = at(definition, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((condition) => at(condition, 'type') === 'Established' && at(condition, 'status') === 'True')
  );
}
