// An Argo CD installation as it is in a cluster: its settings, Secrets, projects and Applications.

import {
  EXPORTED_CONFIG_MAPS,
  EXPORTED_KINDS,
  type Installation,
  isOfInstallation,
  namespacesOfParameters,
  splitNamespaces,
} from '../../application/export.ts';
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../../base/concurrency.ts';
import { isHawserError } from '../../base/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import { formatKey, type KubeObject, keyOf } from '../../kube/object.ts';
import { configData } from '../../operation/settings.ts';

export interface InstallationFlags {
  readonly namespace: string;
  readonly applicationNamespaces?: string;
  readonly applicationsetNamespaces?: string;
}

/** What the flags say, and argocd-cmd-params-cm where they say nothing. */
export async function findInstallation(client: KubeClient, flags: InstallationFlags): Promise<Installation> {
  const { namespace, applicationNamespaces: apps, applicationsetNamespaces: sets } = flags;
  const parameters = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cmd-params-cm' });
  return {
    namespace,
    ...namespacesOfParameters(configData(parameters)),
    ...(apps && { applicationNamespaces: splitNamespaces(apps) }),
    ...(sets && { applicationSetNamespaces: splitNamespaces(sets) }),
  };
}

/** All that belongs to it, by kinds and names. Kinds that the cluster does not have are none. */
export async function readInstallation(client: KubeClient, installation: Installation): Promise<readonly KubeObject[]> {
  const { namespace } = installation;
  const [, ...listed] = EXPORTED_KINDS;
  const configMaps = EXPORTED_CONFIG_MAPS.map((name) =>
    client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }),
  );
  const lists = listed.map(async ({ apiVersion, kind }) => {
    const patterns =
      kind === 'Application' ? installation.applicationNamespaces : installation.applicationSetNamespaces;
    const isEverywhere = kind.startsWith('Application') && patterns.length > 0;
    try {
      return (await client.list({ apiVersion, kind }, isEverywhere ? {} : { namespace })).items;
    } catch (error) {
      if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return [];
      throw error;
    }
  });
  const found = [...(await Promise.all(configMaps)), ...(await Promise.all(lists)).flat()];
  return found.filter((object) => object !== undefined).filter((object) => isOfInstallation(object, installation));
}

/** `known` and those that a file names besides. */
export async function withNamed(
  client: KubeClient,
  known: readonly KubeObject[],
  named: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const keys = new Set(known.map((object) => formatKey(keyOf(object))));
  const others = named.filter((object) => !keys.has(formatKey(keyOf(object))));
  const found = await mapConcurrent(others, DEFAULT_CONCURRENCY, async ({ apiVersion, kind, metadata }) => {
    const { namespace = '', name = '' } = metadata;
    try {
      return await client.get({ apiVersion, kind, namespace, name });
    } catch (error) {
      if (isHawserError(error, 'ClusterRefused') && error.data.reason === 'UnknownKind') return undefined;
      throw error;
    }
  });
  return [...known, ...found.filter((object) => object !== undefined)];
}
