// Discovery: which groups, versions and resources are served, in the old form and aggregated.

import type { JsonObject } from '../../base/json.ts';
import type { Registry } from '../resource/registry.ts';
import type { Resource } from '../resource/resource.ts';

/** `/api` */
export function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

/** `/apis` */
export function groupList(registry: Registry): JsonObject {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: registry
      .groups()
      .filter(({ group }) => group !== '')
      .map(({ group, versions }) => groupObject(group, versions)),
  };
}

/** `/apis/GROUP`; undefined when it is not served. */
export function oneGroup(registry: Registry, name: string): JsonObject | undefined {
  const found = registry.groups().find(({ group }) => group === name && group !== '');
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupObject(found.group, found.versions) };
}

function groupObject(group: string, versions: readonly string[]): JsonObject {
  const list = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: list, preferredVersion: list[0] ?? {} };
}

/** `/api/v1` and `/apis/GROUP/VERSION` */
export function resourceList(registry: Registry, group: string, version: string): JsonObject {
  const resources: JsonObject[] = [];
  for (const resource of registry.resources(group, version)) {
    resources.push({
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: [...resource.verbs],
      ...(resource.shortNames.length > 0 ? { shortNames: [...resource.shortNames] } : {}),
      ...(resource.categories.length > 0 ? { categories: [...resource.categories] } : {}),
    });
    for (const [name, sub] of resource.subresources) {
      const foreign = sub.version !== '';
      resources.push({
        name: `${resource.plural}/${name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(foreign ? { group: sub.group, version: sub.version } : {}),
        kind: sub.kind,
        verbs: [...sub.verbs],
      });
    }
  }
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion, resources };
}

/** `/api` and `/apis` as `APIGroupDiscoveryList` v2. */
export function aggregated(registry: Registry, core: boolean): JsonObject {
  const groups = registry.groups().filter(({ group }) => (group === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((version) => ({
        version,
        resources: registry.resources(group, version).map(discoveredResource),
        freshness: 'Current',
      })),
    })),
  };
}

function discoveredResource(resource: Resource): JsonObject {
  const { group } = resource;
  return {
    resource: resource.plural,
    responseKind: { group, version: '', kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: [...resource.verbs],
    ...(resource.shortNames.length > 0 ? { shortNames: [...resource.shortNames] } : {}),
    ...(resource.categories.length > 0 ? { categories: [...resource.categories] } : {}),
    ...(resource.subresources.size > 0
      ? {
          subresources: [...resource.subresources].map(([subresource, sub]) => ({
            subresource,
            responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
            verbs: [...sub.verbs],
          })),
        }
      : {}),
  };
}
